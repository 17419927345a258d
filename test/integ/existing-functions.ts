/** Functions without a construct of this package: L1s, SAM, a shared role, and versions that CDK does not publish again. */
import { ExpectedResult, IntegTest } from '@aws-cdk/integ-tests-alpha';
import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnFunction, Code, Function, Runtime, Version } from 'aws-cdk-lib/aws-lambda';
import { CfnFunction as ServerlessFunction } from 'aws-cdk-lib/aws-sam';
import { LambdaTracing, TracingAssertions } from '../../lib';

const app = new App();
export const stack = new Stack(app, 'cdk-lambda-xray-existing-functions');
stack.templateOptions.transforms = ['AWS::Serverless-2016-10-31'];
const code = 'exports.handler = async () => "ok";';
const settings = { handler: 'index.handler', runtime: Runtime.NODEJS_22_X.name };

const role = new Role(stack, 'Role', {
  assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
  managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSLambdaBasicExecutionRole')],
});
new CfnFunction(stack, 'L1', { ...settings, role: role.roleArn, code: { zipFile: code } });
new CfnResource(stack, 'Bare', {
  type: 'AWS::Lambda::Function',
  properties: {
    Handler: settings.handler,
    Runtime: settings.runtime,
    Role: role.roleArn,
    Code: { ZipFile: code },
  },
});
new ServerlessFunction(stack, 'Serverless', { ...settings, inlineCode: code, autoPublishAlias: 'live' });
const published = new Function(stack, 'Published', {
  code: Code.fromInline(code),
  handler: settings.handler,
  runtime: Runtime.NODEJS_22_X,
});
const version = new Version(stack, 'Version', { lambda: published });
const { assertions } = new IntegTest(app, 'ExistingFunctions', { testCases: [stack] });
LambdaTracing.of(stack).active({ tieVersions: true });

assertions
  .awsApiCall('Lambda', 'getFunctionConfiguration', {
    FunctionName: published.functionName,
    Qualifier: version.version,
  })
  .expect(ExpectedResult.objectLike({ TracingConfig: { Mode: 'Active' } }));

app.synth();
TracingAssertions.fromStack(stack).allFunctionsTraced();
