import { pathOf as displayName } from '../../cloudformation/template';
import { EVENT_SOURCE_NAMES } from '../../lambda/event-sources';
import type { EffectiveMode } from '../../lambda/lambda-function';
import { SEVERITIES } from '../../rules/rule';
import { modesText } from '../function-summary';
import { count, locationInWords } from '../wording';
import { type Diff, isChanged, summaryOf } from './diff';
import {
  canBeActive,
  type FunctionChange,
  isInSameModes,
  type UntracedSource,
  type VersionChange,
} from './function-changes';

/** Returns the outcome in short, such as `1 new error, 2 resolved`. */
export function outcomeText(diff: Diff): string {
  if (!diff.isCompared) return 'Comparison not possible';
  if (!isChanged(diff)) return 'No changes';
  const { findings } = summaryOf(diff);
  const loosened = diff.configurationChanges.length;
  const added = SEVERITIES.filter((severity) => findings.new[severity] > 0).map((severity) =>
    count(findings.new[severity], `new ${severity}`, severity === 'info' ? 'new info' : undefined),
  );
  const resolved = SEVERITIES.reduce((sum, severity) => sum + findings.resolved[severity], 0);
  return [
    ...(added.length > 0 ? added : ['No new findings']),
    ...(resolved > 0 ? [`${resolved} resolved`] : []),
    ...(findings.acknowledged > 0 ? [`${findings.acknowledged} acknowledged`] : []),
    ...(loosened > 0 ? [count(loosened, 'loosened check')] : []),
    ...callersInWords(diff),
  ].join(', ');
}

function callersInWords({ callers }: Diff): string[] {
  return (['turned on', 'turned off'] as const).flatMap((change) => {
    const number = callers.filter((caller) => caller.change === change).length;
    return number > 0 ? [`tracing ${change} for ${count(number, 'service')}`] : [];
  });
}

/** Returns the outcome and the numbers in one line. */
export function summaryLine(diff: Diff): string {
  return `${outcomeText(diff)}. ${countsText(diff)}`.trimEnd();
}

/** Returns the number of changed functions and unreadable parts. Empty if there are none. */
export function countsText(diff: Diff): string {
  return [functionsInWords(diff), unreadInWords(diff)].filter((sentence) => sentence !== '').join(' ');
}

/** Returns a sentence such as `2 functions changed, 1 added, 5 unchanged, 1 of them republished.` */
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
    ...others.map(([number, change]) => `${number} ${change}`),
    ...(republished > 0 ? [`${republished} of them republished`] : []),
  ];
  return `${parts.join(', ')}.`;
}

function unreadInWords({ before, after, isCompared }: Diff): string {
  const errors = before.errors.length + after.errors.length;
  if (errors === 0) return '';
  const effect = isCompared ? ', so some resources may look added or removed' : '';
  return `${count(errors, 'part')} of the input could not be read${effect}.`;
}

/** A detail of the change of a function. */
export interface Detail {
  readonly text: string;
  /** The effect on traces. */
  readonly tone: 'good' | 'bad' | 'neutral';
}

/** Returns the changes besides the mode: permissions, versions, event sources. */
export function detailsOf(change: FunctionChange): Detail[] {
  return [
    ...(isSameEffect(change) ? [detail('Both modes have the same effect', 'neutral')] : []),
    ...permissionDetails(change),
    ...change.versions.map(versionDetail),
    ...change.untracedSources.added.map((source) =>
      detail(
        `New event source that X-Ray does not support: ${sourceText(source)}`,
        canBeActive(change) ? 'bad' : 'neutral',
      ),
    ),
    ...change.untracedSources.removed.map((source) =>
      detail(`Removed event source that X-Ray does not support: ${sourceText(source)}`, 'neutral'),
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

function detail(text: string, tone: Detail['tone']): Detail {
  return { text, tone };
}

function versionDetail(change: VersionChange): Detail {
  const name = versionName(change);
  switch (change.change) {
    case 'stuck':
      return detail(`${name} stays on ${staleModesText(change)}`, 'bad');
    case 'republished':
      return isInSameModes(change)
        ? detail(`${name} is republished in the same mode`, 'neutral')
        : detail(`${name} is republished: ${modes(change.before)} → ${modes(change.after)}`, 'good');
    case 'published':
      return detail(`${name} is published: ${modes(change.after)}`, 'neutral');
    case 'removed':
      return detail(`${name} is removed`, 'neutral');
  }
}

function versionName(change: VersionChange): string {
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
  parameter: ', unless a parameter that it depends on changes',
  mode: ', unless the parameter keeps that mode',
} as const;

function staleModesText({ kept, number }: VersionChange): string {
  const kinds = kept.map(({ mode, unless }) => `${mode}${unless ? UNLESS[unless] : ''}`);
  const version = number === undefined ? '' : `version ${number}: `;
  return `${version}${[...new Set(kinds)].join(', or ')}`;
}

function modes(possible: readonly EffectiveMode[]): string {
  return possible.length > 0 ? possible.join(' or ') : 'Unknown';
}

function sourceText(source: UntracedSource): string {
  return `${EVENT_SOURCE_NAMES[source.kind]}, mapped by ${displayName(source)} (${locationInWords(source)})`;
}

/** Returns a mode or its change, such as `Active` or `Unset (PassThrough) → Active`. */
export function modeText({ before, after }: FunctionChange): string {
  const texts = [before, after].flatMap((summary) => (summary ? [modesText(summary)] : []));
  return [...new Set(texts)].join(' → ');
}

/** True if the mode changes between unset and PassThrough, which is the default. */
function isSameEffect({ before, after }: FunctionChange): boolean {
  const modes = [before?.mode, after?.mode];
  return modes.includes('Unset') && modes.includes('PassThrough');
}
