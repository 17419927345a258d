import { objectAt } from '../cloudformation/json';
import { effectiveProperties } from '../cloudformation/sam-globals';
import type { Resource } from '../cloudformation/template';
import type { TraceNode } from './trace-map';
import type { TraceMapBuilder } from './trace-map-builder';

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

/** The same in the events of SAM's functions and state machines ("EventSource", AWS SAM Developer Guide). */
const OF_FAILED_EVENTS: readonly string[] = [
  'DeadLetterConfig.Arn',
  'DestinationConfig.OnFailure.Destination',
  'RedrivePolicy.deadLetterTargetArn',
];

/** "Create custom provisioning logic with custom resources" (AWS CloudFormation User Guide). */
const CUSTOM_RESOURCE = /^(?:Custom::|AWS::CloudFormation::CustomResource$)/;

/** What is called beside the requests to an application: with what has failed, or by CloudFormation in deployments. */
export function failureTargets(resources: readonly Resource[], map: TraceMapBuilder): ReadonlySet<TraceNode> {
  return new Set(
    resources.flatMap((resource) => {
      const { type, template } = resource;
      const paths = CUSTOM_RESOURCE.test(type) ? ['ServiceToken'] : (OF_FAILURES.get(type) ?? []);
      const ofEvents = type.startsWith('AWS::Serverless::') ? ofFailedEvents(resource) : [];
      if (paths.length + ofEvents.length === 0) return [];
      const given = { ...resource, properties: effectiveProperties(resource) };
      const all = [...paths.map((path) => path.split('.')), ...ofEvents];
      const values = all.flatMap((path) => map.valuesAt(given, path));
      return values.flatMap((value) => map.resolve(value, template)).map(({ node }) => node);
    }),
  );
}

function ofFailedEvents({ properties }: Resource): string[][] {
  return Object.keys(objectAt(properties, 'Events')).flatMap((event) =>
    OF_FAILED_EVENTS.map((path) => ['Events', event, 'Properties', ...path.split('.')]),
  );
}
