/** Functions of each kind of permission, with an alias of a published version. */
import { ExpectedResult, IntegTest } from '@aws-cdk/integ-tests-alpha';
import { App, Stack } from 'aws-cdk-lib';
import { Code, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { TracedFunction, TracingAssertions, TracingPermissions } from '../../lib';

const app = new App();
export const stack = new Stack(app, 'cdk-lambda-xray-traced-functions');
const props = {
  code: Code.fromInline('exports.handler = async () => "ok";'),
  handler: 'index.handler',
  runtime: Runtime.NODEJS_22_X,
};

const managed = new TracedFunction(stack, 'ManagedPolicy', props);
const alias = managed.addAlias('live');
new TracedFunction(stack, 'LeastPrivilege', {
  ...props,
  tracingPermissions: TracingPermissions.LEAST_PRIVILEGE,
});
new TracedFunction(stack, 'PassThrough', { ...props, tracing: Tracing.PASS_THROUGH });

const { assertions } = new IntegTest(app, 'TracedFunctions', { testCases: [stack] });
assertions
  .awsApiCall('Lambda', 'getFunctionConfiguration', {
    FunctionName: managed.functionName,
    Qualifier: alias.aliasName,
  })
  .expect(ExpectedResult.objectLike({ TracingConfig: { Mode: 'Active' } }));

app.synth();
TracingAssertions.fromStack(stack).allFunctionsTraced({ exclude: ['PassThrough'] });
