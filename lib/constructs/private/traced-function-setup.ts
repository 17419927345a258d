import { existsSync } from 'node:fs';
import { Stack } from 'aws-cdk-lib';
import { type Function as LambdaFunction, Tracing } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { EVENT_SOURCE_NAMES, isUnsupported } from '../../lambda/event-sources';
import type { TracingProps } from '../tracing-props';
import { isAcknowledged } from './acknowledgements';
import { grantTracing } from './execution-role';
import { FunctionLinks } from './function-links';
import { FunctionResource } from './function-resource';
import { validateMode, validatePermissions } from './validate-props';
import { trackMode, tieVersionsOf } from './version-mode';

type PropsWithTracing = TracingProps & { readonly tracing?: Tracing };

/**
 * The props for CDK's own constructor, which is told to leave tracing alone: it would add an inline statement
 * to the role.
 *
 * @throws if the mode or the permissions asked for don't exist
 */
export function withoutTracing<P extends PropsWithTracing>(scope: Construct, id: string, props: P): P {
  const path = [scope.node.path, id].filter(Boolean).join('/');
  validateMode(props.tracing, path);
  validatePermissions(props.tracingPermissions, path);
  return { ...props, tracing: Tracing.DISABLED };
}

/** Sets the mode of a function that was made without, and permits it to write to X-Ray. */
export function setUpTracing(
  fn: LambdaFunction,
  { tracing, tracingPermissions, tieVersions }: PropsWithTracing,
): void {
  const { path } = fn.node;
  const resource = FunctionResource.of(fn.node.defaultChild!)!;
  const mode = validateMode(tracing, path);
  resource.setMode(mode);
  trackMode(fn, mode);
  if (tieVersions) tieVersionsOf(resource);
  grantTracing(resource, validatePermissions(tracingPermissions, path));
  rejectUnsupportedEventSources(fn);
}

/** What CDK's `NodejsFunction` looks for, in its order. */
const EXTENSIONS = ['ts', 'js', 'mjs', 'mts', 'cts', 'cjs'];

/**
 * The file that `NodejsFunction` would take for an entry that isn't given: beside the file that makes the function,
 * with the function's ID before the extension. CDK's own search stops at the class that extends `NodejsFunction`.
 *
 * @param id the function's ID
 * @param constructorName the constructor that the file calls
 * @returns nothing where there is no such file: CDK then says what it has looked for
 */
export function defaultEntry(id: string, constructorName: string): string | undefined {
  const sites = callSites();
  const own = sites.findIndex((site) => site.getFunctionName() === constructorName);
  const caller = own < 0 ? undefined : sites[own + 1]?.getFileName()?.replace(/^file:\/\//, '');
  const base = caller?.replace(/\.[^./]+$/, '');
  return EXTENSIONS.map((extension) => `${base}.${id}.${extension}`).find((file) => base && existsSync(file));
}

function callSites(): NodeJS.CallSite[] {
  const before = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace');
  Error.prepareStackTrace = (_, sites) => sites;
  const { stack } = new Error() as unknown as { stack: NodeJS.CallSite[] };
  if (before) Object.defineProperty(Error, 'prepareStackTrace', before);
  else Reflect.deleteProperty(Error, 'prepareStackTrace');
  return stack;
}

const RULE_ID = 'LambdaXRay-UnsupportedEventSource';

const guarded = new WeakMap<Stack, LambdaFunction[]>();

/**
 * Fails the synthesis when a function that is Active is fed by an event source that X-Ray doesn't support.
 * Functions of one stack are looked at together, when all of the app is there.
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
      const links = new FunctionLinks(stack.node.root);
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
      ({ source, resource: mapping }) => isUnsupported(source.kind) && !isAcknowledged(mapping, RULE_ID),
    )
    .map(
      ({ source: { kind }, resource: mapping }) =>
        `The function '${fn.node.path}' has active tracing, but the event source mapping '${mapping.node.path}' ` +
        `connects it to ${EVENT_SOURCE_NAMES[kind]}, which X-Ray does not support. Set 'tracing: Tracing.PASS_THROUGH' on the function, ` +
        `give ${EVENT_SOURCE_NAMES[kind]} a function of its own, or acknowledge ${RULE_ID} on the mapping.`,
    );
}
