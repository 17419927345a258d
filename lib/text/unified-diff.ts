/** The number of unchanged lines around a change. */
const CONTEXT = 3;

/** A run of equal, removed or added lines. */
interface Line {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

/**
 * Returns the difference of two texts as `git apply` and `patch` read it. Empty if they are equal.
 *
 * @param path the path of the file, with slashes
 */
export function unifiedDiff(path: string, before: string, after: string): string {
  if (before === after) return '';
  const lines = diffLines(linesOf(before), linesOf(after));
  const [from, to] = path.startsWith('/') ? [path, path] : [`a/${path}`, `b/${path}`];
  return [`--- ${from}\n+++ ${to}\n`, ...hunks(lines)].join('');
}

/** Returns the lines of a text, with their line breaks. */
function linesOf(text: string): string[] {
  return text.split(/(?<=\n)/).filter((line) => line !== '');
}

function hunks(lines: readonly Line[]): string[] {
  const changed = lines.flatMap(({ sign }, i) => (sign === ' ' ? [] : [i]));
  const groups: { start: number; end: number }[] = [];
  for (const i of changed) {
    const last = groups.at(-1);
    if (last && i - last.end <= 2 * CONTEXT) last.end = i + 1;
    else groups.push({ start: i, end: i + 1 });
  }
  return groups.map(({ start, end }) => hunk(lines, Math.max(0, start - CONTEXT), end + CONTEXT));
}

function hunk(lines: readonly Line[], start: number, end: number): string {
  const range = (sign: '-' | '+') => {
    const has = (line: Line) => line.sign !== (sign === '-' ? '+' : '-');
    const length = lines.slice(start, end).filter(has).length;
    const first = lines.slice(0, start).filter(has).length + (length === 0 ? 0 : 1);
    return `${sign}${first}${length === 1 ? '' : `,${length}`}`;
  };
  const body = lines
    .slice(start, end)
    .map(
      ({ sign, text }) => `${sign}${text}${text.endsWith('\n') ? '' : '\n\\ No newline at end of file\n'}`,
    );
  return `@@ ${range('-')} ${range('+')} @@\n${body.join('')}`;
}

/** Compares lines with the greedy algorithm of E. W. Myers, which is fast if few lines differ. */
function diffLines(before: readonly string[], after: readonly string[]): Line[] {
  const trace: Map<number, number>[] = [];
  let furthest = new Map<number, number>([[1, 0]]);
  for (let edits = 0; ; edits++) {
    trace.push(new Map(furthest));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = isDown(furthest, diagonal, edits)
        ? furthest.get(diagonal + 1)!
        : furthest.get(diagonal - 1)! + 1;
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x++;
      furthest.set(diagonal, x);
      if (x >= before.length && x - diagonal >= after.length) return backtrack(trace, before, after);
    }
    furthest = new Map(furthest);
  }
}

/** True if the furthest path on a diagonal comes from an added line, not from a removed one. */
function isDown(furthest: ReadonlyMap<number, number>, diagonal: number, edits: number): boolean {
  if (diagonal === -edits) return true;
  return diagonal !== edits && furthest.get(diagonal - 1)! < furthest.get(diagonal + 1)!;
}

function backtrack(
  trace: readonly ReadonlyMap<number, number>[],
  before: readonly string[],
  after: readonly string[],
): Line[] {
  const lines: Line[] = [];
  let [x, y] = [before.length, after.length];
  for (let edits = trace.length - 1; edits >= 0; edits--) {
    const diagonal = x - y;
    const previous = isDown(trace[edits], diagonal, edits) ? diagonal + 1 : diagonal - 1;
    const fromX = edits === 0 ? 0 : trace[edits].get(previous)!;
    const fromY = edits === 0 ? 0 : fromX - previous;
    while (x > fromX && y > fromY) {
      lines.push({ sign: ' ', text: before[--x] });
      y--;
    }
    if (x > fromX) lines.push({ sign: '-', text: before[--x] });
    else if (y > fromY) lines.push({ sign: '+', text: after[--y] });
  }
  return lines.reverse();
}
