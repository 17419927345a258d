import { lambda, type Resources } from '../rules/templates';
import { edgeLines } from '../trace-map/edge-lines';

const QUEUE = { Queue: { Type: 'AWS::SQS::Queue' } };
const SENDS = {
  Statement: {
    Effect: 'Allow',
    Action: 'sqs:SendMessage',
    Resource: { 'Fn::GetAtt': ['Queue', 'Arn'] },
  },
};

function withRole(properties: object): Resources {
  return {
    Fn: lambda('Active', { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } }),
    Role: { Type: 'AWS::IAM::Role', Properties: properties },
    ...QUEUE,
  };
}

function sam(Policies: unknown): Resources {
  return { Fn: { Type: 'AWS::Serverless::Function', Properties: { Policies } }, ...QUEUE };
}

const unread: [string, unknown][] = [
  ['a policy that only deployment tells', { Ref: 'Policy' }],
  ['a policy that is no such thing', 'Policy'],
  ['a document that only deployment tells', { PolicyDocument: { Ref: 'Document' } }],
  ['a document without statements', { PolicyDocument: {} }],
  ['a statement that only deployment tells', { PolicyDocument: { Statement: [{ Ref: 'Statement' }] } }],
  ['a statement that is no such thing', { PolicyDocument: { Statement: ['Allow'] } }],
];

test.each(unread)('%s in a role lets a function call nothing', (_, policy) => {
  expect(edgeLines(withRole({ Policies: [policy] }))).toEqual([]);
});

test.each(unread)('%s leaves what stands beside it', (_, policy) => {
  expect(edgeLines(withRole({ Policies: [policy, { PolicyDocument: SENDS }] }))).toEqual([
    'Fn -propagates-> Queue',
  ]);
});

test.each<[string, unknown]>([
  ['a policy that only deployment tells', { Ref: 'Policy' }],
  ['a policy of AWS by its name', 'AWSLambdaExecute'],
  ['a policy template that is about no call', { VPCAccessPolicy: {} }],
  ['a statement that only deployment tells', { Statement: [{ Ref: 'Statement' }] }],
])('%s in a SAM function leaves what stands beside it', (_, policy) => {
  expect(edgeLines(sam([policy]))).toEqual([]);
  expect(edgeLines(sam([policy, SENDS]))).toEqual(['Fn -propagates-> Queue']);
});
