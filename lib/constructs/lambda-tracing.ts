import { Mixin } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { LambdaTracingProps } from './lambda-tracing-options';
import { LambdaTracingScope } from './lambda-tracing-scope';
import { TracingApplier } from './private/apply-tracing';
import { FunctionLinks } from './private/function-links';
import { FunctionResource } from './private/function-resource';

/**
 * X-Ray tracing for Lambda functions that exist already, whoever made them.
 *
 * As a mixin, for what is there now:
 *
 * ```ts
 * fn.with(new LambdaTracing());
 * Mixins.of(stack).apply(new LambdaTracing({ tracing: Tracing.PASS_THROUGH }));
 * ```
 *
 * For a scope and all that is added to it later:
 *
 * ```ts
 * LambdaTracing.of(app).active({ excludePaths: ['Orders/Legacy*'] });
 * ```
 *
 * It reaches `lambda.Function` and all that extends it, `SingletonFunction`, the functions of CDK's own custom
 * resources, `CfnFunction`, `AWS::Serverless::Function` and what `CfnInclude` brought in. It leaves out Lambda@Edge
 * functions, which X-Ray can't trace. A mode that is set already stands, unless `override` is given. A function
 * that only event sources without tracing feed becomes PassThrough instead of Active. With `callers`, a scope traces the
 * APIs, state machines and topics that call its functions too.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
 */
export class LambdaTracing extends Mixin {
  /**
   * Tracing for a whole scope: a construct, stack, stage or app, with what is added to it until synthesis.
   *
   * @param scope where the functions are
   */
  public static of(scope: IConstruct): LambdaTracingScope {
    return LambdaTracingScope._of(scope);
  }

  private readonly application: TracingApplier;

  /**
   * @param props the mode, and how to go about it
   * @throws if `tracing` isn't one of Lambda's two modes
   */
  constructor(props: LambdaTracingProps = {}) {
    super();
    this.application = new TracingApplier(props, 'LambdaTracing');
  }

  /** Whether a construct is a Lambda function, or the resource of one. */
  public supports(construct: IConstruct): boolean {
    return FunctionResource.of(construct) !== undefined;
  }

  /** Sets the mode of a function and lets it write to X-Ray; leaves alone what isn't one. */
  public applyTo(construct: IConstruct): void {
    const target = FunctionResource.of(construct);
    if (!target) return;
    const links = new FunctionLinks(construct.node.root);
    this.application.apply(target, links);
    this.application.tie(target, links);
  }
}
