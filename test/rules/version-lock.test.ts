import { judge } from '../../lib/rules/judge';
import { buildTracingModel } from '../../lib/model/tracing-model';
import { VERSION_LOCK } from '../../lib/rules/version-lock';
import { lambda, type Resources, ruleTester, stack, stacks, verdictOnChange, wordsOf } from './templates';

const HASH = '0123456789abcdef0123456789abcdef';
const OTHER_HASH = 'f'.repeat(32);

function version(properties: object = {}) {
  return { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Fn' }, ...properties } };
}

function alias(FunctionVersion: unknown, more: object = {}) {
  return {
    Type: 'AWS::Lambda::Alias',
    Properties: { FunctionName: { Ref: 'Fn' }, Name: 'live', FunctionVersion, ...more },
  };
}

function sam(Tracing: unknown, properties: object = {}): Resources {
  return {
    Fn: {
      Type: 'AWS::Serverless::Function',
      Properties: { AutoPublishAlias: 'live', CodeUri: 's3://code/1.zip', Tracing, ...properties },
    },
  };
}

/** A function in a mode, with what is beside it. */
function inMode(mode: unknown, more: Resources, properties: object = {}): Resources {
  return { Fn: lambda(mode, properties), ...more };
}

const IF = (then: unknown, otherwise: unknown) => ({ 'Fn::If': ['Prod', then, otherwise] });
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
        V1: version({ Description: 'first, Active' }),
        V2: version({ Description: 'second, Active' }),
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
        V1: version({ Description: 'first, PassThrough' }),
        V2: version({ Description: 'second, Active' }),
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
  test.each(KEPT)('%s is reported: %s', (reported, _, before, after) => {
    expect(verdictOnChange(VERSION_LOCK, [before], [after])).toEqual([`template0 ${reported}`]);
  });

  test('what is reported is said in full', () => {
    const said = KEPT.map(([, name, before, after]) => {
      const model = buildTracingModel(stacks([after]), stacks([before]));
      return `${name}\n${wordsOf(VERSION_LOCK.check(model))}`;
    });
    expect(said.join('\n\n')).toMatchSnapshot();
  });

  test.each(PUBLISHED)('%s is let pass', (_, before, after) => {
    expect(verdictOnChange(VERSION_LOCK, [before], [after])).toEqual([]);
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
  ])('of a condition, %s are told apart', (_, reported, before, after) => {
    const template = (mode: unknown) => stack('t', inMode(mode, { V: version() }), CONDITIONS);
    expect(verdictOnChange(VERSION_LOCK, [template(before)], [template(after)])).toEqual(reported);
  });

  test('another default of a parameter does not change what a stack was given', () => {
    const template = (standard: string) =>
      stack('t', inMode({ Ref: 'Mode' }, { V: version() }), PARAMETER(standard));
    expect(verdictOnChange(VERSION_LOCK, [template('Active')], [template('PassThrough')])).toEqual([]);
  });

  test('what the parent hands to a nested stack is a change', () => {
    const system = (mode: string, description: unknown) => [
      stack('parent', {
        Nested: { Type: 'AWS::CloudFormation::Stack', Properties: { Parameters: { Mode: mode } } },
      }),
      stack('nested', inMode({ Ref: 'Mode' }, { V: version({ Description: description }) }), {
        nestedIn: { id: 'parent', logicalId: 'Nested' },
        sections: { Parameters: { Mode: { Type: 'String' } } },
      }),
    ];
    const verdict = (description: unknown) =>
      verdictOnChange(VERSION_LOCK, system('PassThrough', description), system('Active', description));
    expect(verdict('first')).toEqual(['nested V Description']);
    expect(verdict({ 'Fn::Sub': 'traced: ${Mode}' })).toEqual([]);
  });

  test('a version in another stack than its function keeps the mode all the same', () => {
    const system = (mode: string) => [
      stack('a', { Fn: lambda(mode, { FunctionName: 'orders' }) }),
      stack('b', { V: version({ FunctionName: 'arn:aws:lambda:eu-west-1:111122223333:function:orders' }) }),
    ];
    expect(verdictOnChange(VERSION_LOCK, system('PassThrough'), system('Active'))).toEqual([
      'b V Description',
    ]);
  });

  test('traffic that shifts from a version of before to one of now is of two modes', () => {
    const before = inMode('PassThrough', { V1: version(), A: alias({ 'Fn::GetAtt': ['V1', 'Version'] }) });
    const after = (weight: unknown) =>
      inMode('Active', {
        V1: version(),
        V2: version({ Description: 'Active' }),
        A: alias({ 'Fn::GetAtt': ['V2', 'Version'] }, split('V1', weight)),
      });
    expect(verdictOnChange(VERSION_LOCK, [before], [after(0.5)])).toEqual(['template0 A RoutingConfig']);
    expect(verdictOnChange(VERSION_LOCK, [before], [after(0)])).toEqual([]);
  });
});

describe('what has not changed is not reported:', () => {
  const environment = { Env: { Type: 'String' } };
  const modes = {
    Mappings: { M: { dev: { Mode: 'PassThrough' }, prod: { Mode: 'Active' } } },
    Parameters: environment,
  };
  const mode = { 'Fn::FindInMap': ['M', { Ref: 'Env' }, 'Mode'] };
  const isProd = { Conditions: { Prod: { 'Fn::Equals': [{ Ref: 'Env' }, 'prod'] } } };

  test.each<[string, Resources, object, Resources?]>([
    ['a mode by a mapping', inMode(mode, { V: version() }), modes],
    [
      'a mode by a mapping with a default',
      inMode(
        { 'Fn::FindInMap': ['M', { Ref: 'Env' }, 'Mode', { DefaultValue: 'Active' }] },
        { V: version() },
      ),
      modes,
    ],
    [
      'a condition that a mapping decides',
      inMode({ 'Fn::If': ['Traced', 'Active', 'PassThrough'] }, { V: version() }),
      { ...modes, Conditions: { Traced: { 'Fn::Equals': [mode, 'Active'] } } },
    ],
    [
      'a mapping that takes the place of a condition',
      inMode(IF('Active', 'PassThrough'), { V: version() }),
      {
        ...modes,
        ...isProd,
        Parameters: { Env: { Type: 'String', AllowedValues: ['dev', 'prod'] } },
      },
      inMode(mode, { V: version() }),
    ],
    [
      'a version of one function or another',
      {
        A: lambda('Active'),
        B: lambda('PassThrough'),
        V: version({ FunctionName: IF({ Ref: 'A' }, { Ref: 'B' }) }),
      },
      isProd,
    ],
    [
      'a version that there is only where nothing changes',
      inMode(IF('Active', 'PassThrough'), { V: { ...version(), Condition: 'Prod' } }),
      isProd,
      inMode('Active', { V: { ...version(), Condition: 'Prod' } }),
    ],
    [
      'a version that says it had the mode already',
      inMode('Active', { V: version({ Description: 'X-Ray tracing: PassThrough' }) }),
      {},
      inMode('PassThrough', { V: version({ Description: 'X-Ray tracing: PassThrough' }) }),
    ],
  ])('%s', (_, before, sections, after = before) => {
    const template = (resources: Resources) => stack('t', resources, { sections });
    expect(verdictOnChange(VERSION_LOCK, [template(before)], [template(after)])).toEqual([]);
  });
});

describe('versions of before', () => {
  const live = (name: string) => alias({ 'Fn::GetAtt': [name, 'Version'] });
  const before = inMode('PassThrough', { V1: version(), A: live('V1') });

  test('are history once nothing is on them', () => {
    const after = inMode('Active', { V1: version(), V2: version(), A: live('V2') });
    expect(verdictOnChange(VERSION_LOCK, [before], [after])).toEqual([]);
  });

  test('are not while an alias is', () => {
    const after = inMode('Active', { V1: version(), V2: version(), A: live('V1'), B: live('V2') });
    expect(verdictOnChange(VERSION_LOCK, [before], [after])).toEqual(['template0 V1 Description']);
  });
});

test('an alias that is on one version or another splits no traffic', () => {
  const resources = {
    Fn: lambda('Active'),
    V1: version({ Description: 'first, PassThrough' }),
    V2: version({ Description: 'second, Active' }),
    A: alias(
      { 'Fn::If': ['Prod', { 'Fn::GetAtt': ['V2', 'Version'] }, { 'Fn::GetAtt': ['V1', 'Version'] }] },
      { RoutingConfig: { 'Fn::If': ['Prod', { Ref: 'AWS::NoValue' }, split('V2').RoutingConfig] } },
    ),
  };
  const verdict = (more: object) =>
    verdictOnChange(VERSION_LOCK, [], [stack('t', { ...resources, ...more }, CONDITIONS)]);
  expect(verdict({})).toEqual(['t A RoutingConfig']);
  const none = { RoutingConfig: { 'Fn::If': ['Prod', { Ref: 'AWS::NoValue' }, split('V1').RoutingConfig] } };
  const { FunctionVersion } = resources.A.Properties as { FunctionVersion: unknown };
  expect(verdict({ A: alias(FunctionVersion, none) })).toEqual([]);
});

describe('where a parameter decides, it is a warning:', () => {
  const finding = (before: Resources, after: Resources) => {
    const parameters = { Parameters: { P: { Type: 'String', Default: '1' } } };
    const [of, ...more] = [before, after].map((resources) => stack('t', resources, { sections: parameters }));
    return judge(buildTracingModel(more, [of])).filter(({ rule }) => rule === VERSION_LOCK);
  };
  const change = (properties: object) => [
    inMode('PassThrough', { V: version(properties) }),
    inMode('Active', { V: version(properties) }),
  ];
  const PARAMETER_CHANGES = /unless a parameter that it goes by changes in the same deployment\.$/;

  test.each<[string, Resources[], RegExp]>([
    ['a build in the description', change({ Description: { 'Fn::Sub': 'build ${P}' } }), PARAMETER_CHANGES],
    ['a hash of the code', change({ CodeSha256: { Ref: 'P' } }), PARAMETER_CHANGES],
    ['a secret', change({ Description: '{{resolve:ssm:/build}}' }), PARAMETER_CHANGES],
    [
      "SAM's hash of the code",
      ['PassThrough', 'Active'].map((mode) => sam(mode, { AutoPublishCodeSha256: { Ref: 'P' } })),
      PARAMETER_CHANGES,
    ],
    [
      'the place of the code',
      ['PassThrough', 'Active'].map((mode) => sam(mode, { CodeUri: { Bucket: 'b', Key: { Ref: 'P' } } })),
      /unless its code changes in the same deployment\.$/,
    ],
    [
      'an image that is yet to be pushed',
      ['PassThrough', 'Active'].map((mode) =>
        sam(mode, { CodeUri: undefined, PackageType: 'Image', ImageUri: 'fn:latest' }),
      ),
      /unless its code changes in the same deployment\.$/,
    ],
  ])('%s', (_, [before, after], message) => {
    const found = finding(before, after);
    expect(found.map(({ severity }) => severity)).toEqual(['warning']);
    expect(found[0].message).toMatch(message);
  });

  test('the mode', () => {
    const mode = { Ref: 'Mode' };
    const sections = {
      Parameters: { Mode: { Type: 'String', AllowedValues: ['Active', 'PassThrough'] } },
    };
    const template = (value: unknown) => stack('t', inMode(value, { V: version() }), { sections });
    const [found] = judge(buildTracingModel([template(mode)], [template('PassThrough')])).filter(
      ({ rule }) => rule === VERSION_LOCK,
    );
    expect(found.severity).toBe('warning');
    expect(found.message).toContain("The tracing mode of 'Fn' can change from PassThrough to Active");
  });

  test('what SAM hashes without its value is none', () => {
    const [before, after] = ['PassThrough', 'Active'].map((mode) => sam(mode, { MemorySize: { Ref: 'P' } }));
    expect(finding(before, after).map(({ severity }) => severity)).toEqual(['error']);
  });

  test('an alias on a version by a parameter is not pinned', () => {
    const [before, after] = ['PassThrough', 'Active'].map((mode) => inMode(mode, { A: alias({ Ref: 'P' }) }));
    expect(finding(before, after)).toEqual([]);
  });
});

describe('the message', () => {
  const finding = (before: Resources, after: Resources) =>
    judge(buildTracingModel([stack('t', after)], [stack('t', before)])).find(
      ({ rule }) => rule === VERSION_LOCK,
    )!;

  test('names whoever gets the old mode', () => {
    const live = { Ref: 'A' };
    const system = (mode: string) =>
      inMode(mode, {
        V: version(),
        A: alias({ 'Fn::GetAtt': ['V', 'Version'] }),
        Orders: { Type: 'AWS::Lambda::EventSourceMapping', Properties: { FunctionName: live } },
        Allowed: { Type: 'AWS::Lambda::Permission', Properties: { FunctionName: live } },
        Get: {
          Type: 'AWS::ApiGateway::Method',
          Properties: {
            Integration: {
              Uri: {
                'Fn::Sub': 'arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${A}/invocations',
              },
            },
          },
        },
        Api: {
          Type: 'AWS::ApiGatewayV2::Integration',
          Properties: { IntegrationUri: { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Fn', 'Arn'] }, ':live']] } },
        },
        Put: {
          Type: 'AWS::ApiGateway::Method',
          Properties: {
            RestApiId: 'orders',
            Integration: {
              Uri: {
                'Fn::Sub':
                  'arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${Fn.Arn}:live/invocations',
              },
            },
          },
        },
        Unrelated: { Type: 'AWS::Lambda::Permission', Properties: { FunctionName: { Ref: 'Fn' } } },
      });
    const { message, severity, related } = finding(system('PassThrough'), system('Active'));
    expect(severity).toBe('error');
    expect(message).toBe(
      "The tracing mode of 'Fn' changes from PassThrough to Active, but its version 'V' keeps its logical ID and its " +
        "properties: it keeps PassThrough, and so does what goes through it: the alias 'A', the event source mapping 'Orders', the permission " +
        "'Allowed', the API method 'Get', the API integration 'Api', " +
        '1 more.',
    );
    expect(related.map(({ logicalId }) => logicalId)).toEqual([
      'Fn',
      'A',
      'Orders',
      'Allowed',
      'Get',
      'Api',
      'Put',
    ]);
  });

  test('says what SAM publishes, and who refers to it', () => {
    const rule = {
      Permission: { Type: 'AWS::Lambda::Permission', Properties: { FunctionName: { Ref: 'Fn.Alias' } } },
    };
    const { message, fix } = finding({ ...sam('PassThrough'), ...rule }, { ...sam('Active'), ...rule });
    expect(message).toBe(
      "The tracing mode of 'Fn' changes from PassThrough to Active, but the version that SAM publishes of it, and the " +
        "alias that it moves, keep PassThrough, and so does what goes through it: the permission 'Permission'.",
    );
    expect(fix).toBe("Set AutoPublishAliasAllProperties of 'Fn' to true.");
  });

  test('is a warning where only packaging tells whether the code changes', () => {
    const local = { CodeUri: 'src/' };
    const { message, severity } = finding(sam('PassThrough', local), sam('Active', local));
    expect(severity).toBe('warning');
    expect(message).toContain('keep PassThrough, unless its code changes in the same deployment.');
  });
});
