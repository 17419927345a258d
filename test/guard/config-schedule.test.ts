import { PutEvaluationsCommand } from '@aws-sdk/client-config-service';
import { SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import {
  ListAliasesCommand,
  ListEventSourceMappingsCommand,
  ListFunctionsCommand,
  ListTagsCommand,
} from '@aws-sdk/client-lambda';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { FUNCTION } from '../../lib/constructs/private/guard-code';
import { TracingGuard } from '../../lib/constructs/tracing-guard';
import { app } from '../apps/app';
import { denied } from '../deployed/account';
import { config, fn, given, handled, iam, lambda, MSK, ROLE, sent, withAccount } from './config-account';
import { ARN, changeEvent, scheduledEvent } from './config-events';
import { publishedFunction } from './deployed-function';

withAccount();

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
    const FunctionArn = `${ARN.replace('orders', 'fn229')}:live`;
    lambda
      .on(ListEventSourceMappingsCommand)
      .resolves({ EventSourceMappings: [], NextMarker: 'more' })
      .on(ListEventSourceMappingsCommand, { Marker: 'more' })
      .resolves({ EventSourceMappings: [{ UUID: '1', EventSourceArn: MSK, FunctionArn }] });
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
    expect(lambda.commandCalls(ListEventSourceMappingsCommand)).toHaveLength(2);
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
