import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

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

/** Returns the path of the command as it is published, bundled by the first test file of a run that needs it. */
export async function bundledCommand(): Promise<string> {
  const folder = process.env.BUNDLE_FOLDER!;
  const outdir = join(folder, 'dist');
  const done = join(folder, 'done');
  try {
    mkdirSync(outdir);
  } catch {
    while (!existsSync(done)) await setTimeout(50);
    const failure = readFileSync(done, 'utf-8');
    if (failure !== '') throw new Error(failure);
    return join(outdir, 'cdk-lambda-xray.js');
  }
  cpSync(join(PROJECT, 'package.json'), join(folder, 'package.json'));
  // In a process of its own: Jest's sandbox has no ES modules.
  const script = pathToFileURL(join(PROJECT, 'scripts', 'bundle.mjs')).href;
  const code = `import { bundle } from ${JSON.stringify(script)}; await bundle(${JSON.stringify(outdir)});`;
  const { status, stderr } = await ended(
    spawn(process.execPath, ['--input-type=module', '--eval', code], { cwd: PROJECT }),
  );
  writeFileSync(`${done}.tmp`, status === 0 ? '' : stderr);
  renameSync(`${done}.tmp`, done);
  return bundledCommand();
}

/** Makes the command independent of the environment of the tests. */
const NEUTRAL = { NO_COLOR: '', FORCE_COLOR: '', DEBUG: '' };

export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Run> {
  const child = spawn(process.execPath, [command, ...args], {
    cwd: options.cwd ?? folderWith({}),
    env: { ...process.env, ...NEUTRAL, ...options.env },
  });
  child.stdin.end(options.stdin);
  return ended(child);
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
