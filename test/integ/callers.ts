/** A scope that is traced with the services that call its functions. */
import { ExpectedResult, IntegTest } from '@aws-cdk/integ-tests-alpha';
import { App, Stack } from 'aws-cdk-lib';
import { LambdaRestApi } from 'aws-cdk-lib/aws-apigateway';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { LambdaTracing, TracingAssertions } from '../../lib';

const app = new App();
export const stack = new Stack(app, 'cdk-lambda-xray-callers');
const fn = (id: string) =>
  new Function(stack, id, {
    code: Code.fromInline('exports.handler = async () => ({ statusCode: 200 });'),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_22_X,
  });

new LambdaRestApi(stack, 'Api', { handler: fn('Intake') });
const machine = new StateMachine(stack, 'Flow', {
  definitionBody: DefinitionBody.fromChainable(
    new LambdaInvoke(stack, 'Invoke', { lambdaFunction: fn('Step') }),
  ),
});
new Topic(stack, 'Topic').addSubscription(new LambdaSubscription(fn('Subscriber')));
LambdaTracing.of(app).active({ callers: true, excludePaths: ['**/DeployAssert/**'] });

const { assertions } = new IntegTest(app, 'Callers', { testCases: [stack] });
assertions
  .awsApiCall('SFN', 'describeStateMachine', { stateMachineArn: machine.stateMachineArn })
  .expect(ExpectedResult.objectLike({ tracingConfiguration: { enabled: true } }));

app.synth();
TracingAssertions.fromStack(stack).allFunctionsTraced();
