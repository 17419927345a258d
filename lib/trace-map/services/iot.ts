import { isObject } from '../../cloudformation/json';
import type { NodeKind } from '../trace-map';
import type { Connections } from '../trace-map-builder';

/** What an action calls, by the property that says so ("AWS::IoT::TopicRule Action", CloudFormation Template Reference). */
const ACTIONS: readonly (readonly [action: string, property: string, kind: NodeKind])[] = [
  ['Lambda', 'FunctionArn', 'function'],
  ['Sqs', 'QueueUrl', 'queue'],
  ['Sns', 'TargetArn', 'topic'],
  ['Kinesis', 'StreamName', 'stream'],
  ['Firehose', 'DeliveryStreamName', 'delivery-stream'],
  ['S3', 'BucketName', 'bucket'],
  ['StepFunctions', 'StateMachineName', 'state-machine'],
];

export const IOT_RULES: Connections = {
  'AWS::IoT::TopicRule': (resource, map) => {
    const rule = map.node(resource)!;
    for (const [action, property, kind] of ACTIONS) {
      for (const set of map.valuesAt(resource, ['TopicRulePayload', 'Actions', action])) {
        if (!isObject(set)) continue;
        map.callByOneOf([rule], map.resolve(set[property], resource.template, kind), { source: resource });
      }
    }
  },
};
