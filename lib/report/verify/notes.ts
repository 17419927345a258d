import { listed } from '../../model/listed';
import { nameOf } from '../../model/template';
import type { TracingModel } from '../../model/tracing-model';
import type { NotCompared } from '../../verify/not-compared';
import type { ObservedStack } from '../../verify/observed';
import type { Verified } from '../../verify/verify';

/** What is to be known of a run, a sentence or two each. */
export function notesOn(
  model: TracingModel,
  stacks: readonly ObservedStack[],
  verified: readonly Verified[],
): string[] {
  return [...stacks.flatMap((stack) => notDeployed(stack, model, verified)), ...withoutComparison(verified)];
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

const NOT_COMPARED: Readonly<Record<NotCompared['what'], (names: string) => string>> = {
  mode: (names) => `The tracing mode of ${names} could not be compared with the template`,
  permissions: (names) => `Whether ${names} may write to X-Ray could not be compared`,
};

/** What of the functions could not be compared, those of a stack with one reason together. */
function withoutComparison(verified: readonly Verified[]): string[] {
  const groups = new Map<string, { stack: string; missing: NotCompared; names: string[] }>();
  for (const { function: fn, stack, notCompared } of verified) {
    for (const missing of notCompared) {
      const key = [stack.template, missing.what, missing.reason].join('\n');
      const group = groups.get(key) ?? { stack: stack.name, missing, names: [] };
      groups.set(key, { ...group, names: [...group.names, `'${nameOf(fn.resource)}'`] });
    }
  }
  return [...groups.values()].map(({ stack, missing: { what, reason }, names }) => {
    const which = `${listed(names)} of the stack '${stack}'`;
    return `${NOT_COMPARED[what](which)}, since ${reason}.`;
  });
}
