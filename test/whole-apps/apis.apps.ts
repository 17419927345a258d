import { join } from 'node:path';
import { Duration, Fn } from 'aws-cdk-lib';
import {
  Cors,
  LambdaIntegration,
  LambdaRestApi,
  MockIntegration,
  RestApi,
  TokenAuthorizer,
} from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod, WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration, WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { AuthorizationType, Definition, GraphqlApi } from 'aws-cdk-lib/aws-appsync';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { LambdaTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2-targets';
import { CfnApi, CfnFunction, CfnStateMachine } from 'aws-cdk-lib/aws-sam';
import { lambda, stackIn } from '../apps/app';
import { wholeApps } from './whole-apps';

wholeApps({
  'a REST API with an authorizer and two stages': (app) => {
    const stack = stackIn(app);
    const handler = lambda(stack, 'Authorizer');
    const api = new RestApi(stack, 'Api', {
      defaultCorsPreflightOptions: { allowOrigins: Cors.ALL_ORIGINS },
      defaultMethodOptions: { authorizer: new TokenAuthorizer(stack, 'Tokens', { handler }) },
    });
    const orders = api.root.addResource('orders');
    orders.addMethod('GET', new LambdaIntegration(lambda(stack, 'List')));
    orders.addMethod('POST', new LambdaIntegration(lambda(stack, 'Create').addAlias('live')));
    api.root.addMethod('GET', new MockIntegration());
    new LambdaRestApi(stack, 'Internal', {
      handler: lambda(stack, 'Internals'),
      deployOptions: { stageName: 'internal', tracingEnabled: false },
    });
  },

  'an HTTP API': (app) => {
    const stack = stackIn(app);
    const api = new HttpApi(stack, 'Api', {
      defaultAuthorizer: new HttpLambdaAuthorizer('Authorizer', lambda(stack, 'Authorizer')),
    });
    api.addRoutes({
      path: '/orders',
      methods: [HttpMethod.GET],
      integration: new HttpLambdaIntegration('Orders', lambda(stack, 'Orders').addAlias('live')),
    });
  },

  'a WebSocket API': (app) => {
    const stack = stackIn(app);
    const route = (id: string) => ({ integration: new WebSocketLambdaIntegration(id, lambda(stack, id)) });
    const webSocketApi = new WebSocketApi(stack, 'Api', {
      connectRouteOptions: route('Connect'),
      disconnectRouteOptions: route('Disconnect'),
    });
    webSocketApi.addRoute('message', route('Message'));
    new WebSocketStage(stack, 'Stage', { webSocketApi, stageName: 'live', autoDeploy: true });
  },

  'a GraphQL API': (app) => {
    const stack = stackIn(app);
    const api = new GraphqlApi(stack, 'Api', {
      name: 'orders',
      authorizationConfig: {
        defaultAuthorization: {
          authorizationType: AuthorizationType.LAMBDA,
          lambdaAuthorizerConfig: { handler: lambda(stack, 'Authorizer') },
        },
      },
      definition: Definition.fromFile(join(__dirname, 'schema.graphql')),
    });
    const source = api.addLambdaDataSource('Orders', lambda(stack, 'Orders'));
    source.createResolver('Order', { typeName: 'Query', fieldName: 'order' });
  },

  'a load balancer': (app) => {
    const stack = stackIn(app);
    const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0 });
    const balancer = new ApplicationLoadBalancer(stack, 'Balancer', { vpc, internetFacing: true });
    balancer.addListener('Listener', { port: 80 }).addTargets('Orders', {
      targets: [new LambdaTarget(lambda(stack, 'Orders', { timeout: Duration.seconds(10) }))],
      healthCheck: { enabled: true },
    });
  },

  'SAM resources': (app) => {
    const stack = stackIn(app);
    stack.addTransform('AWS::Serverless-2016-10-31');
    const api = new CfnApi(stack, 'Api', { stageName: 'live', openApiVersion: '3.0.1' });
    const code = {
      handler: 'index.handler',
      inlineCode: 'exports.handler = async () => {};',
      runtime: 'nodejs22.x',
    };
    const orders = new CfnFunction(stack, 'Orders', {
      ...code,
      autoPublishAlias: 'live',
      deploymentPreference: { enabled: true, type: 'Canary10Percent5Minutes' },
      events: {
        Get: { type: 'Api', properties: { path: '/orders', method: 'get', restApiId: api.ref } },
      },
      policies: ['AmazonDynamoDBReadOnlyAccess'],
    });
    new CfnFunction(stack, 'Nightly', {
      ...code,
      events: { Night: { type: 'Schedule', properties: { schedule: 'rate(1 day)' } } },
    });
    new CfnStateMachine(stack, 'Machine', {
      definition: {
        StartAt: 'Order',
        States: {
          Order: { Type: 'Task', Resource: Fn.getAtt(orders.logicalId, 'Arn').toString(), End: true },
        },
      },
      policies: [
        { lambdaInvokePolicy: { functionName: orders.ref } },
        { version: '2012-10-17', statement: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' }] },
      ],
    });
  },
});
