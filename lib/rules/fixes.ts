import { effectiveProperties } from '../cloudformation/sam-globals';
import { generatedRoleOf, pathOf, type Resource, type Template } from '../cloudformation/template';
import type { Obstacle, XRayPermission } from '../iam/xray-permissions';
import {
  type FunctionVersion,
  type LambdaFunction,
  modeStatement,
  soleEffectiveMode,
} from '../lambda/lambda-function';
import { layerArn, layerNameFor, OPEN_TELEMETRY_WRAPPER, WRAPPER_VARIABLE } from '../lambda/instrumentation';
import { listAll, listNames } from '../text/printable';
import { hasUnsupportedSource } from './wording';

/** The tool whose source users edit to change a resource. A fix names its settings. */
type SourceKind = 'CDK' | 'SAM' | 'Serverless Framework' | 'CloudFormation';

export function sourceKindOf(resource: Resource): SourceKind {
  if (resource.constructPath !== undefined) return 'CDK';
  if (resource.type.startsWith('AWS::Serverless::')) return 'SAM';
  return isOfServerlessFramework(resource) ? 'Serverless Framework' : 'CloudFormation';
}

/**
 * True for a function or API that the Serverless Framework makes. Its templates have the output
 * (`core-cloudformation-template.json`), and its names have these forms. Users write other resources in `resources`.
 */
function isOfServerlessFramework({ logicalId, template: { outputs } }: Resource): boolean {
  return (
    Object.hasOwn(outputs, 'ServerlessDeploymentBucketName') && /LambdaFunction$|^ApiGateway/.test(logicalId)
  );
}

export type SettableMode = 'Active' | 'PassThrough';

/**
 * Returns an instruction to set the mode of a function, without a period, such as `set Tracing of 'Fn' to Active`.
 */
export function modeFix(fn: LambdaFunction, ...modes: readonly SettableMode[]): string {
  const { resource, modeProperty } = fn;
  const name = pathOf(resource);
  const literal = modes.join(' or ');
  const canBeActive = modes.includes('Active');
  switch (sourceKindOf(resource)) {
    case 'CDK':
      return canBeActive ? `${cdkModeFix(fn, modes)}, or call ${CDK_SCOPE}` : cdkModeFix(fn, modes);
    case 'Serverless Framework':
      return canBeActive
        ? `set provider.tracing.lambda to ${literal} in serverless.yml, or tracing of the function behind '${name}'`
        : `set tracing of the function behind '${name}' to ${literal} in serverless.yml`;
    default:
      return `set ${modeProperty} of '${name}' to ${literal}`;
  }
}

const CDK_SCOPE = 'LambdaTracing.of(scope).active() for all functions of a scope';

/** The name of CDK's enumeration member for a mode. */
const CDK_MODES: Readonly<Record<SettableMode, string>> = {
  Active: 'Tracing.ACTIVE',
  PassThrough: 'Tracing.PASS_THROUGH',
};

/** Returns the property that sets the mode in the code of a CDK app. Undefined for other templates. */
export function cdkModeCode({ resource }: LambdaFunction, mode: SettableMode): string | undefined {
  if (sourceKindOf(resource) !== 'CDK') return undefined;
  return isDefaultChild(resource)
    ? `tracing: lambda.${CDK_MODES[mode]},`
    : `tracingConfig: { mode: '${mode}' },`;
}

/** The default child of CDK's `Function` is named `Resource`. Others are `CfnFunction`. */
function cdkModeFix({ resource, modeProperty }: LambdaFunction, modes: readonly SettableMode[]): string {
  const name = pathOf(resource);
  if (isDefaultChild(resource)) {
    return `set tracing of '${name}' to ${modes.map((mode) => CDK_MODES[mode]).join(' or ')}`;
  }
  const literal = modes.map((mode) => `'${mode}'`).join(' or ');
  return `set ${inCamelCase(modeProperty)} of '${name}' to ${literal}`;
}

/** True for the resource of a construct of higher level, whose props have names of their own. */
function isDefaultChild({ constructPath }: Resource): boolean {
  return constructPath?.endsWith('/Resource') ?? false;
}

/**
 * Returns instructions to make functions Active. In a SAM template with several of them, that is one edit in Globals.
 */
export function activationFixes(functions: readonly LambdaFunction[]): (fn: LambdaFunction) => string {
  const fixFor = sharedModeFixes(functions);
  return (fn) => fixFor(fn, 'Active');
}

/**
 * Returns instructions to set the mode of functions, as `modeFix` does. In a SAM template with several functions to set it
 * for, that is one edit in Globals.
 *
 * @param functions all functions of the templates
 * @param needsPassThrough true for a function that must be PassThrough
 */
export function sharedModeFixes(
  functions: readonly LambdaFunction[],
  needsPassThrough = hasUnsupportedSource,
): (fn: LambdaFunction, ...modes: readonly SettableMode[]) => string {
  const inheriting = new Map<Template, { readonly free: string[]; readonly passThrough: string[] }>();
  for (const fn of functions.filter(canInheritMode)) {
    const { template } = fn.resource;
    const members = inheriting.get(template) ?? { free: [], passThrough: [] };
    inheriting.set(template, members);
    members[needsPassThrough(fn) ? 'passThrough' : 'free'].push(`'${pathOf(fn.resource)}'`);
  }
  const globalsFix = (fn: LambdaFunction, modes: readonly SettableMode[]): string | undefined => {
    const { free = [], passThrough = [] } = inheriting.get(fn.resource.template) ?? {};
    const setting = `set Globals.Function.Tracing to ${modes.join(' or ')}`;
    // Globals set the mode of each function that inherits it.
    if (!modes.includes('Active')) {
      return passThrough.length >= SEVERAL && free.length === 0 ? setting : undefined;
    }
    if (free.length < SEVERAL) return undefined;
    return passThrough.length > 0
      ? `${setting}, and Tracing of ${listNames(passThrough)} to PassThrough`
      : setting;
  };
  return (fn, ...modes) => (canInheritMode(fn) ? globalsFix(fn, modes) : undefined) ?? modeFix(fn, ...modes);
}

/** From this number of functions on, one edit of `Globals` replaces an edit of each. */
export const SEVERAL = 3;

/** True if a SAM function has no mode of its own, and takes the one in `Globals`. */
function canInheritMode(fn: LambdaFunction): boolean {
  const { resource } = fn;
  const { type, properties, ignoredGlobals } = resource;
  return (
    type === 'AWS::Serverless::Function' &&
    ignoredGlobals === undefined &&
    properties.Tracing === undefined &&
    !fn.isEdgeFunction &&
    sourceKindOf(resource) === 'SAM'
  );
}

/**
 * Returns the fix that instruments a function with AWS's OpenTelemetry layer, or undoes it.
 *
 * @param undo an instruction to do without, and without a period
 */
export function instrumentationFix(fn: LambdaFunction, undo: string): string {
  return `${undo}, or ${openTelemetryFix(fn)}.`;
}

/** Returns an instruction to use AWS's OpenTelemetry layer, without a period. */
export function openTelemetryFix({ resource, configuration }: LambdaFunction): string {
  const name = pathOf(resource);
  if (configuration.isImage) {
    return `copy the content of AWS's OpenTelemetry layer to /opt in the Dockerfile of '${name}', and set ${WRAPPER_VARIABLE} to ${OPEN_TELEMETRY_WRAPPER}`;
  }
  const [runtime] = configuration.runtimes;
  const layer = layerNameFor(runtime?.value ?? '');
  const { region } = resource.template.source;
  const arn = layer && region !== undefined ? layerArn(layer, region) : undefined;
  const named = layer
    ? `the layer ${arn ?? `${layer} of its region`}`
    : "AWS's OpenTelemetry layer for its runtime";
  switch (sourceKindOf(resource)) {
    case 'CDK':
      return isDefaultChild(resource)
        ? `set instrumentation to Instrumentation.openTelemetry(): in the props of a TracedFunction, or in the options of LambdaTracing.of(scope).active()`
        : `call LambdaTracing.of(scope).active({ instrumentation: Instrumentation.openTelemetry() })`;
    case 'Serverless Framework':
      return `add ${named} to layers of the function behind '${name}' in serverless.yml, and set ${WRAPPER_VARIABLE} in its environment to ${OPEN_TELEMETRY_WRAPPER}`;
    default:
      return `add ${named} to Layers of '${name}' and set ${WRAPPER_VARIABLE} to ${OPEN_TELEMETRY_WRAPPER}`;
  }
}

/** "Policy evaluation logic" (IAM User Guide): a Deny or a missing Allow in the boundary overrides any other policy. */
const PERMISSION_FIXES: Readonly<Record<Obstacle, (name: string, actions: string) => string>> = {
  'not allowed': (name, actions) =>
    `Attach the AWS managed policy AWSXRayDaemonWriteAccess to the role of '${name}', or allow ${actions} on *.`,
  denied: (name, actions) =>
    `Remove ${actions} from the statement with Effect: Deny in a policy of the role of '${name}'. No other policy can override a Deny.`,
  'outside boundary': (name, actions) =>
    `Allow ${actions} on * in the permissions boundary of the role of '${name}'.`,
};

/** Returns the fix of a missing permission of the role of a resource. */
export function permissionFix({ missing, obstacles }: XRayPermission, resource: Resource): string {
  return obstacles
    .map((obstacle) =>
      obstacle === 'not allowed'
        ? attachmentFix(resource, missing)
        : PERMISSION_FIXES[obstacle](pathOf(resource), listAll(missing)),
    )
    .join(' ');
}

/** Returns the fix that attaches the permissions to the role of a resource. */
function attachmentFix(resource: Resource, missing: readonly string[]): string {
  const name = pathOf(resource);
  const attach = PERMISSION_FIXES['not allowed'](name, listAll(missing));
  if (generatedRoleOf(resource)) {
    return `Add AWSXRayDaemonWriteAccess to the Policies of '${name}', from which SAM makes its role.`;
  }
  const kind = sourceKindOf(resource);
  if (kind === 'CDK') {
    const call = `LambdaTracing.of(scope).active(${resource.type.startsWith('AWS::StepFunctions') ? '{ callers: true }' : ''})`;
    return `Call ${call}, which attaches AWSXRayDaemonWriteAccess to roles that it can change. Otherwise, a${attach.slice(1)}`;
  }
  return kind === 'Serverless Framework'
    ? `Add arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess to provider.iam.role.managedPolicies in serverless.yml, or attach it to the role of '${name}' if that is your own.`
    : attach;
}

/** The props of CDK's constructs that turn on the tracing of callers, by resource type. */
const CDK_CALLER_PROPS: Readonly<Record<string, readonly [prop: string, value: string]>> = {
  'AWS::ApiGateway::Stage': ['tracingEnabled', 'true'],
  'AWS::AppSync::GraphQLApi': ['xrayEnabled', 'true'],
  'AWS::SNS::Topic': ['tracingConfig', 'TracingConfig.ACTIVE'],
  'AWS::StepFunctions::StateMachine': ['tracingEnabled', 'true'],
};

/**
 * Returns an instruction to turn on the tracing of a caller, without a period.
 *
 * @param further what else is needed, such as ` and add a policy`
 */
export function callerFix(resource: Resource, property: string, value: string, further = ''): string {
  const kind = sourceKindOf(resource);
  if (kind === 'Serverless Framework') return 'set provider.tracing.apiGateway to true in serverless.yml';
  const prop = CDK_CALLER_PROPS[resource.type];
  if (kind !== 'CDK' || !prop) return `set ${property} of '${pathOf(resource)}' to ${value}${further}`;
  // CDK's state machines give their role the permissions.
  const steps = prop[0] === 'tracingEnabled' && isDefaultChild(resource) ? '' : further;
  const both = steps === '' ? '' : ', which does both';
  const setting = isDefaultChild(resource)
    ? cdkCallerSetting(pathOf(resource), prop)
    : `${inCamelCase(property)} of '${pathOf(resource)}' to ${value === 'true' ? value : `'${value}'`}`;
  return `set ${setting}${steps}, or call LambdaTracing.of(scope).active({ callers: true })${both}`;
}

/** Returns the property that turns on the tracing of a caller in the code of a CDK app. Undefined for other templates. */
export function cdkCallerCode(resource: Resource): string | undefined {
  const prop = CDK_CALLER_PROPS[resource.type];
  if (sourceKindOf(resource) !== 'CDK' || !prop || !isDefaultChild(resource)) return undefined;
  const [name, value] = prop;
  const setting = `${name}: ${value.startsWith('Tracing') ? 'sns.' : ''}${value}`;
  return apiOfStage(pathOf(resource)) === undefined ? `${setting},` : `deployOptions: { ${setting} },`;
}

/** Returns the setting of a caller of CDK. A `RestApi` makes its own stage. */
function cdkCallerSetting(path: string, [prop, value]: readonly [prop: string, value: string]): string {
  const api = apiOfStage(path);
  return api === undefined
    ? `${prop} of '${path}' to ${value}`
    : `deployOptions.${prop} of '${api}' to ${value}`;
}

/** Returns the path of the `RestApi` that makes a stage. Undefined for other paths. */
function apiOfStage(path: string): string | undefined {
  return /^(.+)\/DeploymentStage\.[^/]+$/.exec(path)?.[1];
}

/** Returns the path of a property in the props of CDK's L1 constructs. */
function inCamelCase(property: string): string {
  return property.replace(/(^|\.)[A-Z]/g, (start) => start.toLowerCase());
}

/** Makes an instruction a sentence. */
export function sentence(instruction: string): string {
  return `${instruction.charAt(0).toUpperCase()}${instruction.slice(1)}.`;
}

/** Returns the fix that makes CloudFormation publish a new version when the tracing mode changes. */
export function republishFix({ resource, function: fn, publishesOnModeChange }: FunctionVersion): string {
  if (resource === fn.resource) return samFix(fn);
  if (publishesOnModeChange === 'by the template') {
    return `Set the tracing mode of '${pathOf(fn.resource)}' to a literal value. A value known only at deployment publishes no version.`;
  }
  return resource.constructPath === undefined
    ? `Add ${statementFor(fn)} to the Description of '${pathOf(resource)}', so CloudFormation replaces it when the mode changes.`
    : `Publish '${pathOf(fn.resource)}' with currentVersion, or set tieVersions where its mode is set.`;
}

/** Returns the statement of a function's mode for a description, in quotes. */
function statementFor({ modes }: LambdaFunction): string {
  return `"${modeStatement(soleEffectiveMode(modes.map(({ value }) => value)) ?? '<mode>')}"`;
}

/** `AutoPublishCodeSha256` overrides the other properties. */
function samFix(fn: LambdaFunction): string {
  const { resource } = fn;
  return effectiveProperties(resource).AutoPublishCodeSha256 === undefined
    ? `Set AutoPublishAliasAllProperties of '${pathOf(resource)}' to true.`
    : `Add ${statementFor(fn)} to VersionDescription of '${pathOf(resource)}'. With AutoPublishCodeSha256, SAM compares only the code.`;
}
