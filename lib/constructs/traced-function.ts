import {
  DockerImageFunction,
  type DockerImageFunctionProps,
  type FunctionProps,
  Function as LambdaFunction,
} from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, type NodejsFunctionProps } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { Construct } from 'constructs';
import { defaultEntry, setUpTracing, withoutTracing } from './private/traced-function-setup';
import type { TracingProps } from './tracing-props';

/**
 * Properties of `TracedFunction`: those of CDK's `lambda.Function`, and how the role is permitted to write traces.
 *
 * `tracing` is `Tracing.ACTIVE` unless set to `Tracing.PASS_THROUGH`. `Tracing.DISABLED` is refused: Lambda has
 * no such mode.
 */
export interface TracedFunctionProps extends FunctionProps, TracingProps {}

/**
 * A Lambda function with X-Ray tracing.
 *
 * The tracing mode is Active unless told otherwise, and always written out. The execution role is given what
 * writing to X-Ray takes. The synthesis fails when the function is Active and an event source feeds it that
 * X-Ray doesn't support.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
 */
export class TracedFunction extends LambdaFunction {
  /**
   * @param scope the construct that this one belongs to
   * @param id its name in that scope
   * @param props how to make it
   * @throws if `tracing` isn't one of Lambda's two modes
   */
  constructor(scope: Construct, id: string, props: TracedFunctionProps) {
    super(scope, id, withoutTracing(scope, id, props));
    setUpTracing(this, props);
  }
}

/**
 * Properties of `TracedDockerImageFunction`: those of CDK's `DockerImageFunction`, and how the role is permitted to write traces.
 *
 * `tracing` is `Tracing.ACTIVE` unless set to `Tracing.PASS_THROUGH`. `Tracing.DISABLED` is refused: Lambda has
 * no such mode.
 */
export interface TracedDockerImageFunctionProps extends DockerImageFunctionProps, TracingProps {}

/**
 * A Lambda function from a container image, with X-Ray tracing.
 *
 * The tracing mode is Active unless told otherwise, and always written out. The execution role is given what
 * writing to X-Ray takes. The synthesis fails when the function is Active and an event source feeds it that
 * X-Ray doesn't support.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
 */
export class TracedDockerImageFunction extends DockerImageFunction {
  /**
   * @param scope the construct that this one belongs to
   * @param id its name in that scope
   * @param props how to make it
   * @throws if `tracing` isn't one of Lambda's two modes
   */
  constructor(scope: Construct, id: string, props: TracedDockerImageFunctionProps) {
    super(scope, id, withoutTracing(scope, id, props));
    setUpTracing(this, props);
  }
}

/**
 * Properties of `TracedNodejsFunction`: those of CDK's `NodejsFunction`, and how the role is permitted to write traces.
 *
 * `tracing` is `Tracing.ACTIVE` unless set to `Tracing.PASS_THROUGH`. `Tracing.DISABLED` is refused: Lambda has
 * no such mode.
 */
export interface TracedNodejsFunctionProps extends NodejsFunctionProps, TracingProps {}

/**
 * A Node.js Lambda function, bundled by esbuild, with X-Ray tracing.
 *
 * The tracing mode is Active unless told otherwise, and always written out. The execution role is given what
 * writing to X-Ray takes. The synthesis fails when the function is Active and an event source feeds it that
 * X-Ray doesn't support.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
 */
export class TracedNodejsFunction extends NodejsFunction {
  /**
   * @param scope the construct that this one belongs to
   * @param id its name in that scope
   * @param props how to make it
   * @throws if `tracing` isn't one of Lambda's two modes
   */
  constructor(scope: Construct, id: string, props: TracedNodejsFunctionProps = {}) {
    const entry = props.entry ?? (props.code ? undefined : defaultEntry(id, 'TracedNodejsFunction'));
    super(scope, id, withoutTracing(scope, id, { ...props, entry }));
    setUpTracing(this, props);
  }
}
