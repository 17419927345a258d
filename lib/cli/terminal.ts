import type { TextOptions } from '../report/formats/text';
import { printable } from '../text/printable';

interface TerminalOptions {
  readonly output?: string;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly color: boolean;
}

/** Returns the options for a report. Only a terminal gets colors and a limited line width. */
export function textOptions({ output, quiet = false, verbose, color }: TerminalOptions): TextOptions {
  if (output !== undefined) return { quiet, verbose, color: false };
  return { quiet, verbose, color: usesColor({ color }), width: terminalWidth(process.stdout) };
}

/** True if standard output gets colors. See https://no-color.org and https://force-color.org. */
export function usesColor({ color }: { readonly color: boolean }): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (!color || NO_COLOR) return false;
  if (FORCE_COLOR) return FORCE_COLOR !== '0';
  // isTTY is undefined for files and pipes, and picocolors would then decide by itself.
  return Boolean(process.stdout.isTTY) && TERM !== 'dumb';
}

const MAX_WIDTH = 120;

/** Returns the characters per line of a terminal, or undefined if the stream is none. */
function terminalWidth({ isTTY, columns }: NodeJS.WriteStream): number | undefined {
  return isTTY && columns ? Math.min(columns, MAX_WIDTH) : undefined;
}

/** A line on a terminal that shows the progress of a long run, and is cleared at its end. */
export class ProgressLine {
  private readonly start = Date.now();
  private last = 0;
  private isShown = false;

  /**
   * @param stream the terminal; other streams get no output
   * @param delay milliseconds before the first output
   */
  constructor(
    private readonly stream: NodeJS.WriteStream,
    private readonly delay = 200,
  ) {}

  public show(text: string): void {
    const now = Date.now();
    if (!this.stream.isTTY || now - this.start < this.delay || now - this.last < 100) return;
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
