import { Mixin } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { LambdaTracingProps } from './tracing-props';
import { LambdaTracingScope } from './lambda-tracing-scope';
import { TracingApplier } from './private/apply-tracing';
import { FunctionLinks } from './private/function-links';
import { FunctionResource } from './private/cfn-resources';
import { validateCdkCopy, validateOptions } from './private/validate-props';

/**
 * X-Ray tracing for Lambda functions that already exist, no matter which construct creates them.
 *
 * Use the mixin for the functions that exist now:
 *
 * ```ts
 * fn.with(new LambdaTracing());
 * Mixins.of(stack).apply(new LambdaTracing({ tracing: Tracing.PASS_THROUGH }));
 * ```
 *
 * Use `of()` for a scope, including everything that is added to it later:
 *
 * ```ts
 * LambdaTracing.of(app).active({ excludePaths: ['Orders/Legacy*'] });
 * ```
 *
 * The mixin and `of()` support `lambda.Function` and its subclasses, `SingletonFunction`, the functions of CDK's own custom
 * resources, `CfnFunction`, `AWS::Serverless::Function` and functions from `CfnInclude`. Lambda@Edge functions are
 * skipped, because X-Ray can't trace them. A mode that is already set is kept unless `override` is set. A function
 * with an event source without tracing support, or with a role that can't write to X-Ray, does not become Active. With
 * `callers`, the APIs, state machines and topics of a scope that call its functions are traced too.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
 */
export class LambdaTracing extends Mixin {
  /**
   * Returns the tracing of all functions in a construct, stack, stage or app, including those added before synthesis and
   * those that CDK creates during synthesis. With `skipValidation`, the latter are not traced.
   *
   * @param scope the scope that contains the functions
   * @throws if the scope is not a construct
   */
  public static of(scope: IConstruct): LambdaTracingScope {
    return LambdaTracingScope._of(scope);
  }

  private readonly applier: TracingApplier;

  /**
   * @param props the tracing mode and options
   * @throws if `tracing` is not `Tracing.ACTIVE` or `Tracing.PASS_THROUGH`, or if an option is invalid or misspelled
   */
  constructor(props: LambdaTracingProps = {}) {
    super();
    validateOptions(props, 'LambdaTracing');
    this.applier = new TracingApplier(props, 'LambdaTracing');
  }

  /**
   * Returns true if a construct is a Lambda function or the resource of one.
   *
   * @param construct the construct to look at
   */
  public supports(construct: IConstruct): boolean {
    return FunctionResource.of(construct) !== undefined;
  }

  /**
   * Sets the tracing mode of a function, and allows the role of an Active function to write to X-Ray. Other constructs
   * are not changed. The event sources and versions that the function has now count.
   *
   * @param construct the construct to apply tracing to
   */
  public applyTo(construct: IConstruct): void {
    const target = FunctionResource.of(construct);
    if (!target) return;
    validateCdkCopy(construct, `LambdaTracing for '${construct.node.path}'`);
    const links = FunctionLinks.of(construct);
    this.applier.apply(target, links);
    this.applier.tie(target, links);
  }
}
