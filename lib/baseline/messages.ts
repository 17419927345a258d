import { listNames } from '../text/printable';
import type { AlignedBaseline } from './align';
import { isAtSamePath, isOutermost, type TemplateFile } from './match-stacks';

/** The maximum number of listed messages of a kind. */
const MAX_MESSAGES = 5;

/** Returns the error for a baseline without stacks, such as an empty cloud assembly. */
export function noStacksError(name: string): string {
  return `${name} contains no stacks. Pass the previous version of this app.`;
}

/**
 * Returns the error for a baseline if no stack is compared with it.
 *
 * @param name the name of the baseline for the message
 */
export function comparisonError(aligned: AlignedBaseline, name: string): string | undefined {
  const { pairs, moved, ambiguous, removed, added } = aligned;
  if (pairs.length > 0) return undefined;
  if (ambiguous.length > 0) return ambiguousMessage(ambiguous[0]);
  if (moved.length > 0) {
    const [{ before, after }] = moved;
    const difference = differenceOf(before, after);
    return (
      `${name} is from a different ${difference}: ${nameOf(after)} is in ${locationOf(before)} there, but in ` +
      `${locationOf(after)} here. Pass a baseline from the same ${difference}.`
    );
  }
  if (removed.length === 0 || added.length === 0 || isRewritten(aligned)) return undefined;
  return (
    `${name} is from a different app: it contains ${namesOf(removed)}, but none of ${namesOf(added)}. ` +
    'Pass the previous version of this app.'
  );
}

/** True for a single template whose resources are all new, at the path that it has in the baseline. */
function isRewritten({ removed, added }: AlignedBaseline): boolean {
  return removed.length === 1 && added.length === 1 && isAtSamePath(removed[0], added[0]);
}

/** Returns messages about compared stacks that are not obviously the same. */
export function pairMessages({ pairs }: AlignedBaseline): string[] {
  const renamed = pairs.flatMap(({ before, after }) =>
    after
      .filter(({ stackName }) => before.stackName && stackName && stackName !== before.stackName)
      .map(({ stackName }) => `${stackName} with ${before.stackName}`),
  );
  const shared = pairs.filter(({ before, after }) => isOutermost(before) && after.length > 1);
  return [
    ...(renamed.length > 0 ? [`Stacks with different names are compared: ${listNames(renamed)}.`] : []),
    ...limited(
      shared.map(
        ({ before, after }) =>
          `The baseline contains no account and region for ${nameOf(before)}, so it is compared with each of ` +
          `${listNames(after.map(fileOf))}.`,
      ),
    ),
  ];
}

/**
 * Returns messages about stacks that are not compared.
 *
 * @param name the name of the baseline for the messages
 */
export function unmatchedMessages(aligned: AlignedBaseline, name: string): string[] {
  const { pairs, moved, ambiguous, removed, added } = aligned;
  if (pairs.length === 0 && isRewritten(aligned)) {
    return [`${nameOf(added[0])} has no resource in common with the baseline, so all its resources are new.`];
  }
  const locations = moved.map(
    ({ before, after }) => `${nameOf(after)} (${locationOf(before)} there, ${locationOf(after)} here)`,
  );
  const [before, after] = [pairs.map((pair) => pair.before), pairs.flatMap((pair) => pair.after)];
  return [
    ...limited(ambiguous.map(ambiguousMessage)),
    ...(locations.length > 0
      ? [`In a different account or region in the baseline: ${listNames(locations)}.`]
      : []),
    ...(added.length > 0 ? [`${name} contains no baseline for ${namesOf(added, after)}.`] : []),
    ...(removed.length > 0
      ? [
          `Only the baseline contains ${namesOf(removed, before)}, so ${removed.length > 1 ? 'they are' : 'it is'} not compared.`,
        ]
      : []),
  ];
}

function ambiguousMessage({ before, after }: AlignedBaseline['ambiguous'][number]): string {
  const [old, now] = [before, after].map((templates) => listNames(templates.map(fileOf)));
  if (before.length > 1) {
    return `Several templates of the baseline match ${now}: ${old}. Pass one of them as the baseline.`;
  }
  return after.length > 1
    ? `Several templates match ${old} of the baseline: ${now}. Check only one of them.`
    : `${now} may be a new version of ${old}. To compare them, pass only these two.`;
}

function differenceOf(a: TemplateFile, b: TemplateFile): string {
  return (['account', 'region'] as const)
    .filter((part) => a[part] !== undefined && b[part] !== undefined && a[part] !== b[part])
    .join(' and ');
}

/** Returns a location such as `111122223333/eu-west-1`, or the part of it that is known. */
function locationOf({ account, region }: TemplateFile): string {
  return [account, region].filter((part) => part !== undefined).join('/');
}

/** Returns the names of stacks, or their files if the names are unknown or ambiguous. */
function namesOf(templates: readonly TemplateFile[], others: readonly TemplateFile[] = []): string {
  const counts = new Map<string, number>();
  for (const name of [...templates, ...others].map(nameOf)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return listNames(
    templates.map((template) => (counts.get(nameOf(template)) === 1 ? nameOf(template) : fileOf(template))),
  );
}

function nameOf(template: TemplateFile): string {
  return template.stackName ?? fileOf(template);
}

function fileOf({ file, id }: TemplateFile): string {
  return file ?? id;
}

function limited(messages: readonly string[]): string[] {
  const more = messages.length - MAX_MESSAGES;
  return [...messages.slice(0, MAX_MESSAGES), ...(more > 0 ? [`${more} more messages like this.`] : [])];
}
