import {
  ListAliasesCommand,
  ListEventSourceMappingsCommand,
  ListVersionsByFunctionCommand,
} from '@aws-sdk/client-lambda';
import { parseConfig } from '../../lib/config/parse-config';
import {
  config,
  evaluation,
  fn,
  given,
  givenDecision,
  handled,
  lambda,
  log,
  MSK,
  withAccount,
} from './config-account';
import { ARN, changeEvent, oversizedEvent, scheduledEvent } from './config-events';

withAccount();

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

  test('is not compliant if its variables disturb tracing', async () => {
    given([fn('$LATEST', 'Active', { Environment: { Variables: { _X_AMZN_TRACE_ID: 'secret' } } })]);
    const { ComplianceType, Annotation } = await evaluation(changeEvent());
    expect(ComplianceType).toBe('NON_COMPLIANT');
    expect(Annotation).toMatch(/^LambdaXRay-ReservedEnvironment: /);
    expect(JSON.stringify([Annotation, log.mock.calls])).not.toContain('secret');
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
