import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, type Run } from '../cli/bundled-command';
import { NOBODY } from '../deployed/account';
import { startMoto } from '../python/moto-server';

const PROJECT = join(__dirname, '..', '..');
const CDK = join(PROJECT, 'node_modules', 'aws-cdk', 'bin', 'cdk');

/** What the CDK command needs no network and no terminal with. */
const ALONE = {
  CI: 'true',
  NO_COLOR: '1',
  CDK_DISABLE_CLI_TELEMETRY: 'true',
  CDK_DISABLE_VERSION_CHECK: 'true',
};

/** An AWS that is pretended, with an account that CDK apps can be deployed to. */
export interface PretendedAws {
  /** The environment in which commands and the SDK work with it. */
  readonly env: Readonly<Record<string, string>>;
  /**
   * Deploys all stacks of an app.
   *
   * @param app the command that runs it
   * @param more options of `cdk deploy`
   * @returns the cloud assembly that was deployed
   */
  deploy(app: string, ...more: readonly string[]): Promise<string>;
  readonly stop: () => Promise<void>;
}

/** Starts it, and bootstraps its account. */
export async function pretendedAws(): Promise<PretendedAws> {
  const moto = await startMoto();
  const env = { ...NOBODY, ...ALONE, AWS_ENDPOINT_URL: moto.url };
  const cdk = async (...args: readonly string[]) => {
    succeeded(await run(CDK, [...args, '--no-notices'], { cwd: PROJECT, env }));
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
      // Of stacks that change sets make, moto forgets the exports; and of parameters, the values that they had.
      await cdk(...all, '--method', 'direct', '--no-previous-parameters', ...more);
      return output;
    },
    stop: moto.stop,
  };
}

function folder(): string {
  return mkdtempSync(join(tmpdir(), 'cdk-out-'));
}

function succeeded({ status, stdout, stderr }: Run): void {
  if (status !== 0) throw new Error(`cdk ended with ${status}:\n${stdout}\n${stderr}`);
}
