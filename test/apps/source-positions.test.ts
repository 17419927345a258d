import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { App, CfnResource, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { LambdaRestApi } from 'aws-cdk-lib/aws-apigateway';
import { Function as LambdaFunction, Tracing, Version } from 'aws-cdk-lib/aws-lambda';
import { Topic, TracingConfig } from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { CfnSamplingRule } from 'aws-cdk-lib/aws-xray';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import type { Construct } from 'constructs';
import { checkModel, type CheckedFinding } from '../../lib/checker/check';
import { TracedFunction } from '../../lib/constructs/traced-function';
import { load } from '../../lib/input/load';
import { buildTracingModel } from '../../lib/model/build-model';
import type { SourcePosition } from '../../lib/input/loaded-template';
import { locationOfFinding, templatesById } from '../../lib/report/location';
import { directoryWith } from '../input/temporary';
import { CODE } from './app';

const FUNCTION = {
  Type: 'AWS::Lambda::Function',
  Properties: {
    Code: { ZipFile: 'x' },
    Handler: 'index.handler',
    Runtime: 'nodejs22.x',
    Role: 'arn:aws:iam::111122223333:role/x',
  },
};

/** A stack with findings on constructs of all kinds. */
class Faulty extends Stack {
  constructor(scope: Construct, id: string, included: string) {
    super(scope, id);
    const between = new LambdaFunction(this, 'Between', CODE);
    const last = new LambdaFunction(this, 'Last', { ...CODE, tracing: Tracing.ACTIVE });
    new Version(this, 'Version', { lambda: last });
    const first = new TracedFunction(this, 'First', {
      ...CODE,
      environment: { AWS_XRAY_DAEMON_ADDRESS: '10.0.0.7:2000' },
    });
    between.grantInvoke(first);
    last.grantInvoke(between);
    const topic = new Topic(this, 'Topic', { tracingConfig: TracingConfig.ACTIVE });
    topic.addSubscription(new LambdaSubscription(first));
    new LambdaRestApi(this, 'Api', { handler: last });
    const all = { host: '*', httpMethod: '*', resourceArn: '*', serviceName: '*', urlPath: '*' };
    new CfnSamplingRule(this, 'Rule', {
      samplingRule: {
        ...all,
        serviceType: 'AWS::Lambda::Function',
        fixedRate: 1,
        reservoirSize: 1,
        priority: 1,
      },
    });
    new CfnResource(this, 'Bare', {
      type: FUNCTION.Type,
      properties: { ...FUNCTION.Properties, TracingConfig: { Mode: 'active' } },
    });
    new CfnInclude(this, 'Include', { templateFile: included });
    new LambdaFunction(new NestedStack(this, 'Nested'), 'InNested', CODE);
    new Provider(this, 'Provider', { onEventHandler: new LambdaFunction(this, 'OnEvent', CODE) });
  }
}

let findings: CheckedFinding[];
let positions: (SourcePosition | undefined)[];
beforeAll(() => {
  const directory = directoryWith({ 'included.json': { Resources: { Included: FUNCTION } } });
  const app = new App({ analyticsReporting: false, outdir: `${directory}/cdk.out`, stackTraces: true });
  new Faulty(app, 'Alone', `${directory}/included.json`);
  new Faulty(new Stage(app, 'Prod'), 'InStage', `${directory}/included.json`);
  app.synth();
  const loaded = load([`${directory}/cdk.out`]);
  const templates = templatesById(loaded);
  findings = checkModel(buildTracingModel(loaded.templates));
  positions = findings.map((finding) => locationOfFinding(finding, templates).source);
});

test('every finding of a CDK app has a position in the code of the app', () => {
  const rules = new Set(findings.map(({ rule }) => rule.id.replace('LambdaXRay-', '')));
  expect([...rules]).toEqual(
    expect.arrayContaining([
      ...['ActiveTracing', 'BrokenTrace', 'InvalidMode', 'ReservedEnvironment', 'SamplingRule'],
      ...['TopicResourcePolicy', 'UnpublishedMode'],
    ]),
  );
  expect(positions.length).toBeGreaterThan(16);
  expect(positions.map((position) => position && basename(position.file))).toEqual(
    positions.map(() => basename(__filename)),
  );
  const code = readFileSync(__filename, 'utf-8').split('\n');
  for (const position of positions) {
    expect(code[position!.position!.line - 1]).toMatch(/^ +(?:const \w+ = )?new |onEventHandler: new /);
  }
});
