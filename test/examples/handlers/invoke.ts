import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type Answer, type AwsRequest, AwsStandIn } from './aws-stand-in';
import { bundledFunction } from './bundled-function';
import { DaemonStandIn, type Subsegment } from './daemon-stand-in';

export const TRACE_ID = '1-5759e988-bd862e3fe1be46a994272793';
export const FUNCTION_SEGMENT_ID = '53995c3f42cd8ad8';

// Bundling takes several seconds, and longer on a busy machine.
jest.setTimeout(60_000);

export interface InvocationOptions {
  /** Responses of AWS. By default, all calls succeed. */
  readonly answer?: Answer;
  /** True if the request is sampled, which is the default. */
  readonly sampled?: boolean;
  /** More environment variables of the process. */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * The path of AWS's runtime interface client, which runs the handler as Lambda does.
   *
   * @default - the handler is called directly
   */
  readonly runtimeClient?: string;
}

export interface Invocation {
  readonly result: unknown;
  readonly requests: readonly AwsRequest[];
  readonly subsegments: readonly Subsegment[];
  /** Requests of OTLP with spans, in the binary format of Protocol Buffers. */
  readonly spans: readonly Buffer[];
}

/**
 * Invokes a function of the example app: runs its bundled code in a process with the environment variables of Lambda,
 * and with stand-ins for AWS and the X-Ray daemon.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export async function invoke(
  path: string,
  event: unknown,
  { answer = () => ({}), sampled = true, environment, runtimeClient }: InvocationOptions = {},
): Promise<Invocation> {
  const { code, handler, variables } = await bundledFunction(path);
  const aws = await AwsStandIn.listen(answer);
  const daemon = await DaemonStandIn.listen();
  try {
    const traceHeader = `Root=${TRACE_ID};Parent=${FUNCTION_SEGMENT_ID};Sampled=${sampled ? 1 : 0}`;
    const env = {
      ...Object.fromEntries(
        variables.map((name) => [name, name.endsWith('_URL') ? `${aws.endpoint}/queue` : 'orders']),
      ),
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL: aws.endpoint,
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x',
      AWS_LAMBDA_FUNCTION_NAME: 'function',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_REGION: 'eu-west-1',
      AWS_XRAY_DAEMON_ADDRESS: daemon.address,
      LAMBDA_TASK_ROOT: code,
      NODE_NO_WARNINGS: '1',
      NODE_PATH: runtimeModules(),
      _HANDLER: handler,
      ...environment,
    };
    const result = runtimeClient
      ? await runByClient(runtimeClient, event, traceHeader, env)
      : await run(['-e', RUN], event, { ...env, _X_AMZN_TRACE_ID: traceHeader });
    return { result, requests: aws.requests, ...(await daemon.received()) };
  } finally {
    aws.close();
    daemon.close();
  }
}

/** Creates the `NODE_PATH` of the runtime, which has the AWS SDK but no packages that must be bundled. */
function runtimeModules(): string {
  const modules = mkdtempSync(join(tmpdir(), 'runtime-'));
  const client = dirname(require.resolve('@aws-sdk/client-dynamodb/package.json'));
  symlinkSync(dirname(client), join(modules, '@aws-sdk'), 'junction');
  return modules;
}

const FUNCTION_ARN = 'arn:aws:lambda:eu-west-1:111122223333:function:function';

const RUN = `
const [file, name] = process.env._HANDLER.split('.');
const { [name]: handler } = require(process.env.LAMBDA_TASK_ROOT + '/' + file);
const context = { awsRequestId: 'request', functionName: 'function', invokedFunctionArn: '${FUNCTION_ARN}' };
process.once('message', async (event) => {
  const result = await handler(event, context);
  process.send({ result }, () => process.disconnect());
});
`;

/** The client sets `_X_AMZN_TRACE_ID` from a header ("Using the Lambda runtime API for custom runtimes"). */
function runByClient(
  client: string,
  event: unknown,
  traceHeader: string,
  env: Readonly<Record<string, string>>,
): Promise<unknown> {
  const message = {
    bodyJson: JSON.stringify(event),
    headers: {
      'lambda-runtime-aws-request-id': 'request',
      'lambda-runtime-deadline-ms': String(Date.now() + 30_000),
      'lambda-runtime-invoked-function-arn': FUNCTION_ARN,
      'lambda-runtime-trace-id': traceHeader,
    },
  };
  const transport = join(__dirname, 'runtime-transport.cjs');
  return run(['--require', transport, client, env._HANDLER], message, {
    ...env,
    AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9001',
  });
}

async function run(args: readonly string[], message: unknown, env: NodeJS.ProcessEnv): Promise<unknown> {
  const child = spawn(process.execPath, args, {
    cwd: env.LAMBDA_TASK_ROOT,
    env,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let result: unknown;
  child.on('message', (sent: { result: unknown }) => ({ result } = sent));
  child.send(message as object);
  const [errors] = await Promise.all([text(child.stderr!), once(child, 'exit')]);
  if (child.exitCode !== 0) throw new Error(`The handler failed: ${errors}`);
  return result;
}
