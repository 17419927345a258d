import { functionWith, verified, type World } from './world';

const BY_ORGANIZATION = { isAllowed: false, by: 'organization' } as const;

const ACTIVE = functionWith('Active');

test.each<[string, World, string[]]>([
  ['what is as the template says', {}, []],
  [
    'a mode that only deployment tells',
    { template: { Fn: functionWith({ Ref: 'Mode' }) } },
    ["mode: neither the template nor the stack's parameters tell which it is to be"],
  ],
  [
    'a mode that Lambda does not know',
    { template: { Fn: functionWith('active') } },
    ["mode: the template says 'active', which is no mode"],
  ],
  [
    'a function that could not be read',
    { template: { Fn: functionWith('active') }, unread: ['versions'] },
    [],
  ],
  [
    'a mode that may be included',
    { transform: { Name: 'AWS::Include', Parameters: { Location: 's3://snippets/function.yaml' } } },
    ["mode: the macro 'AWS::Include' may set another than the template says"],
  ],
  [
    'transforms that leave modes alone',
    {
      transform: ['AWS::LanguageExtensions', 'AWS::Serverless-2016-10-31', 'AWS::SecretsManager-2024-09-16'],
    },
    [],
  ],
  [
    'what service control policies may not allow',
    { decisions: [BY_ORGANIZATION, BY_ORGANIZATION] },
    [
      "permissions: the simulator says of the role 'fn-role' that service control policies of the organization do not allow it, without all that they may go by: look at its traces",
    ],
  ],
])('%s', (_, world, expected) => {
  const [{ drift, notCompared }] = verified(world);
  expect(drift).toEqual([]);
  expect(notCompared.map(({ what, reason }) => `${what}: ${reason}`)).toEqual(expected);
});

test.each<[string, World]>([
  ['of the template', { transform: 'OrgTracing' }],
  ['among others', { transform: ['AWS::Serverless-2016-10-31', { Name: 'OrgTracing' }] }],
  ['beside the properties', { template: { Fn: { ...ACTIVE, 'Fn::Transform': { Name: 'OrgTracing' } } } }],
  ['beside the resources', { template: { Fn: ACTIVE, 'Fn::Transform': [{ Name: 'OrgTracing' }] } }],
])('a mode that a macro may set, %s', (_, world) => {
  const [{ drift, notCompared }] = verified({ latest: 'PassThrough', ...world });
  expect({ drift, notCompared }).toEqual({
    drift: [],
    notCompared: [{ what: 'mode', reason: "the macro 'OrgTracing' may set another than the template says" }],
  });
});
