import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const PROJECT = join(__dirname, '..', '..');
const WORKFLOWS = readdirSync(join(PROJECT, '.github', 'workflows')).map(
  (name) => `.github/workflows/${name}`,
);

// A tag of an action can be moved to other code. Renovate updates both the commit and the comment.
test.each([...WORKFLOWS, 'action.yml'])(
  '%s uses actions by their commit, with the version as comment',
  (file) => {
    const uses = readFileSync(join(PROJECT, file), 'utf-8').match(/\buses: .*$/gm) ?? [];
    expect(uses.length).toBeGreaterThan(0);
    expect(uses.filter((line) => !/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
  },
);
