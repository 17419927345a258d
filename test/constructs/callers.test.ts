import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CfnResource, Fn } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import {
  ApiDefinition,
  CfnMethod,
  CfnRestApi,
  CfnStage,
  LambdaIntegration,
  LambdaRestApi,
  MockIntegration,
  RestApi,
  SpecRestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { CfnDataSource, CfnGraphQLApi, Definition, GraphqlApi } from 'aws-cdk-lib/aws-appsync';
import { type CfnFunction, type Function as LambdaFunction, Tracing } from 'aws-cdk-lib/aws-lambda';
import { CfnApi, CfnStateMachine as CfnServerlessStateMachine } from 'aws-cdk-lib/aws-sam';
import { CfnSubscription, CfnTopic, Topic, type TracingConfig } from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { CfnStateMachine, DefinitionBody, Pass, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { LambdaTracing } from '../../lib/constructs/lambda-tracing';
import type { LambdaTracingActiveOptions } from '../../lib/constructs/tracing-props';
import { app, lambda, stackIn } from '../apps/app';
import {
  active,
  asl,
  bare,
  callerIn,
  calling,
  enabled,
  findings,
  included,
  MACHINE,
  type Make,
  mode,
  openApi,
  role,
  synthesized,
  tracing,
  TRACING_PROPERTIES,
  uri,
  warnings,
} from './callers';

/** Callers in all forms. */
const CALLERS: [string, Make][] = [
  [
    'RestApi',
    (stack, fn, setting) => {
      const api = new RestApi(stack, 'Api', { deployOptions: { tracingEnabled: setting } });
      api.root.addResource('orders').addMethod('GET', new LambdaIntegration(fn));
      api.root.addMethod('GET', new MockIntegration());
    },
  ],
  [
    'LambdaRestApi with an alias',
    (stack, fn, setting) =>
      new LambdaRestApi(stack, 'Api', {
        handler: fn.addAlias('live'),
        deployOptions: { tracingEnabled: setting },
      }),
  ],
  [
    'SpecRestApi',
    (stack, fn, setting) =>
      new SpecRestApi(stack, 'Api', {
        apiDefinition: ApiDefinition.fromInline(openApi(fn)),
        deployOptions: { tracingEnabled: setting },
      }),
  ],
  [
    'CfnStage with CfnMethod',
    (stack, fn, setting) => {
      const api = new CfnRestApi(stack, 'Api', { name: 'orders' });
      new CfnMethod(stack, 'Method', {
        restApiId: api.ref,
        resourceId: api.attrRootResourceId,
        httpMethod: 'GET',
        integration: { type: 'AWS_PROXY', uri: uri(fn) },
      });
      new CfnStage(stack, 'Stage', { restApiId: api.ref, stageName: 'prod', tracingEnabled: setting });
    },
  ],
  [
    'a bare stage with a bare method',
    (stack, fn, setting) => {
      const api = bare(stack, 'Api', 'AWS::ApiGateway::RestApi', { Name: 'orders' }).ref;
      bare(stack, 'Method', 'AWS::ApiGateway::Method', {
        RestApiId: api,
        HttpMethod: 'GET',
        Integration: { Type: 'AWS_PROXY', Uri: Fn.join('', ['arn:', uri(fn)]) },
      });
      bare(stack, 'Stage', 'AWS::ApiGateway::Stage', { RestApiId: api, TracingEnabled: setting });
    },
  ],
  [
    'an included stage',
    (stack, fn, setting) => {
      (fn.node.defaultChild as CfnFunction).functionName = 'orders';
      const literal =
        'arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111122223333:function:orders/invocations';
      included(stack, {
        Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'orders' } },
        Method: {
          Type: 'AWS::ApiGateway::Method',
          Properties: {
            RestApiId: { Ref: 'Api' },
            ResourceId: 'x',
            HttpMethod: 'GET',
            Integration: { Type: 'AWS_PROXY', Uri: literal },
          },
        },
        Stage: {
          Type: 'AWS::ApiGateway::Stage',
          Properties: { RestApiId: { Ref: 'Api' }, StageName: 'prod', TracingEnabled: setting },
        },
      });
    },
  ],
  [
    'StateMachine',
    (stack, fn, setting) =>
      new StateMachine(stack, 'Machine', {
        definitionBody: DefinitionBody.fromChainable(
          new LambdaInvoke(stack, 'Call', { lambdaFunction: fn }).next(new Pass(stack, 'Done')),
        ),
        tracingEnabled: setting,
      }),
  ],
  [
    'StateMachine with a definition file and substitutions',
    (stack, fn, setting) =>
      new StateMachine(stack, 'Machine', {
        definitionBody: DefinitionBody.fromFile(__filename),
        definitionSubstitutions: { Orders: fn.functionArn },
        tracingEnabled: setting,
      }),
  ],
  [
    'CfnStateMachine',
    (stack, fn, setting) =>
      new CfnStateMachine(stack, 'Machine', {
        roleArn: role(stack).roleArn,
        definitionString: stack.toJsonString(asl(fn.functionArn)),
        tracingConfiguration: enabled(setting),
      }),
  ],
  [
    'CfnStateMachine with an object',
    (stack, fn, setting) =>
      new CfnStateMachine(stack, 'Machine', {
        roleArn: role(stack).roleArn,
        definition: asl(fn.functionArn),
        tracingConfiguration: enabled(setting),
      }),
  ],
  [
    'a bare state machine',
    (stack, fn, setting) =>
      bare(stack, 'Machine', MACHINE, {
        RoleArn: role(stack).roleArn,
        DefinitionString: JSON.stringify(asl(fn.functionArn)),
        TracingConfiguration: setting === undefined ? undefined : { Enabled: setting },
      }),
  ],
  [
    'an included state machine',
    (stack, fn, setting) => {
      (fn.node.defaultChild as CfnFunction).functionName = 'orders';
      included(stack, {
        Machine: {
          Type: MACHINE,
          Properties: {
            RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
            DefinitionString: JSON.stringify({
              States: {
                Call: {
                  Resource: 'arn:aws:states:::lambda:invoke',
                  Parameters: { FunctionName: 'orders', 'Payload.$': '$' },
                },
              },
            }),
            TracingConfiguration: setting === undefined ? undefined : { Enabled: setting },
          },
        },
        Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } },
      });
    },
  ],
  [
    'AWS::Serverless::StateMachine',
    (stack, fn, setting) =>
      new CfnServerlessStateMachine(stack, 'Machine', {
        definition: asl(fn.functionArn),
        tracing: enabled(setting),
      }),
  ],
  [
    'GraphqlApi',
    (stack, fn, setting) =>
      new GraphqlApi(stack, 'Api', {
        name: 'orders',
        definition: Definition.fromFile(schema()),
        xrayEnabled: setting,
      }).addLambdaDataSource('Orders', fn),
  ],
  [
    'CfnGraphQLApi',
    (stack, fn, setting) => {
      const api = new CfnGraphQLApi(stack, 'Api', {
        name: 'orders',
        authenticationType: 'API_KEY',
        xrayEnabled: setting,
      });
      new CfnDataSource(stack, 'Source', {
        apiId: api.attrApiId,
        name: 'orders',
        type: 'AWS_LAMBDA',
        lambdaConfig: { lambdaFunctionArn: fn.functionArn },
      });
    },
  ],
  [
    'AWS::Serverless::GraphQLApi',
    (stack, fn, setting) =>
      bare(stack, 'Api', 'AWS::Serverless::GraphQLApi', {
        XrayEnabled: setting,
        DataSources: { Lambda: { Orders: { FunctionArn: fn.functionArn } } },
      }),
  ],
  [
    'Topic',
    (stack, fn, setting) =>
      new Topic(stack, 'Topic', { tracingConfig: mode(setting) as TracingConfig }).addSubscription(
        new LambdaSubscription(fn),
      ),
  ],
  [
    'CfnTopic with its own subscription',
    (stack, fn, setting) =>
      new CfnTopic(stack, 'Topic', {
        subscription: [{ protocol: 'lambda', endpoint: fn.functionArn }],
        tracingConfig: mode(setting),
      }),
  ],
  [
    'a bare topic',
    (stack, fn, setting) => {
      const topic = bare(stack, 'Topic', 'AWS::SNS::Topic', { TracingConfig: mode(setting) });
      new CfnSubscription(stack, 'Subscription', {
        topicArn: topic.ref,
        protocol: 'lambda',
        endpoint: fn.functionArn,
      });
    },
  ],
  [
    'AWS::Serverless::Api with a definition',
    (stack, fn, setting) =>
      new CfnApi(stack, 'Api', { stageName: 'prod', definitionBody: openApi(fn), tracingEnabled: setting }),
  ],
];

function schema(): string {
  const file = join(mkdtempSync(join(tmpdir(), 'schema-')), 'schema.graphql');
  writeFileSync(file, 'type Query { order: String }');
  return file;
}

describe.each(CALLERS)('%s', (_, make) => {
  const stack = () => calling(make);
  const [, on, off] = TRACING_PROPERTIES[callerIn(stack()).cfnResourceType];

  test('is traced', () => {
    const traced = stack();
    active(traced);
    expect(tracing(traced)).toEqual([on]);
    expect(warnings(traced)).toEqual([]);
    expect(findings(traced.node.root)).toEqual([]);
  });

  test('is traced only with callers: true', () => {
    const untraced = stack();
    LambdaTracing.of(untraced).active();
    expect(tracing(untraced)).toEqual([undefined]);
  });

  test('is the same after a second synthesis or a second call', () => {
    const traced = stack();
    active(traced);
    const first = synthesized(traced);
    expect(synthesized(traced)).toBe(first);
    active(traced);
    expect(synthesized(traced)).toBe(first);
    const twice = stack();
    active(twice);
    active(twice);
    expect(synthesized(twice)).toBe(first);
  });

  test('stays untraced if the user turned tracing off, unless overwrite is set', () => {
    const [stands, overridden] = [calling(make, false), calling(make, false)];
    active(stands);
    expect(tracing(stands)).toEqual([off]);
    active(overridden, { overwrite: true });
    expect(tracing(overridden)).toEqual([on]);
  });

  test('stays untraced by a raw override, unless overwrite is set', () => {
    const withOverride = () => {
      const untraced = stack();
      const caller = callerIn(untraced);
      caller.addPropertyOverride(TRACING_PROPERTIES[caller.cfnResourceType][0], off);
      return untraced;
    };
    const [stands, overridden] = [withOverride(), withOverride()];
    active(stands);
    expect(tracing(stands)).toEqual([off]);
    active(overridden, { overwrite: true });
    expect(tracing(overridden)).toEqual([on]);
  });

  test.each<[string, (caller: CfnResource) => LambdaTracingActiveOptions]>([
    ['construct', (caller) => ({ exclude: [caller] })],
    ['path', ({ node: { path } }) => ({ excludePaths: [path] })],
    ['type', ({ cfnResourceType }) => ({ excludeTypes: [cfnResourceType] })],
  ])('is excluded by %s', (_name, options) => {
    const untraced = stack();
    active(untraced, options(callerIn(untraced)));
    expect(tracing(untraced)).toEqual([undefined]);
    expect(JSON.stringify(Template.fromStack(untraced).toJSON())).not.toContain('GetSamplingRules');
  });

  test('is not changed if the function is not Active or is excluded', () => {
    const untraced = (change: (fn: LambdaFunction) => LambdaTracingActiveOptions) => {
      const unchanged = stackIn(app());
      const fn = lambda(unchanged);
      make(unchanged, fn);
      active(unchanged, change(fn));
      return tracing(unchanged);
    };
    const set = (value: unknown) => (fn: LambdaFunction) => {
      (fn.node.defaultChild as CfnFunction).addPropertyOverride('TracingConfig.Mode', value);
      return {};
    };
    expect(untraced(set('PassThrough'))).toEqual([undefined]);
    expect(untraced(set({ Ref: 'AWS::NoValue' }))).toEqual([undefined]);
    expect(untraced((fn) => ({ exclude: [fn] }))).toEqual([undefined]);
  });

  test('is traced if the function was already Active', () => {
    const traced = stackIn(app());
    make(traced, lambda(traced, 'Fn', { tracing: Tracing.ACTIVE }));
    active(traced);
    expect(tracing(traced)).toEqual([on]);
  });

  test('is traced if the function is in another stack of the scope', () => {
    const root = app();
    const traced = stackIn(root);
    make(traced, lambda(stackIn(root, 'Functions')));
    active(root);
    expect(tracing(traced)).toEqual([on]);
    expect(findings(root)).toEqual([]);
  });

  test('is not changed if it or the function is outside of the scope', () => {
    const build = () => {
      const root = app();
      const functions = stackIn(root, 'Functions');
      const callers = stackIn(root);
      make(callers, lambda(functions));
      lambda(callers, 'Other');
      return { functions, callers };
    };
    for (const scope of ['functions', 'callers'] as const) {
      const stacks = build();
      active(stacks[scope]);
      expect(tracing(stacks.callers)).toEqual([undefined]);
    }
  });
});
