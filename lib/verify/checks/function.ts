import { nameOf } from '../../cloudformation/template';
import { type Drift, stackToDeploy, type FunctionUnderVerification, versionOf } from '../deviation';
import { LATEST } from '../observed';

/** A function that the stack has, and Lambda hasn't. */
export function missingFunction({ function: fn, stack, observed }: FunctionUnderVerification): Drift[] {
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

/** A function that has another mode than its template says: what isn't published of it, which deployments change. */
export function latestMode(subject: FunctionUnderVerification): Drift[] {
  const { function: fn, observed, expected, deployed, lambda } = subject;
  const stack = stackToDeploy(fn.resource.template, subject);
  const mode = versionOf(subject, LATEST)?.mode;
  if (mode === undefined || expected === undefined || mode === expected) return [];
  const message = `The tracing mode of '${nameOf(fn.resource)}' is ${mode}, and ${expected} in the template`;
  if (deployed === mode) {
    return [
      {
        kind: 'mode',
        message: `${message}, which isn't deployed yet.`,
        fix: `Deploy the stack '${stack}'.`,
        commands: [],
      },
    ];
  }
  const isDrift = deployed === expected;
  return [
    {
      kind: 'mode',
      message: isDrift
        ? `${message}, which is deployed: it was changed outside of the stack.`
        : `${message}.`,
      fix: isDrift
        ? 'Set it back. A deployment does not, as long as the template stays as it is.'
        : `Deploy the stack '${stack}', or if it is deployed already, set the mode back.`,
      commands: [
        lambda('lambda update-function-configuration', {
          'function-name': observed.name,
          'tracing-config': `Mode=${expected}`,
        }),
      ],
    },
  ];
}
