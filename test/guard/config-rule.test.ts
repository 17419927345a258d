import { ConfigServiceClient, PutEvaluationsCommand } from '@aws-sdk/client-config-service';
import { IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import {
  type FunctionConfiguration,
  LambdaClient,
  ListAliasesCommand,
  ListEventSourceMappingsCommand,
  ListFunctionsCommand,
  ListTagsCommand,
  ListVersionsByFunctionCommand,
} from '@aws-sdk/client-lambda';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { mockClient } from 'aws-sdk-client-mock';
import { NO_CONFIG } from '../../lib/config/config';
import { parseConfig } from '../../lib/config/parse-config';
import { FUNCTION } from '../../lib/constructs/private/guard-code';
import { TracingGuard } from '../../lib/constructs/tracing-guard';
import { evaluateFunctions } from '../../lib/guard/config-rule';
import { evaluateFunction } from '../../lib/guard/evaluate-function';
import type { GuardOptions } from '../../lib/guard/options';
import { app } from '../apps/app';
import { denied, withNobody } from '../deployed/account';
import { ARN, changeEvent, oversizedEvent, scheduledEvent } from './config-events';
import { publishedFunction } from './deployed-function';

withNobody();

const config = mockClient(ConfigServiceClient);
const lambda = mockClient(LambdaClient);
const iam = mockClient(IAMClient);
const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);

const ROLE = 'arn:aws:iam::123456789012:role/orders-role';
const MSK = 'arn:aws:kafka:eu-west-1:123456789012:cluster/orders/0123';

function fn(version: string, mode: string, more: Partial<FunctionConfiguration> = {}): FunctionConfiguration {
  return {
    FunctionName: 'orders',
    FunctionArn: version === '$LATEST' ? ARN : `${ARN}:${version}`,
    Version: version,
    TracingConfig: { Mode: mode as 'Active' },
    Role: ROLE,
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    MemorySize: 512,
    ...more,
  };
}

/** Lets the account have a function. */
function given(versions: readonly FunctionConfiguration[], tags: Record<string, string> = {}): void {
  lambda.on(ListVersionsByFunctionCommand).resolves({ Versions: [...versions] });
  lambda.on(ListFunctionsCommand).resolves({ Functions: [...versions] });
  lambda.on(ListTagsCommand).resolves({ Tags: tags });
}

function givenDecision(decision: 'allowed' | 'implicitDeny'): void {
  iam.on(SimulatePrincipalPolicyCommand).resolves({
    EvaluationResults: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'].map((EvalActionName) => ({
      EvalActionName,
      EvalDecision: decision,
    })),
  });
}

beforeEach(() => {
  for (const client of [config, lambda, iam]) client.reset();
  log.mockClear();
  config.on(PutEvaluationsCommand).resolves({ FailedEvaluations: [] });
  lambda.on(ListAliasesCommand).resolves({ Aliases: [] });
  lambda.on(ListEventSourceMappingsCommand).resolves({ EventSourceMappings: [] });
  givenDecision('allowed');
});
afterAll(() => {
  for (const client of [config, lambda, iam]) client.restore();
  log.mockRestore();
});

/** Handles an event, and returns the requests to AWS Config. */
async function handled(event: unknown, options: Partial<GuardOptions> = {}, remaining = 900_000) {
  const all: GuardOptions = {
    ...{ config: NO_CONFIG, failOn: 'error', onError: 'ALLOW', exemptStacks: [] },
    ...options,
  };
  await evaluateFunctions(event, {
    // Cloned, as for the worker.
    evaluate: (functions) =>
      Promise.resolve(structuredClone(functions).map((one) => evaluateFunction(one, all))),
    remainingTime: () => remaining,
  });
  return sent();
}

function sent() {
  return config.commandCalls(PutEvaluationsCommand).map(({ args: [{ input }] }) => input);
}

async function evaluation(event: unknown, options?: Partial<GuardOptions>) {
  const [{ Evaluations: [only, ...others] = [] }] = await handled(event, options);
  expect(others).toEqual([]);
  return only;
}

describe('a function that changed', () => {
  test('is compliant without findings', async () => {
    given([fn('$LATEST', 'Active')]);
    expect(await handled(changeEvent())).toEqual([
      {
        Evaluations: [
          {
            ComplianceResourceType: 'AWS::Lambda::Function',
            ComplianceResourceId: 'orders',
            ComplianceType: 'COMPLIANT',
            OrderingTimestamp: new Date('2026-11-17T01:36:34.043Z'),
          },
        ],
        ResultToken: 'myResultToken',
        TestMode: false,
      },
    ]);
    expect(log).not.toHaveBeenCalled();
  });

  test('is not compliant with an event source that X-Ray does not support', async () => {
    given([fn('$LATEST', 'Active')]);
    lambda
      .on(ListEventSourceMappingsCommand, { FunctionName: 'orders' })
      .resolves({ EventSourceMappings: [{ UUID: '1', EventSourceArn: MSK, FunctionArn: ARN }] });
    expect(await evaluation(changeEvent())).toMatchObject({
      ComplianceType: 'NON_COMPLIANT',
      Annotation:
        "LambdaXRay-UnsupportedEventSource: Function 'orders' is Active, but this event source mapping connects it to Amazon MSK, which X-Ray does not support.",
    });
    expect(log.mock.calls.flat()).toEqual([
      expect.stringMatching(/^orders: LambdaXRay-UnsupportedEventSource: .* PassThrough/),
    ]);
  });

  test('is not compliant with such an event source of an alias', async () => {
    given([fn('$LATEST', 'Active'), fn('1', 'Active')]);
    lambda.on(ListAliasesCommand).resolves({ Aliases: [{ Name: 'live', FunctionVersion: '1' }] });
    lambda
      .on(ListEventSourceMappingsCommand, { FunctionName: `${ARN}:live` })
      .resolves({ EventSourceMappings: [{ UUID: '1', SelfManagedEventSource: {}, Topics: ['a'] }] });
    expect((await evaluation(changeEvent())).Annotation).toMatch(/to self-managed Apache Kafka/);
  });

  test('is not compliant if its role may not write traces', async () => {
    given([fn('$LATEST', 'Active')]);
    givenDecision('implicitDeny');
    expect(await evaluation(changeEvent())).toMatchObject({
      ComplianceType: 'NON_COMPLIANT',
      Annotation: expect.stringMatching(
        /^LambdaXRay-WritePermissions: Function 'orders' is Active, but its role 'orders-role' does not allow xray:PutTraceSegments and xray:PutTelemetryRecords/,
      ) as string,
    });
  });

  test('is not compliant if an alias stays on another mode', async () => {
    given([fn('$LATEST', 'Active'), fn('1', 'PassThrough')]);
    lambda.on(ListAliasesCommand).resolves({ Aliases: [{ Name: 'live', FunctionVersion: '1' }] });
    expect((await evaluation(changeEvent())).Annotation).toBe(
      "LambdaXRay-VersionLock: Alias 'live' of 'orders' points to version 1, which is PassThrough, but the mode of $LATEST is Active.",
    );
  });

  test('is compliant if an alias splits its traffic, which is a warning', async () => {
    given([fn('$LATEST', 'Active'), fn('1', 'PassThrough'), fn('2', 'Active')]);
    const RoutingConfig = { AdditionalVersionWeights: { 1: 0.1 } };
    lambda
      .on(ListAliasesCommand)
      .resolves({ Aliases: [{ Name: 'live', FunctionVersion: '2', RoutingConfig }] });
    expect(await evaluation(changeEvent())).toMatchObject({
      ComplianceType: 'COMPLIANT',
      Annotation: expect.stringMatching(
        /^Severity warning, so compliant\. LambdaXRay-VersionLock: Alias 'live' of 'orders' splits/,
      ) as string,
    });
  });

  test('is evaluated by the current configuration', async () => {
    given([fn('$LATEST', 'PassThrough')]);
    expect((await evaluation(changeEvent(), { failOn: 'warning' })).Annotation).toMatch(
      /^LambdaXRay-ActiveTracing: /,
    );
  });

  test('is evaluated also if its configuration is oversized', async () => {
    given([fn('$LATEST', 'Active')]);
    givenDecision('implicitDeny');
    expect(await evaluation(oversizedEvent())).toMatchObject({
      ComplianceResourceId: 'orders',
      ComplianceType: 'NON_COMPLIANT',
      OrderingTimestamp: new Date('2026-11-17T01:36:34.043Z'),
    });
  });

  test.each([
    ['was deleted', changeEvent('ResourceDeleted')],
    ['was deleted and is not recorded', changeEvent('ResourceDeletedNotRecorded')],
    ['left the scope of the rule', changeEvent('OK', { eventLeftScope: true })],
  ])('is not applicable if it %s, without a request to Lambda', async (_, event) => {
    expect(await evaluation(event)).toMatchObject({
      ComplianceResourceId: 'orders',
      ComplianceType: 'NOT_APPLICABLE',
    });
    expect(lambda.calls()).toEqual([]);
  });

  test('is not applicable if it was deleted since the event', async () => {
    lambda
      .on(ListVersionsByFunctionCommand)
      .rejects(Object.assign(new Error('gone'), { name: 'ResourceNotFoundException' }));
    expect((await evaluation(changeEvent())).ComplianceType).toBe('NOT_APPLICABLE');
  });

  test('is sent in test mode for the token of a test', async () => {
    given([fn('$LATEST', 'Active')]);
    expect(await handled(changeEvent('OK', { resultToken: 'TESTMODE' }))).toMatchObject([
      { ResultToken: 'TESTMODE', TestMode: true },
    ]);
  });
});

describe('the configuration', () => {
  const TAGS = {
    'aws:cloudformation:stack-name': 'Orders',
    'aws:cloudformation:logical-id': 'OrdersFunction',
  };

  test('sets the severities', async () => {
    given([fn('$LATEST', 'PassThrough')]);
    const strict = parseConfig('rules: { ActiveTracing: error }', 'guard.yaml');
    expect((await evaluation(changeEvent(), { config: strict })).ComplianceType).toBe('NON_COMPLIANT');
    config.resetHistory();
    const off = parseConfig('rules: { ActiveTracing: off }', 'guard.yaml');
    expect(await evaluation(changeEvent(), { config: off })).not.toHaveProperty('Annotation');
  });

  test('turns off rules that the account shows', async () => {
    given([fn('$LATEST', 'Active')]);
    givenDecision('implicitDeny');
    const off = parseConfig('rules: { WritePermissions: off }', 'guard.yaml');
    expect((await evaluation(changeEvent(), { config: off })).ComplianceType).toBe('COMPLIANT');
  });

  test.each([
    ['the logical ID', 'logicalId: OrdersFunction', true],
    ['the stack', 'template: Orders', true],
    ['another logical ID', 'logicalId: Other', false],
    ['another stack', 'template: Payments', false],
  ])('acknowledges findings by %s', async (_, selector, isAcknowledged) => {
    given([fn('$LATEST', 'Active')], TAGS);
    givenDecision('implicitDeny');
    lambda
      .on(ListEventSourceMappingsCommand)
      .resolves({ EventSourceMappings: [{ UUID: '1', EventSourceArn: MSK, FunctionArn: ARN }] });
    const acknowledging = parseConfig(
      `acknowledge:
  - { rule: WritePermissions, ${selector}, reason: Known }
  - { rule: UnsupportedEventSource, ${selector}, reason: Known }`,
      'guard.yaml',
    );
    const { ComplianceType, Annotation } = await evaluation(changeEvent(), { config: acknowledging });
    expect(ComplianceType).toBe(isAcknowledged ? 'COMPLIANT' : 'NON_COMPLIANT');
    if (isAcknowledged) {
      expect(Annotation).toBe(
        'LambdaXRay-UnsupportedEventSource is acknowledged: Known (and 1 other finding)',
      );
    }
  });

  test('exempts stacks with the reason', async () => {
    given([fn('$LATEST', 'Active')], TAGS);
    givenDecision('implicitDeny');
    const exemptStacks = [{ stackName: 'Ord*', reason: 'Moves in May' }];
    expect(await evaluation(changeEvent(), { exemptStacks })).toMatchObject({
      ComplianceType: 'NOT_APPLICABLE',
      Annotation: "The stack 'Orders' is exempt from the checks of X-Ray tracing: Moves in May",
    });
  });

  test('leaves out the functions that CDK makes for itself', async () => {
    const tags = { ...TAGS, 'aws:cloudformation:logical-id': 'AWS679f53fac002430cb0da5b7982bd22872D164C4C' };
    given([fn('$LATEST', 'PassThrough')], tags);
    expect((await evaluation(changeEvent(), { failOn: 'warning' })).ComplianceType).toBe('COMPLIANT');
  });
});

test('an annotation has 256 characters, and the number of other findings', async () => {
  const name = 'f'.repeat(140);
  const arn = ARN.replace('orders', name);
  given([fn('$LATEST', 'Active', { FunctionName: name, FunctionArn: arn })]);
  givenDecision('implicitDeny');
  lambda
    .on(ListEventSourceMappingsCommand)
    .resolves({ EventSourceMappings: [{ UUID: '1', EventSourceArn: MSK, FunctionArn: arn }] });
  const { Annotation } = await evaluation(scheduledEvent());
  expect(Annotation).toHaveLength(256);
  expect(Annotation).toMatch(/… \(and 1 other finding\)$/);
});

describe('a schedule', () => {
  const names = Array.from({ length: 230 }, (_, i) => `fn${i}`);
  const all = names.map((name) =>
    fn('$LATEST', 'Active', {
      FunctionName: name,
      FunctionArn: ARN.replace('orders', name),
      ...(name === 'fn7' && { Role: `${ROLE}-7` }),
    }),
  );

  test('evaluates all functions in batches, each role once', async () => {
    lambda
      .on(ListFunctionsCommand)
      .resolves({ Functions: all.slice(0, 50), NextMarker: 'more' })
      .on(ListFunctionsCommand, { Marker: 'more' })
      .resolves({ Functions: all.slice(50) });
    lambda.on(ListTagsCommand).resolves({});
    lambda.on(ListEventSourceMappingsCommand).resolves({
      EventSourceMappings: [
        { UUID: '1', EventSourceArn: MSK, FunctionArn: `${ARN.replace('orders', 'fn229')}:live` },
      ],
    });
    const batches = await handled(scheduledEvent());
    expect(batches.map(({ Evaluations: evaluations = [] }) => evaluations.length)).toEqual([100, 100, 30]);
    const evaluations = batches.flatMap((batch) => batch.Evaluations ?? []);
    expect(evaluations.map(({ ComplianceResourceId: id }) => id)).toEqual(names);
    expect(
      evaluations.flatMap(({ ComplianceType: type, ComplianceResourceId: id }) =>
        type === 'NON_COMPLIANT' ? id : [],
      ),
    ).toEqual(['fn229']);
    expect(evaluations[0].OrderingTimestamp).toEqual(new Date('2026-11-17T03:00:00.000Z'));
    expect(iam.calls()).toHaveLength(2);
    expect(lambda.commandCalls(ListEventSourceMappingsCommand)).toHaveLength(1);
  });

  test('sends nothing if there are no functions', async () => {
    lambda.on(ListFunctionsCommand).resolves({ Functions: [] });
    expect(await handled(scheduledEvent())).toEqual([]);
  });

  test('leaves out the replicas of Lambda@Edge', async () => {
    lambda.on(ListFunctionsCommand).resolves({ Functions: [fn('1', 'Active')] });
    expect(await handled(scheduledEvent())).toEqual([]);
  });

  test('ends before the time is over', async () => {
    lambda.on(ListFunctionsCommand).resolves({ Functions: all });
    lambda.on(ListTagsCommand).resolves({});
    await expect(handled(scheduledEvent(), {}, 20_000)).rejects.toThrow(
      'There was no time to evaluate all of the 230 functions.',
    );
  });
});

test('the requests are those that the role of TracingGuard allows', async () => {
  given([fn('$LATEST', 'Active'), fn('1', 'Active')]);
  lambda.on(ListAliasesCommand).resolves({ Aliases: [{ Name: 'live', FunctionVersion: '1' }] });
  await handled(changeEvent());
  await handled(scheduledEvent());
  const requests = { config, lambda, iam };
  const sentActions = Object.entries(requests).flatMap(([service, client]) =>
    client
      .calls()
      .map(({ args: [{ constructor }] }) => `${service}:${constructor.name.replace('Command', '')}`),
  );
  FUNCTION.folder = await publishedFunction();
  const stack = new Stack(app(), 'Stack');
  new TracingGuard(stack, 'Guard', { configRule: {} });
  const policies = Object.entries(Template.fromStack(stack).findResources('AWS::IAM::Policy')) as [
    string,
    { Properties: { PolicyDocument: { Statement: { Action: string | string[] }[] } } },
  ][];
  const allowed = policies
    .filter(([id]) => id.startsWith('GuardConfigHandlerRole'))
    .flatMap(([, { Properties: properties }]) => properties.PolicyDocument.Statement)
    .flatMap(({ Action: actions }) => actions)
    .filter((action) => !/^(logs|xray):/.test(action));
  expect([...new Set(sentActions)].sort()).toEqual(allowed.sort());
});

describe('functions that cannot be evaluated', () => {
  test('keep their evaluation, unless a finding does not need what is missing', async () => {
    given([
      fn('$LATEST', 'Active'),
      fn('$LATEST', 'Active', { FunctionName: 'payments', FunctionArn: ARN.replace('orders', 'payments') }),
    ]);
    lambda.on(ListEventSourceMappingsCommand).resolves({
      EventSourceMappings: [{ UUID: '1', EventSourceArn: MSK, FunctionArn: ARN }],
    });
    iam.on(SimulatePrincipalPolicyCommand).rejects(denied('iam:SimulatePrincipalPolicy'));
    await expect(handled(scheduledEvent())).rejects.toThrow(
      /^Some functions keep their previous evaluation\. Can't read the permissions of the role 'orders-role' in eu-west-1: Access denied\. Allow iam:SimulatePrincipalPolicy/,
    );
    expect(sent()).toMatchObject([
      { Evaluations: [{ ComplianceResourceId: 'orders', ComplianceType: 'NON_COMPLIANT' }] },
    ]);
  });

  test('make the invocation fail if none can be read', async () => {
    lambda.on(ListFunctionsCommand).rejects(denied('lambda:ListFunctions'));
    await expect(handled(scheduledEvent())).rejects.toThrow(/Allow lambda:ListFunctions/);
    expect(sent()).toEqual([]);
  });

  test('make the invocation fail if AWS Config does not accept their evaluation', async () => {
    given([fn('$LATEST', 'Active')]);
    config.on(PutEvaluationsCommand).resolves({
      FailedEvaluations: [
        {
          ComplianceResourceType: 'AWS::Lambda::Function',
          ComplianceResourceId: 'orders',
          ComplianceType: 'COMPLIANT',
          OrderingTimestamp: new Date(),
        },
      ],
    });
    await expect(handled(changeEvent())).rejects.toThrow('AWS Config did not accept 1 of 1 evaluations.');
  });
});

test.each([
  [undefined, /not one of an AWS Config rule/],
  ['text', /not one of an AWS Config rule/],
  [{}, /not one of an AWS Config rule/],
  [{ invokingEvent: '{', resultToken: 'token' }, /has no resource/],
  [{ invokingEvent: '[]', resultToken: 'token' }, /has no resource/],
  [{ invokingEvent: '{"configurationItem":[]}', resultToken: 'token' }, /has no resource/],
  [scheduledEvent({ resultToken: 7 }), /not one of an AWS Config rule/],
])('refuses the event %j', async (event, message) => {
  await expect(handled(event)).rejects.toThrow(message);
});

test('a resource of another type is not applicable', async () => {
  const invokingEvent = { configurationItem: { resourceId: 'i-0', resourceType: 'AWS::EC2::Instance' } };
  const event = { invokingEvent: JSON.stringify(invokingEvent), resultToken: 'token' };
  expect(await evaluation(event)).toMatchObject({
    ComplianceResourceId: 'i-0',
    ComplianceResourceType: 'AWS::EC2::Instance',
    ComplianceType: 'NOT_APPLICABLE',
  });
});
