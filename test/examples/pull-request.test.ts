import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundledCommand, folderWith, run } from '../cli/bundled-command';

const EXAMPLES = join(__dirname, '..', '..', 'examples');
const TEXT = readFileSync(join(EXAMPLES, 'pull-request.md'), 'utf-8');

/** The blocks of the page: patches of the template, and commands with their output. */
const BLOCKS = Array.from(TEXT.matchAll(/^```(diff|console)\n([^]*?)^```$/gm), ([, kind, content]) => ({
  kind,
  content,
}));

function git(cwd: string, args: readonly string[], input?: string): string {
  const identity = ['-c', 'user.name=A', '-c', 'user.email=a@example.com'];
  const { status, stdout, stderr } = spawnSync('git', [...identity, ...args], {
    cwd,
    input,
    encoding: 'utf-8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

test('the pull request has the outputs and the edits of its page, and ends with the SAM project', async () => {
  const command = await bundledCommand();
  const folder = folderWith({});
  cpSync(join(EXAMPLES, 'sam'), folder, { recursive: true });
  const template = () => readFileSync(join(folder, 'template.yaml'), 'utf-8');
  const end = template();
  const patches = BLOCKS.filter(({ kind }) => kind === 'diff').map(({ content }) => content);
  expect(patches).toHaveLength(2);
  for (const patch of [...patches].reverse()) git(folder, ['apply', '--reverse'], patch);
  git(folder, ['init', '--quiet', '--initial-branch=main']);
  git(folder, ['add', '--all']);
  git(folder, ['commit', '--quiet', '--message', 'Orders']);
  git(folder, ['apply'], patches[0]);

  const written = [];
  for (const { kind, content } of BLOCKS.slice(1)) {
    if (kind === 'diff') {
      // It was applied by the command before it.
      git(folder, ['apply', '--reverse', '--check'], content);
      continue;
    }
    const [line] = content.split('\n');
    const args = line.replace('$ npx cdk-lambda-xray ', '').split(' ');
    const { status, stdout, stderr } = await run(command, args, { cwd: folder });
    expect(`${line}\n${stderr}${stdout}`).toBe(content);
    written.push(status);
  }
  expect(written).toEqual([1, 0, 0]);
  expect(template()).toBe(end);
});
