import type { Invocation } from '../../trace-map/trace-map';
import type { MapEnvironments, TraceAnatomy, TracePart } from './document';

type Span = TracePart['span'];

/** How a way of invoking a function shows in its traces. */
interface Shape {
  /** Lambda's segment. */
  readonly service: Pick<TracePart, 'about' | 'span' | 'parts'>;
  /** The function's segments, one for each run. */
  readonly runs: readonly Pick<TracePart, 'span' | 'only'>[];
  readonly notes: readonly string[];
}

/**
 * "Using AWS X-Ray" and "Visualize Lambda function invocations using AWS X-Ray" (AWS Lambda Developer Guide), "Tracing
 * event-driven applications" (AWS X-Ray Developer Guide), "How Lambda handles errors and retries with asynchronous
 * invocation" (AWS Lambda Developer Guide).
 */
const SHAPES: Readonly<Record<Invocation, Shape>> = {
  synchronous: {
    service: {
      about: 'Lambda, from the request to the end of its last invocation',
      span: [0, 100],
      parts: [],
    },
    runs: [{ span: [10, 94] }],
    notes: ["The caller's sampling decision counts; without one, Lambda makes its own."],
  },
  asynchronous: {
    service: {
      about: 'Lambda, from the request to its answer 202: the event is in the queue',
      span: [0, 6],
      parts: [
        { name: 'Dwell Time', about: 'waiting in the queue to be invoked', span: [6, 26], parts: [] },
        {
          name: 'Attempt #1',
          about: 'the first try, with what Lambda adds to it',
          span: [26, 60],
          parts: [],
        },
        { name: 'Attempt #2', about: 'another try', only: 'if the first fails', span: [68, 100], parts: [] },
      ],
    },
    runs: [{ span: [28, 59] }, { span: [70, 99], only: 'if there is a second attempt' }],
    notes: [
      'Each attempt has a segment of the function. Lambda tries up to three times unless told otherwise.',
    ],
  },
  queue: {
    service: { about: 'Lambda, from the batch to the end of its last invocation', span: [0, 100], parts: [] },
    runs: [{ span: [10, 94] }],
    notes: [
      'The trace is one of its own. X-Ray links it to the traces that the messages of the batch came with, up to 20 of them.',
    ],
  },
  stream: {
    service: { about: 'Lambda, from the batch to the end of its last invocation', span: [0, 100], parts: [] },
    runs: [{ span: [10, 94] }],
    notes: ['The stream hands no trace on: this one begins at Lambda, and has all tries of the batch.'],
  },
};

/** What the function's segment propagates in its new form. */
const ANNOTATIONS = {
  'aws.responseLatency': 'how long the function ran',
  'aws.responseDuration': 'how long it took to hand over the response',
  'aws.runtimeOverhead': 'what the runtime needed besides',
  'aws.extensionOverhead': 'what the extensions needed besides',
};

/** A name for what a trace holds: the same for all functions of which it holds the same. */
export function expectedTraceName(
  invocation: Invocation,
  { snapStart, provisionedConcurrency }: MapEnvironments,
): string {
  return [
    invocation,
    ...(snapStart === 'no' ? [] : [snapStart === 'yes' ? 'SnapStart' : 'perhaps SnapStart']),
    ...(provisionedConcurrency === 'no' ? [] : ['provisioned concurrency']),
  ].join(', ');
}

/** What a trace of a function holds that is invoked in this way. */
export function expectedTraceOf(invocation: Invocation, environments: MapEnvironments): TraceAnatomy {
  const { service, runs, notes } = SHAPES[invocation];
  const form = (inside: (span: Span) => Pick<TracePart, 'parts' | 'annotations'>): TracePart[] => [
    { origin: 'AWS::Lambda', ...service },
    ...runs.map((run): TracePart => ({
      origin: 'AWS::Lambda::Function',
      about: 'the work of the function',
      ...run,
      ...inside(run.span),
    })),
  ];
  return {
    invocation,
    newForm: form((span) => ({
      annotations: ANNOTATIONS,
      parts: [starting('Init', span, environments), ownSubsegment(span)],
    })),
    oldForm: form((span) => ({
      parts: [
        starting('Initialization', span, environments),
        {
          name: 'Invocation',
          about: 'the handler, until the response is ready',
          span: within(span, 32, 88),
          parts: [ownSubsegment(span)],
        },
        {
          name: 'Overhead',
          about: 'the runtime, until it is ready for the next',
          span: within(span, 88, 100),
          parts: [],
        },
      ],
    })),
    notes: [...notes, ...notesOn(environments)],
  };
}

/** How an environment starts, which is in the trace of the first invocation in it. */
function starting(
  name: string,
  span: Span,
  { snapStart, provisionedConcurrency }: MapEnvironments,
): TracePart {
  if (snapStart === 'yes') {
    return {
      name: 'Restore',
      about: 'the snapshot restored, the runtime loaded, and the hooks after it run',
      only: 'when the environment is new',
      span: within(span, 2, 30),
      parts: [],
    };
  }
  const isEarly = provisionedConcurrency === 'yes';
  return {
    name,
    about: 'extensions, runtime and the code outside of the handler getting ready',
    only: isEarly ? 'in the first invocation, and long before it' : 'when the environment is new',
    span: isEarly ? [0, within(span, 0, 20)[1]] : within(span, 2, 30),
    parts: [],
  };
}

function ownSubsegment(span: Span): TracePart {
  return {
    name: 'your own',
    about: 'calls and work that your code records, with a library',
    only: 'if the code is instrumented',
    span: within(span, 42, 78),
    parts: [],
  };
}

/** A part of a span, in hundredths of it. */
function within([start, end]: Span, from: number, to: number): Span {
  const at = (share: number) => Math.round((start + ((end - start) * share) / 100) * 10) / 10;
  return [at(from), at(to)];
}

function notesOn({ snapStart, provisionedConcurrency }: MapEnvironments): string[] {
  const notes = {
    yes: 'SnapStart is for published versions: $LATEST is initialized instead. AWS describes Restore for the old form.',
    unknown:
      'Whether it has SnapStart, only deployment tells: with it, Restore is in the place of the initialization.',
    no: undefined,
  };
  const early =
    'With provisioned concurrency, the initialization lies long before the invocation, or seems to take very long: it is no delay.';
  return [notes[snapStart], provisionedConcurrency === 'no' ? undefined : early].filter(
    (note) => note !== undefined,
  );
}
