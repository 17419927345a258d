import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { unifiedDiff } from '../../lib/report/edited-texts';
import { directoryWith } from '../input/temporary';

test('shows changed lines with three lines around them', () => {
  const before = Array.from({ length: 12 }, (_, i) => `${i}\n`).join('');
  expect(unifiedDiff('a.yaml', before, before.replace('5\n', 'five\n'))).toBe(
    '--- a/a.yaml\n+++ b/a.yaml\n@@ -3,7 +3,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n',
  );
});

test('says that a line break is missing at the end', () => {
  expect(unifiedDiff('/a.yaml', 'a', 'a\n')).toBe(
    '--- /a.yaml\n+++ /a.yaml\n@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+a\n',
  );
});

test('is empty for equal texts', () => {
  expect(unifiedDiff('a.yaml', 'a\n', 'a\n')).toBe('');
});

test('ends a name with spaces by a tab, as Git does for patch', () => {
  expect(unifiedDiff('my stacks/a.yaml', 'a\n', 'b\n')).toBe(
    '--- a/my stacks/a.yaml\t\n+++ b/my stacks/a.yaml\t\n@@ -1,1 +1,1 @@\n-a\n+b\n',
  );
});

test('git applies it', () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', 'c', '', '\r'), { maxLength: 30 })
    .map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(text, text, (before, after) => {
      fc.pre(before !== after && before !== '' && after !== '');
      const directory = directoryWith({ 'a.yaml': before });
      execFileSync('git', ['apply', '--whitespace=nowarn', '-'], {
        cwd: directory,
        input: unifiedDiff('a.yaml', before, after),
      });
      expect(readFileSync(join(directory, 'a.yaml'), 'utf-8')).toBe(after);
    }),
    { numRuns: 40 },
  );
});
