import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { noTraces, noTracesPage, ruleListJson, rulePages } from '../../lib/report/explain';
import { RULES } from '../../lib/rules';
import { describeSchema } from './describe-schema';

const PROJECT = join(__dirname, '..', '..');
const PAGES = join(PROJECT, 'docs', 'rules');

describe('up to date with the rules (if not, run `npx tsx scripts/rule-pages.ts`):', () => {
  test('docs/rules', () => {
    const pages = readdirSync(PAGES).map((name) => [name, readFileSync(join(PAGES, name), 'utf-8')]);
    expect(Object.fromEntries(pages)).toEqual(Object.fromEntries(rulePages()));
  });

  test('docs/no-traces.md', () => {
    expect(readFileSync(join(PROJECT, 'docs', 'no-traces.md'), 'utf-8')).toBe(noTracesPage());
  });
});

test('the list for a function without traces is the same in the terminal and on its page', () => {
  const questions = (text: string) =>
    text.match(/^(## )?\d+\. .*$/gm)?.map((line) => line.replace(/^## /, ''));
  const list = noTraces({ color: false });
  expect(questions(list)).toHaveLength(9);
  expect(questions(list)).toEqual(questions(noTracesPage()));
  expect(list).toContain('\n  npx cdk-lambda-xray map --open\nRules: BrokenTrace, TopicResourcePolicy\n');
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
