import { nameOf } from '../../cloudformation/template';
import { type Drift, type FunctionUnderVerification, stackToDeploy, versionOf } from '../drift';
import { LATEST } from '../observed';

/** Reports a function that the stack contains but Lambda does not. */
export function missingFunction({ function: fn, stack, observed }: FunctionUnderVerification): Drift[] {
  if (observed.versions?.length !== 0) return [];
  return [
    {
      kind: 'missing',
      message: `Function '${nameOf(fn.resource)}' does not exist, although the stack '${stack.name}' contains it. It was deleted outside of the stack.`,
      fix: 'CloudFormation does not recreate the function by itself. Remove it from the template and deploy, then add it again and deploy.',
      commands: [],
    },
  ];
}

/** Reports a function whose `$LATEST` has a different mode than the template. Deployments change only `$LATEST`. */
export function latestMode(target: FunctionUnderVerification): Drift[] {
  const { function: fn, expectedMode } = target;
  const mode = versionOf(target, LATEST)?.mode;
  if (mode === undefined || expectedMode === undefined || mode === expectedMode) return [];
  const difference = `The tracing mode of '${nameOf(fn.resource)}' is ${mode}, but ${expectedMode} in the template.`;
  return [{ kind: 'mode', ...explainMode(mode, difference, target) }];
}

function explainMode(
  mode: string,
  difference: string,
  {
    function: fn,
    observed,
    expectedMode,
    deployedTemplateMode,
    lambdaCommand,
    stacks,
  }: FunctionUnderVerification,
): Omit<Drift, 'kind'> {
  const stack = stackToDeploy(fn.resource.template, { stacks });
  if (deployedTemplateMode === mode) {
    return {
      message: `${difference} This change is not deployed yet.`,
      fix: `Deploy the stack '${stack}'.`,
      commands: [],
    };
  }
  const commands = [
    lambdaCommand('lambda update-function-configuration', {
      'function-name': observed.name,
      'tracing-config': `Mode=${expectedMode}`,
    }),
  ];
  return deployedTemplateMode === expectedMode
    ? {
        message: `${difference} The template is deployed, so the mode was changed outside of the stack.`,
        fix: 'Set the mode back. Deploying the unchanged template does not restore it.',
        commands,
      }
    : {
        message: difference,
        fix: `Deploy the stack '${stack}'. If it is already deployed, set the mode back.`,
        commands,
      };
}
