import { DeployedFailure } from './deployed-failure';

/**
 * The account that is read, which credentials often don't tell: those in the environment don't, as a rule. What tells
 * it then are the stacks that are found.
 */
export class OwnAccount {
  private id?: string;

  /** @param id nothing where it isn't told */
  public learn(id: string | undefined): void {
    this.id = id ?? this.id;
  }

  public get isKnown(): boolean {
    return this.id !== undefined;
  }

  /**
   * Why a stack can't be read; nothing if it can, as far as is known.
   *
   * @param account that the stack is of; nothing if its template doesn't tell
   */
  public failureOf(account: string | undefined): DeployedFailure | undefined {
    if (account === undefined || this.id === undefined || account === this.id) return undefined;
    const message = `since it is of the account ${account}, and the credentials are of ${this.id}: name a profile of ${account} by --profile.`;
    return new DeployedFailure(message, false);
  }

  /** @throws DeployedFailure if a stack is of another account, as far as is known */
  public refuseOther(account: string | undefined): void {
    const failure = this.failureOf(account);
    if (failure) throw failure;
  }
}
