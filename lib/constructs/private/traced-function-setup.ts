import { existsSync } from 'node:fs';
import { Stack } from 'aws-cdk-lib';
import { type Function as LambdaFunction, Tracing } from 'aws-cdk-lib/aws-lambda';
import type { BundlingOptions, NodejsFunctionProps } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { Construct } from 'constructs';
import { EVENT_SOURCE_NAMES, isUnsupported } from '../../lambda/event-sources';
import type { Instrumentation, InstrumentationProps } from '../instrumentation';
import type { TracingPermissions, TracingProps } from '../tracing-props';
import {
  acceptsUnsupportedSource,
  addAcknowledgeableWarning,
  UNSUPPORTED_SOURCE_RULE,
} from './acknowledgements';
import { grantTracing } from './execution-role';
import { FunctionLinks } from './function-links';
import { FunctionResource } from './function-resource';
import { instrumentForCertain } from './instrument-function';
import { bundlesAwsSdk, bundlingForOpenTelemetry } from './nodejs-exports';
import {
  validateCdkCopy,
  validateInstrumentation,
  validateMode,
  validatePermissions,
} from './validate-props';
import { trackMode, tieVersionsOf } from './version-mode';

type PropsWithTracing = TracingProps & InstrumentationProps & { readonly tracing?: Tracing };

/**
 * Returns the props for CDK's own constructor, with tracing disabled. CDK would add an inline statement to the role.
 *
 * @param scope the parent of the function
 * @param id the ID of the function
 * @param props the properties given by the user
 * @throws if the mode or the permissions are invalid
 */
export function withoutTracing<P extends PropsWithTracing>(scope: Construct, id: string, props: P): P {
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
export function setUpTracing(
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
export function bundlingFor(
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
export function warnOfBundledSdk(
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
export function defaultEntry(id: string, constructorName: string): string | undefined {
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
