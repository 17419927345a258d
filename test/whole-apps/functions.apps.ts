import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { FunctionUrlOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { FileSystem } from 'aws-cdk-lib/aws-efs';
import {
  CapacityProvider,
  DockerImageCode,
  DockerImageFunction,
  FileSystem as LambdaFileSystem,
  FunctionUrlAuthType,
  Runtime,
  SnapStartConf,
  TenancyConfig,
} from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LambdaRestApi } from 'aws-cdk-lib/aws-apigateway';
import { lambda, stackIn } from '../apps/app';
import { wholeApps } from './whole-apps';

const CODE_FOLDER = join(__dirname, '..', 'apps');

wholeApps({
  'a durable function': (app) => {
    const stack = stackIn(app);
    const durableConfig = { executionTimeout: Duration.hours(1), retentionPeriod: Duration.days(7) };
    const fn = lambda(stack, 'Workflow', { durableConfig });
    lambda(stack, 'Starter', { environment: { WORKFLOW: fn.currentVersion.functionArn } });
  },

  'a function that isolates tenants, behind a REST API': (app) => {
    const stack = stackIn(app);
    const handler = lambda(stack, 'Tenants', { tenancyConfig: TenancyConfig.PER_TENANT });
    new LambdaRestApi(stack, 'Api', { handler });
  },

  'a function on managed instances': (app) => {
    const stack = stackIn(app);
    const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2 });
    const instances = new CapacityProvider(stack, 'Instances', {
      subnets: vpc.privateSubnets,
      securityGroups: [new SecurityGroup(stack, 'Group', { vpc })],
    });
    const fn = lambda(stack, 'Fn', { memorySize: 2048 });
    instances.addFunction(fn, { publishToLatestPublished: true });
  },

  'SnapStart on an alias': (app) => {
    const snapStart = SnapStartConf.ON_PUBLISHED_VERSIONS;
    const fn = lambda(stackIn(app), 'Fn', { runtime: Runtime.PYTHON_3_13, snapStart });
    fn.addAlias('live');
  },

  'a container image': (app) => {
    const code = DockerImageCode.fromImageAsset(join(CODE_FOLDER, 'image'));
    const fn = new DockerImageFunction(stackIn(app), 'Fn', { code, memorySize: 1024 });
    fn.addAlias('live');
  },

  'a NodejsFunction': (app) => {
    const entry = join(CODE_FOLDER, 'handler.ts');
    const fn = new NodejsFunction(stackIn(app), 'Fn', { entry, bundling: { minify: true } });
    fn.addAlias('live');
  },

  'functions in a VPC with a file system': (app) => {
    const stack = stackIn(app);
    const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2 });
    const files = new FileSystem(stack, 'Files', { vpc });
    const accessPoint = files.addAccessPoint('Access');
    const filesystem = LambdaFileSystem.fromEfsAccessPoint(accessPoint, '/mnt/files');
    lambda(stack, 'Reader', { vpc, filesystem }).connections.allowToDefaultPort(files);
  },

  'function URLs, one of them behind CloudFront': (app) => {
    const stack = stackIn(app);
    const site = lambda(stack, 'Site').addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM });
    new Distribution(stack, 'Distribution', {
      defaultBehavior: { origin: FunctionUrlOrigin.withOriginAccessControl(site) },
    });
    lambda(stack, 'Hook').addAlias('live').addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
  },
});
