import { isObject } from '../../cloudformation/json';
import type { Services } from '../service';
import { NOT_INTEGRATED } from '../service-facts';
import type { NodeKind } from '../trace-map';

/** Actions, and the property that names the target ("AWS::IoT::TopicRule Action", CloudFormation Template Reference). */
const ACTIONS: readonly (readonly [action: string, property: string, kind: NodeKind])[] = [
  ['Lambda', 'FunctionArn', 'function'],
  ['Sqs', 'QueueUrl', 'queue'],
  ['Sns', 'TargetArn', 'topic'],
  ['Kinesis', 'StreamName', 'stream'],
  ['Firehose', 'DeliveryStreamName', 'delivery-stream'],
  ['S3', 'BucketName', 'bucket'],
  ['StepFunctions', 'StateMachineName', 'state-machine'],
];

export const IOT = {
  'iot-rule': {
    title: 'AWS IoT rule',
    source: NOT_INTEGRATED,
    types: ['AWS::IoT::TopicRule'],
    arn: { service: 'iot', prefix: 'rule/' },
    nameProperty: 'RuleName',
    propagation: 'breaks',
    invocation: 'asynchronous',
    connections: {
      'AWS::IoT::TopicRule': (resource, map) => {
        const rule = map.node(resource)!;
        for (const [name, property, kind] of ACTIONS) {
          for (const action of map.valuesAt(resource, ['TopicRulePayload', 'Actions', name])) {
            if (!isObject(action)) continue;
            const targets = map.resolve(action[property], resource.template, kind);
            map.callByOneOf([rule], targets, { source: resource });
          }
        }
      },
    },
    samEvents: { IoTRule: 'generated' },
  },
} satisfies Services;
