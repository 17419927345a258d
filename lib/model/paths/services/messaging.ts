import { services } from '../service';

export const MESSAGING = services({
  queue: {
    title: 'Amazon SQS',
    types: ['AWS::SQS::Queue'],
    arn: { service: 'sqs' },
    nameProperty: 'QueueName',
    passes: 'links',
    invocation: 'queue',
    source: {
      title: 'Amazon SQS and AWS X-Ray',
      url: 'https://docs.aws.amazon.com/xray/latest/devguide/xray-services-sqs.html',
    },
  },
  topic: {
    title: 'Amazon SNS',
    types: ['AWS::SNS::Topic'],
    arn: { service: 'sns' },
    nameProperty: 'TopicName',
    passes: 'carries',
    invocation: 'asynchronous',
    switch: { 'AWS::SNS::Topic': ['TracingConfig', 'Active'] },
    // SNS sends segments "if the sampled flag in the tracing header is true" (SetTopicAttributes, Amazon SNS API
    // Reference), and samples nothing by itself.
    isPassive: true,
    source: {
      title: 'Amazon SNS and AWS X-Ray',
      url: 'https://docs.aws.amazon.com/xray/latest/devguide/xray-services-sns.html',
    },
  },
});
