import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readmeWithRules, rulePages } from '../../lib/report/rule-docs';

const PROJECT = join(__dirname, '..', '..');
const PAGES = join(PROJECT, 'docs', 'rules');

describe('up to date with the rules (if not, run `npx tsx scripts/rule-pages.ts`):', () => {
  test('docs/rules', () => {
    const pages = readdirSync(PAGES).map((name) => [name, readFileSync(join(PAGES, name), 'utf-8')]);
    expect(Object.fromEntries(pages)).toEqual(Object.fromEntries(rulePages()));
  });

  test('the table in README.md', () => {
    const readme = readFileSync(join(PROJECT, 'README.md'), 'utf-8');
    expect(readme).toBe(readmeWithRules(readme));
  });
});

test('a README without the comments around the table is an error', () => {
  expect(() => readmeWithRules('# Rules\n')).toThrow(
    /^README\.md needs the comments <!-- .* around the table/,
  );
});
