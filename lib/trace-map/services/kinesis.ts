import { defineServices } from '../service';

export const STREAMS = defineServices({
  stream: {
    title: 'Amazon Kinesis Data Streams',
    types: ['AWS::Kinesis::Stream'],
    arn: { service: 'kinesis', prefix: 'stream/' },
    nameProperty: 'Name',
    // Records have no header, and the page knows links between producers and consumers for SQS alone.
    propagation: 'breaks',
    invocation: 'stream',
    source: {
      title: 'Tracing event-driven applications',
      url: 'https://docs.aws.amazon.com/xray/latest/devguide/xray-tracelinking.html',
    },
  },
  'delivery-stream': {
    title: 'Amazon Data Firehose',
    types: ['AWS::KinesisFirehose::DeliveryStream'],
    arn: { service: 'firehose', prefix: 'deliverystream/' },
    nameProperty: 'DeliveryStreamName',
    // No page says that a header gets to the function that transforms records, or any further.
    propagation: 'breaks',
    invocation: 'synchronous',
    source: {
      title: 'Integrating AWS X-Ray with other AWS services',
      url: 'https://docs.aws.amazon.com/xray/latest/devguide/xray-services.html',
    },
  },
});
