import { type Failed, inSentences, type Kind } from '../load/deployed-failed';
import { DeployedFailure } from '../load/deployed-failure';

/** Collects why things of a kind can't be read, so that the others are. */
export class Failures {
  private readonly failed: Failed[] = [];

  constructor(private readonly kind: Kind) {}

  /**
   * What is read, or nothing if it can't be.
   *
   * @param name what readers call it
   * @param region where it is, as far as that is known
   */
  public async attempt<T>(
    name: string,
    region: string | undefined,
    read: () => Promise<T>,
  ): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof DeployedFailure)) throw error;
      this.add({ name, region, reason: error.message });
      return undefined;
    }
  }

  public add(failed: Failed): void {
    this.failed.push(failed);
  }

  /** What can't be read, and why: once for each reason. */
  public inSentences(): string[] {
    const inOrder = [...this.failed].sort((a, b) => (a.name < b.name ? -1 : 1));
    return inSentences(inOrder, this.kind);
  }
}
