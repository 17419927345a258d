import { type Stack, Stage, Token } from 'aws-cdk-lib';

/** Whether stacks have the same account and region. Where that is left to deployment, those of one stage do. */
export function haveSameEnvironment(a: Stack, b: Stack): boolean {
  const isSameStage = Stage.of(a) === Stage.of(b);
  return [
    [a.account, b.account],
    [a.region, b.region],
  ].every(([one, other]) =>
    Token.isUnresolved(one) || Token.isUnresolved(other) ? isSameStage : one === other,
  );
}
