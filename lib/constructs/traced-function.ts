import {
  DockerImageFunction,
  type DockerImageFunctionProps,
  type FunctionProps,
  Function as LambdaFunction,
} from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, type NodejsFunctionProps } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { Construct } from 'constructs';
import type { InstrumentationProps } from './instrumentation';
import {
  bundlingFor,
  defaultEntry,
  setUpTracing,
  warnOfBundledSdk,
  withoutTracing,
} from './private/traced-function-setup';
import type { TracingProps } from './tracing-props';

/**
 * Properties of `TracedFunction`: the properties of CDK's `lambda.Function` and the tracing options.
 *
 * `tracing` is `Tracing.ACTIVE` by default and can be `Tracing.PASS_THROUGH`. `Tracing.DISABLED` throws an error,
 * because Lambda has no such mode.
 */
export interface TracedFunctionProps extends FunctionProps, TracingProps, InstrumentationProps {}

/**
 * A Lambda function with X-Ray tracing.
 *
 * The tracing mode is Active by default and always set explicitly in the template. The execution role gets permission
 * to write to X-Ray. Synthesis fails if an Active function has an event source that X-Ray doesn't support.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
 */
export class TracedFunction extends LambdaFunction {
  /**
   * @param scope the parent construct
   * @param id the construct ID
   * @param props the properties of the function
   * @throws if `tracing` is not `Tracing.ACTIVE` or `Tracing.PASS_THROUGH`, if `tracingPermissions` is
   * invalid, or if the function can't be instrumented as `instrumentation` says
   */
  constructor(scope: Construct, id: string, props: TracedFunctionProps) {
    super(scope, id, withoutTracing(scope, id, props));
    setUpTracing(this, props);
  }
}

/**
 * Properties of `TracedDockerImageFunction`: the properties of CDK's `DockerImageFunction` and the tracing options.
 *
 * `tracing` is `Tracing.ACTIVE` by default and can be `Tracing.PASS_THROUGH`. `Tracing.DISABLED` throws an error,
 * because Lambda has no such mode.
 */
export interface TracedDockerImageFunctionProps
  extends DockerImageFunctionProps, TracingProps, InstrumentationProps {}

/**
 * A Lambda function from a container image, with X-Ray tracing.
 *
 * The tracing mode is Active by default and always set explicitly in the template. The execution role gets permission
 * to write to X-Ray. Synthesis fails if an Active function has an event source that X-Ray doesn't support.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
 */
export class TracedDockerImageFunction extends DockerImageFunction {
  /**
   * @param scope the parent construct
   * @param id the construct ID
   * @param props the properties of the function
   * @throws if `tracing` is not `Tracing.ACTIVE` or `Tracing.PASS_THROUGH`, if `tracingPermissions` is
   * invalid, or if the function can't be instrumented as `instrumentation` says
   */
  constructor(scope: Construct, id: string, props: TracedDockerImageFunctionProps) {
    super(scope, id, withoutTracing(scope, id, props));
    setUpTracing(this, props);
  }
}

/**
 * Properties of `TracedNodejsFunction`: the properties of CDK's `NodejsFunction` and the tracing options.
 *
 * `tracing` is `Tracing.ACTIVE` by default and can be `Tracing.PASS_THROUGH`. `Tracing.DISABLED` throws an error,
 * because Lambda has no such mode.
 */
export interface TracedNodejsFunctionProps extends NodejsFunctionProps, TracingProps, InstrumentationProps {}

/**
 * A Node.js Lambda function, bundled by esbuild, with X-Ray tracing.
 *
 * The tracing mode is Active by default and always set explicitly in the template. The execution role gets permission
 * to write to X-Ray. Synthesis fails if an Active function has an event source that X-Ray doesn't support.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
 */
export class TracedNodejsFunction extends NodejsFunction {
  /**
   * @param scope the parent construct
   * @param id the construct ID
   * @param props the properties of the function
   * @throws if `tracing` is not `Tracing.ACTIVE` or `Tracing.PASS_THROUGH`, if `tracingPermissions` is
   * invalid, or if the function can't be instrumented as `instrumentation` says
   */
  constructor(scope: Construct, id: string, props: TracedNodejsFunctionProps = {}) {
    const entry = props.entry ?? (props.code ? undefined : defaultEntry(id, 'TracedNodejsFunction'));
    super(scope, id, withoutTracing(scope, id, { ...props, entry, bundling: bundlingFor(scope, id, props) }));
    setUpTracing(this, props);
    warnOfBundledSdk(this, props);
  }
}
