import { nameOf } from '../model/template';
import type { Deviation } from './deviation';
import type { Subject } from './subject';

/** A function that the stack has, and Lambda hasn't. */
export function missingFunction({ function: fn, stack, observed }: Subject): Deviation[] {
  if (observed.versions?.length !== 0) return [];
  return [
    {
      kind: 'missing',
      message: `The function '${nameOf(fn.resource)}' isn't there, though the stack '${stack.name}' has it: it was deleted outside of the stack.`,
      fix: 'CloudFormation does not make it again by itself: deploy the stack without the function, and then with it.',
      commands: [],
    },
  ];
}
