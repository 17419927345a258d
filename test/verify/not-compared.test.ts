import { functionWith, verifyScenario, type Scenario } from './scenario';

const BY_ORGANIZATION = { isAllowed: false, deniedBy: 'organization' } as const;

const ACTIVE = functionWith('Active');

test.each<[string, Scenario, string[]]>([
  ['a function that matches the template', {}, []],
  [
    'a mode known only at deployment',
    { template: { Fn: functionWith({ Ref: 'Mode' }) } },
    ['mode: Neither the template nor the parameters of the stack determine it.'],
  ],
  [
    'an invalid mode',
    { template: { Fn: functionWith('active') } },
    ["mode: The template sets 'active', which is not a tracing mode."],
  ],
  [
    'a function that could not be read',
    { template: { Fn: functionWith('active') }, notRead: ['versions'] },
    [],
  ],
  [
    'a mode that an included file can set',
    { transform: { Name: 'AWS::Include', Parameters: { Location: 's3://snippets/function.yaml' } } },
    ["mode: The macro 'AWS::Include' can set a different mode."],
  ],
  [
    'transforms that do not change modes',
    {
      transform: ['AWS::LanguageExtensions', 'AWS::Serverless-2016-10-31', 'AWS::SecretsManager-2024-09-16'],
    },
    [],
  ],
  [
    'permissions that service control policies can deny',
    { decisions: [BY_ORGANIZATION, BY_ORGANIZATION] },
    [
      "permissions: The IAM policy simulator reports that service control policies do not allow the role 'fn-role' to write traces, but it does not evaluate all of their conditions. Check whether the function's traces arrive.",
    ],
  ],
])('%s', (_, scenario, expected) => {
  const [{ drift, notCompared }] = verifyScenario(scenario);
  expect(drift).toEqual([]);
  expect(notCompared.map(({ what, reason }) => `${what}: ${reason}`)).toEqual(expected);
});

test.each<[string, Scenario]>([
  ['for the whole template', { transform: 'OrgTracing' }],
  ['among other transforms', { transform: ['AWS::Serverless-2016-10-31', { Name: 'OrgTracing' }] }],
  ['next to the properties', { template: { Fn: { ...ACTIVE, 'Fn::Transform': { Name: 'OrgTracing' } } } }],
  ['next to the resources', { template: { Fn: ACTIVE, 'Fn::Transform': [{ Name: 'OrgTracing' }] } }],
])('does not compare a mode that a macro can set, %s', (_, scenario) => {
  const [{ drift, notCompared }] = verifyScenario({ latest: 'PassThrough', ...scenario });
  expect({ drift, notCompared }).toEqual({
    drift: [],
    notCompared: [{ what: 'mode', reason: "The macro 'OrgTracing' can set a different mode." }],
  });
});
