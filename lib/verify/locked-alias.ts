import { nameOf } from '../model/template';
import { aliasInTemplate } from './alias-in-template';
import type { Deviation } from './deviation';
import { LATEST, type ObservedAlias, type ObservedVersion } from './observed';
import { movingByHand, publishingAnew } from './publishing-anew';
import { isSplit } from './split-alias';
import { dueInWords, type Subject, versionOf } from './subject';

/** Aliases on a version that has locked another mode than it is to have. */
export function lockedAliases(subject: Subject): Deviation[] {
  const { observed, due } = subject;
  return (observed.aliases ?? []).flatMap((alias) => {
    const version = versionOf(subject, alias.versions[0]);
    if (!version || version.number === LATEST || isSplit(alias, subject)) return [];
    return due === undefined || version.mode === due ? [] : [lockedAlias(alias, version, subject)];
  });
}

function lockedAlias({ name }: ObservedAlias, version: ObservedVersion, subject: Subject): Deviation {
  const { function: fn } = subject;
  return {
    kind: 'alias',
    message: `The alias '${name}' of '${nameOf(fn.resource)}' is on version ${version.number}, which keeps ${version.mode}, and ${dueInWords(subject)}.`,
    ...mending(name, subject),
    about: name,
  };
}

function mending(name: string, subject: Subject): Pick<Deviation, 'fix' | 'commands'> {
  const alias = aliasInTemplate(name, subject);
  if (alias === undefined) return movingByHand(name, subject);
  const [main] = alias.versions.filter(({ isAdditional }) => !isAdditional);
  if (main?.number !== undefined) {
    return {
      fix: `Publish a version with the mode ${subject.due}, and have '${nameOf(alias.resource)}' refer to it in place of version ${main.number}.`,
      commands: [],
    };
  }
  return publishingAnew(main?.version, subject, name);
}
