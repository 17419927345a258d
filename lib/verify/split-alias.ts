import { nameOf } from '../model/template';
import type { Deviation } from './deviation';
import type { ObservedAlias } from './observed';
import { type Subject, versionOf } from './subject';

/** Aliases that split their traffic between versions of different modes. */
export function splitAliases(subject: Subject): Deviation[] {
  return (subject.observed.aliases ?? [])
    .filter((alias) => isSplit(alias, subject))
    .map((alias) => splitAlias(alias, subject));
}

/** Whether the versions that an alias is on differ in their modes, as far as these are known. */
export function isSplit({ versions }: ObservedAlias, subject: Subject): boolean {
  return new Set(versions.flatMap((number) => versionOf(subject, number)?.mode ?? [])).size > 1;
}

function splitAlias({ name, versions }: ObservedAlias, subject: Subject): Deviation {
  const { function: fn, observed, expected, lambda } = subject;
  const known = versions.flatMap((number) => versionOf(subject, number) ?? []);
  const inWords = known.map(({ number, mode }) => `version ${number}, which is ${mode}`);
  const right = known.filter(({ mode }) => mode === expected);
  return {
    kind: 'split',
    message: `The alias '${name}' of '${nameOf(fn.resource)}' splits its traffic between ${inWords.join(', and ')}: one of them records no traces.`,
    fix: 'End the shift of traffic, or publish both versions with the same mode.',
    commands:
      right.length === 1
        ? [
            lambda('lambda update-alias', {
              'function-name': observed.name,
              name,
              'function-version': right[0].number,
              'routing-config': 'AdditionalVersionWeights={}',
            }),
          ]
        : [],
    about: name,
  };
}
