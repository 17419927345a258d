/** Tells readers who don't see the page what has changed in it. */
export class Announcer {
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** @param status a live region */
  constructor(private readonly status: HTMLElement) {}

  /** Says something, once the reader has stopped typing. */
  public say(text: string): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.status.textContent = text;
    }, PATIENCE);
  }
}

/** In milliseconds. */
const PATIENCE = 250;
