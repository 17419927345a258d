import type { LambdaFunction } from '../../lib/lambda/lambda-function';
import { buildTracingModel } from '../../lib/model/build-model';
import { lambda, type Resources, stack } from '../rules/templates';
import { alias, modelOf, sam, version, when } from './published';

const ANY = Array.from({ length: 40 }, (_, i) => String(i));
const SECTIONS = {
  Conditions: {
    Prod: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
    Traced: { 'Fn::Equals': [{ Ref: 'Mode' }, 'Active'] },
  },
  Parameters: {
    Stage: { Type: 'String' },
    Name: { Type: 'String' },
    Build: { Type: 'String', Default: 'first' },
    Known: { Type: 'String', AllowedValues: ['a', 'b'] },
    Many: { Type: 'String', AllowedValues: ANY },
    More: { Type: 'String', AllowedValues: ANY },
    Mode: { Type: 'String', AllowedValues: ['Active', 'PassThrough'] },
  },
};

type Change = [before: Resources, after: Resources];

function changed([before, after]: Change): LambdaFunction {
  return modelOf(after, SECTIONS, before).functions[0];
}

/** Returns the modes that its versions and aliases keep, the mode of the function, and the hidden change. */
function kept({ versions, aliases }: Pick<LambdaFunction, 'versions' | 'aliases'>): string[] {
  return [...versions, ...aliases].flatMap(({ staleModes }) =>
    staleModes.map(
      ({ mode, functionMode, unless }) => `${mode}, not ${functionMode}${unless ? `, unless ${unless}` : ''}`,
    ),
  );
}

/** A function whose mode becomes Active, with a version whose properties change or stay. */
function published(before: object, after: object = before): Change {
  return [
    { Fn: lambda('PassThrough'), V: version(before) },
    { Fn: lambda('Active'), V: version(after) },
  ];
}

function publishedBySam(before: object, after: object = before, more: object = {}): Change {
  return [
    { Fn: sam({ Tracing: 'PassThrough', ...before }, more) },
    { Fn: sam({ Tracing: 'Active', ...after }, more) },
  ];
}

/** A function whose mode changes from one value to another, with a version. */
function inModes(before: unknown, after: unknown, more: object = {}): Change {
  const inMode = (mode: unknown) => ({ Fn: { ...lambda(mode), ...more }, V: version() });
  return [inMode(before), inMode(after)];
}

const SURELY = ['PassThrough, not Active'];
const UNLESS_CODE = ['PassThrough, not Active, unless code'];
const UNLESS_PARAMETER = ['PassThrough, not Active, unless parameter'];
const UNLESS_MODE = ['PassThrough, not Active, unless mode'];

const IMAGE = { PackageType: 'Image' };
const PUSHED = { ...IMAGE, ImageUri: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/orders:7' };
const INLINE = { PackageType: 'Zip', InlineCode: 'a' };
const URL = { 'Fn::Sub': ['https://${Host}/${Path}', { Host: 'example.com', Path: 'orders' }] };
const SAME_URL = { 'Fn::Sub': ['https://${Host}/${Path}', { Path: 'orders', Host: 'example.com' }] };
const NO_VALUE = { Ref: 'AWS::NoValue' };
const CONCURRENCY = { ProvisionedConcurrentExecutions: 1 };
const MORE = { ProvisionedConcurrentExecutions: 2 };

test.each<[string, Change, string[]]>([
  ['that says the same', published({ Description: 'first' }), SURELY],
  ['that says where it is', published({ Description: { 'Fn::Sub': 'in ${AWS::Region}' } }), SURELY],
  ['that says what it is of', published({ Description: { 'Fn::Sub': 'of ${Fn}' } }), SURELY],
  ['that says nothing, in other words', published({}, { Description: NO_VALUE }), SURELY],
  ['that says something else', published({ Description: 'first' }, { Description: 'second' }), []],
  ['that says nothing any more', published({ Description: 'first' }, {}), []],
  [
    'that names its function in another way',
    published({ FunctionName: { Ref: 'Fn' } }, { FunctionName: { 'Fn::GetAtt': ['Fn', 'Arn'] } }),
    [],
  ],
  [
    'with another concurrency',
    published({ ProvisionedConcurrencyConfig: CONCURRENCY }, { ProvisionedConcurrencyConfig: MORE }),
    [],
  ],
  [
    'with another way of updating its runtime',
    published(
      { RuntimePolicy: { UpdateRuntimeOn: 'Auto' } },
      { RuntimePolicy: { UpdateRuntimeOn: 'FunctionUpdate' } },
    ),
    [],
  ],
  ['that is given a build', published({ Description: { 'Fn::Sub': 'build ${Build}' } }), UNLESS_PARAMETER],
  ['that is given one of some builds', published({ Description: { Ref: 'Known' } }), UNLESS_PARAMETER],
  [
    'that is given a build from now on',
    published({ Description: 'first' }, { Description: { Ref: 'Build' } }),
    UNLESS_PARAMETER,
  ],
  [
    'that is given no build any more',
    published({ Description: { Ref: 'Build' } }, { Description: 'first' }),
    UNLESS_PARAMETER,
  ],
  [
    'that says what is looked up',
    published({ Description: 'build {{resolve:ssm:/build}}' }),
    UNLESS_PARAMETER,
  ],
  [
    'that says in one case what is looked up',
    published({ Description: when('Prod', '{{resolve:ssm:/build}}', 'first') }),
    UNLESS_PARAMETER,
  ],
  [
    'with too many cases to follow',
    published({ Description: { Ref: 'Many' }, CodeSha256: { Ref: 'More' } }),
    [],
  ],
  ['of a function whose mode is given', inModes('PassThrough', { Ref: 'Mode' }), UNLESS_MODE],
  [
    'of a function whose mode a condition decides',
    inModes('PassThrough', when('Prod', 'Active', 'PassThrough')),
    SURELY,
  ],
  [
    'of a function whose mode is given, in a case that settles it',
    inModes('PassThrough', { Ref: 'Mode' }, { Condition: 'Traced' }),
    SURELY,
  ],
  ['of SAM', publishedBySam({}), SURELY],
  ['of SAM, with SnapStart off', publishedBySam({}, { SnapStart: { ApplyOn: 'None' } }), SURELY],
  ['of SAM, with SnapStart on nothing', publishedBySam({}, { SnapStart: {} }), SURELY],
  ['of SAM, with SnapStart', publishedBySam({}, { SnapStart: { ApplyOn: 'PublishedVersions' } }), []],
  [
    'of SAM, with variables in another order',
    publishedBySam(
      { Environment: { Variables: { A: '1', B: URL } } },
      { Environment: { Variables: { B: SAME_URL, A: '1' } } },
    ),
    SURELY,
  ],
  ['of SAM, with other code', publishedBySam({}, { CodeUri: 's3://code/2.zip' }), []],
  ['of SAM, with code that was packaged', publishedBySam({}, { CodeUri: 'src/' }), UNLESS_CODE],
  ['of SAM, with code that is yet to be packaged', publishedBySam({ CodeUri: 'src/' }, {}), UNLESS_CODE],
  ['of SAM, with an image that is yet to be built', publishedBySam(IMAGE), UNLESS_CODE],
  ['of SAM, with other code in the template', publishedBySam(INLINE, { ...INLINE, InlineCode: 'b' }), []],
  ['of SAM, with another key for its code', publishedBySam({}, { SourceKMSKeyArn: 'arn' }), []],
  ['of SAM, of a function that is replaced', publishedBySam({}, { TenancyConfig: {} }), []],
  [
    'of SAM, that is given a build',
    publishedBySam({ VersionDescription: { Ref: 'Build' } }),
    UNLESS_PARAMETER,
  ],
  ['of SAM, with an image that is pushed', publishedBySam(PUSHED), SURELY],
  [
    'of SAM, with an image that is built',
    publishedBySam(PUSHED, PUSHED, { Metadata: { Dockerfile: 'Dockerfile' } }),
    UNLESS_CODE,
  ],
])('the modes that a version %s keeps', (_, change, expected) => {
  expect(kept(changed(change))).toEqual(expected);
});

test.each<[string, Change]>([
  ['of Lambda', published({}, { Description: 'second' })],
  ['of SAM', publishedBySam({}, { CodeUri: 's3://code/2.zip' })],
])('a version %s is republished with its new mode', (_, change) => {
  const { versions } = changed(change);
  expect(versions.map(({ isUnchanged, modes }) => [isUnchanged, modes])).toEqual([[false, ['Active']]]);
});

test('an unchanged version keeps its mode', () => {
  const { versions, previous } = changed(published({}));
  expect(versions.map(({ isUnchanged, modes }) => [isUnchanged, modes])).toEqual([[true, ['PassThrough']]]);
  expect(previous?.modes.map(({ value }) => value)).toEqual(['PassThrough']);
});

describe('a version in a nested stack', () => {
  /** A version in a nested stack, by the passed parameter. */
  const system = (Parameters: object, Description?: unknown) => [
    stack('parent', { Nested: { Type: 'AWS::CloudFormation::Stack', Properties: { Parameters } } }),
    stack(
      'nested',
      { Fn: lambda({ Ref: 'Mode' }), V: version({ Description }) },
      {
        nestedIn: { id: 'parent', logicalId: 'Nested' },
        sections: SECTIONS,
      },
    ),
  ];

  test.each<[string, unknown]>([
    ['is the mode', undefined],
    ['is no change, where it is the same', { Ref: 'Build' }],
  ])('%s', (_, description) => {
    const [before, after] = ['PassThrough', 'Active'].map((Mode) =>
      system({ Mode, Build: '1' }, description),
    );
    expect(kept(buildTracingModel(after, before).functions[0])).toEqual(SURELY);
  });
});

describe('an alias', () => {
  const on = (FunctionVersion: unknown, mode: string, properties: object = {}): Resources => ({
    Fn: lambda(mode),
    A: alias(FunctionVersion, properties),
  });
  const shifting = (number: unknown, FunctionWeight: unknown = 0.5) => ({
    RoutingConfig: { AdditionalVersionWeights: [{ FunctionVersion: number, FunctionWeight }] },
  });

  test.each<[string, Resources, Resources, string[]]>([
    ['on a number', on('12', 'PassThrough'), on('12', 'Active'), SURELY],
    ['on another number', on('12', 'PassThrough'), on('13', 'Active'), []],
    [
      'on a number, while traffic shifts to another',
      on('12', 'PassThrough'),
      on('12', 'Active', shifting('13')),
      SURELY,
    ],
    [
      'on one number or another',
      on(when('Prod', '12', '13'), 'PassThrough'),
      on(when('Prod', '12', '13'), 'Active'),
      SURELY,
    ],
    ['on $LATEST', on('$LATEST', 'PassThrough'), on('$LATEST', 'Active'), []],
  ])('%s keeps the mode of that number', (_, before, after, expected) => {
    expect(kept(changed([before, after]))).toEqual(expected);
  });
});
