/** Writes a page for each rule, and their list, to docs/rules: all from the rules themselves. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rulePages } from '../lib/report/rule-docs';

const folder = join(__dirname, '..', 'docs', 'rules');
mkdirSync(folder, { recursive: true });
for (const [name, page] of rulePages()) writeFileSync(join(folder, name), page);
