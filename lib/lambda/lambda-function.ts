import { objectAt, scalarText } from '../cloudformation/json';
import { literal, type PartialString } from '../cloudformation/partial-string';
import { type Assumptions, certainly, flatMap, type Possible } from '../cloudformation/possible';
import type { Resolver } from '../cloudformation/resolver';
import type { Resource } from '../cloudformation/template';
import { type Pattern, type PolicyValues, writtenStatements } from '../iam/policy-document';
import { principalsIn } from '../iam/resource-policy';
import type { RoleReference } from '../iam/roles';
import type { XRayPermission } from '../iam/xray-permissions';
import type { ResolvedEventSource } from './event-sources';
import type { FunctionCode } from './tracing-libraries';

export interface LambdaFunction {
  readonly resource: Resource;
  /** This function in the baseline. */
  readonly previous?: LambdaFunction;
  /** The modes that it can have. */
  readonly modes: readonly Possible<ConfiguredMode>[];
  /** Returns the modes that it can have under additional assumptions. */
  modesWhen(this: void, assumed: Assumptions): readonly ConfiguredMode[];
  /** The property that sets the mode. */
  readonly modeProperty: string;
  /** Its role in each case; none for a SAM function whose role SAM generates. */
  readonly roles: readonly Possible<RoleReference>[];
  /** The permission of its role to write to X-Ray, in each case. */
  readonly writePermissions: readonly Possible<XRayPermission>[];
  /** The roles that surely can't write the log group of Application Signals. */
  readonly rolesWithoutSignals: readonly Possible<RoleReference>[];
  /** The event source mappings that surely or possibly invoke it. */
  readonly eventSourceMappings: readonly EventSourceMapping[];
  /** True if the templates allow other callers than event source mappings. */
  readonly hasOtherCallers: boolean;
  readonly versions: readonly FunctionVersion[];
  readonly aliases: readonly FunctionAlias[];
  /** The CloudFront distributions that run it, each with its conditions. */
  readonly distributions: readonly Possible<Resource>[];
  /** True if a distribution runs it, or nothing but CloudFront can. */
  readonly isEdgeFunction: boolean;
  /** The environment variables that can concern tracing. */
  readonly environment: readonly EnvironmentVariable[];
  /** Its runtime, architecture and layers. */
  readonly configuration: FunctionConfiguration;
  /** Its code, read on first use. */
  readonly code: FunctionCode;
  /** The memory that it can have, in MB; `undefined` if unknown. */
  readonly memory: readonly Possible<number | undefined>[];
  /** True in the cases in which it certainly has a layer, which can hold an extension that shares its memory. */
  readonly hasLayer: readonly Possible<boolean>[];
}

/** A published version of a function. */
export interface FunctionVersion {
  /** The version; for a SAM function with `AutoPublishAlias`, the function. */
  readonly resource: Resource;
  readonly function: LambdaFunction;
  /**
   * When a change of the function's mode publishes a new version: with a template that changes the mode, or
   * even if only a parameter changes that the mode depends on.
   */
  readonly publishesOnModeChange: 'by the template' | 'at deployment' | 'no' | 'unknown';
  /** The modes that the version can have, if known. */
  readonly modes: readonly EffectiveMode[];
  /** True if deploying the templates over the baseline can leave it unchanged. */
  readonly isUnchanged: boolean;
  /** The modes of the baseline that it keeps although the mode of its function changes. */
  readonly staleModes: readonly StaleMode[];
  /**
   * Set if a deployment over the baseline publishes it although neither code nor configuration of its function changes.
   * Lambda then has no version to publish, and the deployment fails.
   */
  readonly withoutChange?: HiddenChange;
  /** The conditions under which it is published. */
  readonly when: readonly Assumptions[];
}

/** A change that the templates do not show; empty if there is none. */
export interface HiddenChange {
  /** A change of the code, of a parameter, or of the parameter that sets the mode. */
  readonly unless?: 'code' | 'parameter' | 'mode';
}

/** A mode of the baseline that a version keeps, unless a hidden change gives it the function's mode after all. */
export interface StaleMode extends HiddenChange {
  readonly mode: EffectiveMode;
  /** The mode of its function. */
  readonly functionMode: EffectiveMode;
}

/** An alias of a function. */
export interface FunctionAlias {
  /** The alias; for a SAM function with `AutoPublishAlias`, the function. */
  readonly resource: Resource;
  readonly function: LambdaFunction;
  readonly versions: readonly AliasedVersion[];
  /** The modes of the baseline that it keeps because it is pinned to a version number. */
  readonly staleModes: readonly PinnedMode[];
  /** The conditions under which it is created. */
  readonly when: readonly Assumptions[];
}

/** A mode of the baseline that an alias keeps. */
export interface PinnedMode extends StaleMode {
  /** The version numbers that the alias is pinned to, one in each case. */
  readonly numbers: readonly string[];
}

/** A version that an alias can point to. */
export interface AliasedVersion {
  /** The version, if the templates publish it. */
  readonly version?: FunctionVersion;
  /** Its number, if it is literal. */
  readonly number?: string;
  /** True if it gets only part of the traffic. */
  readonly isAdditional: boolean;
  /** The conditions under which the alias points to it. */
  readonly when: Assumptions;
}

/** The settings that a layer must fit. */
export interface FunctionConfiguration {
  /** True for a function from a container image, which has no layers. */
  readonly isImage: boolean;
  /** The runtimes that it can have, if known. */
  readonly runtimes: readonly Possible<string>[];
  /** The architectures that it can have, if known. */
  readonly architectures: readonly Possible<string>[];
  /** The ARNs of the layers that it can have. A part that is known only at deployment is `*`. */
  readonly layers: readonly Possible<string>[];
}

export interface EnvironmentVariable {
  readonly name: string;
  /** The conditions under which it is set. */
  readonly isSet: readonly Assumptions[];
  /** Its known values. */
  readonly values: readonly Possible<string>[];
}

export interface EventSourceMapping {
  readonly resource: Resource;
  /** Its logical ID; for an event of a SAM function, the one of the mapping that SAM generates. */
  readonly logicalId: string;
  /** The path of the event in the resource's properties; empty for a mapping that is a resource. */
  readonly path: readonly string[];
  readonly sources: readonly Possible<ResolvedEventSource>[];
  readonly targets: readonly Possible<MappingTarget>[];
}

export interface MappingTarget {
  readonly function: LambdaFunction;
  /** The versions and aliases between the mapping and the function. */
  readonly through: readonly Resource[];
}

/** The two tracing modes of Lambda. A function without a mode has `PassThrough`. */
export type EffectiveMode = 'Active' | 'PassThrough';

/**
 * The tracing mode that a template sets for a function: one of Lambda's modes, `unset` if it is left to the default,
 * `unknown` if it is known only at deployment, or a value that Lambda does not accept.
 */
export type ConfiguredMode = EffectiveMode | 'unset' | 'unknown' | InvalidMode;

/** A value that Lambda does not accept as a mode. */
export interface InvalidMode {
  readonly invalid: string;
  /** The property that has a value of the wrong type, and the type that it must have. */
  readonly wrongType?: { readonly property: string; readonly expected: string };
}

/** Returns the statement of a mode that a version's description can contain. No other text states a mode. */
export function modeStatement(mode: string): string {
  return `X-Ray tracing: ${mode}`;
}

export function isEffectiveMode(value: unknown): value is EffectiveMode {
  return value === 'Active' || value === 'PassThrough';
}

/**
 * Returns the configured mode that a value of a template stands for.
 *
 * @param text the value; undefined if the property is left out
 * @param canBeDisabled true if SAM leaves the mode out for `Disabled`
 */
export function configuredMode(text: PartialString | undefined, canBeDisabled: boolean): ConfiguredMode {
  if (text === undefined) return 'unset';
  const mode = literal(text);
  if (mode === undefined) return 'unknown';
  if (isEffectiveMode(mode)) return mode;
  return canBeDisabled && mode === 'Disabled' ? 'unset' : { invalid: mode };
}

/** Returns the invalid mode that a value of the wrong type stands for. */
export function modeOfWrongType(value: unknown, property: string, expected: string): InvalidMode {
  return { invalid: scalarText(value) ?? JSON.stringify(value), wrongType: { property, expected } };
}

/** Returns the mode that takes effect on deployment; undefined if it is known only then, or is invalid. */
export function effectiveMode(mode: ConfiguredMode): EffectiveMode | undefined {
  if (mode === 'unset') return 'PassThrough';
  return isEffectiveMode(mode) ? mode : undefined;
}

/** Returns the one effective mode of all these configured modes; undefined if they differ or one has none. */
export function soleEffectiveMode(modes: readonly ConfiguredMode[]): EffectiveMode | undefined {
  const [first, ...others] = modes.map(effectiveMode);
  return others.every((other) => other === first) ? first : undefined;
}

/** The UUIDs of the singleton functions of aws-cdk-lib. Their construct IDs and logical IDs contain them. */
const CDK_SINGLETONS: readonly string[] = [
  '050a0587b7544547bf325f094a3db834', // notifications of buckets
  '224e77f9a32e4b4dac32983477abba16', // ReceiptRuleSet, dropSpam
  '679f53fac002430cb0da5b7982bd2287', // AwsCustomResource
  '8693bb64968944b69aafb0cc9eb8756c', // BucketDeployment
  '8693bb64968944b69aafb0cc9eb8757c', // EmrContainersStartJobRun
  '8a0c93f3dbef4b71ac137aaf2048ce7e', // CallAwsServiceCrossRegion
  'aae0aa3c5b4d4f87b02d85b201efdd8a', // LogRetention
  'b4cf1abd4e4f4bc699441af7ccd9ec37', // AwsApi
  'e2f8cf6b1b0f4b3f9a2c6f1f5b6d4a71', // copies of code to other buckets
];

/** The ends of the logical IDs of other functions of aws-cdk-lib, before the hash, and their handlers. */
const CDK_NAMES: readonly (readonly [id: string, handler: RegExp])[] = [
  ['CustomResourceProviderHandler', /^(?:index|__entrypoint__)\.handler$/],
  ['DrainECSHookFunction', /^index\.lambda_handler$/],
  ['CertificateRequestorFunction', /^index\.certificateRequestHandler$/],
  ['CDKPipelinesAutoApprove', /^index\.handler$/],
];

/** Matches the functions of EvaluateExpression, which has a UUID for each version of Node.js. */
const CDK_EVALUATION = /^Eval[0-9a-f]{32}[0-9A-F]{8}$/;

/** The role of a function of EvaluateExpression without a version of Node.js. */
const CDK_EVALUATION_ROLE = 'EvalServiceRolef4f556a4ef7a49cd8036c5b0567376fd';

/** Matches the descriptions of the functions of `Provider`, and of the providers of EKS. */
const CDK_DESCRIPTION =
  /^(?:AWS CDK resource provider framework - (?:onEvent|isComplete|onTimeout) |(?:onEvent|isComplete) handler for EKS (?:cluster|kubectl) resource provider$)/;

/** Matches what is in a provider of the modules of CDK, such as `@aws-cdk--aws-dynamodb.ReplicaProvider`. */
const IN_PROVIDER = /(?:^|\/)@aws-cdk--[\w.-]+\//;

/**
 * True if CDK makes a function for itself, such as the handler of a custom resource. Users can't set its properties where
 * they use the construct. The handlers that users pass to a `Provider`, their own `SingletonFunction` and their
 * `TriggerFunction` are theirs.
 *
 * The names are those that the sources of aws-cdk-lib give: a template has no classes of constructs.
 */
export function isMadeByCdk({
  type,
  logicalId,
  constructPath = '',
  properties,
}: Pick<Resource, 'type' | 'logicalId' | 'constructPath' | 'properties'>): boolean {
  if (type !== 'AWS::Lambda::Function') return false;
  const { Handler: handler, Description: description } = properties;
  const { 'Fn::GetAtt': reference } = objectAt(properties, 'Role');
  const [role] = Array.isArray(reference) ? (reference as unknown[]) : [];
  // A logical ID can be overridden, and a path can be left out.
  const names = `${logicalId}/${constructPath}`.toLowerCase();
  return (
    CDK_SINGLETONS.some((uuid) => names.includes(uuid)) ||
    CDK_NAMES.some(([id, of]) => isNamed(logicalId, id) && typeof handler === 'string' && of.test(handler)) ||
    CDK_EVALUATION.test(logicalId) ||
    (typeof role === 'string' && role.startsWith(CDK_EVALUATION_ROLE)) ||
    (typeof description === 'string' && CDK_DESCRIPTION.test(description)) ||
    IN_PROVIDER.test(constructPath)
  );
}

/** True if a logical ID is the given one, after the IDs of parents and before CDK's hash. */
function isNamed(logicalId: string, id: string): boolean {
  return logicalId.slice(0, -8).endsWith(id) && /[0-9A-F]{8}$/.test(logicalId);
}

/**
 * Returns the function ARNs in the behaviors of a CloudFront distribution, which runs these functions at the
 * edge ("AWS::CloudFront::Distribution LambdaFunctionAssociation", CloudFormation Template Reference).
 */
export function edgeFunctions({ template, properties }: Resource, resolver: Resolver): Possible<unknown>[] {
  const configs = resolver.at(properties, ['DistributionConfig'], template);
  const behaviors = flatMap(configs, (config) =>
    ['DefaultCacheBehavior', 'CacheBehaviors'].flatMap((name) => resolver.itemsAt(config, name, template)),
  );
  const associations = flatMap(behaviors, (behavior) =>
    resolver.itemsAt(behavior, 'LambdaFunctionAssociations', template),
  );
  return flatMap(associations, (association) =>
    certainly(objectAt({ association }, 'association').LambdaFunctionARN),
  );
}

/** "You can only create Lambda@Edge functions in the US East (N. Virginia) Region" ("Restrictions on Lambda@Edge"). */
const EDGE_REGION = 'us-east-1';

const EDGE_SERVICE = 'edgelambda.amazonaws.com';
const EDGE_PRINCIPALS: readonly string[] = [EDGE_SERVICE, 'lambda.amazonaws.com'];

/** Facts that show that a function runs at the edge although its distribution is not known. */
export interface EdgeEvidence {
  /** The region of the function, if it is known. */
  readonly region: string | undefined;
  /** The trust policies that its roles can have. */
  readonly trustPolicies: readonly { readonly document: unknown; readonly values: PolicyValues }[];
  /** True if other functions have one of the roles. */
  readonly isRoleShared: boolean;
  /** True if anything else than CloudFront invokes it. */
  readonly hasCallers: boolean;
}

/**
 * True if CloudFront alone can run a function: only Lambda and Lambda@Edge may assume its role, which is its own, and
 * nothing invokes it ("Setting IAM permissions and roles for Lambda@Edge", Amazon CloudFront Developer Guide). CDK's
 * `experimental.EdgeFunction` creates such roles. The distribution can be in another region, without a reference.
 */
export function runsOnlyAtEdge({ region, trustPolicies, isRoleShared, hasCallers }: EdgeEvidence): boolean {
  return (
    !isRoleShared &&
    !hasCallers &&
    (region ?? EDGE_REGION) === EDGE_REGION &&
    trustPolicies.length > 0 &&
    trustPolicies.every(({ document, values }) => trustsOnlyEdge(document, values))
  );
}

function trustsOnlyEdge(document: unknown, values: PolicyValues): boolean {
  const statements = writtenStatements(document, values);
  if (statements.some(({ value, when }) => value?.Effect !== 'Allow' || !isAlways(when))) return false;
  const principals = statements.flatMap(({ value }) => principalsIn(value!.Principal, values));
  const isOneOf = (names: readonly string[], { texts }: Pattern) =>
    texts.every(({ value: text }) => text && names.includes(literal(text) ?? ''));
  return (
    principals.some((principal) => principal.isCertain && isOneOf([EDGE_SERVICE], principal)) &&
    principals.every((principal) => isOneOf(EDGE_PRINCIPALS, principal))
  );
}

function isAlways(when: Assumptions): boolean {
  return Object.keys(when).length === 0;
}
