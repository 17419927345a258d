import { ProgressLine } from '../../lib/cli/terminal';

const CLEAR = '\r\u001b[2K';

function shownOn({ isTTY, patience }: { isTTY: boolean; patience: number }): string {
  let shown = '';
  const stream = { isTTY, columns: 30, write: (text: string) => (shown += text) };
  const line = new ProgressLine(stream as unknown as NodeJS.WriteStream, patience);
  line.show('12 files read');
  line.show('13 files read');
  line.clear();
  return shown;
}

test('a terminal is told, not too often, and left as it was', () => {
  expect(shownOn({ isTTY: true, patience: 0 })).toBe(`${CLEAR}12 files read${CLEAR}`);
});

test('a name in it is harmless', () => {
  const shown: string[] = [];
  const stream = { isTTY: true, columns: 30, write: (text: string) => shown.push(text) };
  new ProgressLine(stream as unknown as NodeJS.WriteStream, 0).show('Reading \u001b[31m\n\u202ex');
  expect(shown).toEqual([`${CLEAR}Reading \\u001b[31m \\u202ex`]);
});

test('what is over soon needs no word', () => {
  expect(shownOn({ isTTY: true, patience: 10_000 })).toBe('');
});

test('a file is told nothing', () => {
  expect(shownOn({ isTTY: false, patience: 0 })).toBe('');
});
