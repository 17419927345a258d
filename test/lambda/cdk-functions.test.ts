import { isMadeByCdk } from '../../lib/lambda/lambda-function';

/** Returns true if a function is one of CDK. `test/apps/functions-of-cdk.test.ts` has whole constructs. */
function isOfCdk(logicalId: string, properties: Record<string, unknown> = {}, constructPath?: string) {
  return isMadeByCdk({
    type: 'AWS::Lambda::Function',
    logicalId,
    constructPath,
    properties: { Handler: 'index.handler', ...properties },
  });
}

const EVALUATION_ROLE = {
  'Fn::GetAtt': ['EvalServiceRolef4f556a4ef7a49cd8036c5b0567376fd9FC0F4FD', 'Arn'],
};

test.each<[string, Record<string, unknown>?, string?]>([
  ['AWS679f53fac002430cb0da5b7982bd22872D164C4C'],
  ['CustomCDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C512MiB77E0C2CE'],
  ['Fn', {}, 'Stack/AWS679f53fac002430cb0da5b7982bd2287/Resource'],
  ['CustomS3AutoDeleteObjectsCustomResourceProviderHandler9D90184F'],
  ['CustomXCustomResourceProviderHandlerAA841E73', { Handler: '__entrypoint__.handler' }],
  ['ClusterCapacityDrainECSHookFunctionF75C9A9F', { Handler: 'index.lambda_handler' }],
  ['PipelineCDKPipelinesAutoApprove6F1A72C4'],
  ['Evalda2d1181604e4a4586941a6abd7fe42dF7D03C05'],
  ['EvaluateEvalFunction433AC48A', { Role: EVALUATION_ROLE }],
  [
    'ProviderframeworkonEvent83C1D0A7',
    { Description: 'AWS CDK resource provider framework - onEvent (S/P)' },
  ],
  ['Handler886CB40B', { Description: 'onEvent handler for EKS kubectl resource provider' }],
  ['OnEventHandler42BEBAE0', {}, 'Stack/@aws-cdk--aws-dynamodb.ReplicaProvider/OnEventHandler/Resource'],
  ['Handler886CB40B', {}, 'Stack/@aws-cdk--aws-glue-alpha.PartitionIndexProvider/Handler/Resource'],
])('%s %j %s is a function of CDK', (...fn) => {
  expect(isOfCdk(...fn)).toBe(true);
});

test.each<[string, Record<string, unknown>?, string?]>([
  ['Fn9270CBC0'],
  ['SingletonLambda11112222333344445555666677778888ABCDEF01'],
  ['MyCustomResourceProviderHandler'],
  ['MyCustomResourceProviderHandler9D90184F', { Handler: 'orders.onEvent' }],
  ['MyCustomResourceProviderHandler9D90184F', { Handler: { Ref: 'Handler' } }],
  ['DrainECSHookFunctionF75C9A9F'],
  ['EvalFunction433AC48A', { Role: { 'Fn::GetAtt': ['EvalServiceRole', 'Arn'] } }],
  ['EvalFunction433AC48A'],
  ['OnEvent74718524', { Description: 'The onEvent handler of the AWS CDK resource provider framework' }],
  ['OnEvent74718524', { Description: { Ref: 'Description' } }],
  ['OnEvent74718524', {}, 'Stack/my@aws-cdk--x/OnEvent/Resource'],
])('%s %j %s is a function of the user', (...fn) => {
  expect(isOfCdk(...fn)).toBe(false);
});

test('only a Lambda function is one of CDK', () => {
  const logicalId = 'AWS679f53fac002430cb0da5b7982bd22872D164C4C';
  expect(isMadeByCdk({ type: 'AWS::Lambda::Version', logicalId, properties: {} })).toBe(false);
  expect(isMadeByCdk({ type: 'AWS::Serverless::Function', logicalId, properties: {} })).toBe(false);
});
