import type { TemplateSource } from '../../lib/cloudformation/template';
import { buildTracingModel } from '../../lib/model/build-model';
import type { ObservedAccount, ObservedStack } from '../../lib/verify/deployed-functions';
import { verify } from '../../lib/verify/verify';
import { functionWith, ROLE } from './scenario';

const ARN = 'arn:aws:lambda:eu-west-1:111122223333:function:fn-1A2B';
const FN = { logicalId: 'Fn', type: 'AWS::Lambda::Function', physicalId: 'fn-1A2B' };
const API: ObservedStack = { template: 'api', name: 'Api', region: 'eu-west-1', resources: [FN] };

/** A stack with the function. A different stack publishes its versions. */
function api(mode = 'Active'): TemplateSource {
  const Outputs = { Fn: { Value: { Ref: 'Fn' }, Export: { Name: 'fn' } } };
  return { id: 'api', stackName: 'Api', template: { Resources: { Fn: functionWith(mode) }, Outputs } };
}

function releases(Name: unknown = 'live', Description = 'first'): TemplateSource {
  const FunctionName = { 'Fn::ImportValue': 'fn' };
  const FunctionVersion = { 'Fn::GetAtt': ['Version', 'Version'] };
  const Resources = {
    Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName, Description } },
    Live: { Type: 'AWS::Lambda::Alias', Properties: { Name, FunctionName, FunctionVersion } },
  };
  return { id: 'releases', stackName: 'Releases', template: { Resources } };
}

/** Returns the fix for the alias `live`, which points to a PassThrough version. */
function fixesFor(
  templates: readonly TemplateSource[],
  deployed: readonly TemplateSource[],
  stacks: readonly ObservedStack[],
  latest: 'Active' | 'PassThrough' = 'Active',
): (string | undefined)[][] {
  const account: ObservedAccount = {
    stacks,
    functions: [
      {
        name: 'fn-1A2B',
        region: 'eu-west-1',
        versions: [
          { number: '$LATEST', mode: latest, role: ROLE },
          { number: '1', mode: 'PassThrough', role: ROLE },
        ],
        aliases: [{ name: 'live', versions: ['1'] }],
      },
    ],
    roles: [],
  };
  const [{ drift }] = verify(buildTracingModel(templates, deployed), account);
  return drift.map(({ about, fix, commands }) => [about, fix, ...commands]);
}

const CHANGE =
  "State the tracing mode in the Description of 'Version' (in CDK, use currentVersion of 'Fn' or set tieVersions) and deploy.";

describe('an alias in a stack that was not read', () => {
  test.each<[string, unknown]>([
    ['matched by name', 'live'],
    ['with a name known only at deployment', { Ref: 'AliasName' }],
  ])('%s, is fixed by a deployment', (_, name) => {
    expect(fixesFor([api(), releases(name)], [api()], [API])).toEqual([
      [
        'live',
        `If the template has changed since the last deployment, deploy the stack 'Releases'. Otherwise: ${CHANGE}`,
      ],
    ]);
  });

  test('with a different name is not matched', () => {
    const [[, fix]] = fixesFor([api(), releases('next')], [api()], [API]);
    expect(fix).toMatch(/^None of the stacks that were read contains this alias\. /);
  });
});

const RELEASES: ObservedStack = {
  template: 'releases',
  name: 'Releases',
  region: 'eu-west-1',
  resources: [
    { logicalId: 'Version', type: 'AWS::Lambda::Version', physicalId: `${ARN}:1` },
    { logicalId: 'Live', type: 'AWS::Lambda::Alias', physicalId: `${ARN}:live` },
  ],
};

test.each<[string, TemplateSource[], string]>([
  [
    'publishes a new version for a changed description',
    [api(), releases('live', 'zeroth')],
    "Deploy the stack 'Releases'. The deployment publishes a new version.",
  ],
  ['publishes no new version', [api(), releases()], CHANGE],
  [
    'can publish a new version if the deployed template is not known',
    [api()],
    `If the template has changed since the last deployment, deploy the stack 'Releases'. Otherwise: ${CHANGE}`,
  ],
])('a different stack %s', (_, deployed, fix) => {
  expect(fixesFor([api(), releases()], deployed, [API, RELEASES])).toEqual([['live', fix]]);
});

test('names the outermost stack to deploy for a nested stack', () => {
  const nested = { ...API, name: 'App/Outer/Api', nestedIn: 'App' };
  const [[, fix]] = fixesFor([api()], [api('PassThrough')], [nested], 'PassThrough');
  expect(fix).toBe("Deploy the stack 'App'.");
});
