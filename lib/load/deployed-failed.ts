import { listed } from '../model/listed';

/** Something that could not be read. */
export interface Failed {
  readonly name: string;
  readonly region?: string;
  /** The end of a sentence that begins with what could not be read. */
  readonly reason: string;
}

/** What readers call things of a kind. */
export interface Kind {
  /** What of them, if not all. */
  readonly of?: string;
  readonly one: string;
  readonly many: string;
}

export const STACKS: Kind = { one: 'the stack', many: 'stacks' };

/** Says of things of a kind that they can't be read, once for each reason. */
export function inSentences(failed: readonly Failed[], kind: Kind): string[] {
  const reasons = new Set(failed.map(({ reason }) => reason));
  return [...reasons].map((reason) => {
    const things = failed.filter((one) => one.reason === reason);
    return `${subjectOf(things, kind)} can't be read, ${reason}`;
  });
}

function subjectOf(things: readonly Failed[], { of, one, many }: Kind): string {
  const regions = [...new Set(things.flatMap(({ region }) => region ?? []))].sort();
  const place = regions.length === 0 ? '' : ` in ${regions.join(', ')}`;
  const names = [...new Set(things.map(({ name }) => `'${name}'`))];
  const which =
    names.length === 1 ? `${one} ${names[0]}${place}` : `${names.length} ${many}${place} (${listed(names)})`;
  const subject = of === undefined ? which : `${of} ${which}`;
  return subject.charAt(0).toUpperCase() + subject.slice(1);
}
