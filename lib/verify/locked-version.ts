import { nameOf } from '../model/template';
import type { FunctionVersion } from '../model/tracing-model';
import type { Deviation } from './deviation';
import { publishingAnew } from './publishing-anew';
import { type Subject, versionOf } from './subject';

/** Versions of the stack that no alias is on, and that have locked another mode than the template says. */
export function lockedVersions(subject: Subject): Deviation[] {
  const { function: fn, observed, expected, publications } = subject;
  // Whether an alias is on it isn't known.
  if (observed.aliases === undefined || expected === undefined) return [];
  const aliased = new Set(observed.aliases.flatMap(({ versions }) => versions));
  return publications.flatMap(({ template, logicalId, type, qualifier }) => {
    const locked = versionOf(subject, qualifier);
    const version = fn.versions.find(
      ({ resource }) => resource.logicalId === logicalId && resource.template.id === template,
    );
    if (type !== 'AWS::Lambda::Version' || !version || !locked) return [];
    if (aliased.has(qualifier) || locked.mode === expected) return [];
    return [lockedVersion(version, qualifier, subject)];
  });
}

function lockedVersion(version: FunctionVersion, number: string, subject: Subject): Deviation {
  const { expected } = subject;
  const name = nameOf(subject.function.resource);
  const mode = versionOf(subject, number)?.mode;
  return {
    kind: 'version',
    message: `The version '${nameOf(version.resource)}' of '${name}', which is number ${number}, keeps ${mode}, and the template says ${expected}.`,
    ...publishingAnew(version, subject),
    about: number,
  };
}
