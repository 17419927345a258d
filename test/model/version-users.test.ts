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

/** Returns the users of each version, alias and function with `AutoPublishAlias`. */
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

/** A resource with a value in it. */
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
  ['a variable of a substitution', { 'Fn::Sub': ['${Of}/invocations', { Of: { Ref: 'Live' } }] }, ['Live']],
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
  ['not by a word', 'Live', []],
  ['not by its function', { Ref: 'Fn' }, []],
  ["not by its function's ARN", { 'Fn::GetAtt': ['Fn', 'Arn'] }, []],
  ['not by the name of a function', 'arn:aws:lambda:eu-west-1:111122223333:function:orders', []],
  ['not by a parameter known only at deployment', { Ref: 'Other' }, []],
  ['not by a pattern without it', { 'Fn::Sub': '${Gone} ${AWS::Region}' }, []],
  ['not by a malformed pattern', { 'Fn::Sub': 7 }, []],
  ['not by an empty pattern', {}, []],
])('finds the users of a version or alias by %s', (_, value, expected) => {
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

test('finds the users of an alias in a nested stack', () => {
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

describe('the users of a generated version or alias', () => {
  test.each<[string, unknown, string[]]>([
    ['its alias', { Ref: 'Fn.Alias' }, ['User']],
    ['its version', { Ref: 'Fn.Version' }, ['User']],
    ["its version's number", { 'Fn::GetAtt': ['Fn.Version', 'Version'] }, ['User']],
    ['its alias, filled in', { 'Fn::Sub': '${Fn.Alias}' }, ['User']],
    ['the function', { Ref: 'Fn' }, []],
    ['its ARN', { 'Fn::GetAtt': ['Fn', 'Arn'] }, []],
    ['an attribute of it with such a name', { 'Fn::GetAtt': ['Fn', 'Configuration.Version'] }, []],
  ])('are found by %s', (_, value, expected) => {
    expect(users({ Fn: sam(), User: policy(value) })).toEqual({ Fn: expected });
  });

  test('do not include the function itself', () => {
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

test('finds the callers of an alias by its name', () => {
  expect(users({ ...PUBLISHED, M: mapping({}, 'orders:live') }).Live).toEqual(['M']);
});
