import { samPolicyStatement } from '../../lib/iam/sam-policy-templates';

test('a policy template of SAM comes to a statement on what its parameters name', () => {
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
  ['one that is about no call', 'VPCAccessPolicy', {}],
  ['one that there is not', 'SqsSendMessagePolicy', { QueueName: 'jobs' }],
  ['one without parameters', 'SQSSendMessagePolicy', null],
  ['one whose parameters are a list', 'SQSSendMessagePolicy', ['jobs']],
])('%s comes to none', (_, name, parameters) => {
  expect(samPolicyStatement(name, parameters)).toBeUndefined();
});
