/** How often functions are invoked, as a configuration says it. */
export interface GivenFigures {
  /** Requests per second of every function that is called from outside. */
  readonly default?: number;
  readonly named: readonly NamedFigure[];
}

/** A figure for a function. */
export interface NamedFigure {
  /** A construct path or a logical ID. */
  readonly name: string;
  readonly requestsPerSecond: number;
  /** Where it stands: `.cdk-lambda-xray.yaml:3:5`. */
  readonly place: string;
}
