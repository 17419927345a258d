import { type App, Duration, Stage, type StageProps } from 'aws-cdk-lib';
import { CodeBuildStep, CodePipeline, CodePipelineSource, ManualApprovalStep } from 'aws-cdk-lib/pipelines';
import { Artifact, Pipeline } from 'aws-cdk-lib/aws-codepipeline';
import { LambdaInvokeAction, S3SourceAction } from 'aws-cdk-lib/aws-codepipeline-actions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { lambda, stackIn } from '../apps/app';
import { type BuildApp, wholeApps } from './whole-apps';

const TOOLS = { account: '111122223333', region: 'eu-west-1' };
const TEST = { account: '222233334444', region: 'eu-west-1' };
const PROD = { account: '333344445555', region: 'us-east-1' };

/** A service in two stacks, one of which uses the alias of the other. */
class Service extends Stage {
  public constructor(scope: Construct, id: string, props?: StageProps) {
    super(scope, id, props);
    const orders = lambda(stackIn(this, 'Orders'), 'Intake', { environment: { STAGE: id } });
    const billing = stackIn(this, 'Billing');
    const invoices = lambda(billing, 'Invoices', { timeout: Duration.seconds(20) });
    orders.addAlias('live').grantInvoke(invoices);
    invoices.addEventSource(new SqsEventSource(new Queue(billing, 'Queue')));
  }
}

function pipelineIn(app: App, id = 'Pipeline'): CodePipeline {
  const input = CodePipelineSource.s3(
    Bucket.fromBucketName(stackIn(app, `${id}Source`, { env: TOOLS }), 'Bucket', 'source'),
    'source.zip',
  );
  const synth = new CodeBuildStep('Synth', { input, commands: ['npm ci', 'npx cdk synth'] });
  return new CodePipeline(stackIn(app, id, { env: TOOLS }), id, { synth, crossAccountKeys: true });
}

const PIPELINES: Readonly<Record<string, BuildApp>> = {
  'a pipeline with stages in three accounts': (app) => {
    const pipeline = pipelineIn(app);
    pipeline.addStage(new Service(app, 'Alpha', { env: TOOLS }));
    pipeline.addStage(new Service(app, 'Test', { env: TEST }));
    pipeline.addStage(new Service(app, 'Prod', { env: PROD }), { pre: [new ManualApprovalStep('Approve')] });
  },

  'a pipeline with waves': (app) => {
    const pipeline = pipelineIn(app);
    const wave = pipeline.addWave('Regions');
    wave.addStage(new Service(app, 'Ireland', { env: TOOLS }));
    wave.addStage(new Service(app, 'Virginia', { env: { ...TOOLS, region: 'us-east-1' } }));
    pipeline.buildPipeline();
  },
};

wholeApps(PIPELINES, true);

wholeApps({
  'stages in three accounts without a pipeline': (app) => {
    for (const [id, env] of Object.entries({ Alpha: TOOLS, Test: TEST, Prod: PROD })) {
      new Service(app, id, { env });
    }
  },

  'a pipeline that invokes a function': (app) => {
    const stack = stackIn(app, 'Stack', { env: TOOLS });
    const output = new Artifact();
    const bucket = new Bucket(stack, 'Source', { versioned: true });
    const source = new S3SourceAction({ actionName: 'Source', bucket, bucketKey: 'source.zip', output });
    const smokeTest = new LambdaInvokeAction({ actionName: 'Test', lambda: lambda(stack, 'SmokeTest') });
    const pipeline = new Pipeline(stack, 'Pipeline', { crossAccountKeys: false });
    pipeline.addStage({ stageName: 'Source', actions: [source] });
    pipeline.addStage({ stageName: 'Test', actions: [smokeTest] });
  },
});
