import { buildTracingModel } from '../../lib/model/build-model';
import { lambda, type Resources, stack } from '../rules/templates';

const ARN = { 'Fn::GetAtt': ['Fn', 'Arn'] };
const FAILED = { 'Fn::GetAtt': ['Failed', 'Arn'] };
const ON_FAILURE = { DestinationConfig: { OnFailure: { Destination: FAILED } } };

test.each<[string, string, object, string[]]>([
  [
    'the failure destination of a SAM function',
    'AWS::Serverless::Function',
    { EventInvokeConfig: ON_FAILURE },
    ['Failed'],
  ],
  [
    'the dead-letter queue of a SAM function',
    'AWS::Serverless::Function',
    { DeadLetterQueue: { Type: 'SQS', TargetArn: FAILED } },
    ['Failed'],
  ],
  ['the provider of a custom resource', 'Custom::Seed', { ServiceToken: ARN }, ['Fn']],
  [
    'the provider of an unnamed custom resource',
    'AWS::CloudFormation::CustomResource',
    { ServiceToken: ARN },
    ['Fn'],
  ],
  ['ignores a module with a similar name', 'My::Custom::Seed::MODULE', { ServiceToken: ARN }, []],
  [
    'ignores a type that begins with the same name',
    'AWS::CloudFormation::CustomResourceType',
    { ServiceToken: ARN },
    [],
  ],
])('finds failure targets: %s', (_, Type, Properties, expected) => {
  const resources: Resources = {
    Fn: lambda(),
    Failed: { Type: 'AWS::SQS::Queue' },
    It: { Type, Properties },
  };
  const { failureTargets } = buildTracingModel([stack('t', resources)]).traceMap;
  expect([...failureTargets].map(({ name }) => name)).toEqual(expected);
});
