import type { TemplateSource } from '../../lib/cloudformation/template';
import { buildTracingModel } from '../../lib/model/build-model';
import type { ObservedAccount, ObservedStack } from '../../lib/verify/observed';
import { verify } from '../../lib/verify/verify';
import { functionWith, ROLE } from './world';

const ARN = 'arn:aws:lambda:eu-west-1:111122223333:function:fn-1A2B';
const FN = { logicalId: 'Fn', type: 'AWS::Lambda::Function', physicalId: 'fn-1A2B' };
const API: ObservedStack = { template: 'api', name: 'Api', region: 'eu-west-1', resources: [FN] };

/** A stack with the function, whose versions those of another stack publish. */
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

/** What mends the alias `live`, which is on a version that is PassThrough. */
function mending(
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
  "Publish 'Fn' by currentVersion, or give 'Version' a Description that states the mode (CDK's tieVersions does so), and deploy.";

describe('an alias of a stack that was not read', () => {
  test.each<[string, unknown]>([
    ['by its name', 'live'],
    ['by a name that only deployment tells', { Ref: 'AliasName' }],
  ])('%s, is not moved by hand', (_, name) => {
    expect(mending([api(), releases(name)], [api()], [API])).toEqual([
      [
        'live',
        `Deploy the stack 'Releases', if that has not been done since the template was changed. Otherwise: ${CHANGE}`,
      ],
    ]);
  });

  test('of another name is another', () => {
    const [[, fix]] = mending([api(), releases('next')], [api()], [API]);
    expect(fix).toMatch(/^None of the stacks that were read has this alias: /);
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
    'publishes what is tied to a change',
    [api(), releases('live', 'zeroth')],
    "Deploy the stack 'Releases': it publishes a version anew.",
  ],
  ['publishes nothing', [api(), releases()], CHANGE],
  [
    'may publish, where nobody knows what is deployed',
    [api()],
    `Deploy the stack 'Releases', if that has not been done since the template was changed. Otherwise: ${CHANGE}`,
  ],
])('another stack %s', (_, deployed, fix) => {
  expect(mending([api(), releases()], deployed, [API, RELEASES])).toEqual([['live', fix]]);
});

test('a nested stack is deployed by the outermost one', () => {
  const nested = { ...API, name: 'App/Outer/Api', nestedIn: 'App' };
  const [[, fix]] = mending([api()], [api('PassThrough')], [nested], 'PassThrough');
  expect(fix).toBe("Deploy the stack 'App'.");
});
