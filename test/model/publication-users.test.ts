import { buildTracingModel } from '../../lib/model/build-model';
import { alias, PROD, sam, version, when } from '../lambda/published';
import { lambda, mapping, type Resources, stack } from '../rules/templates';

const ACCOUNT = { region: 'eu-west-1', account: '111122223333' };
const LIVE_ARN = 'arn:aws:lambda:eu-west-1:111122223333:function:orders:live';
const PUBLISHED: Resources = {
  Fn: lambda('Active', { FunctionName: 'orders' }),
  V: version(),
  Live: alias({ 'Fn::GetAtt': ['V', 'Version'] }),
};

/** By each version and alias, and each function that publishes itself: what refers to it. */
function users(resources: Resources, ...others: ReturnType<typeof stack>[]): Record<string, string[]> {
  const sections = {
    ...PROD,
    Parameters: { Stage: {}, LiveArn: { Type: 'String', Default: LIVE_ARN }, Other: {} },
    Mappings: { Arns: { prod: { Live: LIVE_ARN } } },
  };
  const model = buildTracingModel([stack('t', resources, { sections, ...ACCOUNT }), ...others]);
  const named = model.functions.flatMap(({ versions, aliases }) =>
    [...versions, ...aliases].map(({ resource }) => [
      resource.logicalId,
      model.usersOf(resource).map(({ logicalId }) => logicalId),
    ]),
  );
  return Object.fromEntries(named) as Record<string, string[]>;
}

/** Something with a value in it. */
const policy = (value: unknown) => ({
  Type: 'AWS::IAM::Policy',
  Properties: { PolicyDocument: { Statement: [{ Effect: 'Allow', Resource: [value, '*'] }] } },
});

test.each<[string, unknown, string[]]>([
  ['its reference', { Ref: 'Live' }, ['Live']],
  ['an attribute of it', { 'Fn::GetAtt': ['V', 'Version'] }, ['V']],
  ['an attribute of it, in short', { 'Fn::GetAtt': 'V.Version' }, ['V']],
  ['its ARN', LIVE_ARN, ['Live']],
  ['its name, put together', { 'Fn::Join': [':', [{ 'Fn::GetAtt': ['Fn', 'Arn'] }, 'live']] }, ['Live']],
  ['its name, filled in', { 'Fn::Sub': '${Fn.Arn}:live' }, ['Live']],
  ['its reference, filled in', { 'Fn::Sub': 'on ${Live}' }, ['Live']],
  ['an attribute of it, filled in', { 'Fn::Sub': '${V.Version} and ${!Live}' }, ['V']],
  [
    'a variable of what is filled in',
    { 'Fn::Sub': ['${Of}/invocations', { Of: { Ref: 'Live' } }] },
    ['Live'],
  ],
  ['a parameter', { Ref: 'LiveArn' }, ['Live']],
  ['a parameter, filled in', { 'Fn::Sub': '${LiveArn}' }, ['Live']],
  ['a mapping', { 'Fn::FindInMap': ['Arns', 'prod', 'Live'] }, ['Live']],
  ['a condition', when('Prod', { Ref: 'Live' }, { 'Fn::GetAtt': ['V', 'Version'] }), ['V', 'Live']],
  ['a piece of it', { 'Fn::Select': [6, { 'Fn::Split': [':', { Ref: 'Live' }] }] }, ['Live']],
  [
    'the output of another stack',
    { 'Fn::GetStackOutput': { StackName: 'out', OutputName: 'Live' } },
    ['Live'],
  ],
  ['an export', { 'Fn::ImportValue': 'live' }, ['Live']],
  ['nothing: a word', 'Live', []],
  ['nothing: its function', { Ref: 'Fn' }, []],
  ["nothing: its function's ARN", { 'Fn::GetAtt': ['Fn', 'Arn'] }, []],
  ['nothing: a function by its name', 'arn:aws:lambda:eu-west-1:111122223333:function:orders', []],
  ['nothing: a parameter that only deployment tells', { Ref: 'Other' }, []],
  ['nothing: a template without it', { 'Fn::Sub': '${Gone} ${AWS::Region}' }, []],
  ['nothing: what is no template', { 'Fn::Sub': 7 }, []],
  ['nothing: what is empty', {}, []],
])('who refers to a version or alias by %s', (_, value, expected) => {
  const outputs = stack(
    'out',
    {},
    {
      ...ACCOUNT,
      stackName: 'out',
      sections: { Outputs: { Live: { Value: LIVE_ARN, Export: { Name: 'live' } } } },
    },
  );
  const { V: ofVersion, Live: ofAlias } = users({ ...PUBLISHED, User: policy(value) }, outputs);
  expect([ofVersion, ofAlias]).toEqual([
    ['Live', ...(expected.includes('V') ? ['User'] : [])],
    expected.includes('Live') ? ['User'] : [],
  ]);
});

test('who refers to an alias of a nested stack', () => {
  const nested = stack('nested', PUBLISHED, {
    nestedIn: { id: 't', logicalId: 'Nested' },
    sections: { Outputs: { LiveArn: { Value: { Ref: 'Live' } } } },
  });
  const resources = {
    Nested: { Type: 'AWS::CloudFormation::Stack' },
    User: policy({ 'Fn::GetAtt': ['Nested', 'Outputs.LiveArn'] }),
  };
  expect(users(resources, nested)).toEqual({ V: ['Live'], Live: ['User'] });
});

describe('who refers to what SAM makes of a function', () => {
  test.each<[string, unknown, string[]]>([
    ['its alias', { Ref: 'Fn.Alias' }, ['User']],
    ['its version', { Ref: 'Fn.Version' }, ['User']],
    ["its version's number", { 'Fn::GetAtt': ['Fn.Version', 'Version'] }, ['User']],
    ['its alias, filled in', { 'Fn::Sub': '${Fn.Alias}' }, ['User']],
    ['the function', { Ref: 'Fn' }, []],
    ['its ARN', { 'Fn::GetAtt': ['Fn', 'Arn'] }, []],
    ['an attribute of it with such a name', { 'Fn::GetAtt': ['Fn', 'Configuration.Version'] }, []],
  ])('by %s', (_, value, expected) => {
    expect(users({ Fn: sam(), User: policy(value) })).toEqual({ Fn: expected });
  });

  test('is not the function itself', () => {
    const Properties = { Bucket: { Ref: 'Bucket' }, Events: 's3:ObjectCreated:*' };
    const resources = {
      Bucket: { Type: 'AWS::S3::Bucket' },
      Fn: sam({
        Events: { Upload: { Type: 'S3', Properties } },
        Environment: { Variables: { SELF: { Ref: 'Fn.Alias' } } },
      }),
    };
    expect(users(resources).Fn).not.toContain('Fn');
  });
});

test('who calls an alias by its name', () => {
  expect(users({ ...PUBLISHED, M: mapping({}, 'orders:live') }).Live).toEqual(['M']);
});
