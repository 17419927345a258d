import type { FunctionVersion } from '../model/lambda-function';
import { nameOf } from '../model/template';
import type { Deviation } from './deviation';
import { publishingAnew } from './publishing-anew';
import { dueInWords, type Subject, versionOf } from './subject';

/** Versions of the stack that no alias is on, and that have locked another mode than they are to have. */
export function lockedVersions(subject: Subject): Deviation[] {
  const { function: fn, observed, due, publications } = subject;
  // Whether an alias is on it isn't known.
  if (observed.aliases === undefined || due === undefined) return [];
  const aliased = new Set(observed.aliases.flatMap(({ versions }) => versions));
  return publications.flatMap(({ template, logicalId, type, qualifier }) => {
    const locked = versionOf(subject, qualifier);
    const version = fn.versions.find(
      ({ resource }) => resource.logicalId === logicalId && resource.template.id === template,
    );
    if (type !== 'AWS::Lambda::Version' || !version || !locked) return [];
    if (aliased.has(qualifier) || locked.mode === due) return [];
    return [lockedVersion(version, qualifier, subject)];
  });
}

function lockedVersion(version: FunctionVersion, number: string, subject: Subject): Deviation {
  const name = nameOf(subject.function.resource);
  const mode = versionOf(subject, number)?.mode;
  return {
    kind: 'version',
    message: `The version '${nameOf(version.resource)}' of '${name}', which is number ${number}, keeps ${mode}, and ${dueInWords(subject)}.`,
    ...publishingAnew(version, subject),
    about: number,
  };
}
