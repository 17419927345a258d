import { lambda } from '../../rules/templates';
import { edgeLines } from '../edge-lines';

const FN = { 'Fn::GetAtt': ['Fn', 'Arn'] };

test('an AWS IoT rule calls the targets of its actions', () => {
  const Actions = [
    { Lambda: { FunctionArn: FN } },
    { Sqs: { QueueUrl: { Ref: 'Jobs' }, RoleArn: 'arn:aws:iam::111122223333:role/r' } },
  ];
  const Rule = { Type: 'AWS::IoT::TopicRule', Properties: { TopicRulePayload: { Actions, Sql: 's' } } };
  expect(edgeLines({ Fn: lambda(), Jobs: { Type: 'AWS::SQS::Queue' }, Rule })).toEqual([
    'Rule -breaks-> Fn (asynchronous)',
    'Rule -breaks-> Jobs',
  ]);
});

test.each([
  ['Sns', 'TargetArn', 'arn:aws:sns:eu-west-1:111122223333:t'],
  ['Kinesis', 'StreamName', 't'],
  ['Firehose', 'DeliveryStreamName', 't'],
  ['S3', 'BucketName', 't'],
  ['StepFunctions', 'StateMachineName', 't'],
])('an AWS IoT rule calls the target of the action %s', (action, property, value) => {
  const Actions = [{ [action]: { [property]: value } }];
  const Rule = { Type: 'AWS::IoT::TopicRule', Properties: { TopicRulePayload: { Actions, Sql: 's' } } };
  expect(edgeLines({ Rule })).toEqual(['Rule -breaks-> t']);
});
