import { EVENT_SOURCE_NAMES } from '../../lambda/event-sources';
import type { EffectiveMode } from '../../lambda/tracing-mode';
import { type FunctionSummary, MODES } from '../function-summary';
import { SEVERITIES } from '../severity';
import { count, displayName, locationInWords } from '../wording';
import { type Diff, isChanged, summaryOf } from './diff';
import { canBeActive, type FunctionChange, type UntracedSource } from './function-changes';
import { isInSameModes, type VersionChange } from './version-changes';

/** The changes in a few words, such as `1 new error, 2 gone`. */
export function outcomeInWords(diff: Diff): string {
  if (!diff.isCompared) return 'Nothing could be compared';
  if (!isChanged(diff)) return 'Nothing changed';
  const { findings } = summaryOf(diff);
  const fresh = SEVERITIES.filter((severity) => findings.new[severity] > 0).map((severity) =>
    count(findings.new[severity], `new ${severity}`, severity === 'info' ? 'new info' : undefined),
  );
  const gone = SEVERITIES.reduce((sum, severity) => sum + findings.gone[severity], 0);
  return [
    ...(fresh.length > 0 ? fresh : ['No new findings']),
    ...(gone > 0 ? [`${gone} gone`] : []),
    ...(findings.acknowledged > 0 ? [`${findings.acknowledged} acknowledged`] : []),
  ].join(', ');
}

/** The verdict and the numbers, on one line. */
export function summaryLine(diff: Diff): string {
  return `${outcomeInWords(diff)}. ${numbersInWords(diff)}`.trimEnd();
}

/** What becomes of how many functions, and whether all could be read; nothing where there is nothing to say. */
export function numbersInWords(diff: Diff): string {
  return [functionsInWords(diff), unreadInWords(diff)].filter((sentence) => sentence !== '').join(' ');
}

/** Such as `2 functions changed, 1 added, 5 unchanged, 1 of them published anew.` */
function functionsInWords(diff: Diff): string {
  const { changed, added, removed, republished, unchanged } = summaryOf(diff).functions;
  const [first, ...others] = (
    [
      [changed, 'changed'],
      [added, 'added'],
      [removed, 'removed'],
      [unchanged + republished, 'unchanged'],
    ] as const
  ).filter(([number]) => number > 0);
  if (!first) return '';
  const parts = [
    `${count(first[0], 'function')} ${first[1]}`,
    ...others.map(([number, what]) => `${number} ${what}`),
    ...(republished > 0 ? [`${republished} of them published anew`] : []),
  ];
  return `${parts.join(', ')}.`;
}

function unreadInWords({ before, after, isCompared }: Diff): string {
  const errors = before.errors.length + after.errors.length;
  if (errors === 0) return '';
  const effect = isCompared ? ': what is in it may look added or removed' : '';
  return `${count(errors, 'part')} of the input could not be read${effect}.`;
}

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
    ...change.versions.map(versionDetail),
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

function versionDetail(change: VersionChange): Detail {
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

function subjectOf(change: VersionChange): string {
  switch (change.kind) {
    case 'version':
      return `Version ${displayName(change)}`;
    case 'alias':
      return `Alias ${displayName(change)}`;
    case 'automatic':
      return 'The version that SAM publishes';
  }
}

const UNLESS = {
  code: ', unless its code changes',
  parameter: ', unless a parameter that it goes by changes',
  mode: ', unless the parameter keeps that mode',
} as const;

function keptInWords({ kept, number }: VersionChange): string {
  const kinds = kept.map(({ mode, unless }) => `${mode}${unless ? UNLESS[unless] : ''}`);
  const version = number === undefined ? '' : `version ${number}: `;
  return `${version}${[...new Set(kinds)].join(', or ')}`;
}

function modes(locked: readonly EffectiveMode[]): string {
  return locked.length > 0 ? locked.join(' or ') : 'Unknown';
}

function sourceInWords(source: UntracedSource): string {
  return `${EVENT_SOURCE_NAMES[source.kind]}, by ${displayName(source)} (${locationInWords(source)})`;
}

/** `Active`, or such as `Unset (PassThrough) → Active`. */
export function modeInWords({ before, after }: FunctionChange): string {
  const words = [before, after].flatMap((summary) => (summary ? [possibleModesOf(summary)] : []));
  return [...new Set(words)].join(' → ');
}

/** Whether the modes differ, and still come to the same: PassThrough is the default. */
function isRewordedOnly({ before, after }: FunctionChange): boolean {
  const modes = [before?.mode, after?.mode];
  return modes.includes('Unset') && modes.includes('PassThrough');
}

function possibleModesOf({ mode, possibleModes }: FunctionSummary): string {
  // The only mode that a function can have is the one reported, or none of Lambda's, whatever it is called.
  const isKnown = (possible: string) =>
    possible === mode || (possibleModes.length > 1 && (MODES as readonly string[]).includes(possible));
  const words = possibleModes.map((possible) => {
    if (!isKnown(possible)) return JSON.stringify(possible);
    return possible === 'Unset' ? 'Unset (PassThrough)' : possible;
  });
  return words.length > 0 ? words.join(' or ') : mode;
}
