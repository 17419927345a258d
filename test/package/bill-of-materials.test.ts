import { readFileSync } from 'node:fs';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { bundledCommand } from '../cli/bundled-command';

interface Component {
  readonly group?: string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly licenses: readonly unknown[];
}

test('the bill of materials is valid, and lists the bundled packages', async () => {
  const command = await bundledCommand();
  const bom = readFileSync(command.replace(/js$/, 'cdx.json'), 'utf-8');
  const licenses = readFileSync(command.replace(/js$/, 'LICENSES.txt'), 'utf-8');
  const { components } = JSON.parse(bom) as { components: Component[] };

  expect(await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(bom)).toBeNull();
  expect(
    components.map(({ group, name, version }) => `${group ? `${group}/` : ''}${name} ${version}`).sort(),
  ).toEqual(Array.from(licenses.matchAll(/^(\S+ \d+\.\d+\.\d+\S*) \(.+\)$/gm), ([, text]) => text).sort());
  expect(components).toContainEqual(
    expect.objectContaining({
      purl: expect.stringMatching(/^pkg:npm\/%40aws-sdk\/client-lambda@3\./) as string,
    }),
  );
  expect(components.filter(({ licenses: all }) => all.length === 0)).toEqual([]);
});
