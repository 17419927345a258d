import { listed } from '../../model/listed';
import { nameOf } from '../../model/template';
import type { TracingModel } from '../../model/tracing-model';
import type { ObservedStack } from '../../verify/observed';
import { roleName } from '../../verify/role-permissions';
import type { Verified } from '../../verify/verify';

/** What is to be known of a run, a sentence or two each. */
export function notesOn(
  model: TracingModel,
  stacks: readonly ObservedStack[],
  verified: readonly Verified[],
): string[] {
  return [...stacks.flatMap((stack) => notDeployed(stack, model, verified)), ...conditional(verified)];
}

/** The functions of the template that the stack lacks, but for those that a condition may leave out. */
function notDeployed(stack: ObservedStack, model: TracingModel, verified: readonly Verified[]): string[] {
  const deployed = new Set(verified.map((one) => one.function));
  const missing = model.functions.filter(
    (fn) =>
      fn.resource.template.id === stack.template && fn.resource.condition === undefined && !deployed.has(fn),
  );
  if (missing.length === 0) return [];
  const names = listed(missing.map(({ resource }) => `'${nameOf(resource)}'`));
  return [`The stack '${stack.name}' in ${stack.region} doesn't have ${names} yet: deploy it.`];
}

/** The roles of which only a request tells whether they may write to X-Ray. */
function conditional(verified: readonly Verified[]): string[] {
  const notes = verified.flatMap(({ roles }) =>
    roles.flatMap(({ arn, decisions }) => {
      const open = decisions.filter(({ isAllowed, dependsOn }) => !isAllowed && dependsOn.length > 0);
      const keys = [...new Set(open.flatMap(({ dependsOn }) => dependsOn))];
      if (keys.length === 0) return [];
      return `Whether the role '${roleName(arn)}' may write to X-Ray depends on ${keys.join(', ')}, which only a request tells.`;
    }),
  );
  return [...new Set(notes)];
}
