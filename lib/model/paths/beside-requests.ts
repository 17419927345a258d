import { effectiveProperties } from '../sam-globals';
import type { Resource } from '../template';
import type { MapBuilder } from './map-builder';
import type { TraceNode } from './trace-map';

/**
 * Where resources name what gets that which has failed ("Using dead-letter queues in Amazon SQS", Amazon SQS Developer
 * Guide; "Capturing records of Lambda asynchronous invocations", AWS Lambda Developer Guide, and its pages on queues and
 * streams; "Using dead-letter queues to process undelivered events", Amazon EventBridge User Guide).
 */
const OF_FAILURES: ReadonlyMap<string, readonly string[]> = new Map([
  ['AWS::Events::Rule', ['Targets.DeadLetterConfig.Arn']],
  ['AWS::Lambda::EventInvokeConfig', ['DestinationConfig.OnFailure.Destination']],
  ['AWS::Lambda::EventSourceMapping', ['DestinationConfig.OnFailure.Destination']],
  ['AWS::Lambda::Function', ['DeadLetterConfig.TargetArn']],
  ['AWS::Scheduler::Schedule', ['Target.DeadLetterConfig.Arn']],
  [
    'AWS::Serverless::Function',
    ['DeadLetterQueue.TargetArn', 'EventInvokeConfig.DestinationConfig.OnFailure.Destination'],
  ],
  ['AWS::SNS::Subscription', ['RedrivePolicy.deadLetterTargetArn']],
  ['AWS::SQS::Queue', ['RedrivePolicy.deadLetterTargetArn']],
]);

/** "Create custom provisioning logic with custom resources" (AWS CloudFormation User Guide). */
const CUSTOM_RESOURCE = /^(?:Custom::|AWS::CloudFormation::CustomResource$)/;

/** What is called beside the requests to an application: with what has failed, or by CloudFormation in deployments. */
export function besideRequests(resources: readonly Resource[], map: MapBuilder): ReadonlySet<TraceNode> {
  return new Set(
    resources.flatMap((resource) => {
      const { type, template } = resource;
      const paths = CUSTOM_RESOURCE.test(type) ? ['ServiceToken'] : (OF_FAILURES.get(type) ?? []);
      if (paths.length === 0) return [];
      const given = { ...resource, properties: effectiveProperties(resource) };
      const values = paths.flatMap((path) => map.valuesAt(given, path.split('.')));
      return values.flatMap((value) => map.meant(value, template)).map(({ node }) => node);
    }),
  );
}
