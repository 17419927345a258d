import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack, Validations } from 'aws-cdk-lib';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { ManagedKafkaEventSource, SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Topic, TracingConfig } from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, Pass, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { CfnSamplingRule } from 'aws-cdk-lib/aws-xray';
import { checkModel } from '../../lib/checker/check';
import { Instrumentation } from '../../lib/constructs/instrumentation';
import { LambdaTracing } from '../../lib/constructs/lambda-tracing';
import { TracedFunction } from '../../lib/constructs/traced-function';
import { TransactionSearch } from '../../lib/constructs/transaction-search';
import { load } from '../../lib/input/load';
import { buildTracingModel } from '../../lib/model/build-model';
import { RULES } from '../../lib/rules';
import { CODE, quietly } from '../apps/app';
import { parseCloudFormation } from './templates';

/** The names that the examples in TypeScript use. */
const NAMES = {
  ...cloudfront,
  CfnSamplingRule,
  DefinitionBody,
  HttpOrigin,
  Instrumentation,
  lambda,
  LambdaSubscription,
  LambdaTracing,
  ManagedKafkaEventSource,
  Pass,
  props: CODE,
  Queue,
  SqsEventSource,
  StateMachine,
  Topic,
  TracedFunction,
  TracingConfig,
  TransactionSearch,
  Validations,
};

const outdir = mkdtempSync(join(tmpdir(), 'examples-'));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

/** Runs code in the constructor of a stack, and returns the templates. */
function templatesOf(name: string, code: string) {
  const app = new App({ outdir: join(outdir, name), analyticsReporting: false, treeMetadata: false });
  const stack = new Stack(app, 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
  const role = new Role(stack, 'Role', {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSLambdaBasicExecutionRole')],
  });
  // The examples have no types, so they are JavaScript.
  // oxlint-disable-next-line typescript/no-implied-eval
  const run = new Function(...Object.keys(NAMES), 'role', code) as (...values: unknown[]) => void;
  run.call(stack, ...Object.values(NAMES), role);
  quietly(() => app.synth());
  return load([join(outdir, name)]).templates;
}

function findingsOf(ruleId: string, templates: Parameters<typeof buildTracingModel>[0]) {
  return checkModel(buildTracingModel(templates)).filter(({ rule }) => rule.id === ruleId);
}

const templateIn = (yaml: string) => [{ id: 'example', template: parseCloudFormation(yaml) }];

describe.each(RULES.map((rule) => [rule.id, rule] as const))('%s', (id, { examples }) => {
  const { correct, typescript, sam, cloudFormation } = examples;

  test('does not report its example in TypeScript', () => {
    const templates = templatesOf(id, typescript);
    expect(buildTracingModel(templates).resources.length).toBeGreaterThan(1);
    expect(findingsOf(id, templates)).toEqual([]);
  });

  test('does not report its examples for SAM and CloudFormation', () => {
    for (const yaml of [sam, cloudFormation].filter((text) => text !== undefined)) {
      expect(buildTracingModel(templateIn(yaml)).resources.length).toBeGreaterThan(0);
      expect(findingsOf(id, templateIn(yaml))).toEqual([]);
    }
  });

  test('has an example for SAM if its correct one is not, and the other way round', () => {
    const isSam = correct.includes('AWS::Serverless::');
    expect(isSam).toBe(cloudFormation !== undefined);
    if (sam !== undefined) expect(sam).toContain('AWS::Serverless::');
    expect(cloudFormation ?? '').not.toContain('AWS::Serverless::');
    expect(isSam && sam !== undefined).toBe(false);
  });
});
