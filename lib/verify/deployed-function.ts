import type { LambdaFunction } from '../model/lambda-function';
import type { TracingModel } from '../model/tracing-model';
import type { FunctionName, ObservedStack } from './observed';

/** A function of the templates that a stack has. */
export interface DeployedFunction extends FunctionName {
  readonly function: LambdaFunction;
  readonly stack: ObservedStack;
}

/** The functions of the templates that the stacks have. */
export function deployedFunctions(model: TracingModel, stacks: readonly ObservedStack[]): DeployedFunction[] {
  const byTemplate = new Map(
    stacks.map((stack) => [
      stack.template,
      { stack, resources: new Map(stack.resources.map((resource) => [resource.logicalId, resource])) },
    ]),
  );
  return model.functions.flatMap((fn) => {
    const { template, logicalId } = fn.resource;
    const { stack, resources } = byTemplate.get(template.id) ?? {};
    const resource = resources?.get(logicalId);
    if (!stack || resource?.type !== 'AWS::Lambda::Function') return [];
    return [{ function: fn, stack, name: resource.physicalId, region: stack.region }];
  });
}

/** The same for one function, wherever it is named. */
export function keyOf({ name, region }: FunctionName): string {
  return `${region} ${name}`;
}
