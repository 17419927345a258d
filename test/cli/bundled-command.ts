import { type ChildProcess, fork, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { oncePerRun } from '../once-per-run';

const PROJECT = join(__dirname, '..', '..');

export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** @default - an empty folder */
  readonly cwd?: string;
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Returns the path of the command as it is published. */
export function bundledCommand(): Promise<string> {
  return oncePerRun('command', async (folder) => {
    const outdir = join(folder, 'dist');
    cpSync(join(PROJECT, 'package.json'), join(folder, 'package.json'));
    // In a process of its own: Jest's sandbox has no ES modules.
    const script = pathToFileURL(join(PROJECT, 'scripts', 'bundle.mjs')).href;
    const code = `import { bundle } from ${JSON.stringify(script)}; await bundle(${JSON.stringify(outdir)});`;
    const { status, stderr } = await ended(
      spawn(process.execPath, ['--input-type=module', '--eval', code], { cwd: PROJECT }),
    );
    if (status !== 0) throw new Error(stderr);
    return join(outdir, 'cdk-lambda-xray.js');
  });
}

/** Makes the command independent of the environment of the tests. */
const NEUTRAL = { NO_COLOR: '', FORCE_COLOR: '', DEBUG: '', GITHUB_SHA: '', CI_COMMIT_SHA: '' };

/** Runs a command in a process of its own. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Run> {
  const child = spawn(process.execPath, [command, ...args], {
    cwd: options.cwd ?? folderWith({}),
    env: { ...process.env, ...NEUTRAL, ...options.env },
  });
  child.stdin.end(options.stdin);
  return ended(child);
}

const runners = new Map<string, Runner>();
afterAll(() => runners.forEach(({ child }) => child.disconnect()));

/** Runs the bundled command in a process that the runs of a test file share, which is many times faster. */
export async function runShared(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Run> {
  const env: NodeJS.ProcessEnv = { ...process.env, ...NEUTRAL, ...options.env };
  // Node.js reads it when it starts.
  const certificates = env.NODE_EXTRA_CA_CERTS ?? '';
  const runner = runners.get(certificates) ?? new Runner(command, certificates);
  runners.set(certificates, runner);
  return runner.run({ args, cwd: options.cwd ?? folderWith({}), env });
}

class Runner {
  public readonly child: ChildProcess;
  private last: Promise<unknown> = Promise.resolve();
  private settle: (result: Run) => void = () => undefined;
  private fail: (error: Error) => void = () => undefined;

  public constructor(command: string, certificates: string) {
    this.child = fork(join(__dirname, 'runner.cjs'), [command], {
      env: { ...process.env, ...NEUTRAL, NODE_EXTRA_CA_CERTS: certificates },
      // The loading of the SDK from a script.
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    this.child.on('message', (result) => this.settle(result as Run));
    this.child.on('exit', (status) =>
      this.fail(new Error(`The process of the command ended with ${status}.`)),
    );
  }

  /** One run at a time: the working directory and the environment belong to the process. */
  public run(request: object): Promise<Run> {
    const result = this.last.then(
      () =>
        new Promise<Run>((resolve, reject) => {
          [this.settle, this.fail] = [resolve, reject];
          this.child.send(request);
        }),
    );
    this.last = result.catch(() => undefined);
    return result;
  }
}

/** Creates a temporary folder with files, and returns its path. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'templates-'));
  for (const [name, text] of Object.entries(files)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return folder;
}

function ended(child: ChildProcess): Promise<Run> {
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf-8').on('data', (text: string) => (output[name] += text));
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, ...output }));
  });
}
