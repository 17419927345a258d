/** Writes the documentation that the command also prints: docs/rules, docs/no-traces.md, and the table in README.md. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NO_TRACES, noTracesPage } from '../lib/report/no-traces';
import { readmeWithRules, rulePages } from '../lib/report/rule-docs';

const PROJECT = join(__dirname, '..');
const PAGES = join(PROJECT, 'docs', 'rules');
const README = join(PROJECT, 'README.md');

// Removes the pages of rules that are gone.
rmSync(PAGES, { recursive: true, force: true });
mkdirSync(PAGES, { recursive: true });
for (const [name, page] of rulePages()) writeFileSync(join(PAGES, name), page);
writeFileSync(join(PROJECT, 'docs', `${NO_TRACES}.md`), noTracesPage());
writeFileSync(README, readmeWithRules(readFileSync(README, 'utf-8')));
