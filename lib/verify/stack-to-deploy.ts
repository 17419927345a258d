import type { Template } from '../model/template';
import type { Subject } from './subject';

/** The name of the stack to deploy for what is in a template: the outermost one, which a nested stack is deployed by. */
export function stackToDeploy({ id, source }: Template, { stacks }: Pick<Subject, 'stacks'>): string {
  const stack = stacks.find(({ template }) => template === id);
  return stack?.nestedIn ?? stack?.name ?? source.stackName ?? id;
}
