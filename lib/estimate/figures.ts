import type { LambdaFunction } from '../model/lambda-function';

/** How often functions are invoked, as their users know it. */
export interface Figures {
  /** The requests per second of each function that requests come to from outside, and that has no figure of its own. */
  readonly default?: number;
  /** A function's own figure: its requests per second, whoever makes them. */
  of(fn: LambdaFunction): number | undefined;
}
