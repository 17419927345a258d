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
  ['a policy known only at deployment', { Ref: 'Policy' }],
  ['a malformed policy', 'Policy'],
  ['a document known only at deployment', { PolicyDocument: { Ref: 'Document' } }],
  ['a document without statements', { PolicyDocument: {} }],
  ['a statement known only at deployment', { PolicyDocument: { Statement: [{ Ref: 'Statement' }] } }],
  ['a malformed statement', { PolicyDocument: { Statement: ['Allow'] } }],
];

test.each(unread)('%s in a role allows no calls', (_, policy) => {
  expect(edgeLines(withRole({ Policies: [policy] }))).toEqual([]);
});

test.each(unread)('%s does not affect its siblings', (_, policy) => {
  expect(edgeLines(withRole({ Policies: [policy, { PolicyDocument: SENDS }] }))).toEqual([
    'Fn -propagates-> Queue',
  ]);
});

test.each<[string, unknown]>([
  ['a policy known only at deployment', { Ref: 'Policy' }],
  ['an AWS managed policy by name', 'AWSLambdaExecute'],
  ['a policy template without calls', { VPCAccessPolicy: {} }],
  ['a statement known only at deployment', { Statement: [{ Ref: 'Statement' }] }],
])('%s in a SAM function does not affect its siblings', (_, policy) => {
  expect(edgeLines(sam([policy]))).toEqual([]);
  expect(edgeLines(sam([policy, SENDS]))).toEqual(['Fn -propagates-> Queue']);
});
