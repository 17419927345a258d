import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readmeWithRules, ruleListJson, rulePages } from '../../lib/report/rule-docs';
import { RULES } from '../../lib/rules';
import { describeSchema } from './describe-schema';

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

type Listed = {
  id: string;
  severity: string;
  standsFor?: unknown;
  check?: unknown;
  examples: { sam?: unknown };
};

const listed = () => JSON.parse(ruleListJson(RULES)) as Listed[];
describeSchema('rules', listed, {
  holdsFor: [
    ['all rules', listed],
    ['no rules', () => []],
  ],
  doesNotHoldFor: [
    ['an ID without the prefix', ([rule]) => (rule.id = 'ActiveTracing')],
    ['a severity that is off', ([rule]) => (rule.severity = 'off')],
    ['a rule that stands for none', ([rule]) => (rule.standsFor = [])],
    ['an unknown property', ([rule]) => (rule.check = true)],
    ['an example that is no text', ([rule]) => (rule.examples.sam = {})],
  ],
});
