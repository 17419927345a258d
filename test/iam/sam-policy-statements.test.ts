import { samPolicyStatement } from '../../lib/iam/role-statements';

test('a SAM policy template allows calls of the resource in its parameters', () => {
  expect(samPolicyStatement('SQSSendMessagePolicy', { QueueName: 'jobs' })).toEqual({
    Effect: 'Allow',
    Action: ['sqs:SendMessage*'],
    Resource: {
      'Fn::Sub': [
        'arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:${QueueName}',
        { QueueName: 'jobs' },
      ],
    },
  });
});

test.each([
  ['a template without calls', 'VPCAccessPolicy', {}],
  ['an unknown template', 'SqsSendMessagePolicy', { QueueName: 'jobs' }],
  ['a template without parameters', 'SQSSendMessagePolicy', null],
  ['a template with a list of parameters', 'SQSSendMessagePolicy', ['jobs']],
])('%s adds no statement', (_, name, parameters) => {
  expect(samPolicyStatement(name, parameters)).toBeUndefined();
});
