import type { Stack } from 'aws-cdk-lib';
import { TracedNodejsFunction } from '../../../lib/constructs/traced-function';

/** Leaves the entry to the default, which is the file beside this one. */
export function make(stack: Stack, id: string): TracedNodejsFunction {
  return new TracedNodejsFunction(stack, id);
}
