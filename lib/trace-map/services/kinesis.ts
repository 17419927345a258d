import type { Services } from '../service';

export const KINESIS = {
  stream: {
    title: 'Amazon Kinesis Data Streams',
    source: {
      title: 'Tracing event-driven applications',
      url: 'https://docs.aws.amazon.com/xray/latest/devguide/xray-tracelinking.html',
    },
    types: ['AWS::Kinesis::Stream'],
    arn: { service: 'kinesis', prefix: 'stream/' },
    nameProperty: 'Name',
    aliases: { 'AWS::Kinesis::StreamConsumer': ['StreamARN'] },
    // Records have no header, and the page describes links between producers and consumers for SQS only.
    propagation: 'breaks',
    invocation: 'stream',
    callActions: ['kinesis:PutRecord', 'kinesis:PutRecords'],
    stateMachineIntegration: {
      services: ['kinesis'],
      actions: /^putRecord/,
      paths: [['StreamName'], ['StreamARN']],
    },
    apiIntegration: { subtype: 'Kinesis', actions: /^PutRecord/ },
    universalTarget: { action: 'kinesis:putRecord', parameter: 'StreamName' },
    eventSource: 'kinesis',
    samEvents: { Kinesis: { property: 'Stream' } },
  },
} satisfies Services;
