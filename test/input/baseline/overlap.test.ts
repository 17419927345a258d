import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { overlapOf } from '../../../lib/input/baseline/baseline-spec';
import { directoryWith, TEMPLATE } from '../temporary';

const directory = directoryWith({
  'a.json': TEMPLATE,
  'main/b.json': TEMPLATE,
  'main/manifest.json': { name: 'of something else' },
  'cdk.out/manifest.json': { artifacts: {} },
  'cdk.out/S.json': TEMPLATE,
  'cdk.out/assembly-Beta/manifest.json': { artifacts: {} },
});
symlinkSync('cdk.out', join(directory, 'linked'));

test.each<[string, string[], string]>([
  ['main', ['a.json'], 'apart'],
  ['main', ['main/../a.json', '-'], 'apart'],
  ['gone', ['a.json'], 'apart'],
  ['cdk.out', ['cdk.out.json'], 'apart'],
  ['-', ['.'], 'apart'],
  ['a.json', ['./a.json'], 'same'],
  ['a.json', ['main', 'a.json'], 'same'],
  ['linked', ['cdk.out'], 'same'],
  ['cdk.out/manifest.json', ['linked/'], 'same'],
  ['main', ['.'], 'below'],
  ['main/b.json', ['main'], 'below'],
  ['cdk.out', ['.'], 'below'],
  ['linked/manifest.json', ['.'], 'below'],
  ['cdk.out/S.json', ['cdk.out'], 'part'],
  ['cdk.out/assembly-Beta', ['.'], 'part'],
  ['linked/S.json', ['.', 'main'], 'part'],
  ['.', ['a.json'], 'around'],
  ['linked', ['cdk.out/S.json'], 'around'],
])('%s, with %j checked: %s', (baseline, checked, expected) => {
  const at = (path: string) => (path === '-' ? path : join(directory, path));
  expect(overlapOf(at(baseline), checked.map(at)).kind).toBe(expected);
});
