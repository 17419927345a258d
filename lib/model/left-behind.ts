import type { FunctionVersion } from './lambda-function';
import type { Resource } from './template';
import type { TracingModel } from './tracing-model';

/**
 * Whether a version is history, or on its way out: another of its function is published now, and whatever refers to
 * this one is an alias that is on that too.
 */
export function isLeftBehind(
  { resource, function: fn }: FunctionVersion,
  { usersOf }: Pick<TracingModel, 'usersOf'>,
): boolean {
  const isOnNew = (user: Resource) =>
    fn.aliases.some(
      (alias) => alias.resource === user && alias.versions.some(({ version }) => version && !version.isKept),
    );
  return fn.versions.some((version) => !version.isKept) && usersOf(resource).every(isOnNew);
}
