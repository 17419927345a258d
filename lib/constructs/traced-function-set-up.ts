import { type Function as LambdaFunction, Tracing } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { checkedMode, checkedPermissions } from './checked-props';
import { grantTracing } from './execution-role';
import { FunctionResource } from './function-resource';
import type { TracingProps } from './tracing-props';
import { refuseUnsupportedFeeds } from './unsupported-feeds';
import { lockMode } from './version-lock';
import { tieVersionsOf } from './version-ties';

type PropsWithTracing = TracingProps & { readonly tracing?: Tracing };

/**
 * The props for CDK's own constructor, which is told to leave tracing alone: it would add an inline statement
 * to the role.
 *
 * @throws if the mode or the permissions asked for don't exist
 */
export function withoutTracing<P extends PropsWithTracing>(scope: Construct, id: string, props: P): P {
  const path = [scope.node.path, id].filter(Boolean).join('/');
  checkedMode(props.tracing, path);
  checkedPermissions(props.tracingPermissions, path);
  return { ...props, tracing: Tracing.DISABLED };
}

/** Sets the mode of a function that was made without, and permits it to write to X-Ray. */
export function trace(
  fn: LambdaFunction,
  { tracing, tracingPermissions, tieVersions }: PropsWithTracing,
): void {
  const { path } = fn.node;
  const resource = FunctionResource.of(fn.node.defaultChild!)!;
  const mode = checkedMode(tracing, path);
  resource.setMode(mode);
  lockMode(fn, mode);
  if (tieVersions) tieVersionsOf(resource);
  grantTracing(resource, checkedPermissions(tracingPermissions, path));
  refuseUnsupportedFeeds(fn);
}
