import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateFunctionCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { FUNCTION } from '../../lib/constructs/private/guard-code';
import { GuardErrorMode, TracingGuard } from '../../lib/constructs/tracing-guard';
import type { GuardOptions } from '../../lib/guard/options';
import { app } from '../apps/app';
import { bundledCommand, folderWith, run } from '../cli/bundled-command';
import { NOBODY } from '../deployed/account';
import { type MotoServer, startMoto } from '../python/moto-server';
import { describeWithPython, runPython } from '../python/run-python';
import { certificateFor, describeWithOpenSsl } from '../proxy/certificate';
import { invoke, optionsOf, publishedFunction } from './deployed-function';
import { scheduledEvent } from './config-events';
import { functions, stackRequest } from './requests';

interface Resource {
  readonly Type: string;
  readonly Condition?: string;
  readonly Properties: Record<string, unknown>;
}

interface WrittenTemplate {
  readonly Parameters: object;
  readonly Resources: Readonly<Record<string, Resource>>;
}

/** Runs the command in a folder with a configuration. */
async function guard(args: readonly string[], config = '') {
  const cwd = folderWith({ '.cdk-lambda-xray.yaml': config });
  return run(await bundledCommand(), ['guard', ...args], { cwd });
}

async function writtenTemplate(args: readonly string[] = [], config = ''): Promise<WrittenTemplate> {
  const { status, stdout, stderr } = await guard(['--template', ...args], config);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout) as WrittenTemplate;
}

/** Writes a function of a template as Lambda does, and returns its folder. */
function deployed({ Resources: resources }: WrittenTemplate, id = 'Handler'): string {
  const folder = mkdtempSync(join(tmpdir(), 'inline-'));
  const { ZipFile: code } = resources[id].Properties.Code as { ZipFile: string };
  writeFileSync(join(folder, 'index.js'), code);
  return folder;
}

/** The logical IDs, and what CDK adds to them. */
const ADDED_BY_CDK: readonly (readonly [RegExp, string])[] = [
  [/\bGuardConfigHandlerReferenceCustomRulePermission\w+/g, 'ConfigPermission'],
  [/\bGuard((?:Config)?(?:Logs|HandlerRole|Handler|Rule)|Hook|HookRole)[0-9A-F]{8}\b/g, '$1'],
];

/** Returns the resources without what differs by definition: the names by CDK, the code, and the form of policies. */
function comparable({ Resources: resources }: Pick<WrittenTemplate, 'Resources'>): unknown {
  const kept = Object.entries(resources)
    .filter(([, { Type: type }]) => type !== 'AWS::IAM::Policy')
    .map(
      ([
        logicalId,
        {
          Type,
          Properties: { Code: _, Policies: __, ...properties },
        },
      ]) => {
        return [logicalId, { Type, properties }] as const;
      },
    );
  return JSON.parse(withoutCdk(JSON.stringify(Object.fromEntries(kept))).replace('{"Ref":"Mode"}', '"WARN"'));
}

function withoutCdk(text: string): string {
  return ADDED_BY_CDK.reduce((result, [searched, by]) => result.replace(searched, by), text);
}

/** Returns the statements of all policies, with the names of resources. */
function statements({ Resources: resources }: Pick<WrittenTemplate, 'Resources'>): string[] {
  const documents = Object.values(resources).flatMap(({ Type: type, Properties: properties }) => [
    ...(type === 'AWS::IAM::Policy' ? [properties] : []),
    ...((properties.Policies ?? []) as object[]),
  ]) as { PolicyDocument: { Statement: { Action: unknown; Effect: string; Resource: unknown }[] } }[];
  return documents
    .flatMap(({ PolicyDocument: { Statement } }) => Statement)
    .map(({ Action: actions, Effect: effect, Resource: resource }) =>
      [effect, ...[actions].flat().sort(), plain(resource)].join(' '),
    )
    .sort();
}

/** Returns an ARN as text: CDK and the template write it with different functions. */
function plain(resource: unknown): string {
  const { 'Fn::Join': joined, 'Fn::Sub': substituted } = resource as Record<string, unknown>;
  if (typeof substituted === 'string') return substituted;
  if (!Array.isArray(joined)) return withoutCdk(JSON.stringify(resource));
  const [, parts] = joined as [string, (string | { Ref: string })[]];
  return parts.map((part) => (typeof part === 'string' ? part : `\${${part.Ref}}`)).join('');
}

test('has the resources of TracingGuard', async () => {
  FUNCTION.folder = await publishedFunction();
  const stack = new Stack(app(), 'Stack');
  new TracingGuard(stack, 'Guard', { configRule: {} });
  const construct = Template.fromStack(stack).toJSON() as { Resources: Record<string, Resource> };
  const template = await writtenTemplate();
  const stackName = JSON.stringify({ Ref: 'AWS::StackName' });
  const expected = JSON.parse(JSON.stringify(comparable(construct)).replace('"Stack"', stackName)) as unknown;
  expect(comparable(template)).toEqual(expected);
  expect(statements(template)).toEqual(statements(construct));
  expect(statements(template)).toHaveLength(8);
});

test('has the resources of the AWS Config rule only if a parameter says so', async () => {
  const { Resources: resources } = await writtenTemplate();
  const conditional = Object.entries(resources).filter(
    ([, { Condition: condition }]) => condition !== undefined,
  );
  expect(conditional.map(([id]) => id).sort()).toEqual(
    Object.keys(resources)
      .filter((id) => id.startsWith('Config'))
      .sort(),
  );
  expect(conditional).toHaveLength(5);
});

test('has the options of the construct for the same configuration', async () => {
  const config =
    'failOn: warning\nrules: { InvalidMode: off }\nparameters: { Orders: { Mode: Active } }\ntransactionSearch: true\n';
  const template = await writtenTemplate(['--exempt', 'legacy-*=Moves in May', '--on-error', 'deny'], config);
  FUNCTION.folder = await publishedFunction();
  const file = join(folderWith({ 'guard.yaml': config }), 'guard.yaml');
  const stack = new Stack(app(), 'Stack');
  new TracingGuard(stack, 'Guard', {
    configFile: file,
    onError: GuardErrorMode.DENY,
    exemptStacks: [{ stackName: 'legacy-*', reason: 'Moves in May' }],
  });
  const { Code: code } = template.Resources.Handler.Properties as { Code: { ZipFile: string } };
  const [, inline] = /^globalThis\.cdkLambdaXRayGuard = (.*);$/m.exec(code.ZipFile)!;
  const options = JSON.parse(inline) as GuardOptions;
  expect(options).toEqual(optionsOf(stack));
  expect(options.config.transactionSearch).toBe(true);
});

test('is within the limits of CloudFormation, and equal for equal options', async () => {
  const [one, other] = [await writtenTemplate(), await writtenTemplate()];
  expect(one).toEqual(other);
  // "CloudFormation quotas": 1 MB in Amazon S3.
  expect(Buffer.byteLength(JSON.stringify(one))).toBeLessThan(1_000_000);
});

test('has the properties of the CloudFormation schemas, and all that they require', async () => {
  const schemas = loadAwsServiceSpecSync();
  const { Resources: resources } = await writtenTemplate();
  for (const { Type: type, Properties: properties } of Object.values(resources)) {
    const schema = schemas.lookup('resource', 'cloudFormationType', 'equals', type).only();
    const required = Object.entries(schema.properties).flatMap(([name, one]) => (one.required ? [name] : []));
    expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(Object.keys(properties)));
    expect(Object.keys(properties)).toEqual(expect.arrayContaining(required));
  }
});

test('has no findings', async () => {
  const { stdout } = await guard(['--template']);
  const cwd = folderWith({ 'guard.template.json': stdout });
  const checked = await run(await bundledCommand(), ['check', 'guard.template.json', '--fail-on', 'info'], {
    cwd,
  });
  expect(checked).toMatchObject({ status: 0, stdout: expect.stringMatching(/No findings/) as string });
});

test('is written to a file, and names its configuration', async () => {
  const args = ['--template', '--output', 'guard.json'];
  const { status, stdout } = await guard(args);
  const configured =
    /^A template of \d+ KB\. Its configuration is \.cdk-lambda-xray\.yaml\. Written to guard\.json\.\n$/;
  expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringMatching(configured) as string });
  const without = await guard([...args, '--config', 'none']);
  expect(without.stdout).toMatch(/^A template of \d+ KB\. Written to guard\.json\.\n$/);
});

test.each([
  [['--exempt', 'legacy'], '--exempt legacy: expected STACK=REASON'],
  [['--exempt', 'legacy= '], '--exempt legacy= : expected STACK=REASON'],
  [['--exempt', '[=x'], '--exempt [=x: the name is not a valid pattern'],
  [['--exempt', 'a_b=x'], '--exempt a_b=x: the name is not a valid pattern: "_" is in no stack name'],
  [['--rule', 'Other=off'], '--rule Other=off: '],
  [['--fail-on', 'high'], "'--fail-on <severity>' argument 'high' is invalid"],
])('refuses %j', async (args, message) => {
  const { status, stderr } = await guard(['--template', ...args]);
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(message) as string });
});

test('asks for --template', async () => {
  const { status, stderr } = await guard([]);
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: expect.stringContaining('Pass --template.') as string,
  });
});

describeWithPython('a mocked AWS account', () => {
  const environment = { ...process.env };
  let moto: MotoServer;
  beforeAll(async () => {
    moto = await startMoto();
    Object.assign(process.env, NOBODY, { AWS_ENDPOINT_URL: moto.url });
  }, 60_000);
  afterAll(async () => {
    process.env = environment;
    await moto.stop();
  });

  test('has no error of cfn-lint', async () => {
    const template = await writtenTemplate();
    expect(runPython('lint_templates.py', [{ template, regions: ['eu-west-1'] }])).toEqual([[]]);
  });

  async function create(name: string, parameters: Record<string, string> = {}): Promise<WrittenTemplate> {
    const template = await writtenTemplate();
    await new CloudFormationClient().send(
      new CreateStackCommand({
        StackName: name,
        TemplateBody: JSON.stringify(template),
        Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
          ParameterKey,
          ParameterValue,
        })),
      }),
    );
    return template;
  }

  test('creates the function and its roles', async () => {
    await create('Guard');
    const { Functions: found = [] } = await new LambdaClient().send(new ListFunctionsCommand());
    expect(found).toMatchObject([
      { Handler: 'index.handler', Timeout: 30, TracingConfig: { Mode: 'Active' } },
    ]);
    expect(found[0].Role).toMatch(/:role\/Guard-HandlerRole-/);
  });

  test('creates the function of the AWS Config rule, which evaluates all functions', async () => {
    const template = await create('Evaluating', { EvaluateFunctions: 'ON' });
    const { Role: role } = await new IAMClient().send(
      new CreateRoleCommand({ RoleName: 'orders', AssumeRolePolicyDocument: '{}' }),
    );
    await new LambdaClient().send(
      new CreateFunctionCommand({
        FunctionName: 'orders',
        Role: role!.Arn,
        TracingConfig: { Mode: 'Active' },
        Handler: 'index.handler',
        Runtime: 'nodejs24.x',
        Code: { ZipFile: Buffer.from('not read') },
      }),
    );
    const inline = deployed(template, 'ConfigHandler');
    // moto accepts evaluations only in this mode.
    const event = scheduledEvent({ resultToken: 'TESTMODE' });
    const env = { NODE_NO_WARNINGS: '1' };
    const { log } = await invoke(inline, event, { handler: 'configHandler', env });
    // The functions of the guards may write traces.
    expect(log.split('\n')).toEqual([
      expect.stringMatching(
        /^orders: LambdaXRay-WritePermissions: Function 'orders' is Active, but its role 'orders' does not allow xray:PutTraceSegments/,
      ),
    ]);
  });
});

describeWithOpenSsl('the function of the template', () => {
  test('checks a stack', async () => {
    const certificate = certificateFor(['localhost']);
    const body = JSON.stringify({ template: functions({ Fn: 'Enabled' }) });
    const server = createServer(certificate, (_, response) => response.end(body));
    await new Promise<void>((resolve) => server.listen(0, resolve));
    const url = `https://localhost:${(server.address() as AddressInfo).port}/payload`;
    const invocation = { env: { NODE_EXTRA_CA_CERTS: certificate.file } };
    try {
      const inline = deployed(await writtenTemplate());
      expect((await invoke(inline, stackRequest('CREATE', url), invocation)).response).toMatchObject({
        hookStatus: 'FAILED',
        annotations: [{ annotationName: 'LambdaXRay-InvalidMode/Fn/TracingConfig.Mode' }],
      });
      const lenient = deployed(await writtenTemplate([], 'rules: { InvalidMode: off }'));
      expect((await invoke(lenient, stackRequest('CREATE', url), invocation)).response.hookStatus).toBe(
        'SUCCESS',
      );
    } finally {
      server.close();
    }
  });
});
