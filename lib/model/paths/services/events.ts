import { services } from '../service';

/** What isn't among the services that X-Ray is integrated with is taken to do nothing for traces. */
const NOT_INTEGRATED = {
  title: 'Integrating AWS X-Ray with other AWS services',
  url: 'https://docs.aws.amazon.com/xray/latest/devguide/xray-services.html',
};

export const EVENTS = services({
  'event-bus': {
    title: 'Amazon EventBridge',
    types: ['AWS::Events::EventBus'],
    arn: { service: 'events', prefix: 'event-bus/' },
    nameProperty: 'Name',
    passes: 'carries',
    invocation: 'asynchronous',
    source: {
      title: 'Amazon EventBridge integration with AWS X-Ray',
      url: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-related-service-xray.html',
    },
  },
  schedule: {
    title: 'Amazon EventBridge schedule',
    types: ['AWS::Scheduler::Schedule'],
    // The ARN of a rule; nothing refers to a schedule of EventBridge Scheduler by its own.
    arn: { service: 'events', prefix: 'rule/' },
    // Nothing calls a schedule, so that it has no trace to hand on, and none starts with it: "X-Ray doesn't trace […]
    // scheduled events".
    passes: 'drops',
    invocation: 'asynchronous',
    source: {
      title: 'Amazon EventBridge integration with AWS X-Ray',
      url: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-related-service-xray.html',
    },
  },
  pipe: {
    title: 'Amazon EventBridge Pipes',
    types: ['AWS::Pipes::Pipe'],
    arn: { service: 'pipes', prefix: 'pipe/' },
    nameProperty: 'Name',
    // What the pages say of EventBridge is about events that are put on a bus.
    passes: 'drops',
    invocation: 'synchronous',
    source: NOT_INTEGRATED,
  },
  bucket: {
    title: 'Amazon S3',
    types: ['AWS::S3::Bucket'],
    arn: { service: 's3' },
    nameProperty: 'BucketName',
    passes: 'carries',
    invocation: 'asynchronous',
    source: {
      title: 'Amazon S3 and AWS X-Ray',
      url: 'https://docs.aws.amazon.com/xray/latest/devguide/xray-services-s3.html',
    },
  },
  'log-group': {
    title: 'Amazon CloudWatch Logs',
    types: ['AWS::Logs::LogGroup'],
    arn: { service: 'logs', prefix: 'log-group:', endsWith: /:.*$/ },
    nameProperty: 'LogGroupName',
    passes: 'drops',
    invocation: 'asynchronous',
    source: NOT_INTEGRATED,
  },
  'iot-rule': {
    title: 'AWS IoT rule',
    types: ['AWS::IoT::TopicRule'],
    arn: { service: 'iot', prefix: 'rule/' },
    nameProperty: 'RuleName',
    passes: 'drops',
    invocation: 'asynchronous',
    source: NOT_INTEGRATED,
  },
});
