import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, type Run } from '../cli/bundled-command';
import { NOBODY } from '../deployed/account';
import { startMoto } from '../python/moto-server';

const PROJECT = join(__dirname, '..', '..');
const CDK = join(PROJECT, 'node_modules', 'aws-cdk', 'bin', 'cdk');

/** Environment variables that keep the CDK command from using the network and the terminal. */
const OFFLINE = {
  CI: 'true',
  NO_COLOR: '1',
  CDK_DISABLE_CLI_TELEMETRY: 'true',
  CDK_DISABLE_VERSION_CHECK: 'true',
};

/** A simulated AWS account for the deployment of CDK apps. */
export interface PretendedAws {
  /** The environment variables for commands and the SDK. */
  readonly env: Readonly<Record<string, string>>;
  /**
   * Deploys all stacks of an app.
   *
   * @param app the command that runs the app
   * @param more additional options of `cdk deploy`
   * @returns the cloud assembly that was deployed
   */
  deploy(app: string, ...more: readonly string[]): Promise<string>;
  readonly stop: () => Promise<void>;
}

/** Starts a simulated AWS and bootstraps its account. */
export async function pretendedAws(): Promise<PretendedAws> {
  const moto = await startMoto();
  const env = { ...NOBODY, ...OFFLINE, AWS_ENDPOINT_URL: moto.url };
  const cdk = async (...args: readonly string[]) => {
    assertSuccess(await run(CDK, [...args, '--no-notices'], { cwd: PROJECT, env }));
  };
  try {
    await cdk('bootstrap', `aws://123456789012/${NOBODY.AWS_REGION}`, '--app', '', '--output', folder());
  } catch (error) {
    await moto.stop();
    throw error;
  }
  return {
    env,
    deploy: async (app, ...more) => {
      const output = folder();
      const all = ['deploy', '--all', '--app', app, '--output', output, '--require-approval', 'never'];
      // moto loses the exports of stacks that change sets create, and the previous values of parameters.
      await cdk(...all, '--method', 'direct', '--no-previous-parameters', ...more);
      return output;
    },
    stop: moto.stop,
  };
}

function folder(): string {
  return mkdtempSync(join(tmpdir(), 'cdk-out-'));
}

function assertSuccess({ status, stdout, stderr }: Run): void {
  if (status !== 0) throw new Error(`cdk exited with ${status}:\n${stdout}\n${stderr}`);
}
