import type { App, Stack } from 'aws-cdk-lib';
import { Distribution, experimental, LambdaEdgeEventType } from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { CfnEventSourceMapping, Tracing } from 'aws-cdk-lib/aws-lambda';
import { checkModel } from '../../lib/checker/check';
import { load } from '../../lib/input/load';
import { buildTracingModel } from '../../lib/model/build-model';
import { activeLambda, app, CLUSTER_ARN, CODE, stackIn } from './app';

/** Returns the findings of a rule in the templates of an app, each as its construct path. */
function found(root: App, name: string): (string | undefined)[] {
  const { templates } = load([root.synth().directory]);
  return checkModel(buildTracingModel(templates))
    .filter(({ rule: { id } }) => id === `LambdaXRay-${name}`)
    .map(({ resource }) => resource.constructPath);
}

function stackInRegion(root: App, id: string, region: string): Stack {
  return stackIn(root, id, { env: { account: '111122223333', region }, crossRegionReferences: true });
}

test('follows a reference to a stack in another region', () => {
  const root = app();
  const fn = activeLambda(stackInRegion(root, 'Functions', 'us-east-1'));
  new CfnEventSourceMapping(stackInRegion(root, 'Events', 'eu-west-1'), 'Mapping', {
    functionName: fn.functionName,
    eventSourceArn: CLUSTER_ARN,
  });
  expect(found(root, 'UnsupportedEventSource')).toEqual([expect.stringMatching(/^Events\/Mapping/)]);
});

test("follows CloudFront's EdgeFunction to its stack in us-east-1", () => {
  const root = app();
  const site = stackInRegion(root, 'Site', 'eu-west-1');
  const edge = new experimental.EdgeFunction(site, 'Edge', { ...CODE, tracing: Tracing.ACTIVE });
  new Distribution(site, 'Distribution', {
    defaultBehavior: {
      origin: new HttpOrigin('example.com'),
      edgeLambdas: [{ functionVersion: edge.currentVersion, eventType: LambdaEdgeEventType.VIEWER_REQUEST }],
    },
  });
  expect(found(root, 'EdgeFunction')).toEqual([expect.stringMatching(/^edge-lambda-stack-\w+\/Edge/)]);
});
