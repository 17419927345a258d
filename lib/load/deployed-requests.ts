import { type Asked, type DeployedFailure, deployedFailure } from './deployed-failure';
import type { Lanes } from './deployed-lanes';

/** Asks a service for what is deployed. */
export class DeployedRequests {
  /** Why nothing can be read here. */
  private broken?: DeployedFailure;

  /**
   * @param lanes by which all requests go
   * @param isNotThere whether an error says that there is no such thing
   */
  constructor(
    private readonly lanes: Lanes,
    private readonly asked: Asked,
    private readonly isNotThere: (error: Error) => boolean,
  ) {}

  /**
   * The answer, or nothing if what is asked for isn't there.
   *
   * @throws DeployedFailure
   */
  public ask<T>(request: () => Promise<T>): Promise<T | undefined> {
    return this.lanes.run(async () => {
      if (this.broken) throw this.broken;
      try {
        return await request();
      } catch (error) {
        if (this.isNotThere(error as Error)) return undefined;
        const failure = deployedFailure(error, this.asked);
        if (failure.isGeneral) this.broken = failure;
        throw failure;
      }
    });
  }
}
