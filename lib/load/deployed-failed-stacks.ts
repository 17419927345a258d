import { listed } from './baseline-names';

/** A stack that could not be read. */
export interface FailedStack {
  readonly name: string;
  readonly region?: string;
  /** The end of a sentence that begins with the stack. */
  readonly reason: string;
}

/** Says of stacks that they can't be read, once for each reason. */
export function inSentences(failed: readonly FailedStack[]): string[] {
  const reasons = new Set(failed.map(({ reason }) => reason));
  return [...reasons].map((reason) => {
    const stacks = failed.filter((one) => one.reason === reason);
    return `${subjectOf(stacks)} can't be read, ${reason}`;
  });
}

function subjectOf(stacks: readonly FailedStack[]): string {
  const regions = [...new Set(stacks.flatMap(({ region }) => region ?? []))].sort();
  const place = regions.length === 0 ? '' : ` in ${regions.join(', ')}`;
  const names = stacks.map(({ name }) => `'${name}'`);
  if (names.length === 1) return `The stack ${names[0]}${place}`;
  return `${names.length} stacks${place} (${listed(names)})`;
}
