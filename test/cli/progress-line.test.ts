import { ProgressLine } from '../../lib/cli/progress-line';

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

test('what is over soon needs no word', () => {
  expect(shownOn({ isTTY: true, patience: 10_000 })).toBe('');
});

test('a file is told nothing', () => {
  expect(shownOn({ isTTY: false, patience: 0 })).toBe('');
});
