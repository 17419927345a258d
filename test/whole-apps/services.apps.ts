import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { ApiDefinition, SpecRestApi, StepFunctionsRestApi } from 'aws-cdk-lib/aws-apigateway';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { LambdaAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { CustomRule } from 'aws-cdk-lib/aws-config';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { InstanceType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster as EcsCluster } from 'aws-cdk-lib/aws-ecs';
import { Cluster, KubernetesVersion } from 'aws-cdk-lib/aws-eks';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  AdotLambdaExecWrapper,
  AdotLambdaLayerJavaScriptSdkVersion,
  AdotLayerVersion,
  LambdaInsightsVersion,
  LayerVersion,
} from 'aws-cdk-lib/aws-lambda';
import { Domain, EngineVersion } from 'aws-cdk-lib/aws-opensearchservice';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { CfnAccessPoint } from 'aws-cdk-lib/aws-s3objectlambda';
import { ReceiptRuleSet } from 'aws-cdk-lib/aws-ses';
import { Lambda } from 'aws-cdk-lib/aws-ses-actions';
import { DefinitionBody, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Code as CanaryCode, Canary, Runtime as CanaryRuntime, Test } from 'aws-cdk-lib/aws-synthetics';
import { lambda, stackIn } from '../apps/app';
import { wholeApps } from './whole-apps';

const ENV = { account: '111122223333', region: 'eu-west-1' };

wholeApps({
  'an EKS cluster': (app) => {
    const stack = stackIn(app, 'Stack', { env: ENV });
    const layer = 'arn:aws:lambda:eu-west-1:111122223333:layer:kubectl:1';
    const cluster = new Cluster(stack, 'Cluster', {
      kubectlLayer: LayerVersion.fromLayerVersionArn(stack, 'Kubectl', layer),
      version: KubernetesVersion.V1_32,
    });
    cluster.addManifest('Namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'orders' } });
  },

  'an ECS cluster whose instances are drained': (app) => {
    const stack = stackIn(app);
    const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2, restrictDefaultSecurityGroup: false });
    const cluster = new EcsCluster(stack, 'Cluster', { vpc });
    cluster.addCapacity('Instances', { instanceType: new InstanceType('t3.large') });
  },

  'a table with replicas': (app) => {
    const stack = stackIn(app, 'Stack', { env: ENV });
    const table = new Table(stack, 'Orders', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      replicationRegions: ['eu-central-1', 'us-east-1'],
    });
    table.grantReadData(lambda(stack, 'Reader'));
  },

  'a search domain with an access policy': (app) => {
    const stack = stackIn(app);
    const domain = new Domain(stack, 'Domain', {
      version: EngineVersion.OPENSEARCH_2_19,
      removalPolicy: RemovalPolicy.DESTROY,
      logging: { appLogEnabled: true },
      useUnsignedBasicAuth: true,
    });
    domain.grantReadWrite(lambda(stack, 'Indexer'));
  },

  'rules, alarms and mails': (app) => {
    const stack = stackIn(app, 'Stack', { env: ENV });
    const check = lambda(stack, 'Compliance');
    new CustomRule(stack, 'Rule', { lambdaFunction: check, periodic: true });
    new Alarm(stack, 'Alarm', {
      metric: check.metricErrors(),
      threshold: 1,
      evaluationPeriods: 1,
    }).addAlarmAction(new LambdaAction(lambda(stack, 'OnAlarm')));
    new ReceiptRuleSet(stack, 'Mails', {
      rules: [
        { actions: [new Lambda({ function: lambda(stack, 'OnMail') })], recipients: ['orders@example.com'] },
      ],
    });
  },

  'S3 Object Lambda': (app) => {
    const stack = stackIn(app);
    const fn = lambda(stack, 'Redact');
    fn.grantInvoke(new Role(stack, 'Reader', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') }));
    new CfnAccessPoint(stack, 'Access', {
      objectLambdaConfiguration: {
        supportingAccessPoint: new Bucket(stack, 'Bucket').arnForObjects('accesspoint/orders'),
        transformationConfigurations: [
          {
            actions: ['GetObject'],
            contentTransformation: { AwsLambda: { FunctionArn: fn.functionArn } },
          },
        ],
      },
    });
  },

  'a canary': (app) => {
    const stack = stackIn(app);
    new Canary(stack, 'Canary', {
      runtime: CanaryRuntime.SYNTHETICS_NODEJS_PUPPETEER_9_1,
      test: Test.custom({
        code: CanaryCode.fromInline('exports.handler = async () => {};'),
        handler: 'index.handler',
      }),
    });
    lambda(stack, 'Orders');
  },

  'an API that starts an express state machine': (app) => {
    const stack = stackIn(app);
    const task = new LambdaInvoke(stack, 'Task', { lambdaFunction: lambda(stack, 'Orders') });
    const stateMachine = new StateMachine(stack, 'Machine', {
      definitionBody: DefinitionBody.fromChainable(task),
      stateMachineType: StateMachineType.EXPRESS,
    });
    new StepFunctionsRestApi(stack, 'Api', { stateMachine });
  },

  'an API with an OpenAPI definition': (app) => {
    const stack = stackIn(app);
    const fn = lambda(stack, 'Orders');
    const api = new SpecRestApi(stack, 'Api', {
      apiDefinition: ApiDefinition.fromInline({
        openapi: '3.0.1',
        info: { title: 'Orders', version: '1' },
        paths: {
          '/orders': {
            get: {
              responses: {},
              'x-amazon-apigateway-integration': {
                type: 'aws_proxy',
                httpMethod: 'POST',
                uri: `arn:\${AWS::Partition}:apigateway:${stack.region}:lambda:path/2015-03-31/functions/${fn.functionArn}/invocations`,
              },
            },
          },
        },
      }),
    });
    fn.addPermission('Api', {
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: api.arnForExecuteApi(),
    });
  },

  'layers of CloudWatch and OpenTelemetry': (app) => {
    const stack = stackIn(app, 'Stack', { env: ENV });
    const fn = lambda(stack, 'Orders', {
      adotInstrumentation: {
        execWrapper: AdotLambdaExecWrapper.REGULAR_HANDLER,
        layerVersion: AdotLayerVersion.fromJavaScriptSdkLayerVersion(
          AdotLambdaLayerJavaScriptSdkVersion.LATEST,
        ),
      },
      insightsVersion: LambdaInsightsVersion.VERSION_1_0_333_0,
      timeout: Duration.seconds(20),
    });
    fn.addAlias('live');
  },
});
