import type { Diff } from '../../../lib/report/diff/diff';
import { detailsOf, modeText } from '../../../lib/report/diff/wording';
import { changeOf } from './small-change';

type Resources = Record<string, object>;

const GRANTED = { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess'] };
const SEGMENTS_ONLY = {
  Policies: [
    {
      PolicyName: 'Traces',
      PolicyDocument: {
        Statement: { Effect: 'Allow', Action: 'xray:PutTraceSegments', Resource: '*' },
      },
    },
  ],
};
const DIGITS = ['1', '2'].map((digit) => `FnCurrentVersion0123ABCD${digit.repeat(32)}`);

function fn(mode?: unknown, properties: object = {}): Resources {
  const tracing = mode === undefined ? {} : { TracingConfig: { Mode: mode } };
  return { Fn: { Type: 'AWS::Lambda::Function', Properties: { ...tracing, ...properties } } };
}

function withRole(mode: string, role: object): Resources {
  return {
    ...fn(mode, { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } }),
    Role: { Type: 'AWS::IAM::Role', Properties: role },
  };
}

function withVersion(mode: string, logicalId = 'Version', properties: object = {}): Resources {
  return {
    ...fn(mode),
    [logicalId]: {
      Type: 'AWS::Lambda::Version',
      Properties: { FunctionName: { Ref: 'Fn' }, ...properties },
    },
  };
}

function withAlias(mode: string, version: string): Resources {
  const properties = { FunctionName: { Ref: 'Fn' }, FunctionVersion: version, Name: 'live' };
  return { ...fn(mode), Alias: { Type: 'AWS::Lambda::Alias', Properties: properties } };
}

function withSource(mode: string, service: string): Resources {
  const properties = {
    FunctionName: { Ref: 'Fn' },
    EventSourceArn: `arn:aws:${service}:eu-west-1:111122223333:x`,
  };
  return { ...fn(mode), Source: { Type: 'AWS::Lambda::EventSourceMapping', Properties: properties } };
}

function sam(mode: string, properties: object): Resources {
  return { Fn: { Type: 'AWS::Serverless::Function', Properties: { Tracing: mode, ...properties } } };
}

/** Returns a line for each changed function. */
function lines({ functions }: Diff): string[] {
  return functions.map((change) =>
    [
      `${change.change} ${modeText(change)}`,
      ...detailsOf(change).map(({ text, tone }) => (tone === 'neutral' ? text : `${text} (${tone})`)),
    ].join('; '),
  );
}

describe('the mode', () => {
  const either = { 'Fn::If': ['C', 'Active', 'PassThrough'] };

  test.each<[string, unknown, unknown, string[]]>([
    ['is unchanged', 'Active', 'Active', []],
    ['changes', 'PassThrough', 'Active', ['changed PassThrough → Active']],
    ['is set', undefined, 'Active', ['changed Unset (PassThrough) → Active']],
    [
      'is removed',
      'PassThrough',
      undefined,
      ['changed PassThrough → Unset (PassThrough); Both modes have the same effect'],
    ],
    ['depends on a condition now', 'Active', either, ['changed Active → Active or PassThrough']],
    ['depends on the same condition', either, either, []],
    ['becomes known only at deployment', 'Active', { Ref: 'Mode' }, ['changed Active → Unknown']],
    ['becomes invalid', 'Active', 'active', ['changed Active → "active"']],
    [
      'becomes invalid, and is spelled like a reported mode',
      undefined,
      'Unset',
      ['changed Unset (PassThrough) → "Unset"'],
    ],
  ])('%s', (_, before, after, expected) => {
    expect(lines(changeOf(fn(before), fn(after)))).toEqual(expected);
  });
});

describe('the functions', () => {
  test.each<[string, Resources, Resources, string[]]>([
    ['one that is added', {}, fn('Active'), ['added Active; Permissions: unknown']],
    ['one that is removed', fn('Active'), {}, ['removed Active']],
    [
      'one that gets another logical ID',
      fn('Active'),
      { Other: fn('Active').Fn },
      ['added Active; Permissions: unknown', 'removed Active'],
    ],
    [
      'one that is added without permissions',
      {},
      withRole('Active', {}),
      ['added Active; Permissions: missing (bad)'],
    ],
    ['one that is added and needs none', {}, withRole('PassThrough', {}), ['added PassThrough']],
    [
      'one that is added behind Kafka',
      {},
      withSource('PassThrough', 'kafka'),
      [
        'added PassThrough; New event source that X-Ray does not support: Amazon MSK, mapped by Source (t.json:1)',
      ],
    ],
    [
      'one with a change of another property',
      fn('Active', { MemorySize: 128 }),
      fn('Active', { MemorySize: 256 }),
      [],
    ],
  ])('%s', (_, before, after, expected) => {
    expect(lines(changeOf(before, after))).toEqual(expected);
  });
});

describe('write permissions', () => {
  const BOTH = 'xray:PutTraceSegments, xray:PutTelemetryRecords';

  test.each<[string, Resources, Resources, string[]]>([
    ['are unchanged', withRole('Active', GRANTED), withRole('Active', GRANTED), []],
    [
      'are gained',
      withRole('Active', {}),
      withRole('Active', GRANTED),
      [`changed Active; Permissions gained: ${BOTH} (good)`],
    ],
    [
      'are lost',
      withRole('Active', GRANTED),
      withRole('Active', {}),
      [`changed Active; Permissions lost: ${BOTH} (bad)`],
    ],
    [
      'are lost, and no longer needed',
      withRole('Active', GRANTED),
      withRole('PassThrough', {}),
      [`changed Active → PassThrough; Permissions lost: ${BOTH}`],
    ],
    [
      'are lost in part',
      withRole('Active', GRANTED),
      withRole('Active', SEGMENTS_ONLY),
      ['changed Active; Permissions lost: xray:PutTelemetryRecords (bad)'],
    ],
    [
      'are no longer known',
      withRole('Active', GRANTED),
      fn('Active', { Role: { 'Fn::ImportValue': 'Role' } }),
      ['changed Active; Permissions: granted → unknown'],
    ],
  ])('%s', (_, before, after, expected) => {
    expect(lines(changeOf(before, after))).toEqual(expected);
  });
});

describe('versions', () => {
  const auto = { AutoPublishAlias: 'live' };

  test.each<[string, Resources, Resources, string[]]>([
    ['one that stays on the correct mode', withVersion('Active'), withVersion('Active'), []],
    [
      'one that stays on the old mode',
      withVersion('PassThrough'),
      withVersion('Active'),
      ['changed PassThrough → Active; Version Version stays on PassThrough (bad)'],
    ],
    [
      'one that is replaced',
      withVersion('PassThrough', 'Version', { Description: 'PassThrough' }),
      withVersion('Active', 'Version', { Description: 'Active' }),
      ['changed PassThrough → Active; Version Version is republished: PassThrough → Active (good)'],
    ],
    [
      "CDK's current one",
      withVersion('PassThrough', DIGITS[0]),
      withVersion('Active', DIGITS[1]),
      [`changed PassThrough → Active; Version ${DIGITS[1]} is republished: PassThrough → Active (good)`],
    ],
    [
      "CDK's current one, when the code changes",
      withVersion('Active', DIGITS[0]),
      withVersion('Active', DIGITS[1]),
      [`republished Active; Version ${DIGITS[1]} is republished in the same mode`],
    ],
    [
      'a first one',
      fn('Active'),
      withVersion('Active'),
      ['changed Active; Version Version is published: Active'],
    ],
    ['a removed one', withVersion('Active'), fn('Active'), ['changed Active; Version Version is removed']],
    [
      'one more',
      withVersion('Active'),
      { ...withVersion('Active'), ...withVersion('Active', 'Another') },
      ['changed Active; Version Another is published: Active'],
    ],
    [
      'an alias on a number',
      withAlias('PassThrough', '7'),
      withAlias('Active', '7'),
      ['changed PassThrough → Active; Alias Alias stays on version 7: PassThrough (bad)'],
    ],
    [
      'an alias that moves',
      withAlias('PassThrough', '7'),
      withAlias('Active', '8'),
      ['changed PassThrough → Active'],
    ],
    [
      "SAM's, of code in a folder",
      sam('PassThrough', auto),
      sam('Active', auto),
      [
        'changed PassThrough → Active; The version that SAM publishes stays on PassThrough, unless its code ' +
          'changes (bad)',
      ],
    ],
    [
      "SAM's, of the same code",
      sam('PassThrough', { ...auto, CodeUri: 's3://code/0123' }),
      sam('Active', { ...auto, CodeUri: 's3://code/0123' }),
      ['changed PassThrough → Active; The version that SAM publishes stays on PassThrough (bad)'],
    ],
    [
      "SAM's, of other code",
      sam('PassThrough', { ...auto, CodeUri: 's3://code/0123' }),
      sam('Active', { ...auto, CodeUri: 's3://code/4567' }),
      [
        'changed PassThrough → Active; The version that SAM publishes is republished: PassThrough → Active (good)',
      ],
    ],
  ])('%s', (_, before, after, expected) => {
    expect(lines(changeOf(before, after))).toEqual(expected);
  });
});

describe('event sources', () => {
  const MQ = 'Amazon MQ, mapped by Source (t.json:1)';

  test.each<[string, Resources, Resources, string[]]>([
    [
      'an unsupported one',
      fn('Active'),
      withSource('Active', 'mq'),
      [`changed Active; New event source that X-Ray does not support: ${MQ} (bad)`],
    ],
    [
      'an unsupported one of a PassThrough function',
      fn('PassThrough'),
      withSource('PassThrough', 'mq'),
      [`changed PassThrough; New event source that X-Ray does not support: ${MQ}`],
    ],
    ['a supported one', fn('Active'), withSource('Active', 'sqs'), []],
    [
      'one that is replaced',
      withSource('Active', 'mq'),
      withSource('Active', 'sqs'),
      [
        `changed Active; Removed event source that X-Ray does not support: Amazon MQ, mapped by Source (main:t.json:1)`,
      ],
    ],
    ['one that stays', withSource('Active', 'mq'), withSource('Active', 'mq'), []],
  ])('%s', (_, before, after, expected) => {
    expect(lines(changeOf(before, after))).toEqual(expected);
  });

  test('of SAM have the location of the event', () => {
    const { functions } = changeOf(
      sam('Active', {}),
      sam('Active', { Events: { Jobs: { Type: 'MSK', Properties: {} } } }),
    );
    expect(functions[0].untracedSources.added).toMatchObject([
      { logicalId: 'FnJobs', kind: 'msk', position: { line: 1 } },
    ]);
  });
});
