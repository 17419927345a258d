import { Stack, Stage, Token } from 'aws-cdk-lib';
import { Tracing } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { isObject } from '../../cloudformation/json';
import { didYouMean } from '../../text/printable';
import { Instrumentation } from '../instrumentation';
import { TracingPermissions } from '../tracing-props';

/** A tracing mode of Lambda. */
export type Mode = Tracing.ACTIVE | Tracing.PASS_THROUGH;

/**
 * Returns the mode given by the user, or Active by default.
 *
 * @param tracing the value of the `tracing` property
 * @param source the construct path or call that errors start with
 * @throws if the value is not Active or PassThrough
 */
export function validateMode(tracing: Tracing | undefined, source: string): Mode {
  switch (tracing) {
    case undefined:
    case Tracing.ACTIVE:
      return Tracing.ACTIVE;
    case Tracing.PASS_THROUGH:
      return Tracing.PASS_THROUGH;
    case Tracing.DISABLED:
      throw new Error(
        `${source}: Lambda has two tracing modes, Active and PassThrough, and no disabled mode. With ` +
          'Tracing.DISABLED, CDK does not set a mode, and Lambda uses PassThrough. ' +
          'Use Tracing.PASS_THROUGH for a function that records no traces.',
      );
  }
  if (Token.isUnresolved(tracing)) {
    throw new Error(
      `${source}: the tracing mode must be known at synthesis, but is a token that is known only at deployment. ` +
        'Use Tracing.ACTIVE or Tracing.PASS_THROUGH. Select between them in code, for example by stage.',
    );
  }
  throw new Error(
    `${source}: '${String(tracing)}' is not a tracing mode. Use Tracing.ACTIVE or Tracing.PASS_THROUGH.`,
  );
}

/**
 * Returns the permissions given by the user, or the managed policy by default.
 *
 * @param permissions the value of the `tracingPermissions` property
 * @param source the construct path or call that errors start with
 * @throws if the value is not one of `TracingPermissions`
 */
export function validatePermissions(
  permissions: TracingPermissions | undefined,
  source: string,
): TracingPermissions {
  if (permissions === undefined) return TracingPermissions.MANAGED_POLICY;
  if (Object.values(TracingPermissions).includes(permissions)) return permissions;
  throw new Error(
    `${source}: '${String(permissions)}' is not a valid value of tracingPermissions. Use ` +
      `${Object.keys(TracingPermissions)
        .map((name) => `TracingPermissions.${name}`)
        .join(', ')
        .replace(/, ([^,]*)$/, ' or $1')}.`,
  );
}

/**
 * Returns the instrumentation given by the user, or none by default.
 *
 * @param instrumentation the value of the `instrumentation` property
 * @param source the construct path or call that errors start with
 * @throws if the value is not an `Instrumentation`
 */
export function validateInstrumentation(
  instrumentation: Instrumentation | undefined,
  source: string,
): Instrumentation {
  if (instrumentation === undefined) return Instrumentation.none();
  if (isObject(instrumentation) && '_library' in instrumentation) return instrumentation;
  throw new Error(
    `${source}: instrumentation must be an Instrumentation, such as Instrumentation.openTelemetry().`,
  );
}

/** The options of all calls, with the type of those that are true or false. */
const OPTIONS: Readonly<Record<string, 'boolean' | undefined>> = {
  callers: 'boolean',
  exclude: undefined,
  excludePaths: undefined,
  excludeTypes: undefined,
  instrumentation: undefined,
  overwrite: 'boolean',
  priority: undefined,
  tieVersions: 'boolean',
  topicPolicies: 'boolean',
  tracing: undefined,
  tracingPermissions: undefined,
};

/**
 * Rejects options that TypeScript would reject, for users of JavaScript: misspelled names, and texts such as 'false'
 * instead of true or false. Other unknown names are ignored, as in CDK.
 *
 * @param options the options given by the user
 * @param source the call that errors start with
 * @throws if an option is misspelled, or is not true or false
 */
export function validateOptions(options: unknown, source: string): void {
  if (!isObject(options)) throw new Error(`${source}: the options must be an object.`);
  const misspelled = misspelling(options, Object.keys(OPTIONS), 'an option');
  if (misspelled) throw new Error(`${source}: ${misspelled}`);
  for (const [name, value] of Object.entries(options)) {
    if (OPTIONS[name] === 'boolean' && value !== undefined && typeof value !== 'boolean') {
      throw new Error(`${source}: ${name} must be true or false, but is ${JSON.stringify(value)}.`);
    }
  }
}

/**
 * Returns the problem of the first name that is similar to a known one. Others are ignored, as in CDK.
 *
 * @param kind the kind of the known names, for the message
 */
export function misspelling(given: object, known: readonly string[], kind: string): string | undefined {
  const unknown = Object.keys(given).filter((name) => !known.includes(name));
  const name = unknown.find((one) => didYouMean(one, known) !== '');
  return name && `${name} is not ${kind}.${didYouMean(name, known)}`;
}

/**
 * Rejects constructs of another copy of aws-cdk-lib than this package loads. CDK recognizes some constructs of the other
 * copy and not others, so tracing would be incomplete.
 *
 * @param construct a construct given by the user
 * @param source the construct path or call that errors start with
 * @throws if the stack, stage or app of the construct comes from another copy
 */
export function validateCdkCopy({ node }: IConstruct, source: string): void {
  const foreign = node.scopes.find(isForeign);
  const other = foreign && copyOf(foreign);
  const own = require.resolve('aws-cdk-lib/package.json').replace(/[\\/]package\.json$/, '');
  if (other === undefined || other === own) return;
  throw new Error(
    `${source}: the app uses the aws-cdk-lib in ${other}, but cdk-lambda-xray uses another copy in ${own}. Install ` +
      "one copy for both: run 'npm ls aws-cdk-lib' to find what requires the second one, use the same version everywhere, " +
      "and run 'npm dedupe'. If cdk-lambda-xray is a link to a local folder, install the file that 'npm pack' creates there instead.",
  );
}

/** Returns true if CDK marks a construct as a stack or a stage, but it has another class than this package loads. */
function isForeign(construct: IConstruct): boolean {
  const types = [Stage.isStage(construct) ? Stage : undefined, Stack.isStack(construct) ? Stack : undefined];
  return types.some((type) => type !== undefined && !(construct instanceof type));
}

/** Returns the folder of the copy of aws-cdk-lib that a stack or stage comes from. Undefined if it is bundled. */
function copyOf(construct: IConstruct): string | undefined {
  const [file] =
    Object.entries(require.cache).find(([path, module]) => {
      if (!/[\\/]core[\\/]lib[\\/]sta(ck|ge)\.js$/.test(path)) return false;
      const { Stack: OtherStack, Stage: OtherStage } = (module?.exports ?? {}) as Record<string, unknown>;
      return [OtherStack, OtherStage].some((type) => typeof type === 'function' && construct instanceof type);
    }) ?? [];
  return file?.replace(/[\\/]core[\\/]lib[\\/]\w+\.js$/, '');
}
