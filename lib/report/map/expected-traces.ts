import type { Invocation } from '../../trace-map/trace-map';
import type { MapEnvironments, ExpectedTrace, TracePart } from './document';

type Span = TracePart['span'];

/** Form of a trace for one invocation type. */
interface Shape {
  /** Lambda's segment. */
  readonly service: Pick<TracePart, 'about' | 'span' | 'parts'>;
  /** The function's segments, one for each attempt. */
  readonly runs: readonly Pick<TracePart, 'span' | 'only'>[];
  readonly notes: readonly string[];
}

/**
 * Forms of traces: "Using AWS X-Ray" and "Visualize Lambda function invocations using AWS X-Ray" (AWS Lambda Developer Guide), "Tracing
 * event-driven applications" (AWS X-Ray Developer Guide), "How Lambda handles errors and retries with asynchronous
 * invocation" (AWS Lambda Developer Guide).
 */
const SHAPES: Readonly<Record<Invocation, Shape>> = {
  synchronous: withOneRun(
    'request',
    "The caller's sampling decision counts; without one, Lambda makes its own.",
  ),
  asynchronous: {
    service: {
      about: 'Lambda, from the request to its response 202: the event is queued',
      span: [0, 6],
      parts: [
        part('Dwell Time', 'time in the queue', [6, 26]),
        part('Attempt #1', 'the first attempt, with overhead of Lambda', [26, 60]),
        { ...part('Attempt #2', 'a retry', [68, 100]), only: 'if the first fails' },
      ],
    },
    runs: [{ span: [28, 59] }, { span: [70, 99], only: 'if there is a second attempt' }],
    notes: ['The function has a segment for each attempt. By default, Lambda makes up to three attempts.'],
  },
  queue: withOneRun(
    'batch',
    'The batch has its own trace. X-Ray links it to the traces of its messages, up to 20 of them.',
  ),
  stream: withOneRun(
    'batch',
    'The stream does not propagate a trace. This trace starts at Lambda and contains all attempts for the batch.',
  ),
};

function withOneRun(input: 'request' | 'batch', note: string): Shape {
  const about = `Lambda, from the ${input} to the end of its last invocation`;
  return { service: { about, span: [0, 100], parts: [] }, runs: [{ span: [10, 94] }], notes: [note] };
}

function part(name: string, about: string, span: Span, ...parts: readonly TracePart[]): TracePart {
  return { name, about, span, parts };
}

/** Annotations on the function's segment in the new form. */
const ANNOTATIONS = {
  'aws.responseLatency': 'time to run the function',
  'aws.responseDuration': 'time to transfer the response',
  'aws.runtimeOverhead': 'additional time of the runtime',
  'aws.extensionOverhead': 'additional time of the extensions',
};

/** Returns the name of an expected trace, equal for all functions with equal traces. */
export function expectedTraceName(
  invocation: Invocation,
  { snapStart, provisionedConcurrency, instrumentation }: MapEnvironments,
): string {
  return [
    invocation,
    ...(snapStart === 'no' ? [] : [snapStart === 'yes' ? 'SnapStart' : 'perhaps SnapStart']),
    ...(provisionedConcurrency === 'no' ? [] : ['provisioned concurrency']),
    ...(instrumentation ? [instrumentation] : []),
  ].join(', ');
}

/** Returns the expected trace of a function for an invocation type. */
export function expectedTraceOf(invocation: Invocation, environments: MapEnvironments): ExpectedTrace {
  const { service, runs, notes } = SHAPES[invocation];
  const form = (inside: (span: Span) => Pick<TracePart, 'parts' | 'annotations'>): TracePart[] => [
    { origin: 'AWS::Lambda', ...service },
    ...runs.map((run): TracePart => ({
      origin: 'AWS::Lambda::Function',
      about: 'the run of the function',
      ...run,
      ...inside(run.span),
    })),
  ];
  return {
    invocation,
    newForm: form((span) => ({
      annotations: ANNOTATIONS,
      parts: [starting('Init', span, environments), ownPart(span, environments)],
    })),
    oldForm: form((span) => ({
      parts: [
        starting('Initialization', span, environments),
        part(
          'Invocation',
          'the handler, until its response is ready',
          within(span, 32, 88),
          ownPart(span, environments),
        ),
        part('Overhead', 'the runtime, until it is ready for the next event', within(span, 88, 100)),
      ],
    })),
    notes: [...notes, ...notesOn(environments)],
  };
}

/** Returns the start of an execution environment, part of the trace of its first invocation. */
function starting(
  name: string,
  span: Span,
  { snapStart, provisionedConcurrency }: MapEnvironments,
): TracePart {
  const restoring = 'restores the snapshot, loads the runtime and runs after-restore hooks';
  const only = 'when the environment is new';
  if (snapStart === 'yes') return { ...part('Restore', restoring, within(span, 2, 30)), only };
  const initializing = 'initializes extensions, the runtime and code outside of the handler';
  if (provisionedConcurrency !== 'yes') return { ...part(name, initializing, within(span, 2, 30)), only };
  return {
    ...part(name, initializing, [0, within(span, 0, 20)[1]]),
    only: 'in the trace of the first invocation, long before it',
  };
}

/** Returns what a library records: with AWS's layer, the handler and its calls. */
function ownPart(span: Span, { instrumentation }: MapEnvironments): TracePart {
  const calls = within(span, 42, 78);
  if (!instrumentation) {
    const own = part('your own', 'calls and work that your code records with a library', calls);
    return { ...own, only: 'if the code is instrumented' };
  }
  return part(
    'the handler',
    `the handler, recorded by the layer of ${instrumentation}`,
    within(span, 34, 86),
    part('calls', 'a span for each call of the AWS SDK or HTTP, such as DynamoDB.PutItem', calls),
  );
}

/** Returns a part of a span, given in percent of it. */
function within([start, end]: Span, from: number, to: number): Span {
  const at = (share: number) => Math.round((start + ((end - start) * share) / 100) * 10) / 10;
  return [at(from), at(to)];
}

function notesOn({ snapStart, provisionedConcurrency }: MapEnvironments): string[] {
  const notes = {
    no: [],
    yes: [
      'SnapStart applies to published versions. $LATEST has an initialization instead. AWS describes Restore for the old form.',
    ],
    unknown: ['SnapStart is known only at deployment. With SnapStart, Restore replaces the initialization.'],
  };
  const early =
    'With provisioned concurrency, the initialization is long before the invocation or seems to take very long. It does not delay the invocation.';
  return [...notes[snapStart], ...(provisionedConcurrency === 'no' ? [] : [early])];
}
