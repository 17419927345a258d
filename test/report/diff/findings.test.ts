import type { Acknowledgement } from '../../../lib/checker/acknowledgements';
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
])('%s', (_, before, after, expected) => {
  expect(lines(changeOf(before, after))).toEqual(expected);
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
