import { DeployedFailure } from './deployed-failure';

/** Why nothing is asked for through a proxy. */
export class ProxyFailure extends DeployedFailure {
  /** Where the SDK puts another error around this, it is known by its name. */
  public override readonly name = 'ProxyFailure';

  /**
   * @param message the end of a sentence that begins with what can't be read, with the way out
   * @param cause by which the SDK decides whether it asks again
   */
  constructor(
    message: string,
    public override readonly cause?: unknown,
  ) {
    super(message, true);
  }
}
