import { alias, deviations, functionWith, PUBLISHED, samFunction, type World } from '../world';

test.each<[string, World, string[]]>([
  [
    'traffic that is split between modes',
    { versions: { 1: 'PassThrough', 2: 'Active' }, aliases: { live: ['1', '2'] } },
    [
      'split live',
      "The alias 'live' of 'Fn' splits its traffic between version 1, which is PassThrough, and version 2, which is Active: one of them records no traces.",
      'End the shift of traffic, or publish both versions with the same mode. The command gives all requests to version 2, and so to its code: where a deployment is shifting them, let that end.',
      "aws lambda update-alias --function-name fn-1A2B --name live --function-version 2 --routing-config 'AdditionalVersionWeights={}' --region eu-west-1",
    ],
  ],
  [
    'traffic that is split, where only deployment tells what is right',
    {
      template: { Fn: functionWith({ Ref: 'Mode' }) },
      versions: { 1: 'PassThrough', 2: 'Active' },
      aliases: { live: ['1', '2'] },
    },
    [
      'split live',
      "The alias 'live' of 'Fn' splits its traffic between version 1, which is PassThrough, and version 2, which is Active: one of them records no traces.",
      'End the shift of traffic, or publish both versions with the same mode.',
    ],
  ],
])('%s', (_, world, deviation) => {
  expect(deviations(world)).toEqual([deviation]);
});

describe('traffic that is split between modes', () => {
  const byCodeDeploy =
    "CodeDeploy shifts the traffic of 'live': let the deployment end, if one is under way, or stop it. Otherwise publish both versions with the same mode.";
  const sam = (preference: object) => ({ Fn: samFunction('Active', { DeploymentPreference: preference }) });

  test.each<[string, World['template'], string]>([
    [
      'by the template',
      { ...PUBLISHED, Live: alias('Version', { RoutingConfig: { AdditionalVersionWeights: [] } }) },
      "Take the RoutingConfig out of 'Live', or publish both versions with the same mode, and deploy.",
    ],
    [
      'by CodeDeploy',
      { ...PUBLISHED, Live: { ...alias('Version'), UpdatePolicy: { CodeDeployLambdaAliasUpdate: {} } } },
      byCodeDeploy,
    ],
    ['by CodeDeploy, which SAM asks', sam({ Type: 'Linear10PercentEvery1Minute' }), byCodeDeploy],
  ])('%s is not put in its way', (_, template, fix) => {
    const world = { versions: { 1: 'PassThrough', 2: 'Active' }, aliases: { live: ['1', '2'] } } as const;
    const [[, , ...mending]] = deviations({
      ...world,
      template,
      published: { Live: 'live', FnAliaslive: 'live' },
    });
    expect(mending).toEqual([fix]);
  });
});
