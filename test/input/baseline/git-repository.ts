import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Baseline } from '../../../lib/input/baseline/baseline-spec';
import { loadBaseline } from '../../../lib/input/baseline/load-baseline';
import { load } from '../../../lib/input/load';
import { directoryWith } from '../temporary';

type Files = Readonly<Record<string, string | object>>;

const environment = { ...process.env };
const here = process.cwd();

/** Restores the working directory, the environment and the mocks. */
export function restoreProcess(): void {
  process.chdir(here);
  process.env = { ...environment };
  jest.restoreAllMocks();
}

/** Returns a template with a topic that has a logical ID. */
export const withTopic = (id: string) => ({ Resources: { [id]: { Type: 'AWS::SNS::Topic' } } });

/** Returns a template with a topic that nests another template. */
export const nesting = (url: string) => ({
  Resources: {
    ...withTopic('Topic').Resources,
    Nested: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: url } },
  },
});

/** Creates a repository with a commit on `main` for each set of files. */
export function repository(...commits: readonly Files[]): string {
  const directory = directoryWith({});
  const git = gitIn(directory);
  git('init', '--quiet', '--initial-branch=main');
  commits.forEach((files, i) => {
    for (const name of readdirSync(directory)) {
      if (name !== '.git') rmSync(join(directory, name), { recursive: true });
    }
    write(directory, files);
    git('add', '--all');
    git('commit', '--quiet', '--allow-empty', `--message=${i}`);
  });
  return directory;
}

export function write(directory: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content, undefined, 1));
  }
}

/** Returns a function that runs Git without configuration. */
export function gitIn(directory: string) {
  const identity = ['user.name=Somebody', 'user.email=somebody@example.com'].flatMap((setting) => [
    '-c',
    setting,
  ]);
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  return (...args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync('git', [...identity, ...args], {
      cwd: directory,
      env,
      encoding: 'utf-8',
    });
    if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
    return stdout;
  };
}

/** Loads the baseline of paths in a working directory. */
export function baselineOf(spec: string, directory: string, ...paths: readonly string[]): Promise<Baseline> {
  process.chdir(directory);
  return loadBaseline(spec, load(paths).templates, paths);
}

/** Returns the IDs and files of templates, with the topics in them. */
export function contents({ templates, errors }: Baseline) {
  expect(errors).toEqual([]);
  return templates.map(({ id, file, template }) => [
    id,
    file,
    Object.keys((template as ReturnType<typeof withTopic>).Resources).join(),
  ]);
}
