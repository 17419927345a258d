import { lambda, mapping, type Resources } from '../rules/templates';
import { edgeLines } from './edge-lines';

const JOBS = { Jobs: { Type: 'AWS::SQS::Queue' } };
const CONDITIONS = {
  Conditions: {
    IsProd: { 'Fn::Equals': [{ Ref: 'Env' }, 'prod'] },
    IsTest: { 'Fn::Not': [{ Condition: 'IsProd' }] },
  },
  Parameters: { Env: { Type: 'String' } },
};
const FROM_JOBS = { EventSourceArn: { 'Fn::GetAtt': ['Jobs', 'Arn'] } };

function system(mappings: string, alias: string): Resources {
  return {
    ...JOBS,
    Fn: lambda('Active'),
    Live: {
      Type: 'AWS::Lambda::Alias',
      Condition: alias,
      Properties: { FunctionName: { Ref: 'Fn' }, Name: 'live' },
    },
    M: mapping(FROM_JOBS, { Ref: 'Live' }, { Condition: mappings }),
  };
}

test.each<[string, Resources, string[]]>([
  ['is made if one condition creates both', system('IsProd', 'IsProd'), ['Jobs -links-> Fn:Live (queue)']],
  ['is not made if each is created without the other', system('IsProd', 'IsTest'), []],
])('a call by a mapping to an alias %s', (_, resources, expected) => {
  expect(edgeLines({ id: 'Stack', template: { ...CONDITIONS, Resources: resources } })).toEqual(expected);
});

test('calls through aliases with one logical ID in two templates are two edges', () => {
  const alias = (name: string) => ({
    Type: 'AWS::Lambda::Alias',
    Properties: { FunctionName: 'worker', Name: name },
  });
  const M = mapping({ EventSourceArn: 'arn:aws:sqs:eu-west-1:111122223333:jobs' }, { Ref: 'Live' });
  const Jobs = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs' } };
  expect(
    edgeLines(
      { Jobs, Fn: lambda('Active', { FunctionName: 'worker' }), Live: alias('live'), M },
      { Live: alias('next'), M },
    ),
  ).toEqual(['Jobs -links-> Fn:Live (queue)', 'Jobs -links-> Fn:Live (queue)']);
});
