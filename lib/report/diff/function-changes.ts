import type { Judged } from '../report';
import type { LoadedTemplate } from '../../load/loaded';
import type { LambdaFunction } from '../../model/lambda-function';
import type { TracingModel } from '../../model/tracing-model';
import { type FunctionSummary, summaryOf } from '../function-summary';
import { placeOf } from '../place';
import { sortedBy } from '../sorted-by';
import type { Change, FunctionChange } from './function-change';
import { permissionChange } from './permission-change';
import { isInSameModes, publicationChanges } from './publication-change';
import { type UntracedSource, untracedSources } from './untraced-source';

/** One of the two that are compared. */
export type Side = Pick<Judged, 'loaded' | 'model' | 'findings'>;

type Templates = ReadonlyMap<string, LoadedTemplate>;

/** Of a function that is in one only, there is nothing to compare. */
const NOTHING_ELSE = {
  permissions: { gained: [], lost: [] },
  publications: [],
  untracedSources: { added: [], removed: [] },
} as const;

/** The functions that are not as they were, by template, then line; those that are removed come last in their template. */
export function functionChanges(before: Side, after: Side): FunctionChange[] {
  const [old, now] = [before, after].map(
    ({ loaded }) => new Map(loaded.templates.map((template) => [template.id, template])),
  );
  const succeeded = new Set(after.model.functions.map((fn) => fn.before));
  const removed = before.model.functions.filter((fn) => !succeeded.has(fn));
  const rank = new Map([...new Set([...now.keys(), ...old.keys()])].map((id, i) => [id, i]));
  return sortedBy(
    [
      ...after.model.functions.flatMap((fn) =>
        fn.before ? changedFunction(fn, fn.before, after.model, now, old) : addedFunction(fn, now),
      ),
      ...removed.map((fn) => removedFunction(fn, old)),
    ],
    ({ template, change, position }) => [
      rank.get(template) ?? rank.size,
      Number(change === 'removed'),
      position?.line ?? Number.MAX_SAFE_INTEGER,
    ],
  );
}

function addedFunction(fn: LambdaFunction, now: Templates): FunctionChange {
  return {
    ...placeOf(fn.resource, now),
    change: 'added',
    after: summaryOf(fn),
    ...NOTHING_ELSE,
    untracedSources: { added: untracedSources(fn, now), removed: [] },
  };
}

function removedFunction(fn: LambdaFunction, old: Templates): FunctionChange {
  return {
    ...placeOf(fn.resource, old),
    change: 'removed',
    before: summaryOf(fn),
    ...NOTHING_ELSE,
  };
}

/** Nothing where it is as it was. */
function changedFunction(
  fn: LambdaFunction,
  predecessor: LambdaFunction,
  model: TracingModel,
  now: Templates,
  old: Templates,
): FunctionChange[] {
  const [sources, sourcesBefore] = [untracedSources(fn, now), untracedSources(predecessor, old)];
  const summaries = { before: summaryOf(predecessor), after: summaryOf(fn) };
  const permissions = permissionChange(predecessor, fn);
  const untraced = { added: without(sources, sourcesBefore), removed: without(sourcesBefore, sources) };
  const publications = publicationChanges(predecessor, fn, model, now, old);
  const isSame =
    isAsBefore(summaries) &&
    [permissions.gained, permissions.lost, untraced.added, untraced.removed].every(
      (list) => list.length === 0,
    ) &&
    publications.every(isInSameModes);
  if (isSame && publications.length === 0) return [];
  const change: Change = isSame ? 'republished' : 'changed';
  return [
    {
      ...placeOf(fn.resource, now),
      change,
      ...summaries,
      permissions,
      publications,
      untracedSources: untraced,
    },
  ];
}

function isAsBefore({ before, after }: Readonly<Record<'before' | 'after', FunctionSummary>>): boolean {
  return (
    before.mode === after.mode &&
    before.permissions === after.permissions &&
    JSON.stringify(before.possibleModes) === JSON.stringify(after.possibleModes)
  );
}

function without(sources: readonly UntracedSource[], others: readonly UntracedSource[]): UntracedSource[] {
  const keyOf = ({ template, logicalId, kind }: UntracedSource) =>
    JSON.stringify([template, logicalId, kind]);
  const keys = new Set(others.map(keyOf));
  return sources.filter((source) => !keys.has(keyOf(source)));
}
