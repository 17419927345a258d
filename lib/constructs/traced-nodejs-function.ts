import { NodejsFunction, type NodejsFunctionProps } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { Construct } from 'constructs';
import { defaultEntry } from './default-entry';
import { trace, withoutTracing } from './traced-function-set-up';
import type { TracingProps } from './tracing-props';

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
    trace(this, props);
  }
}
