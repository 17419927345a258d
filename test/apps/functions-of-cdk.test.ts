import { join } from 'node:path';
import {
  CfnJson,
  CustomResourceProvider,
  Duration,
  RemovalPolicy,
  type Stack,
  Validations,
} from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { DnsValidatedCertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { CustomLambdaDeploymentConfig, CustomLambdaDeploymentConfigType } from 'aws-cdk-lib/aws-codedeploy';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { Cluster as EksCluster, KubernetesVersion } from 'aws-cdk-lib/aws-eks';
import { Cluster as EksV2Cluster, KubernetesVersion as EksV2Version } from 'aws-cdk-lib/aws-eks-v2';
import { Accelerator } from 'aws-cdk-lib/aws-globalaccelerator';
import { LayerVersion } from 'aws-cdk-lib/aws-lambda';
import { Domain, EngineVersion } from 'aws-cdk-lib/aws-opensearchservice';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { InstanceType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Cluster as EcsCluster } from 'aws-cdk-lib/aws-ecs';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { AwsApi, CloudWatchLogGroup } from 'aws-cdk-lib/aws-events-targets';
import { AnyPrincipal, OpenIdConnectProvider, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { LogGroup, LogRetention, RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  ARecord,
  PublicHostedZone,
  RecordTarget,
  CrossAccountZoneDelegationRecord,
} from 'aws-cdk-lib/aws-route53';
import { Bucket, EventType } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { SqsDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { ReceiptRuleSet } from 'aws-cdk-lib/aws-ses';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { CallAwsServiceCrossRegion, EvaluateExpression } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import {
  Canary,
  Cleanup,
  Code as CanaryCode,
  Runtime as CanaryRuntime,
  Test,
} from 'aws-cdk-lib/aws-synthetics';
import {
  AwsCustomResource,
  AwsCustomResourcePolicy,
  PhysicalResourceId,
  Provider,
} from 'aws-cdk-lib/custom-resources';
import { Trigger, TriggerFunction } from 'aws-cdk-lib/triggers';
import { checkModel } from '../../lib/checker/check';
import { nameOf } from '../../lib/cloudformation/template';
import { LambdaTracing } from '../../lib/constructs/lambda-tracing';
import { TracingPermissions } from '../../lib/constructs/tracing-props';
import { load } from '../../lib/input/load';
import { buildTracingModel } from '../../lib/model/build-model';
import { LambdaXRayChecks } from '../../lib/nag/lambda-xray-checks';
import { app, CODE, lambda, stackIn, synthesize } from './app';
import { invalidReferences, templatesOf } from './template-graph';

const ENV = { account: '111122223333', region: 'eu-west-1' };
const DESTROY = { removalPolicy: RemovalPolicy.DESTROY };
const STATEMENT = { Effect: 'Allow', Action: ['s3:ListAllMyBuckets'], Resource: '*' };

/** Constructs of CDK with a function of their own. */
const CONSTRUCTS: Record<string, (stack: Stack) => void> = {
  'emptying of a bucket': (stack) => {
    new Bucket(stack, 'Bucket', { autoDeleteObjects: true, ...DESTROY });
  },
  'notifications of a bucket': (stack) => {
    const queue = new SqsDestination(new Queue(stack, 'Queue'));
    new Bucket(stack, 'Bucket').addEventNotification(EventType.OBJECT_CREATED, queue);
  },
  'a bucket deployment': (stack) => {
    const destinationBucket = new Bucket(stack, 'Bucket');
    new BucketDeployment(stack, 'Files', { sources: [Source.data('x', 'y')], destinationBucket });
  },
  'the default security group': (stack) => {
    vpc(stack, true);
  },
  'emptying of a repository': (stack) => {
    new Repository(stack, 'Repository', { autoDeleteImages: true, ...DESTROY });
  },
  'a trigger': (stack) => {
    new Trigger(stack, 'Trigger', { handler: lambda(stack) });
    new TriggerFunction(stack, 'Function', CODE);
  },
  'an OpenID provider': (stack) => {
    new OpenIdConnectProvider(stack, 'Provider', { url: 'https://example.com' });
  },
  'a provider without statements': (stack) => {
    CustomResourceProvider.getOrCreate(stack, 'Custom::X', PROVIDER);
  },
  'a provider with statements': (stack) => {
    CustomResourceProvider.getOrCreateProvider(stack, 'Custom::X', PROVIDER).addToRolePolicy(STATEMENT);
  },
  'JSON with tokens as keys': (stack) => {
    new CfnJson(stack, 'Json', { value: { [new Queue(stack, 'Queue').queueName]: 1 } });
  },
  'an SDK call': (stack) => {
    const service = { service: 's3', action: 'ListBuckets', physicalResourceId: PhysicalResourceId.of('x') };
    const policy = AwsCustomResourcePolicy.fromSdkCalls({ resources: ['*'] });
    new AwsCustomResource(stack, 'Call', { onUpdate: service, policy });
  },
  'the provider framework': (stack) => {
    new Provider(stack, 'Provider', {
      onEventHandler: lambda(stack, 'OnEvent'),
      isCompleteHandler: lambda(stack, 'IsComplete'),
      queryInterval: Duration.minutes(1),
    });
  },
  'log retention': (stack) => {
    new LogRetention(stack, 'Retention', { logGroupName: 'x', retention: RetentionDays.ONE_DAY });
    lambda(stack, 'Fn', { logRetention: RetentionDays.ONE_DAY });
  },
  'replicas of a table': (stack) => {
    const partitionKey = { name: 'id', type: AttributeType.STRING };
    new Table(stack, 'Table', { partitionKey, replicationRegions: ['us-east-1'] });
  },
  'the logs of a rule': (stack) => {
    const rule = new Rule(stack, 'Rule', { schedule: Schedule.rate(Duration.days(1)) });
    rule.addTarget(new CloudWatchLogGroup(new LogGroup(stack, 'Logs')));
    rule.addTarget(new AwsApi({ service: 's3', action: 'listBuckets' }));
  },
  'a user pool': (stack) => {
    const pool = new UserPool(stack, 'Pool');
    void pool.addClient('Client', { generateSecret: true }).userPoolClientSecret;
    void pool.addDomain('Domain', { cognitoDomain: { domainPrefix: 'orders' } }).cloudFrontDomainName;
  },
  'a deployment configuration': (stack) => {
    new CustomLambdaDeploymentConfig(stack, 'Config', {
      type: CustomLambdaDeploymentConfigType.CANARY,
      interval: Duration.minutes(1),
      percentage: 5,
    });
  },
  'draining of ECS instances': (stack) => {
    new EcsCluster(stack, 'Cluster', { vpc: vpc(stack) }).addCapacity('Capacity', {
      instanceType: new InstanceType('t3.micro'),
    });
  },
  'a replaced DNS record': (stack) => {
    const zone = new PublicHostedZone(stack, 'Zone', { zoneName: 'example.com' });
    new ARecord(stack, 'Record', {
      zone,
      target: RecordTarget.fromIpAddresses('1.2.3.4'),
      deleteExisting: true,
    });
    const delegationRole = Role.fromRoleName(stack, 'Delegation', 'delegation');
    new CrossAccountZoneDelegationRecord(stack, 'Delegate', {
      delegatedZone: zone,
      parentHostedZoneName: 'com',
      delegationRole,
    });
    new DnsValidatedCertificate(stack, 'Certificate', { domainName: 'example.com', hostedZone: zone });
  },
  'a spam filter': (stack) => {
    new ReceiptRuleSet(stack, 'Rules', { dropSpam: true });
  },
  'a canary': (stack) => {
    new Canary(stack, 'Canary', {
      runtime: CanaryRuntime.SYNTHETICS_NODEJS_PUPPETEER_9_1,
      test: Test.custom({ code: CanaryCode.fromInline('x'), handler: 'index.handler' }),
      cleanup: Cleanup.LAMBDA,
    });
  },
  'tasks of a state machine': (stack) => {
    const evaluate = new EvaluateExpression(stack, 'Evaluate', { expression: '1 + 1' });
    const call = new CallAwsServiceCrossRegion(stack, 'Call', {
      service: 's3',
      action: 'listBuckets',
      region: 'us-east-1',
      iamResources: ['*'],
    });
    new StateMachine(stack, 'Machine', { definitionBody: DefinitionBody.fromChainable(evaluate.next(call)) });
  },
  'an EKS cluster': (stack) => {
    const kubectlLayer = layer(stack);
    new EksCluster(stack, 'Cluster', { version: EKS_VERSION, kubectlLayer, vpc: vpc(stack) });
  },
  'an EKS cluster without custom resources': (stack) => {
    const kubectlProviderOptions = { kubectlLayer: layer(stack) };
    new EksV2Cluster(stack, 'Cluster', {
      version: EKS_V2_VERSION,
      kubectlProviderOptions,
      vpc: vpc(stack),
    }).addManifest('Manifest', {});
  },
  'an OpenSearch domain': (stack) => {
    const statement = new PolicyStatement({ principals: [new AnyPrincipal()], actions: ['es:*'] });
    new Domain(stack, 'Domain', {
      version: EngineVersion.OPENSEARCH_2_3,
      logging: { appLogEnabled: true },
      accessPolicies: [statement],
      useUnsignedBasicAuth: true,
    });
  },
  'an accelerator': (stack) => {
    const group = new Accelerator(stack, 'Accelerator').addListener('Listener', {
      portRanges: [{ fromPort: 80 }],
    });
    group.addEndpointGroup('Group').connectionsPeer('Peer', vpc(stack));
  },
  'exports to another region': (stack) => {
    const queue = new Queue(stack, 'Queue');
    const other = stackIn(stack.node.root, 'Other', {
      env: { ...ENV, region: 'us-east-1' },
      crossRegionReferences: true,
    });
    lambda(other, 'Fn', { environment: { QUEUE: queue.queueName } });
    lambda(stack);
  },
};

const EKS_VERSION = KubernetesVersion.V1_31;
const EKS_V2_VERSION = EksV2Version.V1_31;

function layer(stack: Stack) {
  return LayerVersion.fromLayerVersionArn(
    stack,
    'Kubectl',
    'arn:aws:lambda:eu-west-1:111122223333:layer:kubectl:1',
  );
}

const PROVIDER = { codeDirectory: join(__dirname, 'provider'), runtime: 'nodejs22.x' as never };

function vpc(stack: Stack, restrictDefaultSecurityGroup = false): Vpc {
  return new Vpc(stack, 'Vpc', { maxAzs: 2, restrictDefaultSecurityGroup });
}

describe.each(Object.entries(CONSTRUCTS))('the functions of %s', (_, create) => {
  test.each<[TracingPermissions, string]>([
    [TracingPermissions.LEAST_PRIVILEGE, 'after'],
    [TracingPermissions.LEAST_PRIVILEGE, 'before'],
    [TracingPermissions.MANAGED_POLICY, 'after'],
  ])('can write with %s, set %s they are created', (tracingPermissions, order) => {
    const root = app();
    const stack = stackIn(root, 'Stack', { env: ENV, crossRegionReferences: true });
    const setUp = () => {
      LambdaTracing.of(root).active({ tracingPermissions });
      Validations.of(root).addPlugins(new LambdaXRayChecks(root));
    };
    if (order === 'before') setUp();
    create(stack);
    if (order === 'after') setUp();
    expect(synthesize(root)).toMatchObject({ passes: true });
    expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('X-Ray'))).toEqual([]);
    expect(invalidReferences(root)).toEqual([]);
    const json = JSON.stringify(templatesOf(root));
    const isManaged = tracingPermissions === TracingPermissions.MANAGED_POLICY;
    expect(json.includes('xray:PutTelemetryRecords')).toBe(!isManaged);
    expect(json.includes('AWSXRayDaemonWriteAccess')).toBe(isManaged);
  });

  test('are reported only if asked for, unlike those of the user', () => {
    const root = app();
    create(stackIn(root, 'Stack', { env: ENV, crossRegionReferences: true }));
    const { templates } = load([root.synth().directory]);
    const model = buildTracingModel(templates);
    const reported = (includeCdkFunctions: boolean) =>
      checkModel(model, { includeCdkFunctions })
        .filter(({ rule }) => rule.id === 'LambdaXRay-ActiveTracing')
        .map(({ resource }) => nameOf(resource))
        .sort();
    const all = model.functions.map(({ resource }) => nameOf(resource)).sort();
    const ofUser = all.filter((name) => /^(?:Stack|Other)\/(?:Fn|OnEvent|IsComplete|Function)$/.test(name));
    expect(reported(false)).toEqual(ofUser);
    expect(reported(true)).toEqual(all);
    expect(all.length).toBeGreaterThan(ofUser.length);
  });
});
