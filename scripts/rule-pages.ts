/** Writes the documentation that the command also prints: docs/rules and docs/no-traces.md. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NO_TRACES, noTracesPage, rulePages } from '../lib/report/explain';

const PROJECT = join(__dirname, '..');
const PAGES = join(PROJECT, 'docs', 'rules');

// Removes the pages of rules that are gone.
rmSync(PAGES, { recursive: true, force: true });
mkdirSync(PAGES, { recursive: true });
for (const [name, page] of rulePages()) writeFileSync(join(PAGES, name), page);
writeFileSync(join(PROJECT, 'docs', `${NO_TRACES}.md`), noTracesPage());
