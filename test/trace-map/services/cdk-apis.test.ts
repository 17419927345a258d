import { App, Aws, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, WebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import * as integrations from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { AuthorizationType, Definition, GraphqlApi } from 'aws-cdk-lib/aws-appsync';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import { FunctionUrlOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { LambdaVersion, UserPool, UserPoolOperation } from 'aws-cdk-lib/aws-cognito';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { LambdaTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2-targets';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, Pass, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { edgeLines } from '../edge-lines';

interface Functions {
  readonly fn: Function;
  /** An alias of the function. */
  readonly live: Alias;
  readonly other: Function;
}

/** Returns the edges of a stack, without the hashes at the end of CDK's logical IDs. */
function callsOf(build: (stack: Stack, functions: Functions) => void): string[] {
  const stack = new Stack(new App(), 'Stack');
  const make = (id: string) =>
    new Function(stack, id, {
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: Code.fromInline('exports.handler = async () => {};'),
    });
  const fn = make('Fn');
  build(stack, {
    fn,
    live: new Alias(stack, 'Live', { aliasName: 'live', version: fn.currentVersion }),
    other: make('Other'),
  });
  const template: unknown = Template.fromStack(stack).toJSON();
  const found = edgeLines({ id: 'stack', template });
  return found.map((line) => line.replace(/[0-9A-F]{8}(?=[\s:]|$)/g, ''));
}

test.each<[string, (stack: Stack, functions: Functions) => void, string[]]>([
  [
    'LambdaRestApi',
    (stack, { fn }) => {
      new apigateway.LambdaRestApi(stack, 'Api', { handler: fn, deployOptions: { tracingEnabled: true } });
    },
    ['Api (prod) -starts-> Fn (synchronous)'],
  ],
  [
    'RestApi',
    (stack, { live, other }) => {
      const { root } = new apigateway.RestApi(stack, 'Api');
      const authorizer = new apigateway.TokenAuthorizer(stack, 'Authorizer', { handler: other });
      root.addMethod('GET', new apigateway.LambdaIntegration(live), { authorizer });
    },
    ['Api (prod) -propagates-> Fn:Live (synchronous)', 'Api (prod) -propagates-> Other (synchronous)'],
  ],
  [
    'RestApi with other services',
    (stack) => {
      const { root } = new apigateway.RestApi(stack, 'Api');
      const queue = new Queue(stack, 'Queue');
      const path = `${Aws.ACCOUNT_ID}/${queue.queueName}`;
      root.addMethod('POST', new apigateway.AwsIntegration({ service: 'sqs', path }));
      const machine = new StateMachine(stack, 'Machine', {
        stateMachineType: StateMachineType.EXPRESS,
        definitionBody: DefinitionBody.fromChainable(new Pass(stack, 'Pass')),
      });
      root.addMethod('PUT', apigateway.StepFunctionsIntegration.startExecution(machine));
    },
    ['Api (prod) -propagates-> Queue', 'Api (prod) -propagates-> Machine'],
  ],
  [
    'SpecRestApi',
    (stack, { fn }) => {
      const start = `arn:${Aws.PARTITION}:apigateway:${Aws.REGION}:lambda:path/2015-03-31/functions/`;
      const integration = {
        type: 'aws_proxy',
        httpMethod: 'POST',
        uri: `${start}${fn.functionArn}/invocations`,
      };
      new apigateway.SpecRestApi(stack, 'Api', {
        apiDefinition: apigateway.ApiDefinition.fromInline({
          openapi: '3.0.1',
          paths: { '/': { get: { 'x-amazon-apigateway-integration': integration } } },
        }),
      });
    },
    ['Api (prod) -propagates-> Fn (synchronous)'],
  ],
  [
    'HttpApi',
    (stack, { live, other }) => {
      const api = new HttpApi(stack, 'Api');
      api.addRoutes({
        path: '/',
        integration: new integrations.HttpLambdaIntegration('Integration', live),
        authorizer: new HttpLambdaAuthorizer('Authorizer', other),
      });
      const queue = new Queue(stack, 'Queue');
      api.addRoutes({ path: '/jobs', integration: new integrations.HttpSqsIntegration('Jobs', { queue }) });
    },
    ['Api -breaks-> Fn:Live (synchronous)', 'Api -breaks-> Other (synchronous)', 'Api -breaks-> Queue'],
  ],
  [
    'WebSocketApi',
    (stack, { fn }) => {
      const integration = new integrations.WebSocketLambdaIntegration('Integration', fn);
      new WebSocketApi(stack, 'Api', { connectRouteOptions: { integration } });
    },
    ['Api -breaks-> Fn (synchronous)'],
  ],
  [
    'FunctionUrl',
    (_, { fn, live }) => {
      fn.addFunctionUrl();
      live.addFunctionUrl();
    },
    ['FnFunctionUrl -breaks-> Fn (synchronous)', 'LiveFunctionUrl -breaks-> Fn:Live (synchronous)'],
  ],
  [
    'ApplicationLoadBalancer',
    (stack, { live }) => {
      const balancer = new ApplicationLoadBalancer(stack, 'Balancer', { vpc: new Vpc(stack, 'Vpc') });
      balancer
        .addListener('Listener', { port: 80 })
        .addTargets('Targets', { targets: [new LambdaTarget(live)] });
    },
    ['Balancer -propagates-> Fn:Live (synchronous)'],
  ],
  [
    'GraphqlApi',
    (stack, { fn, other }) => {
      const api = new GraphqlApi(stack, 'Api', {
        name: 'api',
        xrayEnabled: true,
        definition: Definition.fromSchema({
          bind: () => ({ apiId: 'api', definition: 'type Query { order: String }' }),
        }),
        authorizationConfig: {
          defaultAuthorization: {
            authorizationType: AuthorizationType.LAMBDA,
            lambdaAuthorizerConfig: { handler: other },
          },
        },
      });
      api.addLambdaDataSource('Worker', fn);
      const partitionKey = { name: 'id', type: AttributeType.STRING };
      api.addDynamoDbDataSource('Orders', new Table(stack, 'Table', { partitionKey }));
    },
    ['Api -starts-> Other (synchronous)', 'Api -starts-> Fn (synchronous)', 'Api -starts-> Table'],
  ],
  [
    'UserPool',
    (stack, { live, other }) => {
      const pool = new UserPool(stack, 'Pool', { lambdaTriggers: { preSignUp: live } });
      pool.addTrigger(UserPoolOperation.PRE_TOKEN_GENERATION_CONFIG, other, LambdaVersion.V2_0);
    },
    ['Pool -breaks-> Fn:Live (synchronous)', 'Pool -breaks-> Other (synchronous)'],
  ],
  [
    'Distribution',
    (stack, { fn, live }) => {
      new cloudfront.Distribution(stack, 'Site', {
        defaultBehavior: {
          origin: FunctionUrlOrigin.withOriginAccessControl(live.addFunctionUrl()),
          edgeLambdas: [
            {
              eventType: cloudfront.LambdaEdgeEventType.VIEWER_REQUEST,
              functionVersion: fn.currentVersion,
            },
          ],
        },
      });
    },
    [
      'LiveFunctionUrl -breaks-> Fn:Live (synchronous)',
      expect.stringMatching(/^Site -breaks-> Fn:FnCurrentVersion\w+ \(synchronous\)$/),
    ],
  ],
  [
    'addPermission',
    (_, { fn }) => fn.addPermission('Ses', { principal: new ServicePrincipal('ses.amazonaws.com') }),
    ['ses.amazonaws.com -breaks-> Fn ?'],
  ],
])('%s of CDK', (_, build, expected) => {
  expect(callsOf(build)).toEqual(expected);
});
