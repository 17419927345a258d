import { buildTracingModel } from '../../lib/model/build-model';
import { UNCHANGED_VERSION } from '../../lib/rules/unchanged-version';
import { IF, inMode, sam, version } from './published-functions';
import { findingsOnChange, type Resources, stack, testExamples } from './templates';

const CURRENT = (hash: string) => ({ [`FnCurrentVersion${hash}`]: version() });
const DESCRIBED = { V: version({ Description: 'X-Ray tracing: Active' }) };
const LAYER = (key: string) => ({
  Layer: {
    Type: 'AWS::Lambda::LayerVersion',
    Properties: { Content: { S3Bucket: 'code', S3Key: key } },
  },
});
const ROLE = (more: object) => ({ Role: { Type: 'AWS::IAM::Role', Properties: more } });
const WITH_ROLE = { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } };
const TABLE = (more: object) => ({ Table: { Type: 'AWS::DynamoDB::Table', Properties: more } });
const WITH_TABLE = { Environment: { Variables: { TABLE: { Ref: 'Table' } } } };
const ALL = { AutoPublishAliasAllProperties: true };
const PAIR = {
  ...TABLE({ TableName: { Ref: 'Other' } }),
  Other: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: { Ref: 'Table' } } },
};
const KEY = (more: object) => ({ Key: { Type: 'AWS::KMS::Key', Properties: more } });
const WITH_KEY = TABLE({ SSESpecification: { KMSMasterKeyId: { Ref: 'Key' } } });
const BUILT_IMAGE = { PackageType: 'Image', CodeUri: undefined, ImageUri: 'orders:latest' };

const SECTIONS = {
  sections: {
    Conditions: {
      Prod: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
      NotProd: { 'Fn::Not': [{ Condition: 'Prod' }] },
      Never: { 'Fn::Equals': ['a', 'b'] },
    },
    Parameters: { Key: { Type: 'String' }, Mode: { Type: 'String' } },
  },
};

const LOCAL_LAYER = {
  Layer: { Type: 'AWS::Serverless::LayerVersion', Properties: { ContentUri: './layer' } },
};
const INCLUDED = {
  'Fn::Transform': { Name: 'AWS::Include', Parameters: { Location: 's3://b/variables.yaml' } },
};
const NESTED = { Net: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'net.yaml' } } };
const OF_NESTED = { Environment: { Variables: { NET: { 'Fn::GetAtt': ['Net', 'Outputs.Id'] } } } };

const NO_VALUE = { Ref: 'AWS::NoValue' };
const VARIABLES = (Variables: object) => ({ Environment: { Variables } });

type Change = [name: string, before: Resources, after: Resources];

const FAILING: [reported: string, ...Change][] = [
  ['V FunctionName', 'a description', inMode('Active', { V: version() }), inMode('Active', DESCRIBED)],
  [
    'V FunctionName',
    'a description and PassThrough instead of no mode',
    inMode(undefined, { V: version() }),
    inMode('PassThrough', { V: version({ Description: 'X-Ray tracing: PassThrough' }) }),
  ],
  [
    'FnCurrentVersionB FunctionName',
    'another logical ID',
    inMode('Active', CURRENT('A')),
    inMode('Active', CURRENT('B')),
  ],
  [
    'W FunctionName',
    'a second version',
    inMode('Active', { V: version() }),
    inMode('Active', { V: version(), W: version() }),
  ],
  [
    'V FunctionName',
    'a description, and tags of the function',
    inMode('Active', { V: version() }),
    inMode('Active', DESCRIBED, { Tags: [{ Key: 'team', Value: 'orders' }] }),
  ],
  [
    'V FunctionName',
    'a description, and a policy of its role',
    inMode('Active', { V: version(), ...ROLE({}) }, WITH_ROLE),
    inMode('Active', { ...DESCRIBED, ...ROLE({ ManagedPolicyArns: ['a'] }) }, WITH_ROLE),
  ],
  [
    'V FunctionName',
    'a description, and a number as text',
    inMode('Active', { V: version() }, { MemorySize: '256' }),
    inMode('Active', DESCRIBED, { MemorySize: 256 }),
  ],
  [
    'V FunctionName',
    'a description, and defaults that are written out',
    inMode('Active', { V: version() }, { Timeout: 3 }),
    inMode('Active', DESCRIBED, {
      MemorySize: 128,
      Architectures: ['x86_64'],
      EphemeralStorage: { Size: 512 },
    }),
  ],
  [
    'V FunctionName',
    'a description, and another form of an attribute',
    inMode('Active', { V: version(), ...ROLE({}) }, WITH_ROLE),
    inMode('Active', { ...DESCRIBED, ...ROLE({}) }, { Role: { 'Fn::GetAtt': 'Role.Arn' } }),
  ],
  [
    'V FunctionName',
    'a description, and tags of a table that the function uses',
    inMode('Active', { V: version(), ...TABLE({}) }, WITH_TABLE),
    inMode('Active', { ...DESCRIBED, ...TABLE({ Tags: [{ Key: 'team', Value: 'orders' }] }) }, WITH_TABLE),
  ],
  [
    'V FunctionName',
    'a description, and numbers as text in a list',
    inMode('Active', { V: version() }, { FunctionName: { 'Fn::Join': ['-', ['orders', 1]] } }),
    inMode('Active', DESCRIBED, { FunctionName: { 'Fn::Join': ['-', ['orders', '1']] } }),
  ],
  [
    'V FunctionName',
    'a description, and nothing in two tables that refer to each other',
    inMode('Active', { V: version(), ...PAIR }, WITH_TABLE),
    inMode('Active', { ...DESCRIBED, ...PAIR }, WITH_TABLE),
  ],
  [
    'V FunctionName',
    'a description, and a property without a value',
    inMode('Active', { V: version() }),
    inMode('Active', DESCRIBED, { ReservedConcurrentExecutions: NO_VALUE, Layers: NO_VALUE }),
  ],
  [
    'V FunctionName',
    'a description, and a variable and a layer without a value',
    inMode('Active', { V: version() }, { ...VARIABLES({ A: 'a' }), Layers: ['l'] }),
    inMode('Active', DESCRIBED, { ...VARIABLES({ A: 'a', B: NO_VALUE }), Layers: ['l', NO_VALUE] }),
  ],
  [
    'V FunctionName',
    'a description, and an environment without variables',
    inMode('Active', { V: version() }),
    inMode('Active', DESCRIBED, VARIABLES({ B: NO_VALUE })),
  ],
  [
    'V FunctionName',
    'a description, and a property that is never set',
    inMode('Active', { V: version() }),
    inMode('Active', DESCRIBED, { MemorySize: { 'Fn::If': ['Never', 512, NO_VALUE] } }),
  ],
  [
    'V FunctionName',
    'a description, and no value for the name of a table that the function uses',
    inMode('Active', { V: version(), ...TABLE({}) }, WITH_TABLE),
    inMode('Active', { ...DESCRIBED, ...TABLE({ TableName: NO_VALUE }) }, WITH_TABLE),
  ],
  ['Fn AutoPublishAlias', "SAM's hash of all properties from now on", sam('Active'), sam('Active', ALL)],
  [
    'Fn AutoPublishAlias',
    'a description in SAM',
    sam('Active'),
    sam('Active', { VersionDescription: 'Release 7' }),
  ],
];

const UNSURE: [exception: string, ...Change][] = [
  [
    'unless the code',
    'SAM, with code on disk',
    sam('Active', { CodeUri: 'src/' }),
    sam('Active', { CodeUri: 'src/', ...ALL }),
  ],
  [
    'unless the code',
    'SAM, with an image to push',
    sam('Active', BUILT_IMAGE),
    sam('Active', { ...BUILT_IMAGE, ...ALL }),
  ],
  [
    'unless a parameter',
    'code that a parameter names',
    inMode('Active', { V: version() }, { Code: { S3Key: { Ref: 'Key' } } }),
    inMode('Active', DESCRIBED, { Code: { S3Key: { Ref: 'Key' } } }),
  ],
  [
    'unless a parameter',
    'a layer of another stack',
    inMode('Active', { V: version() }, { Layers: [{ 'Fn::ImportValue': 'layer' }] }),
    inMode('Active', DESCRIBED, { Layers: [{ 'Fn::ImportValue': 'layer' }] }),
  ],
  [
    'unless the code',
    'a layer on disk',
    inMode('Active', { V: version(), ...LOCAL_LAYER }, { Layers: [{ Ref: 'Layer' }] }),
    inMode('Active', { ...DESCRIBED, ...LOCAL_LAYER }, { Layers: [{ Ref: 'Layer' }] }),
  ],
  [
    'unless a parameter',
    'variables that a macro adds',
    inMode('Active', { V: version() }, { Environment: INCLUDED }),
    inMode('Active', DESCRIBED, { Environment: INCLUDED }),
  ],
  [
    'unless a parameter',
    'a variable that is set in one case',
    inMode('Active', { V: version() }, VARIABLES({ A: 'a' })),
    inMode('Active', DESCRIBED, VARIABLES({ A: 'a', B: IF('b', NO_VALUE) })),
  ],
  [
    'unless a parameter',
    'the same memory in one case, with the conditions turned around',
    inMode('Active', { V: version() }, { MemorySize: IF(512, 256) }),
    inMode('Active', DESCRIBED, { MemorySize: { 'Fn::If': ['NotProd', 256, 512] } }),
  ],
  [
    'unless the tracing mode',
    'a mode that a parameter sets',
    inMode({ Ref: 'Mode' }, { V: version() }),
    inMode({ Ref: 'Mode' }, DESCRIBED),
  ],
];

const DEPLOYABLE: Change[] = [
  ['nothing', inMode('Active', { V: version() }), inMode('Active', { V: version() })],
  ['the mode', inMode('PassThrough', { V: version() }), inMode('Active', DESCRIBED)],
  ['the memory', inMode('Active', { V: version() }), inMode('Active', DESCRIBED, { MemorySize: 256 })],
  ['the first version', inMode('Active', {}), inMode('Active', { V: version() })],
  ['a new function', {}, inMode('Active', { V: version() })],
  [
    'a layer',
    inMode('Active', { ...CURRENT('A'), ...LAYER('1.zip') }, { Layers: [{ Ref: 'Layer' }] }),
    inMode('Active', { ...CURRENT('B'), ...LAYER('2.zip') }, { Layers: [{ Ref: 'Layer' }] }),
  ],
  [
    'an output of a nested stack',
    inMode('Active', { V: version(), ...NESTED }, OF_NESTED),
    inMode('Active', { ...DESCRIBED, ...NESTED }, OF_NESTED),
  ],
  [
    'the name of its role',
    inMode('Active', { V: version(), ...ROLE({ RoleName: 'a' }) }, WITH_ROLE),
    inMode('Active', { ...DESCRIBED, ...ROLE({ RoleName: 'b' }) }, WITH_ROLE),
  ],
  [
    'the path of its role',
    inMode('Active', { V: version(), ...ROLE({ Path: '/a/' }) }, WITH_ROLE),
    inMode('Active', { ...DESCRIBED, ...ROLE({ Path: '/b/' }) }, WITH_ROLE),
  ],
  [
    'a key of a table that the function uses',
    inMode('Active', { V: version(), ...WITH_KEY, ...KEY({ KeySpec: 'RSA_2048' }) }, WITH_TABLE),
    inMode('Active', { ...DESCRIBED, ...WITH_KEY, ...KEY({ KeySpec: 'RSA_4096' }) }, WITH_TABLE),
  ],
  [
    'the type of a resource that the function uses',
    inMode('Active', { V: version(), ...TABLE({}) }, WITH_TABLE),
    inMode('Active', { ...DESCRIBED, Table: { Type: 'AWS::DynamoDB::GlobalTable' } }, WITH_TABLE),
  ],
  [
    'a parameter into a resource',
    inMode('Active', { V: version() }, WITH_TABLE),
    inMode('Active', { ...DESCRIBED, ...TABLE({}) }, WITH_TABLE),
  ],
  [
    'a resource into a parameter',
    inMode('Active', { V: version(), ...TABLE({}) }, WITH_TABLE),
    inMode('Active', DESCRIBED, WITH_TABLE),
  ],
  ['the code in SAM', sam('Active'), sam('Active', { CodeUri: 's3://code/2.zip', ...ALL })],
  ["SAM's first version", sam('Active', { AutoPublishAlias: undefined }), sam('Active')],
  [
    'the cases in which there is a version',
    inMode('Active', { V: { ...version(), Condition: 'Prod' } }),
    inMode('Active', { V: { ...version(), Condition: 'NotProd' } }),
  ],
  [
    'a variable, in the case in which there is a version',
    inMode('Active', { V: { ...version(), Condition: 'Prod' } }),
    inMode(
      'Active',
      { V: { ...version({ Description: 'B' }), Condition: 'Prod' } },
      VARIABLES({ B: IF('b', NO_VALUE) }),
    ),
  ],
  [
    'the mode in one case, and the memory in the other',
    inMode(IF('Active', 'PassThrough'), { V: version() }, { MemorySize: 512 }),
    inMode('PassThrough', DESCRIBED, { MemorySize: IF(512, 256) }),
  ],
  [
    'the mode, in each case',
    inMode(IF('Active', 'PassThrough'), { V: version() }),
    inMode(IF('PassThrough', 'Active'), DESCRIBED),
  ],
];

function check(before: Resources, after: Resources) {
  const [old, now] = [before, after].map((resources) => stack('t', resources, SECTIONS));
  return UNCHANGED_VERSION.check(buildTracingModel([now], [old]));
}

test.each(FAILING)('reports %s: %s', (reported, _, before, after) => {
  const [old, now] = [before, after].map((resources) => stack('t', resources, SECTIONS));
  expect(findingsOnChange(UNCHANGED_VERSION, [old], [now])).toEqual([`t ${reported}`]);
  expect(check(before, after)[0].severity).toBeUndefined();
});

test.each(UNSURE)('warns, %s changes: %s', (exception, _, before, after) => {
  const found = check(before, after);
  expect(found).toMatchObject([{ severity: 'warning' }]);
  expect(found[0].message).toContain(exception);
});

test.each(DEPLOYABLE)('accepts a change of %s', (_, before, after) => {
  expect(check(before, after)).toEqual([]);
});

test.each<[string, string, unknown, unknown, unknown]>([
  [
    'Mappings',
    'a mapping',
    { 'Fn::FindInMap': ['Sizes', 'big', 'memory'] },
    { Sizes: { big: { memory: 256 } } },
    { Sizes: { big: { memory: 512 } } },
  ],
  [
    'Conditions',
    'a condition',
    { 'Fn::If': ['Big', 512, 256] },
    { Big: { 'Fn::Equals': ['a', 'a'] } },
    { Big: { 'Fn::Equals': ['a', 'b'] } },
  ],
])('accepts a change of %s that the function uses: %s', (section, _, MemorySize, before, after) => {
  const [old, now] = [[before, { V: version() }] as const, [after, DESCRIBED] as const].map(([value, more]) =>
    stack('t', inMode('Active', more, { MemorySize }), { sections: { [section]: value } }),
  );
  expect(UNCHANGED_VERSION.check(buildTracingModel([now], [old]))).toEqual([]);
});

test('reports a new version although mappings and conditions change that the function does not use', () => {
  const sections = [256, 512].map((memory) => ({
    Mappings: { Sizes: { big: { memory } } },
    Conditions: { Big: { 'Fn::Equals': ['512', memory] } },
  }));
  const [old, now] = [{ V: version() }, DESCRIBED].map((more, i) =>
    stack('t', inMode('Active', more), { sections: sections[i] }),
  );
  expect(findingsOnChange(UNCHANGED_VERSION, [old], [now])).toEqual(['t V FunctionName']);
});

test('reports a new version if the mapping and the condition that the function uses stay', () => {
  const sections = {
    Mappings: { Sizes: { big: { memory: 512 } } },
    Conditions: { Big: { 'Fn::Equals': ['a', 'a'] } },
  };
  const MemorySize = { 'Fn::If': ['Big', { 'Fn::FindInMap': ['Sizes', 'big', 'memory'] }, 256] };
  const [old, now] = [{ V: version() }, DESCRIBED].map((more) =>
    stack('t', inMode('Active', more, { MemorySize }), { sections }),
  );
  expect(findingsOnChange(UNCHANGED_VERSION, [old], [now])).toEqual(['t V FunctionName']);
});

test.each<[what: string, parent: string | undefined, reported: string[]]>([
  ['reports a new version of a function with a parameter', undefined, ['t V FunctionName']],
  ['accepts it in a nested stack, which can get another value', 'parent', []],
])('%s', (_, parent, reported) => {
  const nestedIn = parent === undefined ? undefined : { id: parent, logicalId: 'Nested' };
  const [old, now] = [{ V: version() }, DESCRIBED].map((more) =>
    stack('t', inMode('Active', more, { MemorySize: { Ref: 'Key' } }), { ...SECTIONS, nestedIn }),
  );
  expect(findingsOnChange(UNCHANGED_VERSION, [old], [now])).toEqual(reported);
});

test.each<[string, string, string[]]>([
  ['reports a new version of a function with umlauts that stay', 'Größe', ['t V FunctionName']],
  ['accepts one of a function whose other characters change', 'Größer', []],
])('%s, compared with a template from CloudFormation', (_, Description, reported) => {
  const old = stack('t', inMode('Active', { V: version() }, { Description: 'Gr??e' }), { isInAscii: true });
  const now = stack('t', inMode('Active', DESCRIBED, { Description }));
  expect(findingsOnChange(UNCHANGED_VERSION, [old], [now])).toEqual(reported);
});

test.each([[['Never', {}, NO_VALUE]], [['Never', {}, ['a']]], [['Prod', null, 'a']]])(
  'an invalid Fn::If in place of all properties is read as no properties: %j',
  (branches) => {
    const fn = { Fn: { Type: 'AWS::Lambda::Function', Properties: { 'Fn::If': branches } } };
    const [old, now] = [{ V: version() }, DESCRIBED].map((more) => stack('t', { ...fn, ...more }, SECTIONS));
    expect(findingsOnChange(UNCHANGED_VERSION, [old], [now])).toEqual(['t V FunctionName']);
  },
);

test('accepts a version without anything to compare with', () => {
  expect(UNCHANGED_VERSION.check(buildTracingModel([stack('t', inMode('Active', DESCRIBED))]))).toEqual([]);
});

test('has a message and a fix', () => {
  const [[, , before, after]] = FAILING;
  expect(check(before, after)).toMatchObject([
    {
      message:
        "'V' is a new version of function 'Fn', but neither the code nor the configuration of the function changes. The deployment fails because the version exists already.",
      fix: "Change 'Fn' in the same deployment, such as its Description, or leave the version as it is.",
      related: [{ logicalId: 'Fn' }],
    },
  ]);
});

test('names SAM, which publishes the version', () => {
  const [{ message, related }] = check(sam('Active'), sam('Active', ALL));
  expect(message).toMatch(/^SAM publishes a new version of function 'Fn', but /);
  expect(related).toEqual([]);
});

testExamples(UNCHANGED_VERSION);
