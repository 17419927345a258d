import { buildTracingModel } from '../../lib/model/build-model';
import { VERSION_LOCK } from '../../lib/rules/version-lock';
import { alias, IF, inMode, sam, version } from './published-functions';
import { lambda, ruleTester, stack, stacks, findingsOnChange, describeFindings } from './templates';

const HASH = '0123456789abcdef0123456789abcdef';
const OTHER_HASH = 'f'.repeat(32);

const CONDITIONS = { sections: { Conditions: { Prod: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } } } };
const PARAMETER = (standard: string) => ({
  sections: { Parameters: { Mode: { Type: 'String', Default: standard } } },
});

type Change = [name: string, before: Parameters<typeof stack>[1], after: Parameters<typeof stack>[1]];

const KEPT: [reported: string, ...Change][] = [
  [
    'V Description',
    'a bare version',
    inMode('PassThrough', { V: version() }),
    inMode('Active', { V: version() }),
  ],
  [
    'V Description',
    'a mode that is left out now',
    inMode('Active', { V: version() }),
    inMode(undefined, { V: version() }),
  ],
  [
    'V Description',
    'a version with a description that stays',
    inMode('Active', { V: version({ Description: 'first' }) }),
    inMode('PassThrough', { V: version({ Description: 'first' }) }),
  ],
  [
    'V Description',
    'a version with a description that has a word which is also a mode',
    inMode('PassThrough', { V: version({ Description: 'Syncs Active Directory users' }) }),
    inMode('Active', { V: version({ Description: 'Syncs Active Directory users' }) }),
  ],
  [
    'V Description',
    'other properties that change: those of the function, and the DependsOn',
    inMode('PassThrough', { V: version() }, { MemorySize: 128 }),
    inMode('Active', { V: { ...version(), DependsOn: 'Other' } }, { MemorySize: 256 }),
  ],
  [
    'V Description',
    'another way to write the same name',
    inMode('PassThrough', { V: version({ FunctionName: { Ref: 'Fn' } }) }),
    inMode('Active', { V: version({ FunctionName: { 'Fn::Sub': '${Fn}' } }) }),
  ],
  [
    'A FunctionVersion',
    'an alias that is pinned',
    inMode('PassThrough', { A: alias('3') }),
    inMode('Active', { A: alias(3) }),
  ],
  ['Fn AutoPublishAlias', "SAM's AutoPublishAlias", sam('PassThrough'), sam('Active')],
  [
    'Fn AutoPublishAlias',
    "SAM's AutoPublishAlias, with other changes that are not in its hash",
    sam('PassThrough', { Timeout: 3 }),
    sam('Active', { Timeout: 6 }),
  ],
  [
    'Fn AutoPublishAlias',
    'SAM with a hash of the code',
    sam('PassThrough', { AutoPublishCodeSha256: 'ab12', AutoPublishAliasAllProperties: true }),
    sam('Active', { AutoPublishCodeSha256: 'ab12', AutoPublishAliasAllProperties: true }),
  ],
  [
    'Fn AutoPublishAlias',
    'SAM with code on disk, which may change or not',
    sam('PassThrough', { CodeUri: 'src/' }),
    sam('Active', { CodeUri: 'src/' }),
  ],
];

const PUBLISHED: Change[] = [
  ['a mode that stays', inMode('Active', { V: version() }), inMode('Active', { V: version() })],
  [
    'the default that is written out',
    inMode(undefined, { V: version() }),
    inMode('PassThrough', { V: version() }),
  ],
  [
    "CDK's currentVersion",
    inMode('PassThrough', { [`FnCurrentVersion12AB34CD${HASH}`]: version() }),
    inMode('Active', { [`FnCurrentVersion12AB34CD${OTHER_HASH}`]: version() }),
  ],
  [
    'a new description',
    inMode('PassThrough', { V: version() }),
    inMode('Active', { V: version({ Description: 'X-Ray tracing: Active' }) }),
  ],
  [
    'a new hash of the code',
    inMode('PassThrough', { V: version({ CodeSha256: 'a' }) }),
    inMode('Active', { V: version({ CodeSha256: 'b' }) }),
  ],
  ['another logical ID', inMode('PassThrough', { V1: version() }), inMode('Active', { V2: version() })],
  ['the first version', inMode('PassThrough', {}), inMode('Active', { V: version() })],
  ['no version any more', inMode('PassThrough', { V: version() }), inMode('Active', {})],
  [
    'a function that is replaced',
    inMode('PassThrough', { V: version() }, { FunctionName: 'a' }),
    inMode('Active', { V: version() }, { FunctionName: 'b' }),
  ],
  [
    'a function that is replaced by an image',
    inMode('PassThrough', { V: version() }),
    inMode('Active', { V: version() }, { PackageType: 'Image' }),
  ],
  [
    'a version of another function now',
    { Old: lambda('PassThrough'), V: version({ FunctionName: { Ref: 'Old' } }) },
    inMode('Active', { V: version() }),
  ],
  ['a mode that is unknown', inMode({ Ref: 'Mode' }, { V: version() }), inMode('Active', { V: version() })],
  ['an alias that moves', inMode('PassThrough', { A: alias('3') }), inMode('Active', { A: alias('4') })],
  [
    'an alias on $LATEST',
    inMode('PassThrough', { A: alias('$LATEST') }),
    inMode('Active', { A: alias('$LATEST') }),
  ],
  ['SAM with new code', sam('PassThrough'), sam('Active', { CodeUri: 's3://code/2.zip' })],
  ['SAM with more memory', sam('PassThrough'), sam('Active', { MemorySize: 512 })],
  [
    'SAM with another variable',
    sam('PassThrough', { Environment: { Variables: { A: '1' } } }),
    sam('Active', { Environment: { Variables: { A: '2' } } }),
  ],
  ['SAM with SnapStart', sam('PassThrough'), sam('Active', { SnapStart: { ApplyOn: 'PublishedVersions' } })],
  [
    'SAM with all properties',
    sam('PassThrough', { AutoPublishAliasAllProperties: true }),
    sam('Active', { AutoPublishAliasAllProperties: true }),
  ],
  [
    'SAM that goes by all properties from now on',
    sam('PassThrough'),
    sam('Active', { AutoPublishAliasAllProperties: true }),
  ],
  [
    'SAM with another VersionDescription',
    sam('PassThrough'),
    sam('Active', { VersionDescription: 'Active' }),
  ],
];

ruleTester(VERSION_LOCK, {
  valid: [
    ['a version without anything to compare with', { Fn: lambda('Active'), V: version() }],
    [
      'an alias on versions of one mode',
      {
        Fn: lambda('Active'),
        V1: version({ Description: 'first (X-Ray tracing: Active)' }),
        V2: version({ Description: 'second (X-Ray tracing: Active)' }),
        A: alias({ 'Fn::GetAtt': ['V2', 'Version'] }, split('V1')),
      },
    ],
  ],
  invalid: [
    [
      'A RoutingConfig',
      'an alias that splits traffic between versions that say that their modes differ',
      {
        Fn: lambda('Active'),
        V1: version({ Description: 'first (X-Ray tracing: PassThrough)' }),
        V2: version({ Description: 'second (X-Ray tracing: Active)' }),
        A: alias({ 'Fn::GetAtt': ['V2', 'Version'] }, split('V1')),
      },
    ],
  ],
});

function split(other: string, FunctionWeight: unknown = 0.1) {
  return {
    RoutingConfig: {
      AdditionalVersionWeights: [{ FunctionVersion: { 'Fn::GetAtt': [other, 'Version'] }, FunctionWeight }],
    },
  };
}

describe('with a baseline', () => {
  test.each(KEPT)('reports %s: %s', (reported, _, before, after) => {
    expect(findingsOnChange(VERSION_LOCK, [before], [after])).toEqual([`template0 ${reported}`]);
  });

  test('has a message and a fix for each finding', () => {
    const lines = KEPT.map(([, name, before, after]) => {
      const model = buildTracingModel(stacks([after]), stacks([before]));
      return `${name}\n${describeFindings(VERSION_LOCK.check(model))}`;
    });
    expect(lines.join('\n\n')).toMatchSnapshot();
  });

  test.each(PUBLISHED)('accepts %s', (_, before, after) => {
    expect(findingsOnChange(VERSION_LOCK, [before], [after])).toEqual([]);
  });

  test.each<[string, string[], unknown, unknown]>([
    [
      'the case that changes',
      ['t V Description'],
      IF('Active', 'PassThrough'),
      IF('PassThrough', 'PassThrough'),
    ],
    ['cases that stay', [], IF('Active', 'PassThrough'), IF('Active', 'PassThrough')],
    [
      'cases that change places',
      ['t V Description', 't V Description'],
      IF('Active', 'PassThrough'),
      IF('PassThrough', 'Active'),
    ],
  ])('distinguishes %s of a condition', (_, reported, before, after) => {
    const template = (mode: unknown) => stack('t', inMode(mode, { V: version() }), CONDITIONS);
    expect(findingsOnChange(VERSION_LOCK, [template(before)], [template(after)])).toEqual(reported);
  });

  test('accepts a new default of a parameter, because a stack keeps its value', () => {
    const template = (standard: string) =>
      stack('t', inMode({ Ref: 'Mode' }, { V: version() }), PARAMETER(standard));
    expect(findingsOnChange(VERSION_LOCK, [template('Active')], [template('PassThrough')])).toEqual([]);
  });

  test('reports a change of a parameter that the parent passes to a nested stack', () => {
    const system = (mode: string, description: unknown) => [
      stack('parent', {
        Nested: { Type: 'AWS::CloudFormation::Stack', Properties: { Parameters: { Mode: mode } } },
      }),
      stack('nested', inMode({ Ref: 'Mode' }, { V: version({ Description: description }) }), {
        nestedIn: { id: 'parent', logicalId: 'Nested' },
        sections: { Parameters: { Mode: { Type: 'String' } } },
      }),
    ];
    const findings = (description: unknown) =>
      findingsOnChange(VERSION_LOCK, system('PassThrough', description), system('Active', description));
    expect(findings('first')).toEqual(['nested V Description']);
    expect(findings({ 'Fn::Sub': 'traced: ${Mode}' })).toEqual([]);
  });

  test('reports a version in another stack than its function', () => {
    const system = (mode: string) => [
      stack('a', { Fn: lambda(mode, { FunctionName: 'orders' }) }),
      stack('b', { V: version({ FunctionName: 'arn:aws:lambda:eu-west-1:111122223333:function:orders' }) }),
    ];
    expect(findingsOnChange(VERSION_LOCK, system('PassThrough'), system('Active'))).toEqual([
      'b V Description',
    ]);
  });

  test('reports traffic that shifts from an old version to a new one', () => {
    const before = inMode('PassThrough', { V1: version(), A: alias({ 'Fn::GetAtt': ['V1', 'Version'] }) });
    const after = (weight: unknown) =>
      inMode('Active', {
        V1: version(),
        V2: version({ Description: 'Active' }),
        A: alias({ 'Fn::GetAtt': ['V2', 'Version'] }, split('V1', weight)),
      });
    expect(findingsOnChange(VERSION_LOCK, [before], [after(0.5)])).toEqual(['template0 A RoutingConfig']);
    expect(findingsOnChange(VERSION_LOCK, [before], [after(0)])).toEqual([]);
  });
});

describe('an old version', () => {
  const live = (name: string) => alias({ 'Fn::GetAtt': [name, 'Version'] });
  const before = inMode('PassThrough', { V1: version(), A: live('V1') });

  test('is accepted if nothing uses it', () => {
    const after = inMode('Active', { V1: version(), V2: version(), A: live('V2') });
    expect(findingsOnChange(VERSION_LOCK, [before], [after])).toEqual([]);
  });

  test('is reported while an alias uses it', () => {
    const after = inMode('Active', { V1: version(), V2: version(), A: live('V1'), B: live('V2') });
    expect(findingsOnChange(VERSION_LOCK, [before], [after])).toEqual(['template0 V1 Description']);
  });
});

test('accepts an alias that is on one version or another', () => {
  const resources = {
    Fn: lambda('Active'),
    V1: version({ Description: 'first (X-Ray tracing: PassThrough)' }),
    V2: version({ Description: 'second (X-Ray tracing: Active)' }),
    A: alias(
      { 'Fn::If': ['Prod', { 'Fn::GetAtt': ['V2', 'Version'] }, { 'Fn::GetAtt': ['V1', 'Version'] }] },
      { RoutingConfig: { 'Fn::If': ['Prod', { Ref: 'AWS::NoValue' }, split('V2').RoutingConfig] } },
    ),
  };
  const findings = (more: object) =>
    findingsOnChange(VERSION_LOCK, [], [stack('t', { ...resources, ...more }, CONDITIONS)]);
  expect(findings({})).toEqual(['t A RoutingConfig']);
  const none = { RoutingConfig: { 'Fn::If': ['Prod', { Ref: 'AWS::NoValue' }, split('V1').RoutingConfig] } };
  const { FunctionVersion } = resources.A.Properties as { FunctionVersion: unknown };
  expect(findings({ A: alias(FunctionVersion, none) })).toEqual([]);
});
