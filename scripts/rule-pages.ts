/**
 * Writes the documentation that the command also prints, docs/rules and docs/no-traces.md, and the names of the rules in
 * docs/config.schema.json.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NO_TRACES, noTracesPage, rulePages } from '../lib/report/explain';
import { RULES, RULES_BY_NAME } from '../lib/rules';

const PROJECT = join(__dirname, '..');
const PAGES = join(PROJECT, 'docs', 'rules');

// Removes the pages of rules that are gone.
rmSync(PAGES, { recursive: true, force: true });
mkdirSync(PAGES, { recursive: true });
for (const [name, page] of rulePages()) writeFileSync(join(PAGES, name), page);
writeFileSync(join(PROJECT, 'docs', `${NO_TRACES}.md`), noTracesPage());

// Replaces the names only, so that the rest of the schema keeps its format.
const CONFIG_SCHEMA = join(PROJECT, 'docs', 'config.schema.json');
const names = [...Object.keys(RULES_BY_NAME).sort(), ...RULES.map(({ id }) => id).sort()];
const schema = readFileSync(CONFIG_SCHEMA, 'utf-8');
const isRule = /("rule": \{\s+"description": "[^"]*",\s+"enum": \[\s+)[^\]]*?(?=\s+\])/;
if (!isRule.test(schema)) throw new Error(`${CONFIG_SCHEMA} has no list of rules.`);
writeFileSync(
  CONFIG_SCHEMA,
  schema.replace(isRule, (_, start: string) => start + names.map((name) => `"${name}"`).join(',\n        ')),
);
