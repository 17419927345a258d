import { listNames } from '../text/list-names';
import type { AlignedBaseline } from './align';
import { isOutermost, type TemplateFile } from './match-stacks';

/** How many sentences of a kind anybody reads. */
const MAX_SENTENCES = 5;

/** What to say of a baseline that has nothing to be compared with, such as a cloud assembly that is empty. */
export function noStacks(name: string): string {
  return `${name} has no stacks: name the one that this has come of.`;
}

/**
 * Why nothing is compared with a baseline; nothing where something is.
 *
 * @param name what the sentence calls the baseline
 */
export function whyNotCompared(aligned: AlignedBaseline, name: string): string | undefined {
  const { pairs, moved, ambiguous, gone, added } = aligned;
  if (pairs.length > 0) return undefined;
  if (ambiguous.length > 0) return ambiguousMessage(ambiguous[0]);
  if (moved.length > 0) {
    const [{ before, after }] = moved;
    return (
      `${name} is of another ${differenceOf(before, after)}: ${nameOf(after)} is in ${placeOf(before)} there, and in ` +
      `${placeOf(after)} here. Name one that is of the same.`
    );
  }
  if (gone.length === 0 || added.length === 0) return undefined;
  return (
    `${name} is of another app: it has ${namesOf(gone)}, and nothing of what is judged (${namesOf(added)}). ` +
    'Name the one that this has come of.'
  );
}

/** Where stacks are compared that not everybody takes for the same, a sentence each. */
export function notesOnPairs({ pairs }: AlignedBaseline): string[] {
  const renamed = pairs.flatMap(({ before, after }) =>
    after
      .filter(({ stackName }) => before.stackName && stackName && stackName !== before.stackName)
      .map(({ stackName }) => `${stackName} with ${before.stackName}`),
  );
  const shared = pairs.filter(({ before, after }) => isOutermost(before) && after.length > 1);
  return [
    ...(renamed.length > 0 ? [`Stacks of different names are compared: ${listNames(renamed)}.`] : []),
    ...theFirst(
      shared.map(
        ({ before, after }) =>
          `${nameOf(before)} is in no certain account and region in the baseline: ${listNames(after.map(fileOf))} are ` +
          'each compared with it.',
      ),
    ),
  ];
}

/**
 * What is compared with nothing, and why, a sentence each.
 *
 * @param name what the sentences call the baseline
 */
export function notesOnOthers(
  { pairs, moved, ambiguous, gone, added }: AlignedBaseline,
  name: string,
): string[] {
  const places = moved.map(
    ({ before, after }) => `${nameOf(after)} (${placeOf(before)} there, ${placeOf(after)} here)`,
  );
  const [before, after] = [pairs.map((pair) => pair.before), pairs.flatMap((pair) => pair.after)];
  return [
    ...theFirst(ambiguous.map(ambiguousMessage)),
    ...(places.length > 0 ? [`In another account or region in the baseline: ${listNames(places)}.`] : []),
    ...(added.length > 0
      ? [`There is no baseline for ${namesOf(added, after)}: nothing in ${name} is known to be the same.`]
      : []),
    ...(gone.length > 0
      ? [
          `${namesOf(gone, before)} in the baseline ${gone.length > 1 ? 'are' : 'is'} compared with nothing: nothing that is ` +
            'judged is known to be the same.',
        ]
      : []),
  ];
}

function ambiguousMessage({ before, after }: AlignedBaseline['ambiguous'][number]): string {
  const [old, now] = [before, after].map((templates) => listNames(templates.map(fileOf)));
  if (before.length > 1) return `${now} may have come of any of ${old}: name that one as the baseline.`;
  return after.length > 1
    ? `Any of ${now} may have come of ${old}: judge that one alone.`
    : `${now} may have come of ${old}: compare the two alone.`;
}

function differenceOf(a: TemplateFile, b: TemplateFile): string {
  return (['account', 'region'] as const)
    .filter((part) => a[part] !== undefined && b[part] !== undefined && a[part] !== b[part])
    .join(' and ');
}

/** `111122223333/eu-west-1`, as far as it is known. */
function placeOf({ account, region }: TemplateFile): string {
  return [account, region].filter((part) => part !== undefined).join('/');
}

/** The names of stacks, or their files, where the name isn't known, or is that of others too. */
function namesOf(templates: readonly TemplateFile[], others: readonly TemplateFile[] = []): string {
  const counts = new Map<string, number>();
  for (const name of [...templates, ...others].map(nameOf)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return listNames(templates.map((one) => (counts.get(nameOf(one)) === 1 ? nameOf(one) : fileOf(one))));
}

function nameOf(template: TemplateFile): string {
  return template.stackName ?? fileOf(template);
}

function fileOf({ file, id }: TemplateFile): string {
  return file ?? id;
}

function theFirst(sentences: readonly string[]): string[] {
  const more = sentences.length - MAX_SENTENCES;
  return [...sentences.slice(0, MAX_SENTENCES), ...(more > 0 ? [`And ${more} more of this kind.`] : [])];
}
