import { buildTracingModel } from '../../lib/model/build-model';
import { lambda, type Resources, stack } from '../rules/templates';

const ARN = { 'Fn::GetAtt': ['Fn', 'Arn'] };
const FAILED = { 'Fn::GetAtt': ['Failed', 'Arn'] };
const ON_FAILURE = { DestinationConfig: { OnFailure: { Destination: FAILED } } };

test.each<[string, string, object, string[]]>([
  [
    'what gets what a function of SAM has failed at',
    'AWS::Serverless::Function',
    { EventInvokeConfig: ON_FAILURE },
    ['Failed'],
  ],
  [
    'the dead-letter queue of a function of SAM',
    'AWS::Serverless::Function',
    { DeadLetterQueue: { Type: 'SQS', TargetArn: FAILED } },
    ['Failed'],
  ],
  ['the provider of a custom resource', 'Custom::Seed', { ServiceToken: ARN }, ['Fn']],
  ['that of one without a name', 'AWS::CloudFormation::CustomResource', { ServiceToken: ARN }, ['Fn']],
  ['nothing of a module that has such a name', 'My::Custom::Seed::MODULE', { ServiceToken: ARN }, []],
  ['nothing of what begins alike', 'AWS::CloudFormation::CustomResourceType', { ServiceToken: ARN }, []],
])('beside requests is called %s', (_, Type, Properties, expected) => {
  const resources: Resources = {
    Fn: lambda(),
    Failed: { Type: 'AWS::SQS::Queue' },
    It: { Type, Properties },
  };
  const { failureTargets } = buildTracingModel([stack('t', resources)]).traceMap;
  expect([...failureTargets].map(({ name }) => name)).toEqual(expected);
});
