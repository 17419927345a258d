import type { Tracing } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import type { TracingProps } from './tracing-props';

/**
 * How `LambdaTracing` goes about functions that exist already.
 */
export interface LambdaTracingOptions extends TracingProps {
  /**
   * Whether to change a mode that is set on a function already.
   *
   * @default false
   */
  readonly override?: boolean;

  /**
   * Constructs to leave alone, with all that is in them.
   *
   * @default - none
   */
  readonly exclude?: IConstruct[];

  /**
   * Patterns of construct paths to leave alone, with all that is below: `*` stands for anything within an ID,
   * `**` for anything, as in CDK's `ConstructSelector.byPath`.
   *
   * @default - none
   */
  readonly excludePaths?: string[];

  /**
   * Types to leave alone, with all that is in such constructs: a class name, with its package and module
   * or without (`aws-cdk-lib.aws_lambda.SingletonFunction`, `SingletonFunction`), or a CloudFormation resource
   * type (`AWS::Serverless::Function`).
   *
   * @default - none
   */
  readonly excludeTypes?: string[];
}

/**
 * Properties of the `LambdaTracing` mixin.
 */
export interface LambdaTracingProps extends LambdaTracingOptions {
  /**
   * The tracing mode: `Tracing.ACTIVE` or `Tracing.PASS_THROUGH`.
   *
   * @default Tracing.ACTIVE
   */
  readonly tracing?: Tracing;
}

/**
 * How `LambdaTracing.of(scope)` goes about the functions of a scope.
 */
export interface LambdaTracingScopeOptions extends LambdaTracingOptions {
  /**
   * When the functions are looked for during synthesis, among the other aspects of the app: lower is earlier.
   *
   * @default - AspectPriority.MUTATING (200), before aspects that only read
   */
  readonly priority?: number;
}
