import { lambda, mapping, type Resources } from '../../rules/templates';
import { calls } from './maps';

const QUEUE = { Jobs: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs' } } };
const ALIAS = {
  Live: { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { Ref: 'Fn' }, Name: 'live' } },
};

test.each<[string, Resources, string[]]>([
  [
    'a queue',
    { ...QUEUE, M: mapping({ EventSourceArn: { 'Fn::GetAtt': ['Jobs', 'Arn'] } }) },
    ['Jobs -links-> Fn (queue)'],
  ],
  [
    'a queue by its ARN',
    { ...QUEUE, M: mapping({ EventSourceArn: 'arn:aws:sqs:eu-west-1:111122223333:jobs' }) },
    ['Jobs -links-> Fn (queue)'],
  ],
  [
    'a queue that is not in the templates',
    { M: mapping({ EventSourceArn: 'arn:aws:sqs:eu-west-1:111122223333:others' }) },
    ['others -links-> Fn (queue)'],
  ],
  [
    'a queue, through an alias',
    {
      ...QUEUE,
      ...ALIAS,
      M: mapping({ EventSourceArn: { 'Fn::GetAtt': ['Jobs', 'Arn'] } }, { Ref: 'Live' }),
    },
    ['Jobs -links-> Fn:Live (queue)'],
  ],
])('%s feeds a function', (_, resources, expected) => {
  expect(calls({ Fn: lambda('Active'), ...resources })).toEqual(expected);
});
