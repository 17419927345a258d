import { nameOf } from '../model/template';
import type { Deviation } from './deviation';
import { LATEST } from './observed';
import { stackToDeploy } from './stack-to-deploy';
import { type Subject, versionOf } from './subject';

/** A function that has another mode than its template says: what isn't published of it, which deployments change. */
export function latestMode(subject: Subject): Deviation[] {
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
