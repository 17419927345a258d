import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Stack } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';

/** Includes a template in a stack, from a separate file. */
export function include(stack: Stack, template: object): CfnInclude {
  const file = join(mkdtempSync(join(tmpdir(), 'include-')), 'template.json');
  writeFileSync(file, JSON.stringify(template));
  return new CfnInclude(stack, 'Included', { templateFile: file });
}
