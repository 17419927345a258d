import { lambda, mapping, type Resources } from '../../rules/templates';
import { arn, fn, RESOURCES, sam, SEND } from '../function-templates';
import { edgeLines } from '../edge-lines';

describe('a function has Lambda call its destinations', () => {
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
      'of success and failure',
      fn([], {}, Config({ OnSuccess, OnFailure })),
      ['Fn -propagates-> Queue', 'Fn -propagates-> Topic ?'],
    ],
    [
      'of an alias, by a function',
      fn([], {}, Config({ OnSuccess: destination(arn('Fn')) }, { FunctionName: { Ref: 'Live' } })),
      ['Other -propagates-> Fn (asynchronous)'],
    ],
    ['of SAM', sam({ EventInvokeConfig: { DestinationConfig: { OnSuccess } } }), ['Fn -propagates-> Queue']],
    [
      'that are dead-letter queues',
      { ...RESOURCES, Fn: lambda('Active', { DeadLetterConfig: { TargetArn: arn('Queue') } }) },
      ['Fn -propagates-> Queue ?'],
    ],
    [
      'that are dead-letter queues of SAM',
      sam({ DeadLetterQueue: { Type: 'SQS', TargetArn: arn('Queue') } }),
      ['Fn -propagates-> Queue ?'],
    ],
    [
      'of failure, for which its role needs a permission',
      fn([SEND], {}, Config({ OnFailure: OnSuccess })),
      ['Fn -propagates-> Queue ?'],
    ],
    [
      'of failure, which it also calls by itself',
      fn([SEND], { QUEUE: { Ref: 'Queue' } }, Config({ OnFailure: OnSuccess })),
      ['Fn -propagates-> Queue'],
    ],
    [
      'but what its event source mappings need is not called by it',
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
      'but what the events of SAM need is not called by it, either',
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
