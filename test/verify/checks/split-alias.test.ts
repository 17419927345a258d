import { alias, driftOf, functionWith, PUBLISHED, samFunction, type Scenario } from '../scenario';

test.each<[string, Scenario, string[]]>([
  [
    'traffic that is split between modes',
    { versions: { 1: 'PassThrough', 2: 'Active' }, aliases: { live: ['1', '2'] } },
    [
      'split live',
      "Alias 'live' of 'Fn' splits its traffic between version 1 (PassThrough) and version 2 (Active). Only one of them records traces.",
      'End the traffic shift, or publish both versions in the same mode. The command sends all requests to version 2, and therefore to its code. If a deployment is shifting the traffic, wait for it to finish instead.',
      "aws lambda update-alias --function-name fn-1A2B --name live --function-version 2 --routing-config 'AdditionalVersionWeights={}' --region eu-west-1",
    ],
  ],
  [
    'traffic that is split, with a mode known only at deployment',
    {
      template: { Fn: functionWith({ Ref: 'Mode' }) },
      versions: { 1: 'PassThrough', 2: 'Active' },
      aliases: { live: ['1', '2'] },
    },
    [
      'split live',
      "Alias 'live' of 'Fn' splits its traffic between version 1 (PassThrough) and version 2 (Active). Only one of them records traces.",
      'End the traffic shift, or publish both versions in the same mode.',
    ],
  ],
])('reports %s', (_, scenario, expected) => {
  expect(driftOf(scenario)).toEqual([expected]);
});

describe('traffic', () => {
  const byCodeDeploy =
    "CodeDeploy shifts the traffic of 'live'. If a deployment is running, wait for it to finish or stop it. Otherwise, publish both versions in the same mode.";
  const sam = (preference: object) => ({ Fn: samFunction('Active', { DeploymentPreference: preference }) });

  test.each<[string, Scenario['template'], string]>([
    [
      'split by the template',
      { ...PUBLISHED, Live: alias('Version', { RoutingConfig: { AdditionalVersionWeights: [] } }) },
      "Remove RoutingConfig from 'Live', or publish both versions in the same mode, and deploy.",
    ],
    [
      'split by CodeDeploy',
      { ...PUBLISHED, Live: { ...alias('Version'), UpdatePolicy: { CodeDeployLambdaAliasUpdate: {} } } },
      byCodeDeploy,
    ],
    ['split by CodeDeploy on behalf of SAM', sam({ Type: 'Linear10PercentEvery1Minute' }), byCodeDeploy],
  ])('%s is fixed without a command', (_, template, fix) => {
    const scenario = { versions: { 1: 'PassThrough', 2: 'Active' }, aliases: { live: ['1', '2'] } } as const;
    const [[, , ...fixes]] = driftOf({
      ...scenario,
      template,
      published: { Live: 'live', FnAliaslive: 'live' },
    });
    expect(fixes).toEqual([fix]);
  });
});
