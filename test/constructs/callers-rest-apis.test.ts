import { type Stack, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import {
  ApiDefinition,
  CfnDeployment,
  CfnMethod,
  CfnRestApi,
  CfnStage,
  LambdaIntegration,
  LambdaRestApi,
  MockIntegration,
  RestApi,
  SpecRestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LambdaTracing } from '../../lib/constructs/lambda-tracing';
import type { LambdaTracingActiveOptions } from '../../lib/constructs/tracing-props';
import { activeLambda, app, lambda, stackIn } from '../apps/app';
import { active, calling, findings, type Resource, tracing, warnings } from './callers';

test.each<[string, (stack: Stack, fn: LambdaFunction) => unknown]>([
  [
    'without a Lambda integration',
    (stack) => new RestApi(stack, 'Api').root.addMethod('GET', new MockIntegration()),
  ],
  [
    'with a definition in a bucket',
    (stack, fn) => {
      const body = ApiDefinition.fromAsset(__filename);
      const api = new SpecRestApi(stack, 'Api', { apiDefinition: body });
      fn.addPermission('Invoke', {
        principal: new ServicePrincipal('apigateway.amazonaws.com'),
        sourceArn: api.arnForExecuteApi(),
      });
    },
  ],
  [
    'with the function in a stage variable',
    (stack) => {
      const api = new CfnRestApi(stack, 'Api', { body: openApiTo('function:${stageVariables.fn}') });
      new CfnStage(stack, 'Stage', { restApiId: api.ref });
    },
  ],
])('%s is not changed', (_, make) => {
  const stack = calling(make);
  active(stack);
  expect(tracing(stack)).toEqual([undefined]);
});

test('is traced in all of its stages', () => {
  const stack = stackIn(app());
  const api = new LambdaRestApi(stack, 'Api', { handler: lambda(stack) });
  new CfnStage(stack, 'Beta', { restApiId: api.restApiId, stageName: 'beta' });
  new CfnStage(stack, 'Other', { restApiId: 'a1b2c3', stageName: 'other' });
  active(stack);
  expect(tracing(stack)).toEqual([true, true, undefined]);
});

test('is traced in the stages of the app if the API is not in the app', () => {
  const root = app();
  const env = { account: '111122223333', region: 'eu-west-1' };
  const [methods, stages, elsewhere] = [
    stackIn(root, 'Methods', { env }),
    stackIn(root, 'Stages', { env }),
    stackIn(root, 'Elsewhere', { env: { ...env, region: 'eu-north-1' } }),
  ];
  const attributes = { restApiId: 'a1b2c3', rootResourceId: 'd4e5f6' };
  const api = RestApi.fromRestApiAttributes(methods, 'Api', attributes);
  api.root.addMethod('GET', new LambdaIntegration(lambda(methods)));
  for (const stack of [stages, elsewhere]) {
    new CfnStage(stack, 'Prod', { restApiId: 'a1b2c3', stageName: 'prod' });
    new CfnStage(stack, 'Other', { restApiId: 'g7h8i9', stageName: 'other' });
  }
  active(root);
  expect(tracing(stages)).toEqual([true, undefined]);
  expect(tracing(elsewhere)).toEqual([undefined, undefined]);
});

test('keeps its deployment', () => {
  const ids = (trace: (stack: Stack) => void) => {
    const stack = calling((scope, fn) => new LambdaRestApi(scope, 'Api', { handler: fn }));
    trace(stack);
    return Object.keys(Template.fromStack(stack).findResources('AWS::ApiGateway::Deployment'));
  };
  expect(ids(active)).toEqual(ids((stack) => LambdaTracing.of(stack).active()));
});

describe('with a stage created by its deployment', () => {
  const deployed = (stageDescription?: object, options?: LambdaTracingActiveOptions) => {
    const stack = stackIn(app());
    const { restApiId } = new LambdaRestApi(stack, 'Api', { handler: lambda(stack), deploy: false });
    new CfnDeployment(stack, 'Deployment', { restApiId, stageName: 'prod', stageDescription });
    active(stack, options);
    const [deployment] = Object.values(
      Template.fromStack(stack).findResources('AWS::ApiGateway::Deployment'),
    );
    const { Properties: properties } = deployment as Resource;
    return { description: properties.StageDescription, warnings: warnings(stack) };
  };
  const warning = expect.stringMatching(
    /^'Stack\/Deployment' creates the stage.* set TracingEnabled in the StageDescription\. .*callerNotTraced/,
  ) as unknown;

  test.each<[string, object | undefined, LambdaTracingActiveOptions, object | undefined, unknown[]]>([
    ['without a description', undefined, {}, undefined, [warning]],
    ['with another description', { cacheTtlInSeconds: 60 }, {}, { CacheTtlInSeconds: 60 }, [warning]],
    ['with tracing on', { tracingEnabled: true }, {}, { TracingEnabled: true }, []],
    ['with tracing off', { tracingEnabled: false }, {}, { TracingEnabled: false }, []],
    [
      'with tracing off and overwrite',
      { tracingEnabled: false },
      { overwrite: true },
      { TracingEnabled: false },
      [warning],
    ],
    ['that is excluded', undefined, { excludeTypes: ['AWS::ApiGateway::Deployment'] }, undefined, []],
  ])('%s', (_, stageDescription, options, description, expected) => {
    expect(deployed(stageDescription, options)).toEqual({ description, warnings: expected });
  });

  test('causes a warning that can be acknowledged', () => {
    const stack = stackIn(app());
    const { restApiId } = new LambdaRestApi(stack, 'Api', { handler: lambda(stack), deploy: false });
    const deployment = new CfnDeployment(stack, 'Deployment', { restApiId, stageName: 'prod' });
    Validations.of(deployment).acknowledge({ id: 'cdk-lambda-xray:callerNotTraced', reason: 'Known.' });
    active(stack);
    expect(warnings(stack)).toEqual([]);
  });

  test('with a separate stage causes no warning', () => {
    const stack = calling((scope, fn) => new LambdaRestApi(scope, 'Api', { handler: fn }));
    active(stack);
    expect(warnings(stack)).toEqual([]);
  });
});

function openApiTo(target: string) {
  return { paths: { '/': { get: { 'x-amazon-apigateway-integration': { uri: target } } } } };
}

describe('a stage whose variable names the function', () => {
  const URI =
    'arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111122223333:function:';

  /** Creates a stack with two stages, of which one calls the function. */
  function staged(
    name: (fn: LambdaFunction) => string,
    written = '${stageVariables.fn}',
    isActive = false,
  ): Stack {
    const stack = stackIn(app(), 'Stack', { env: { account: '111122223333', region: 'eu-west-1' } });
    const fn = (isActive ? activeLambda : lambda)(stack, 'Fn', { functionName: 'orders-prod' });
    const { ref: restApiId, attrRootResourceId: resourceId } = new CfnRestApi(stack, 'Api', { name: 'Api' });
    new CfnMethod(stack, 'Method', {
      httpMethod: 'GET',
      restApiId,
      resourceId,
      integration: { type: 'AWS_PROXY', integrationHttpMethod: 'POST', uri: `${URI}${written}/invocations` },
    });
    new CfnStage(stack, 'Prod', { restApiId, stageName: 'prod', variables: { fn: name(fn), env: 'prod' } });
    new CfnStage(stack, 'Test', { restApiId, stageName: 'test', variables: { fn: 'other', env: 'test' } });
    return stack;
  }

  test.each<[string, (fn: LambdaFunction) => string, string]>([
    ['by a literal name', () => 'orders-prod', '${stageVariables.fn}'],
    ['by a reference', ({ functionName }) => functionName, '${stageVariables.fn}'],
    ['by a name and an alias', () => 'orders-prod', '${stageVariables.fn}:live'],
    ['by a part of the name', () => 'unused', 'orders-${stageVariables.env}'],
  ])('is traced by the constructs, and reported by the checks if it is not: %s', (_, name, written) => {
    const traced = staged(name, written);
    active(traced);
    expect(tracing(traced)).toEqual([true, undefined]);

    const untraced = staged(name, written, true);
    expect(findings(untraced, 'LambdaXRay-UntracedEntry')).toEqual([
      expect.stringContaining("'Stack/Api (prod)'") as string,
    ]);
  });
});
