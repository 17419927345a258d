import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import {
  DeleteFunctionCommand,
  LambdaClient,
  ListFunctionsCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { NOBODY } from '../deployed/account';
import { type MotoServer, startMoto } from '../python/moto-server';
import { describeWithPython } from '../python/run-python';
import { bundledCommand, folderWith, runShared } from './bundled-command';
import { BROKEN } from './templates';

const TEMPLATE = `Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] }
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess']
  Intake:
    Type: AWS::Lambda::Function
    Properties:
      Role: !GetAtt Role.Arn
      Runtime: nodejs22.x
      Handler: index.handler
      Code: { ZipFile: 'exports.handler = () => {};' }
      TracingConfig: { Mode: Active }
  Version:
    Type: AWS::Lambda::Version
    Properties: { FunctionName: !Ref Intake }
  Live:
    Type: AWS::Lambda::Alias
    Properties:
      Name: live
      FunctionName: !Ref Intake
      FunctionVersion: !GetAtt Version.Version
  Report:
    Type: AWS::Lambda::Function
    Properties:
      Role: !GetAtt Role.Arn
      Runtime: nodejs22.x
      Handler: index.handler
      Code: { ZipFile: 'exports.handler = () => {};' }
`;

let command: string;
// The command and the mock of AWS run as separate processes.
jest.setTimeout(60_000);

beforeAll(async () => {
  command = await bundledCommand();
}, 60_000);

/** Runs `verify template.yaml` in a folder with that template. */
function verify(args: readonly string[], env: Readonly<Record<string, string>> = {}, text = TEMPLATE) {
  const cwd = folderWith({ 'template.yaml': text });
  return runShared(command, ['verify', 'template.yaml', ...args], { cwd, env: { ...NOBODY, ...env } });
}

describeWithPython('a mocked AWS account', () => {
  const environment = { ...process.env };
  let moto: MotoServer;
  let lambda: LambdaClient;
  let made = 0;

  beforeAll(async () => {
    moto = await startMoto();
    Object.assign(process.env, NOBODY, { AWS_ENDPOINT_URL: moto.url });
    lambda = new LambdaClient();
  }, 60_000);

  afterAll(async () => {
    process.env = environment;
    await moto.stop();
  });

  /** Deploys the template to a new stack and returns its name. */
  async function deploy(text = TEMPLATE): Promise<string> {
    const name = `Orders${++made}`;
    const client = new CloudFormationClient();
    await client.send(new CreateStackCommand({ StackName: name, TemplateBody: text }));
    return name;
  }

  /** Returns the name of a function in Lambda. */
  async function functionOf(stack: string, logicalId: string): Promise<string> {
    const { Functions: all = [] } = await lambda.send(new ListFunctionsCommand());
    return all.find(({ FunctionName }) => FunctionName?.startsWith(`${stack}-${logicalId}-`))!.FunctionName!;
  }

  async function setMode(name: string, mode: 'Active' | 'PassThrough'): Promise<void> {
    const change = { FunctionName: name, TracingConfig: { Mode: mode } };
    await lambda.send(new UpdateFunctionConfigurationCommand(change));
  }

  test('matches the template', async () => {
    const stack = await deploy();
    expect(await verify(['--stack', stack], { AWS_ENDPOINT_URL: moto.url })).toEqual({
      status: 0,
      stdout: `${stack} in eu-west-1
  Function  Deployed mode  Aliases         Can write to X-Ray
  Intake    Active         live: 1 Active  yes
  Report    PassThrough    -               -

2 functions: 1 Active, 1 PassThrough.
No differences in 2 functions.
`,
      stderr: '',
    });
  });

  test('has a mode that was changed manually', async () => {
    const stack = await deploy();
    const intake = await functionOf(stack, 'Intake');
    await setMode(intake, 'PassThrough');
    const found = await verify(['--stack', stack, '--quiet'], { AWS_ENDPOINT_URL: moto.url });
    const fix = `aws lambda update-function-configuration --function-name ${intake} --tracing-config Mode=Active --region eu-west-1`;
    expect(found).toMatchObject({ status: 1, stderr: '' });
    expect(found.stdout).toContain(`\n      ${fix}\n`);
    await setMode(intake, 'Active');
    const fixed = await verify(['--stack', stack, '--quiet'], { AWS_ENDPOINT_URL: moto.url });
    expect(fixed).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test('has a version published before the mode changed', async () => {
    const before = TEMPLATE.replace('Mode: Active', 'Mode: PassThrough');
    const stack = await deploy(before);
    await setMode(await functionOf(stack, 'Intake'), 'Active');
    const { status, stdout } = await verify(['--stack', stack], { AWS_ENDPOINT_URL: moto.url });
    expect(status).toBe(1);
    expect(stdout).toContain(
      "    Alias 'live' of 'Intake' points to version 1, which is PassThrough, but the mode in the template is Active.\n" +
        "    Fix: State the tracing mode in the Description of 'Version' (in CDK, use currentVersion of 'Intake' or set tieVersions) and deploy.\n",
    );
  });

  test('has a mode that the parameters of the stack set', async () => {
    const parameters = 'Parameters:\n  Mode: { Type: String, Default: Active }\n';
    const text = parameters + TEMPLATE.replace('Mode: Active', 'Mode: !Ref Mode');
    const stack = await deploy(text);
    const env = { AWS_ENDPOINT_URL: moto.url };
    const asDeployed = await verify(['--stack', stack], env, text);
    expect(asDeployed).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(
        /\n\n2 functions: 1 Active, 1 PassThrough\.\nNo differences in 2 functions\.\n$/,
      ) as unknown,
    });
    const unknownMode = TEMPLATE.replace('Mode: Active', "Mode: '{{resolve:ssm:/mode}}'");
    const { status, stdout } = await verify(['--stack', stack], env, unknownMode);
    expect(status).toBe(0);
    expect(stdout).toContain(
      `The tracing mode of 'Intake' in the stack '${stack}' could not be compared with the template. ` +
        'Neither the template nor the parameters of the stack determine it.\n\n' +
        '2 functions: 1 Active, 1 PassThrough.\n' +
        'No differences in 2 functions. 1 function could not be fully compared.\n',
    );
  });

  test('does not contain the change of the template yet', async () => {
    const stack = await deploy(TEMPLATE.replace('Mode: Active', 'Mode: PassThrough'));
    const { status, stdout } = await verify(['--stack', stack], { AWS_ENDPOINT_URL: moto.url });
    expect(status).toBe(1);
    expect(stdout).toContain('This change is not deployed yet.\n    Fix: Deploy the stack');
  });

  test('lacks a function that was deleted manually', async () => {
    const stack = await deploy();
    await lambda.send(new DeleteFunctionCommand({ FunctionName: await functionOf(stack, 'Report') }));
    const { status, stdout } = await verify(['--stack', stack], { AWS_ENDPOINT_URL: moto.url });
    expect({ status, stdout }).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/^ {2}Report {4}Missing/m) as unknown,
    });
  });

  test('is reported as JSON in a file', async () => {
    const stack = await deploy();
    const cwd = folderWith({ 'template.yaml': TEMPLATE });
    const args = ['--stack', stack, '--format', 'json', '--output', 'verified.json'];
    const { status, stdout } = await runShared(command, ['verify', 'template.yaml', ...args], {
      cwd,
      env: { ...NOBODY, AWS_ENDPOINT_URL: moto.url },
    });
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: 'No differences in 2 functions. Written to verified.json.\n',
    });
    const { functions } = JSON.parse(readFileSync(join(cwd, 'verified.json'), 'utf-8')) as {
      functions: object[];
    };
    expect(functions).toMatchObject([
      { logicalId: 'Intake', mode: 'Active', permissions: 'granted', drift: [] },
      { logicalId: 'Report', expectedMode: 'PassThrough', mode: 'PassThrough', drift: [] },
    ]);
  });

  test('does not contain the stack', async () => {
    const stdout =
      "Not read\n  deployed: The stack 'Billing' is not deployed in eu-west-1. Pass the name of a deployed stack, or its region with --region.\n";
    const env = { AWS_ENDPOINT_URL: moto.url };
    expect(await verify(['--stack', 'Billing'], env)).toEqual({
      status: 2,
      stdout: `${stdout}\nNothing was verified. 1 part could not be read.\n`,
      stderr: '',
    });
    expect(await verify(['--stack', 'Billing', '--quiet'], env)).toEqual({ status: 2, stdout, stderr: '' });
  });

  describe('with all of its stacks', () => {
    const allStacks = (args: readonly string[] = [], env = { AWS_ENDPOINT_URL: moto.url }) =>
      runShared(command, ['verify', '--all-stacks', ...args], { env: { ...NOBODY, ...env } });

    interface Verified {
      readonly summary: { readonly stacks: number };
      readonly notes: readonly string[];
      readonly functions: readonly {
        readonly stack: string;
        readonly logicalId: string;
        readonly drift: object[];
      }[];
    }

    test('is verified with the deployed templates', async () => {
      const [changed, unchanged] = [await deploy(), await deploy()];
      await deploy("Resources: { Topic: { Type: 'AWS::SNS::Topic' } }");
      await setMode(await functionOf(changed, 'Intake'), 'PassThrough');
      const { status, stdout, stderr } = await allStacks(['--format', 'json']);
      const { functions, notes } = JSON.parse(stdout) as Verified;
      const drifted = functions
        .filter(({ drift }) => drift.length > 0)
        .map(({ stack, logicalId }) => [stack, logicalId]);
      expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
      expect(drifted).toContainEqual([changed, 'Intake']);
      expect(functions.map(({ stack }) => stack)).toContain(unchanged);
      expect(drifted.filter(([stack]) => stack === unchanged)).toEqual([]);
      expect(notes).toContain('1 other stack has no functions.');
    });

    test('is reported as unreachable', async () => {
      const { status, stdout } = await allStacks([], { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' });
      expect(status).toBe(2);
      expect(stdout).toMatch(/^Not read\n {2}deployed: Can't list the stacks: CloudFormation is unreachable/);
    });
  });

  describe('that denies access to aliases', () => {
    let denying: Server;
    beforeAll(async () => {
      denying = answeringServer(new URL(moto.url), ALIASES_DENIED);
      await new Promise<void>((resolve) => denying.listen(0, '127.0.0.1', resolve));
    });
    afterAll(() => denying.close());

    test('is verified except for the aliases', async () => {
      const stack = await deploy();
      const intake = await functionOf(stack, 'Intake');
      await setMode(intake, 'PassThrough');
      const { status, stdout } = await verify(['--stack', stack], {
        AWS_ENDPOINT_URL: `http://127.0.0.1:${(denying.address() as AddressInfo).port}`,
      });
      expect(status).toBe(2);
      expect(stdout).toContain(`  Intake    PassThrough    ?        yes\n`);
      expect(stdout).toContain('so the mode was changed outside of the stack.');
      expect(stdout).toContain(
        `Not read\n  deployed: Can't read the aliases of the function '${intake}' in eu-west-1: ` +
          'Access denied. Allow lambda:ListAliases for arn:aws:iam::111122223333:user/ci.\n',
      );
      expect(stdout).toContain('1 difference in 1 of 2 functions. 1 part could not be read.');
    });
  });

  describe('with Transaction Search', () => {
    let searched: Server;
    beforeAll(async () => {
      searched = answeringServer(new URL(moto.url), ...SEARCH_IS_ON);
      await new Promise<void>((resolve) => searched.listen(0, '127.0.0.1', resolve));
    });
    afterAll(() => searched.close());

    test('has a note that the templates do not turn it on', async () => {
      const stack = await deploy();
      const env = { AWS_ENDPOINT_URL: `http://127.0.0.1:${(searched.address() as AddressInfo).port}` };
      const { status, stdout } = await verify(['--stack', stack], env);
      expect(status).toBe(0);
      expect(stdout).toContain(
        '\nTransaction Search is on in eu-west-1, and these templates do not turn it on. ',
      );
    });

    test('has a note on the percentage of spans that differs from the template', async () => {
      const stack = await deploy();
      const env = { AWS_ENDPOINT_URL: `http://127.0.0.1:${(searched.address() as AddressInfo).port}` };
      const search = '  Search: { Type: AWS::XRay::TransactionSearchConfig }\n';
      const { status, stdout } = await verify(['--stack', stack], env, TEMPLATE + search);
      expect(status).toBe(0);
      expect(stdout).toContain(
        "\nX-Ray indexes 5 percent of the spans in eu-west-1, and 'Search' sets 1 percent. ",
      );
    });
  });
});

/** The path that the client sends a request to, and the response. */
interface Answer {
  readonly path: string;
  readonly status?: number;
  readonly body: object;
}

const ALIASES_DENIED: Answer = {
  path: '/aliases',
  status: 403,
  body: {
    __type: 'AccessDeniedException',
    Message:
      'User: arn:aws:iam::111122223333:user/ci is not authorized to perform: lambda:ListAliases on resource: *',
  },
};

/** Transaction Search, which moto does not have. */
const SEARCH_IS_ON: readonly Answer[] = [
  { path: '/GetTraceSegmentDestination', body: { Destination: 'CloudWatchLogs', Status: 'ACTIVE' } },
  {
    path: '/GetIndexingRules',
    body: { IndexingRules: [{ Name: 'Default', Rule: { Probabilistic: { DesiredSamplingPercentage: 5 } } }] },
  },
];

/** Answers requests for some paths, and forwards the others. */
function answeringServer({ hostname, port }: URL, ...answers: readonly Answer[]): Server {
  return createServer((incoming, outgoing) => {
    const answer = answers.find(({ path }) => incoming.url?.endsWith(path));
    if (answer) {
      incoming.resume();
      const { status = 200, body } = answer;
      const { __type: type } = body as { __type?: string };
      outgoing.writeHead(status, {
        'content-type': 'application/json',
        ...(type && { 'x-amzn-errortype': type }),
      });
      outgoing.end(JSON.stringify(body));
      return;
    }
    const { method, url: path, headers } = incoming;
    const onward = request({ hostname, port, method, path, headers }, (response) => {
      outgoing.writeHead(response.statusCode ?? 500, response.headers);
      response.pipe(outgoing);
    });
    incoming.pipe(onward);
  });
}

test('reports that AWS cannot be reached', async () => {
  const { status, stdout } = await verify(['--stack', 'Orders'], { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' });
  expect(status).toBe(2);
  expect(stdout).toContain(
    "deployed: Can't read the stack 'Orders' in eu-west-1: CloudFormation is unreachable (connect " +
      'ECONNREFUSED 127.0.0.1:1). Check the network and the name of the region.',
  );
}, 60_000);

test.each<[string[], string]>([
  [['--concurrency', '0'], '--concurrency 0: expected a whole number from 1 to 64.\n'],
  [['--concurrency', 'all'], '--concurrency all: expected a whole number from 1 to 64.\n'],
])('rejects %j', async (args, stderr) => {
  expect(await verify(args)).toEqual({ status: 2, stdout: '', stderr });
});

test('refuses templates or names beside --all-stacks', async () => {
  const stderr = '--all-stacks verifies the stacks with their deployed templates. Omit PATH and --stack.\n';
  expect(await verify(['--all-stacks'])).toEqual({ status: 2, stdout: '', stderr });
});

test('reports a template without a stack name', async () => {
  const { status, stdout } = await verify([]);
  expect(status).toBe(2);
  expect(stdout).toContain(
    'deployed: The stack name of template.yaml is unknown. Pass it with --stack, or pass a cloud assembly (cdk.out), which contains the stack names.',
  );
});

test('reports a template that cannot be read', async () => {
  const { status, stdout } = await verify(['--stack', 'Orders'], {}, BROKEN);
  expect(status).toBe(2);
  expect(stdout).toMatch(/^Not read\n {2}template\.yaml:/);
  expect(stdout).toMatch(/\n\nNothing was verified\. 2 parts could not be read\.\n$/);
});

test('refuses to overwrite a template with --output', async () => {
  const { status, stderr } = await verify(['--output', 'template.yaml']);
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: '--output template.yaml would overwrite the input. Pass another file to --output.\n',
  });
});

test('loads the AWS SDK from a separate bundle, so that other commands start fast', () => {
  expect(existsSync(join(command, '..', 'cdk-lambda-xray.aws-sdk.js'))).toBe(true);
  expect(readFileSync(command.replace(/\.js$/, '.main.js'), 'utf-8')).not.toContain(
    'ListVersionsByFunctionCommand',
  );
});
