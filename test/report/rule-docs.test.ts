import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rulePages } from '../../lib/report/rule-docs';

const FOLDER = join(__dirname, '..', '..', 'docs', 'rules');

test('the pages on the rules are those that `npm run docs` writes', () => {
  const written = readdirSync(FOLDER).map((name) => [name, readFileSync(join(FOLDER, name), 'utf-8')]);
  expect(Object.fromEntries(written)).toEqual(Object.fromEntries(rulePages()));
});
