import { Stack } from 'aws-cdk-lib';
import {
  DockerImageFunction,
  type DockerImageFunctionProps,
  Function as LambdaFunction,
  type FunctionProps,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import {
  type BundlingOptions,
  NodejsFunction,
  type NodejsFunctionProps,
} from 'aws-cdk-lib/aws-lambda-nodejs';
import type { Construct } from 'constructs';
import { existsSync } from 'node:fs';
import { EVENT_SOURCE_NAMES, isUnsupported } from '../lambda/event-sources';
import type { Instrumentation, InstrumentationProps } from './instrumentation';
import {
  acceptsUnsupportedSource,
  addAcknowledgeableWarning,
  UNSUPPORTED_SOURCE_RULE,
} from './private/acknowledgements';
import { grantTracing } from './private/execution-role';
import { bundlesAwsSdk, bundlingForOpenTelemetry } from './private/function-configuration';
import { FunctionLinks } from './private/function-links';
import { FunctionResource } from './private/cfn-resources';
import { instrumentForCertain } from './private/instrument-function';
import {
  validateCdkCopy,
  validateInstrumentation,
  validateMode,
  validatePermissions,
} from './private/validate-props';
import { tieVersionsOf, trackMode } from './private/version-mode';
import type { TracingPermissions, TracingProps } from './tracing-props';

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

type PropsWithTracing = TracingProps & InstrumentationProps & { readonly tracing?: Tracing };

/**
 * Returns the props for CDK's own constructor, with tracing disabled. CDK would add an inline statement to the role.
 *
 * @param scope the parent of the function
 * @param id the ID of the function
 * @param props the properties given by the user
 * @throws if the mode or the permissions are invalid
 */
function withoutTracing<P extends PropsWithTracing>(scope: Construct, id: string, props: P): P {
  const path = pathOf(scope, id);
  validateCdkCopy(scope, path);
  validateMode(props.tracing, path);
  validatePermissions(props.tracingPermissions, path);
  validateInstrumentation(props.instrumentation, path);
  return { ...props, tracing: Tracing.DISABLED };
}

function pathOf(scope: Construct, id: string): string {
  return [scope.node.path, id].filter(Boolean).join('/');
}

/** Sets the mode of a function that was created without one, and allows its role to write to X-Ray. */
function setUpTracing(
  fn: LambdaFunction,
  { tracing, tracingPermissions, tieVersions, instrumentation }: PropsWithTracing,
): void {
  const { path } = fn.node;
  const resource = FunctionResource.of(fn.node.defaultChild!)!;
  const mode = validateMode(tracing, path);
  resource.setMode(mode);
  trackMode(fn, mode);
  if (tieVersions) tieVersionsOf(resource);
  const permissions = validatePermissions(tracingPermissions, path);
  grantTracing(resource, permissions);
  rejectUnsupportedEventSources(fn);
  if (instrumentation) setUpInstrumentation(resource, instrumentation, permissions);
}

/** The ID of the warning on an instrumented function that is not Active. */
const INSTRUMENTED_PASS_THROUGH = 'cdk-lambda-xray:instrumentedPassThrough';

function setUpInstrumentation(
  target: FunctionResource,
  instrumentation: Instrumentation,
  permissions: TracingPermissions,
): void {
  const { construct } = target;
  const obstacle = instrumentForCertain(target, instrumentation, permissions);
  if (obstacle) throw new Error(`${construct.node.path} can't be instrumented: ${obstacle.text}.`);
  if (instrumentation._library === 'none' || target.mode === Tracing.ACTIVE) return;
  addAcknowledgeableWarning(
    construct,
    INSTRUMENTED_PASS_THROUGH,
    `'${construct.node.path}' is instrumented, but PassThrough. Its spans are not connected by segments of Lambda, and ` +
      'Lambda decides not to sample requests that start here. Set tracing to Tracing.ACTIVE, or instrumentation to ' +
      'Instrumentation.none().',
  );
}

/**
 * Returns the bundling options of a `NodejsFunction`, with those that its instrumentation needs.
 *
 * @throws if other options prevent it
 */
function bundlingFor(
  scope: Construct,
  id: string,
  { bundling, instrumentation }: NodejsFunctionProps & InstrumentationProps,
): BundlingOptions | undefined {
  if (instrumentation?._library !== 'openTelemetry') return bundling;
  return bundlingForOpenTelemetry(bundling, pathOf(scope, id));
}

/** The ID of the warning on an instrumented function with the AWS SDK in its bundle. */
const BUNDLED_SDK = 'cdk-lambda-xray:bundledAwsSdk';

/** Adds a warning to an instrumented function whose calls of the AWS SDK would be missing. */
function warnOfBundledSdk(
  fn: LambdaFunction,
  { bundling, code, instrumentation }: NodejsFunctionProps & InstrumentationProps,
): void {
  if (instrumentation?._library !== 'openTelemetry' || code || !bundlesAwsSdk(bundling, fn.runtime)) return;
  addAcknowledgeableWarning(
    fn,
    BUNDLED_SDK,
    `'${fn.node.path}' bundles the AWS SDK, and OpenTelemetry instruments only modules that it can replace. Calls of ` +
      "the SDK appear as HTTP requests, without the service's operation. Set runtime to a fixed version, remove " +
      "bundling.bundleAwsSDK, and add '@aws-sdk/*' to bundling.externalModules if it is set.",
  );
}

/** The extensions that CDK's `NodejsFunction` looks for, in this order. */
const EXTENSIONS = ['ts', 'js', 'mjs', 'mts', 'cts', 'cjs'];

/**
 * Returns the default entry file of a `NodejsFunction`: next to the file that creates the function, with the function's
 * ID before the extension. CDK's own search finds the file of the subclass instead.
 *
 * @param id the function's ID
 * @param constructorName the name of the constructor that the file calls
 * @returns undefined if there is no such file; CDK then throws an error with the files that it tried
 */
function defaultEntry(id: string, constructorName: string): string | undefined {
  const sites = callSites();
  const own = sites.findIndex((site) => site.getFunctionName() === constructorName);
  const caller = own < 0 ? undefined : sites[own + 1]?.getFileName()?.replace(/^file:\/\//, '');
  const base = caller?.replace(/\.[^./]+$/, '');
  return EXTENSIONS.map((extension) => `${base}.${id}.${extension}`).find((file) => base && existsSync(file));
}

function callSites(): NodeJS.CallSite[] {
  const original = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace');
  Error.prepareStackTrace = (_, sites) => sites;
  const { stack } = new Error() as unknown as { stack: NodeJS.CallSite[] };
  if (original) Object.defineProperty(Error, 'prepareStackTrace', original);
  else Reflect.deleteProperty(Error, 'prepareStackTrace');
  return stack;
}

const guarded = new WeakMap<Stack, LambdaFunction[]>();

/**
 * Makes synthesis fail if an Active function has an event source that X-Ray doesn't support. All functions of a stack
 * are validated together, after the whole app is built.
 */
function rejectUnsupportedEventSources(fn: LambdaFunction): void {
  const stack = Stack.of(fn);
  const functions = guarded.get(stack);
  if (functions) {
    functions.push(fn);
    return;
  }
  guarded.set(stack, [fn]);
  stack.node.addValidation({
    validate: () => {
      const links = FunctionLinks.of(stack, guarded);
      return guarded.get(stack)!.flatMap((guardedFunction) => conflictsOf(guardedFunction, links));
    },
  });
}

function conflictsOf(fn: LambdaFunction, links: FunctionLinks): string[] {
  const resource = FunctionResource.of(fn.node.defaultChild!)!;
  if (resource.mode !== Tracing.ACTIVE) return [];
  return links
    .mappingsOf(resource)
    .filter(
      ({ source, resource: mapping }) => isUnsupported(source.kind) && !acceptsUnsupportedSource(mapping),
    )
    .map(
      ({ source: { kind }, resource: mapping }) =>
        `The function '${fn.node.path}' has active tracing, but the event source mapping '${mapping.node.path}' ` +
        `connects it to ${EVENT_SOURCE_NAMES[kind]}, which X-Ray does not support. Set 'tracing: Tracing.PASS_THROUGH' ` +
        `on the function, use a separate function for ${EVENT_SOURCE_NAMES[kind]}, or acknowledge ` +
        `${UNSUPPORTED_SOURCE_RULE} on the mapping.`,
    );
}
