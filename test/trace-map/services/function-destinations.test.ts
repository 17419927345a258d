import { lambda, mapping, type Resources } from '../../rules/templates';
import { arn, fn, RESOURCES, sam, SEND } from '../function-templates';
import { edgeLines } from '../edge-lines';

describe('Lambda calls the destinations of a function', () => {
  const Config = (destinations: object, more: object = {}) => ({
    Config: {
      Type: 'AWS::Lambda::EventInvokeConfig',
      Properties: { FunctionName: { Ref: 'Fn' }, DestinationConfig: destinations, ...more },
    },
  });
  const destination = (value: unknown) => ({ Destination: value });
  const OnSuccess = destination(arn('Queue'));
  const OnFailure = destination({ Ref: 'Topic' });

  test.each<[string, Resources, string[]]>([
    [
      'for success and failure',
      fn([], {}, Config({ OnSuccess, OnFailure })),
      ['Fn -propagates-> Queue', 'Fn -propagates-> Topic ?'],
    ],
    [
      'of an alias, from the function',
      fn([], {}, Config({ OnSuccess: destination(arn('Fn')) }, { FunctionName: { Ref: 'Live' } })),
      ['Other -propagates-> Fn (asynchronous)'],
    ],
    [
      'of a SAM function',
      sam({ EventInvokeConfig: { DestinationConfig: { OnSuccess } } }),
      ['Fn -propagates-> Queue'],
    ],
    [
      'that are dead-letter queues',
      { ...RESOURCES, Fn: lambda('Active', { DeadLetterConfig: { TargetArn: arn('Queue') } }) },
      ['Fn -propagates-> Queue ?'],
    ],
    [
      'that are dead-letter queues of a SAM function',
      sam({ DeadLetterQueue: { Type: 'SQS', TargetArn: arn('Queue') } }),
      ['Fn -propagates-> Queue ?'],
    ],
    [
      'for failure, with a permission of its role',
      fn([SEND], {}, Config({ OnFailure: OnSuccess })),
      ['Fn -propagates-> Queue ?'],
    ],
    [
      'for failure, with a reference in its environment',
      fn([SEND], { QUEUE: { Ref: 'Queue' } }, Config({ OnFailure: OnSuccess })),
      ['Fn -propagates-> Queue'],
    ],
    [
      'but not the permitted targets of its event source mappings',
      fn(
        [SEND, { Action: 'secretsmanager:GetSecretValue', Resource: { Ref: 'Secret' } }],
        {},
        {
          M: mapping({
            EventSourceArn: arn('Stream'),
            DestinationConfig: { OnFailure: OnSuccess },
            SourceAccessConfigurations: [{ Type: 'BASIC_AUTH', URI: { Ref: 'Secret' } }],
          }),
        },
      ),
      ['Stream -breaks-> Fn (stream)'],
    ],
    [
      'but not the permitted targets of its SAM events',
      sam({
        Policies: [
          { SQSSendMessagePolicy: { QueueName: { 'Fn::GetAtt': ['Queue', 'QueueName'] } } },
          { AWSSecretsManagerGetSecretValuePolicy: { SecretArn: { Ref: 'Secret' } } },
        ],
        Events: {
          Records: {
            Type: 'Kinesis',
            Properties: { Stream: arn('Stream'), DestinationConfig: { OnFailure: OnSuccess } },
          },
          Jobs: {
            Type: 'MQ',
            Properties: {
              Broker: 'arn:aws:mq:eu-west-1:111122223333:broker:jobs:b-0123',
              Queues: ['jobs'],
              SourceAccessConfigurations: [{ Type: 'BASIC_AUTH', URI: { Ref: 'Secret' } }],
            },
          },
        },
      }),
      ['Stream -breaks-> Fn (stream)', 'jobs -breaks-> Fn (queue)'],
    ],
  ])('%s', (_, resources, expected) => {
    expect(edgeLines(resources)).toEqual(expected);
  });
});
