import { EVENT_SOURCE_NAMES } from '../../model/event-source-kind';
import type { LockedMode } from '../../model/lambda-function';
import { nameOf, whereabouts } from '../in-words';
import { canBeActive, type FunctionChange } from './function-change';
import { isRewordedOnly } from './mode-in-words';
import { isInSameModes, type PublicationChange } from './publication-change';
import type { UntracedSource } from './untraced-source';

/** Something to be said of a function's change. */
export interface Detail {
  readonly words: string;
  /** What it means for the traces. */
  readonly tone: 'good' | 'bad' | 'neutral';
}

/** What there is to say besides the mode: permissions, versions, event sources. */
export function detailsOf(change: FunctionChange): Detail[] {
  return [
    ...(isRewordedOnly(change) ? [detail('Both modes come to the same', 'neutral')] : []),
    ...permissionDetails(change),
    ...change.publications.map(publicationDetail),
    ...change.untracedSources.added.map((source) =>
      detail(
        `New event source that X-Ray does not trace: ${sourceInWords(source)}`,
        canBeActive(change) ? 'bad' : 'neutral',
      ),
    ),
    ...change.untracedSources.removed.map((source) =>
      detail(`No longer fed by what X-Ray does not trace: ${sourceInWords(source)}`, 'neutral'),
    ),
  ];
}

function permissionDetails(change: FunctionChange): Detail[] {
  const { before, after, permissions } = change;
  const { gained, lost } = permissions;
  if (gained.length > 0 || lost.length > 0) {
    const isNeeded = canBeActive(change);
    return [
      ...(gained.length > 0 ? [detail(`Permissions gained: ${gained.join(', ')}`, 'good')] : []),
      ...(lost.length > 0
        ? [detail(`Permissions lost: ${lost.join(', ')}`, isNeeded ? 'bad' : 'neutral')]
        : []),
    ];
  }
  if (!after || before?.permissions === after.permissions) return [];
  if (before) return [detail(`Permissions: ${before.permissions} → ${after.permissions}`, 'neutral')];
  const isLacking = after.permissions === 'missing';
  return canBeActive(change)
    ? [detail(`Permissions: ${after.permissions}`, isLacking ? 'bad' : 'neutral')]
    : [];
}

function detail(words: string, tone: Detail['tone']): Detail {
  return { words, tone };
}

function publicationDetail(change: PublicationChange): Detail {
  const who = subjectOf(change);
  switch (change.change) {
    case 'stuck':
      return detail(`${who} is stuck on ${keptInWords(change)}`, 'bad');
    case 'republished':
      return isInSameModes(change)
        ? detail(`${who} is published anew, in the same mode`, 'neutral')
        : detail(`${who} is published anew: ${modes(change.before)} → ${modes(change.after)}`, 'good');
    case 'published':
      return detail(`${who} is published: ${modes(change.after)}`, 'neutral');
    case 'removed':
      return detail(`${who} is removed`, 'neutral');
  }
}

function subjectOf(change: PublicationChange): string {
  switch (change.publication) {
    case 'version':
      return `Version ${nameOf(change)}`;
    case 'alias':
      return `Alias ${nameOf(change)}`;
    case 'automatic':
      return 'The version that SAM publishes';
  }
}

const UNLESS = {
  code: ', unless its code changes',
  parameter: ', unless a parameter that it goes by changes',
  mode: ', unless the parameter keeps that mode',
} as const;

function keptInWords({ kept, number }: PublicationChange): string {
  const kinds = kept.map(({ mode, unless }) => `${mode}${unless ? UNLESS[unless] : ''}`);
  const version = number === undefined ? '' : `version ${number}: `;
  return `${version}${[...new Set(kinds)].join(', or ')}`;
}

function modes(locked: readonly LockedMode[]): string {
  return locked.length > 0 ? locked.join(' or ') : 'Unknown';
}

function sourceInWords(source: UntracedSource): string {
  return `${EVENT_SOURCE_NAMES[source.kind]}, by ${nameOf(source)} (${whereabouts(source)})`;
}
