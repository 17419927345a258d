import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NestedStack, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { MaximumExecutionFrequency } from 'aws-cdk-lib/aws-config';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Tracing } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { FUNCTION } from '../../lib/constructs/private/guard-code';
import {
  GuardErrorMode,
  GuardMode,
  GuardThreshold,
  TracingGuard,
  type TracingGuardProps,
} from '../../lib/constructs/tracing-guard';
import { LambdaXRayChecks } from '../../lib/nag/lambda-xray-checks';
import { buildTracingModel } from '../../lib/model/build-model';
import { TracingAssertions } from '../../lib/testing/tracing-assertions';
import { app } from '../apps/app';
import { assetOf, invoke, optionsOf, publishedFunction } from '../guard/deployed-function';
import { stackRequest } from '../guard/requests';
import { describeWithPython, runPython } from '../python/run-python';
import { only } from './traced-stacks';

beforeAll(async () => {
  FUNCTION.folder = await publishedFunction();
});

const ENV = { account: '111122223333', region: 'eu-west-1' };

function guarded(props?: TracingGuardProps): Stack {
  const stack = new Stack(app(), 'Stack', { env: ENV });
  new TracingGuard(stack, 'Guard', props);
  return stack;
}

function hook(stack: Stack): Record<string, unknown> {
  return only(Template.fromStack(stack), 'AWS::CloudFormation::LambdaHook');
}

test('warns about all stacks except its own', () => {
  expect(hook(guarded())).toEqual({
    Alias: 'Private::LambdaXRay::Guard',
    ExecutionRole: { 'Fn::GetAtt': [expect.stringMatching(/^GuardHookRole/), 'Arn'] },
    FailureMode: 'WARN',
    HookStatus: 'ENABLED',
    LambdaFunction: { 'Fn::GetAtt': [expect.stringMatching(/^GuardHandler/), 'Arn'] },
    StackFilters: { FilteringCriteria: 'ALL', StackNames: { Exclude: ['Stack'] } },
    TargetFilters: { Actions: ['CREATE', 'UPDATE'] },
    TargetOperations: ['STACK', 'CHANGE_SET'],
  });
});

test('does not check the stacks around its own, if that is nested', () => {
  const outer = new Stack(app(), 'Outer', { env: ENV });
  const nested = new NestedStack(outer, 'Nested');
  new TracingGuard(nested, 'Guard');
  const { StackFilters: filters } = hook(nested) as { StackFilters: { StackNames: { Exclude: unknown } } };
  expect(filters.StackNames.Exclude).toEqual([{ Ref: 'AWS::StackName' }, 'Outer']);
});

test('has the mode, the name and the filters of the props', () => {
  const stack = guarded({
    mode: GuardMode.FAIL,
    alias: 'Acme::Tracing::Guard',
    checkChangeSets: false,
    stackFilters: {
      includeStackNames: ['Orders'],
      excludeStackNames: ['Legacy'],
      excludeStackRoles: ['arn:aws:iam::111122223333:role/Break'],
    },
  });
  expect(hook(stack)).toMatchObject({
    Alias: 'Acme::Tracing::Guard',
    FailureMode: 'FAIL',
    StackFilters: {
      FilteringCriteria: 'ALL',
      StackNames: { Include: ['Orders'], Exclude: ['Stack', 'Legacy'] },
      StackRoles: { Exclude: ['arn:aws:iam::111122223333:role/Break'] },
    },
    TargetOperations: ['STACK'],
  });
});

test('has a traced function on Arm that answers within 30 seconds', () => {
  const stack = guarded({ memorySize: 512, reservedConcurrentExecutions: 20 });
  TracingAssertions.fromStack(stack).hasMode('Stack/Guard/Handler', Tracing.ACTIVE);
  expect(only(Template.fromStack(stack), 'AWS::Lambda::Function')).toMatchObject({
    Architectures: ['arm64'],
    Handler: 'index.handler',
    MemorySize: 512,
    ReservedConcurrentExecutions: 20,
    Timeout: 30,
    TracingConfig: { Mode: 'Active' },
  });
});

test('encrypts the logs, and keeps them for the time that is set', () => {
  const stack = new Stack(app(), 'Stack');
  const encryptionKey = new Key(stack, 'Key');
  new TracingGuard(stack, 'Guard', { encryptionKey, logRetention: RetentionDays.ONE_WEEK });
  Template.fromStack(stack).hasResourceProperties('AWS::Logs::LogGroup', {
    KmsKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] },
    RetentionInDays: 7,
  });
});

describe('least privilege', () => {
  interface Statement {
    readonly Action: string | string[];
    readonly Resource: unknown;
  }

  /** Returns the statements of all policies of the stack. */
  function statements(stack: Stack): Statement[] {
    const { Resources: resources } = Template.fromStack(stack).toJSON() as {
      Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
    };
    return Object.values(resources).flatMap(({ Type: type, Properties: properties }) => {
      const policies = [
        ...(type === 'AWS::IAM::Policy' ? [properties] : []),
        ...((properties.Policies ?? []) as object[]),
      ] as { PolicyDocument: { Statement: Statement[] } }[];
      return policies.flatMap((policy) => policy.PolicyDocument.Statement);
    });
  }

  test('allows to write the own logs and traces, and to invoke the function', () => {
    const stack = guarded();
    const found = statements(stack).map(({ Action: action, Resource: resource }) => [
      [action].flat().sort().join(),
      JSON.stringify(resource).replace(/[0-9A-F]{8}(?=")/, ''),
    ]);
    expect(found.sort()).toEqual([
      ['lambda:InvokeFunction', '{"Fn::GetAtt":["GuardHandler","Arn"]}'],
      ['logs:CreateLogStream,logs:PutLogEvents', '{"Fn::GetAtt":["GuardLogs","Arn"]}'],
      ['xray:PutTelemetryRecords,xray:PutTraceSegments', '"*"'],
    ]);
    expect(JSON.stringify(Template.fromStack(stack).toJSON())).not.toContain('ManagedPolicyArns');
  });

  test('allows the function of the AWS Config rule its requests in addition', () => {
    const of = (props: TracingGuardProps) =>
      statements(guarded(props)).map(({ Action: action, Resource: resource }) => [
        [action].flat().sort().join(),
        resource,
      ]);
    const own = of({}).map(([actions]) => actions);
    const added = of({ configRule: {} }).filter(
      ([actions], i, all) => !own.includes(actions) || all.findIndex(([other]) => other === actions) !== i,
    );
    const withPartition = (rest: string) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, rest]] });
    expect(added.sort(([a], [b]) => String(a).localeCompare(String(b)))).toEqual([
      ['config:PutEvaluations,lambda:ListEventSourceMappings,lambda:ListFunctions', '*'],
      ['iam:SimulatePrincipalPolicy', withPartition(':iam::111122223333:role/*')],
      [
        'lambda:ListAliases,lambda:ListTags,lambda:ListVersionsByFunction',
        withPartition(':lambda:eu-west-1:111122223333:function:*'),
      ],
      [
        'logs:CreateLogStream,logs:PutLogEvents',
        { 'Fn::GetAtt': [expect.stringMatching(/^GuardConfigLogs/), 'Arn'] },
      ],
      ['xray:PutTelemetryRecords,xray:PutTraceSegments', '*'],
    ]);
    expect(JSON.stringify(Template.fromStack(guarded({ configRule: {} })).toJSON())).not.toContain(
      'ManagedPolicyArns',
    );
  });

  test('is sufficient to write traces, as the model reads the roles', () => {
    const { functions } = buildTracingModel([
      { id: 'Stack', template: Template.fromStack(guarded({ configRule: {} })).toJSON() },
    ]);
    const granted = [expect.objectContaining({ state: 'granted', missing: [] })];
    expect(functions.map(({ writePermissions }) => writePermissions.map(({ value }) => value))).toEqual([
      granted,
      granted,
    ]);
  });

  test('lets only Hooks of the account assume the role of the Hook', () => {
    Template.fromStack(guarded()).hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Action: 'sts:AssumeRole',
            Effect: 'Allow',
            Principal: { Service: 'hooks.cloudformation.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
          },
        ],
      },
    });
  });
});

test.each([{}, { configRule: {} }])('has no findings, also in its code: %j', (props) => {
  const { root } = guarded(props).node;
  expect(new LambdaXRayChecks().validateScope(root).violations).toEqual([]);
});

describeWithPython('the template', () => {
  test('has no error of cfn-lint', () => {
    const full: TracingGuardProps = {
      configRule: { configRuleName: 'tracing' },
      reservedConcurrentExecutions: 20,
      logRetention: RetentionDays.ONE_WEEK,
      stackFilters: { includeStackNames: ['A'], excludeStackRoles: ['arn:aws:iam::111122223333:role/Break'] },
    };
    const inputs = [{}, full].map((props) => ({
      template: Template.fromStack(guarded(props)).toJSON(),
      regions: [ENV.region],
    }));
    expect(runPython('lint_templates.py', inputs)).toEqual([[], []]);
  });
});

describe('the AWS Config rule', () => {
  const evaluator = { 'Fn::GetAtt': [expect.stringMatching(/^GuardConfigHandler[0-9A-F]{8}$/), 'Arn'] };

  function rule(props: TracingGuardProps['configRule'] = {}): Record<string, unknown> {
    return only(Template.fromStack(guarded({ configRule: props })), 'AWS::Config::ConfigRule');
  }

  test('is left out by default', () => {
    const stack = new Stack(app(), 'Stack', { env: ENV });
    expect(new TracingGuard(stack, 'Guard').configRule).toBeUndefined();
    Template.fromStack(stack).resourceCountIs('AWS::Config::ConfigRule', 0);
    Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 1);
  });

  test('evaluates functions when they change, and daily', () => {
    const message = (MessageType: string, more: object = {}) => ({
      EventSource: 'aws.config',
      MessageType,
      ...more,
    });
    const MaximumExecutionFrequency = 'TwentyFour_Hours';
    expect(rule()).toEqual({
      Description: 'Evaluates the X-Ray tracing of Lambda functions',
      MaximumExecutionFrequency,
      Scope: { ComplianceResourceTypes: ['AWS::Lambda::Function'] },
      Source: {
        Owner: 'CUSTOM_LAMBDA',
        SourceIdentifier: evaluator,
        SourceDetails: [
          message('ConfigurationItemChangeNotification'),
          message('OversizedConfigurationItemChangeNotification'),
          message('ScheduledNotification', { MaximumExecutionFrequency }),
        ],
      },
    });
  });

  test('has the name and the interval of the props', () => {
    const interval = MaximumExecutionFrequency.SIX_HOURS;
    const props = { configRuleName: 'xray-tracing', maximumExecutionFrequency: interval };
    expect(rule(props)).toMatchObject({
      ConfigRuleName: 'xray-tracing',
      MaximumExecutionFrequency: interval,
    });
  });

  test('has a traced function with the code, the memory and the log retention of the guard', () => {
    const stack = guarded({ configRule: {}, memorySize: 2048, logRetention: RetentionDays.ONE_WEEK });
    TracingAssertions.fromStack(stack).hasMode('Stack/Guard/ConfigHandler', Tracing.ACTIVE);
    const functions = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function')) as {
      Properties: { Code: object; MemorySize: number; Handler: string; Timeout: number };
    }[];
    const [checks, evaluates] = functions.map((fn) => fn.Properties);
    expect(evaluates).toMatchObject({ Code: checks.Code, MemorySize: 2048, Timeout: 900 });
    expect([checks.Handler, evaluates.Handler]).toEqual(['index.handler', 'index.configHandler']);
    Template.fromStack(stack).allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 7 });
  });

  test('may invoke the function, for the own account only', () => {
    Template.fromStack(guarded({ configRule: {} })).hasResourceProperties('AWS::Lambda::Permission', {
      Action: 'lambda:InvokeFunction',
      FunctionName: { 'Fn::GetAtt': [Match.stringLikeRegexp('^GuardConfigHandler'), 'Arn'] },
      Principal: 'config.amazonaws.com',
      SourceAccount: '111122223333',
    });
  });

  test('is created after the permissions that the function needs', () => {
    const template = Template.fromStack(guarded({ configRule: {} }));
    const [policyId] = Object.keys(template.findResources('AWS::IAM::Policy')).filter((id) =>
      id.startsWith('GuardConfigHandlerRole'),
    );
    const [{ DependsOn: ofFunction }] = Object.values(
      template.findResources('AWS::Lambda::Function', { Properties: { Handler: 'index.configHandler' } }),
    ) as { DependsOn: string[] }[];
    const [{ DependsOn: ofRule }] = Object.values(template.findResources('AWS::Config::ConfigRule')) as {
      DependsOn: string[];
    }[];
    expect(ofFunction).toContain(policyId);
    expect(ofRule).toContainEqual(expect.stringMatching(/^GuardConfigHandler[0-9A-F]{8}$/));
    expect(ofRule).toContainEqual(expect.stringMatching(/^GuardConfigHandlerReferenceCustomRulePermission/));
  });

  test('makes other resources react to changes of the compliance', () => {
    const stack = new Stack(app(), 'Stack', { env: ENV });
    new TracingGuard(stack, 'Guard', { configRule: {} }).configRule!.onComplianceChange('Changed');
    Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        'detail-type': ['Config Rules Compliance Change'],
        detail: { configRuleName: [{ Ref: Match.stringLikeRegexp('^GuardConfigRule') }] },
      },
    });
  });
});

describe('the options of the function', () => {
  test('are the defaults without props', () => {
    expect(optionsOf(guarded())).toEqual({
      config: { severities: {}, acknowledgements: [], parameters: [], exclude: [] },
      failOn: 'error',
      onError: 'ALLOW',
      exemptStacks: [],
    });
  });

  /** Writes a configuration file. */
  function configFile(text: string): string {
    const file = join(mkdtempSync(join(tmpdir(), 'config-')), 'guard.yaml');
    writeFileSync(file, text);
    return file;
  }

  test('are those of the configuration file and the props, which take precedence', () => {
    const stack = guarded({
      configFile: configFile(`failOn: warning
rules: { ActiveTracing: error, DaemonMemory: off }
acknowledge: [{ rule: InvalidMode, template: Orders, reason: Known }]
exclude: [legacy]`),
      severities: { 'LambdaXRay-ActiveTracing': 'info' },
      onError: GuardErrorMode.DENY,
      exemptStacks: [{ stackName: 'legacy-*', reason: 'Moves in May' }],
    });
    expect(optionsOf(stack)).toMatchObject({
      config: {
        severities: { 'LambdaXRay-ActiveTracing': 'info', 'LambdaXRay-DaemonMemory': 'off' },
        acknowledgements: [{ ruleId: 'LambdaXRay-InvalidMode', template: 'Orders', reason: 'Known' }],
        exclude: [],
      },
      failOn: 'warning',
      onError: 'DENY',
      exemptStacks: [{ stackName: 'legacy-*', reason: 'Moves in May' }],
    });
    expect(optionsOf(guarded({ failOn: GuardThreshold.NEVER })).failOn).toBe('never');
  });

  test('do not depend on the place of the configuration file', () => {
    const [one, other] = [1, 2].map(() => guarded({ configFile: configFile('failOn: info') }));
    expect(assetOf(one).split('asset.')[1]).toBe(assetOf(other).split('asset.')[1]);
  });

  test('are used by the function', async () => {
    const stack = guarded({ exemptStacks: [{ stackName: 'Orders', reason: 'Moves in May' }] });
    const { response } = await invoke(assetOf(stack), stackRequest('CREATE'));
    expect(response.message).toMatch(/exempt from the checks of X-Ray tracing: Moves in May$/);
  });

  test.each<[string, TracingGuardProps, RegExp]>([
    ['a file that is missing', { configFile: 'absent.yaml' }, /absent\.yaml can't be read \(ENOENT\)/],
    [
      'an unknown rule',
      { severities: { Other: 'error' } },
      /the configuration is invalid\. the props.*Other/,
    ],
    ['an unknown severity', { severities: { InvalidMode: 'high' } }, /InvalidMode must be/],
    ['an exemption without a reason', { exemptStacks: [{ stackName: 'A', reason: ' ' }] }, /has no reason/],
    [
      'an invalid pattern',
      { exemptStacks: [{ stackName: '[', reason: 'x' }] },
      /'\[' in exemptStacks is not a valid/,
    ],
    ['an alias of AWS', { alias: 'AWS::Lambda::Guard' }, /is not a valid alias of a Hook/],
    ['too little memory', { memorySize: 256 }, /memorySize is 256, but must be 512 or more/],
    ['an alias of two parts', { alias: 'Lambda::Guard' }, /is not a valid alias of a Hook/],
  ])('must be valid: %s', (_, props, message) => {
    expect(() => guarded(props)).toThrow(message);
    expect(() => guarded(props)).toThrow(/^Stack\/Guard: /);
  });

  test('need the function that the build compiles', () => {
    const { folder } = FUNCTION;
    try {
      FUNCTION.folder = join(folder, 'absent');
      expect(() => guarded()).toThrow(/^Stack\/Guard: .* is missing\. Install cdk-lambda-xray again/);
    } finally {
      FUNCTION.folder = folder;
    }
  });
});
