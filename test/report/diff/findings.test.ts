import type { Acknowledgement } from '../../../lib/checker/acknowledgements';
import type { CheckConfig } from '../../../lib/checker/check';
import type { Diff } from '../../../lib/report/diff/diff';
import { changeOf } from './small-change';

type Resources = Record<string, object>;

const ACTIVE_TRACING = 'LambdaXRay-ActiveTracing';

/** Returns a function with a finding if it is PassThrough. The finding is acknowledged if there is a reason. */
function fn(mode: 'Active' | 'PassThrough', reason?: string): Resources {
  const suppressed = reason === undefined ? [] : [{ id: ACTIVE_TRACING, reason }];
  return {
    Fn: {
      Type: 'AWS::Lambda::Function',
      Metadata: { cdk_nag: { rules_to_suppress: suppressed } },
      Properties: { MemorySize: 512, TracingConfig: { Mode: mode } },
    },
  };
}

function kafka(functions: readonly string[], topic = 'orders'): Resources {
  const target = { 'Fn::If': ['C', { Ref: functions[0] }, { Ref: functions.at(-1) }] };
  return {
    ...Object.fromEntries(['A', 'B'].map((name) => [name, fn('Active').Fn])),
    Source: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        FunctionName: target,
        EventSourceArn: `arn:aws:kafka:eu-west-1:111122223333:cluster/${topic}`,
      },
    },
  };
}

/** Returns a function whose alias SAM moves only if the code changes. */
function withAlias(mode: 'Active' | 'PassThrough'): Resources {
  return {
    Fn: { Type: 'AWS::Serverless::Function', Properties: { Tracing: mode, AutoPublishAlias: 'live' } },
  };
}

/** Returns a line for each new or resolved finding. */
function lines({ findings }: Diff): string[] {
  return (['new', 'resolved'] as const).flatMap((kind) =>
    findings[kind].map(({ rule, logicalId, acknowledged }) =>
      [kind, rule.id.replace('LambdaXRay-', ''), logicalId, acknowledged?.reason].filter(Boolean).join(' '),
    ),
  );
}

test.each<[string, Resources, Resources, string[]]>([
  ['a new one', fn('Active'), fn('PassThrough'), ['new ActiveTracing Fn']],
  ['a resolved one', fn('PassThrough'), fn('Active'), ['resolved ActiveTracing Fn']],
  ['an unchanged one', fn('PassThrough'), fn('PassThrough'), []],
  ['one that is removed with its function', fn('PassThrough'), {}, ['resolved ActiveTracing Fn']],
  [
    'one that becomes acknowledged',
    fn('PassThrough'),
    fn('PassThrough', 'It is old.'),
    ['resolved ActiveTracing Fn It is old.'],
  ],
  [
    'one that is no longer acknowledged',
    fn('PassThrough', 'It is old.'),
    fn('PassThrough'),
    ['new ActiveTracing Fn'],
  ],
  ['one that stays acknowledged', fn('PassThrough', 'It is old.'), fn('PassThrough', 'It is rare.'), []],
  [
    'a new one that is acknowledged',
    fn('Active'),
    fn('PassThrough', 'It is old.'),
    ['new ActiveTracing Fn It is old.'],
  ],
  [
    'a resolved one that leaves its acknowledgement',
    fn('PassThrough', 'It is old.'),
    fn('Active', 'It is old.'),
    ['new Acknowledgement Fn'],
  ],
  ['one of several on a property', kafka(['A']), kafka(['A', 'B']), ['new UnsupportedEventSource Source']],
  ['one with a different message', kafka(['A']), kafka(['B']), []],
  [
    'a mistake that was only possible before',
    withAlias('Active'),
    withAlias('PassThrough'),
    ['new VersionLock Fn', 'new ActiveTracing Fn'],
  ],
  ['a mistake that stays possible', withAlias('Active'), withAlias('Active'), []],
])('%s', (_, before, after, expected) => {
  expect(lines(changeOf(before, after))).toEqual(expected);
});

describe('a cause that another rule reports', () => {
  const EXPLICIT_MODE = 'LambdaXRay-ExplicitMode';
  const BROKEN_TRACE = 'LambdaXRay-BrokenTrace';
  const acknowledged = (...ids: string[]) => ({
    cdk_nag: { rules_to_suppress: ids.map((id) => ({ id, reason: 'Known.' })) },
  });

  /** Returns a function that a caller invokes. Its trace breaks if the caller is Active. */
  function called(caller: 'Active' | 'PassThrough', metadata: object = {}, mode?: string): Resources {
    return {
      Caller: {
        Type: 'AWS::Serverless::Function',
        Metadata: acknowledged(ACTIVE_TRACING),
        Properties: {
          MemorySize: 512,
          Tracing: caller,
          Policies: [{ LambdaInvokePolicy: { FunctionName: { Ref: 'Fn' } } }],
        },
      },
      Fn: {
        Type: 'AWS::Serverless::Function',
        Metadata: metadata,
        Properties: { MemorySize: 512, ...(mode && { Tracing: mode }) },
      },
    };
  }

  const ERROR = { severities: { [BROKEN_TRACE]: 'error' } } as const;
  const SEVERE_MODE = { severities: { [EXPLICIT_MODE]: 'error' } } as const;

  test.each<[string, Resources, Resources, CheckConfig, string[]]>([
    ['is not new', called('PassThrough'), called('Active'), {}, []],
    [
      'is not resolved if the other rule has no finding any more',
      called('Active'),
      called('PassThrough'),
      {},
      [],
    ],
    ['is new if it is more severe', called('PassThrough'), called('Active'), ERROR, ['new BrokenTrace Fn']],
    ['is not new if it is less severe', called('Active'), called('PassThrough'), ERROR, []],
    [
      'is new if a rule that the finding stands for is more severe',
      called('PassThrough', {}, 'PassThrough'),
      called('PassThrough'),
      SEVERE_MODE,
      ['new ActiveTracing Fn'],
    ],
    [
      'is new if the acknowledgement was for a rule that has no finding any more',
      called('Active', acknowledged(BROKEN_TRACE)),
      called('PassThrough'),
      {},
      ['new ActiveTracing Fn'],
    ],
    [
      'is new if the acknowledgement is for less',
      called('PassThrough', acknowledged(ACTIVE_TRACING)),
      called('Active', acknowledged(ACTIVE_TRACING)),
      {},
      ['new BrokenTrace Fn'],
    ],
    [
      'is acknowledged with the other rule',
      called('PassThrough'),
      called('Active', acknowledged(BROKEN_TRACE)),
      {},
      ['resolved BrokenTrace Fn Known.'],
    ],
    [
      'is not new if the acknowledgement does not cover it',
      called('Active'),
      called('Active', acknowledged(BROKEN_TRACE)),
      { severities: { [ACTIVE_TRACING]: 'error' } },
      [],
    ],
    [
      'is resolved with its function',
      called('Active'),
      { Caller: called('Active').Caller },
      {},
      ['resolved BrokenTrace Fn'],
    ],
  ])('%s', (_, before, after, settings, expected) => {
    const found = lines(changeOf(before, after, { settings }));
    expect(found.filter((line) => !/ Caller/.test(line) && !/Acknowledgement/.test(line))).toEqual(expected);
  });
});

test('matches findings on one property by message', () => {
  const { findings } = changeOf(kafka(['A', 'B']), kafka(['B']));
  expect(findings.resolved.map(({ message }) => message)).toEqual([expect.stringContaining("Function 'A'")]);
});

describe('an acknowledgement of the configuration', () => {
  const acknowledgements: Acknowledgement[] = [
    { ruleId: ACTIVE_TRACING, reason: 'It is old.', logicalId: 'Fn' },
    { ruleId: ACTIVE_TRACING, reason: 'It is rare.', constructPath: 'Elsewhere' },
  ];
  const settings = { acknowledgements, configuration: '.cdk-lambda-xray.yaml' };

  test.each<[string, Resources, Resources, string[]]>([
    ['that matches in both', fn('PassThrough'), fn('PassThrough'), []],
    ['that matches in neither', fn('Active'), fn('Active'), []],
    [
      'that matched nothing in the baseline',
      fn('Active'),
      fn('PassThrough'),
      ['new ActiveTracing Fn It is old.'],
    ],
    ['that no longer matches', fn('PassThrough'), fn('Active'), ['new Acknowledgement Fn']],
  ])('%s', (_, before, after, expected) => {
    expect(lines(changeOf(before, after, { settings }))).toEqual(expected);
  });
});
