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
});
