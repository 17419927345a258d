import type { Services } from '../service';

export const SQS = {
  queue: {
    title: 'Amazon SQS',
    source: {
      title: 'Amazon SQS and AWS X-Ray',
      url: 'https://docs.aws.amazon.com/xray/latest/devguide/xray-services-sqs.html',
    },
    types: ['AWS::SQS::Queue'],
    arn: { service: 'sqs' },
    nameProperty: 'QueueName',
    propagation: 'links',
    invocation: 'queue',
    callActions: ['sqs:SendMessage', 'sqs:SendMessageBatch'],
    stateMachineIntegration: { services: ['sqs'], actions: /^sendMessage/, paths: [['QueueUrl']] },
    // The path is `path/<account>/<queue>`.
    apiIntegration: { subtype: 'SQS', actions: /^SendMessage/, nameSegment: 2 },
    universalTarget: { action: 'sqs:sendMessage', parameter: 'QueueUrl' },
    eventSource: 'sqs',
    resourcePolicies: { 'AWS::SQS::QueuePolicy': 'Queues', 'AWS::SQS::QueueInlinePolicy': 'Queue' },
    // "Using dead-letter queues in Amazon SQS" (Amazon SQS Developer Guide).
    failureTargets: { 'AWS::SQS::Queue': ['RedrivePolicy.deadLetterTargetArn'] },
    samEvents: { SQS: { property: 'Queue' } },
  },
} satisfies Services;
