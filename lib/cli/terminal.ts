import { printable } from '../text/printable';

/** Whether standard output gets colors: as asked for, and see https://no-color.org and https://force-color.org. */
export function usesColor({ color }: { readonly color: boolean }): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (!color || NO_COLOR) return false;
  if (FORCE_COLOR) return FORCE_COLOR !== '0';
  // Undefined where it is no terminal, and undefined is what picocolors takes for 'as you see fit'.
  return Boolean(process.stdout.isTTY) && TERM !== 'dumb';
}

const MAX_WIDTH = 120;

/** How many characters go on a line of a terminal; nothing where it isn't one. */
export function terminalWidth({ isTTY, columns }: NodeJS.WriteStream): number | undefined {
  return isTTY && columns ? Math.min(columns, MAX_WIDTH) : undefined;
}

/** A line on a terminal that says how far a long run is, and is gone when it is done. */
export class ProgressLine {
  private readonly start = Date.now();
  private last = 0;
  private isShown = false;

  /**
   * @param stream where to show it; nothing is shown where that is no terminal
   * @param patience how many milliseconds may go by without a word
   */
  constructor(
    private readonly stream: NodeJS.WriteStream,
    private readonly patience = 200,
  ) {}

  public show(text: string): void {
    const now = Date.now();
    if (!this.stream.isTTY || now - this.start < this.patience || now - this.last < 100) return;
    this.last = now;
    this.isShown = true;
    const line = printable(text).slice(0, Math.max(20, this.stream.columns || 80) - 1);
    this.stream.write(`\r\u001b[2K${line}`);
  }

  public clear(): void {
    if (this.isShown) this.stream.write('\r\u001b[2K');
    this.isShown = false;
  }
}
