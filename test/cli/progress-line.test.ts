import { ProgressLine } from '../../lib/cli/terminal';

const CLEAR = '\r\u001b[2K';

function shownOn({ isTTY, delay }: { isTTY: boolean; delay: number }): string {
  let shown = '';
  const stream = { isTTY, columns: 30, write: (text: string) => (shown += text) };
  const line = new ProgressLine(stream as unknown as NodeJS.WriteStream, delay);
  line.show('12 files read');
  line.show('13 files read');
  line.clear();
  return shown;
}

test('updates the line with pauses and clears it', () => {
  expect(shownOn({ isTTY: true, delay: 0 })).toBe(`${CLEAR}12 files read${CLEAR}`);
});

test('escapes names', () => {
  const shown: string[] = [];
  const stream = { isTTY: true, columns: 30, write: (text: string) => shown.push(text) };
  new ProgressLine(stream as unknown as NodeJS.WriteStream, 0).show('Reading \u001b[31m\n\u202ex');
  expect(shown).toEqual([`${CLEAR}Reading \\u001b[31m \\u202ex`]);
});

test('shows no progress of a short run', () => {
  expect(shownOn({ isTTY: true, delay: 10_000 })).toBe('');
});

test('writes nothing to a file', () => {
  expect(shownOn({ isTTY: false, delay: 0 })).toBe('');
});
