import { CfnResource, Stack, Stage, Token } from 'aws-cdk-lib';
import { type IManagedPolicy, ManagedPolicy, Policy, PolicyDocument, Role } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { isObject } from '../../cloudformation/json';
import { ALWAYS, certainly, flatMap, type Possible } from '../../cloudformation/possible';
import { partitionOf } from '../../cloudformation/template';
import {
  CONDITIONAL_POLICIES,
  DAEMON_POLICY,
  DENYING_POLICIES,
  GRANTING_POLICIES,
  MAX_MANAGED_POLICIES,
  TRACING_ACTIONS,
  type TracingAction,
  WRITE_ACTIONS,
} from '../../iam/managed-policies';
import {
  certainEffect,
  type Contribution,
  contributionsOf,
  unknownGrant,
  within,
} from '../../iam/policy-document';
import { NO_BOUNDARY, permissionsFor } from '../../iam/xray-permissions';
import { APPLICATION_SIGNALS_POLICY } from '../../lambda/instrumentation';
import { isSynthesisInProgress, perSynthesis } from './aspects-across-stages';
import { cfnProperty, includedGlobals, memberOf } from './cfn-resources';
import { conditionHolds, RENDERED_VALUES } from './rendered-values';
import {
  LinkedResources,
  linkedResourcesOfApps,
  resolvedProperty,
  resolvedValue,
  textOf,
} from './resolve-references';

/** The actions that an execution role requires. */
export interface TracingActions {
  readonly actions: readonly string[];
  /** The service that the actions write to. */
  readonly service: string;
  /** The name of the AWS managed policy that allows them. */
  readonly managedPolicy: string;
  /** The name of the inline policy of an L1 role. */
  readonly inlinePolicyName: string;
  /** The log group that the actions write to. @default - the actions apply to any resource */
  readonly logGroup?: string;
}

/** The required actions of X-Ray, which other policies can prevent. */
export interface XRayActions extends TracingActions {
  readonly actions: readonly TracingAction[];
}

/** The actions of a function: "Visualize Lambda function invocations using AWS X-Ray" (AWS Lambda Developer Guide). */
export const LAMBDA_ACTIONS: XRayActions = {
  actions: WRITE_ACTIONS,
  service: 'X-Ray',
  managedPolicy: DAEMON_POLICY,
  inlinePolicyName: 'WriteToXRay',
};

/** The actions of a state machine, which reads sampling rules: "IAM policies for X-Ray" (AWS Step Functions Developer Guide). */
export const STEP_FUNCTIONS_ACTIONS: XRayActions = {
  actions: TRACING_ACTIONS,
  service: 'X-Ray',
  managedPolicy: DAEMON_POLICY,
  inlinePolicyName: 'SampleByXRay',
};

/** The actions of Application Signals: "CloudWatchLambdaApplicationSignalsExecutionRolePolicy" (AWS Managed Policy Reference). */
export const APPLICATION_SIGNALS_ACTIONS: TracingActions = {
  actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
  service: 'CloudWatch Application Signals',
  managedPolicy: APPLICATION_SIGNALS_POLICY,
  inlinePolicyName: 'WriteToApplicationSignals',
  logGroup: '/aws/application-signals/data',
};

/**
 * Returns the names of the managed policies that a role can have. A name that is known only at deployment is `*`. A policy
 * of another partition can't be attached.
 */
export function managedPolicyNames(role: CfnResource): string[] {
  const arns: unknown = resolvedValue(cfnProperty(role, 'ManagedPolicyArns'), role);
  return (Array.isArray(arns) ? arns : [])
    .filter((arn) => !isOfOtherPartition(arn, role))
    .map((arn) => (isConditional(arn) ? '*' : (textOf(arn).split('/').at(-1) ?? '')));
}

function isConditional(value: unknown): boolean {
  return isObject(value) && 'Fn::If' in value;
}

/** Returns true if the partition in an ARN is known to be another one than that of a role. */
function isOfOtherPartition(arn: unknown, { stack: { region } }: CfnResource): boolean {
  const partition = /^arn:(aws[a-z-]*):/.exec(textOf(arn))?.[1];
  return partition !== undefined && !Token.isUnresolved(region) && partition !== partitionOf(region);
}

/**
 * Returns true if the quota of managed policies allows one more. If the app has other stacks, one policy less is
 * attached, because any of them can attach a policy of its own.
 */
export function hasRoomForManagedPolicy(role: CfnResource): boolean {
  const { own, others } = isSynthesisInProgress() ? knownPolicies(role) : otherPolicies(role);
  const attached = new AttachedPolicies(managedPoliciesIn(own)).of(role).size + others.policies.of(role).size;
  const reserved = others.stacks > 0 ? 1 : 0;
  return managedPolicyNames(role).length + attached + reserved < MAX_MANAGED_POLICIES;
}

/**
 * Returns true if the quota of managed policies allows one more on a role that was just created, so that no other policy can
 * have attached itself.
 */
export function newRoleHasRoomForManagedPolicy(role: CfnResource): boolean {
  return managedPolicyNames(role).length + 1 < MAX_MANAGED_POLICIES || hasRoomForManagedPolicy(role);
}

/** The managed policies that can be attached to the roles of a stack. */
interface OtherPolicies {
  /** The stack. It includes its nested stacks. */
  readonly own: IConstruct;
  /** The other stacks of its stage that can be in its account. */
  readonly others: { readonly stacks: number; readonly policies: AttachedPolicies };
}

function otherPolicies(role: CfnResource): OtherPolicies {
  const stacks = stacksIn(Stage.of(role) ?? role.node.root);
  const own = stacks.find((stack) => role.node.scopes.includes(stack)) ?? role.stack;
  const { account } = role.stack;
  const others = stacks.filter(
    (stack) =>
      stack !== own &&
      (stack.account === account || [account, stack.account].some((one) => Token.isUnresolved(one))),
  );
  const policies = new AttachedPolicies(others.flatMap(knownManagedPoliciesIn));
  return { own, others: { stacks: others.length, policies } };
}

const KNOWN = perSynthesis(() => new WeakMap<Stack, OtherPolicies>());

/** During synthesis, the other stacks are read once for each stack: reading them for each role would take long. */
function knownPolicies(role: CfnResource): OtherPolicies {
  const known = KNOWN().get(role.stack) ?? otherPolicies(role);
  KNOWN().set(role.stack, known);
  return known;
}

/** Returns the stacks of a stage that are not in another stack. */
function stacksIn(construct: IConstruct): Stack[] {
  if (Stack.isStack(construct)) return [construct];
  return construct.node.children.filter((child) => !Stage.isStage(child)).flatMap(stacksIn);
}

/** Returns the managed policies of another stack. They are read again when the stack gets new children. */
function knownManagedPoliciesIn(stack: IConstruct): readonly CfnResource[] {
  const { length } = stack.node.children;
  const known = MANAGED_POLICIES.get(stack);
  if (known?.length === length) return known.policies;
  const policies = managedPoliciesIn(stack);
  MANAGED_POLICIES.set(stack, { length, policies });
  return policies;
}

const MANAGED_POLICIES = new WeakMap<IConstruct, { length: number; policies: readonly CfnResource[] }>();

function managedPoliciesIn(stack: IConstruct): CfnResource[] {
  return stack.node
    .findAll()
    .filter((construct) => CfnResource.isCfnResource(construct))
    .filter(({ cfnResourceType }) => cfnResourceType === 'AWS::IAM::ManagedPolicy');
}

/** The policies of a list that attach themselves to roles. */
class AttachedPolicies {
  /** The policies by role: the resource, or a literal name. */
  private readonly byRole = new Map<unknown, Set<CfnResource>>();

  constructor(policies: readonly CfnResource[]) {
    for (const policy of policies) {
      for (const role of attachedRoles(policy)) {
        const attached = this.byRole.get(role) ?? new Set();
        this.byRole.set(role, attached.add(policy));
      }
    }
  }

  /** Returns the policies of a role. */
  public of(role: CfnResource): ReadonlySet<CfnResource> {
    const name = resolvedValue(cfnProperty(role, 'RoleName'), role);
    return new Set([role, name].flatMap((one) => [...(this.byRole.get(one) ?? [])]));
  }
}

const linkedInApp = linkedResourcesOfApps();

/** Returns the roles that a policy attaches itself to: resources and literal names. */
function attachedRoles(policy: CfnResource): (CfnResource | string)[] {
  const property = policy.cfnResourceType === 'AWS::IAM::RolePolicy' ? 'RoleName' : 'Roles';
  const given = cfnProperty(policy, property);
  // An L2 renders the roles that it is attached to so far.
  const isFinal = isSynthesisInProgress() && !Token.isUnresolved(given);
  const names = isFinal ? resolvedProperty(policy, property) : resolvedValue(given, policy);
  return [names]
    .flat()
    .flatMap((name: unknown): readonly (CfnResource | string)[] =>
      typeof name === 'string' ? [name] : linkedInApp(policy).referencedBy(name, policy.stack),
    );
}

/** The private members of an L2 role with its policies. */
interface RoleInternals {
  readonly inlinePolicies?: Readonly<Record<string, PolicyDocument>>;
  readonly attachedPolicies?: { readonly policies?: readonly { readonly document: PolicyDocument }[] };
  readonly managedPolicies?: readonly IManagedPolicy[];
}

/**
 * Returns true if a role can't use X-Ray even if a policy allows it: another policy of the role denies it, or its
 * permissions boundary does not allow it ("Policy evaluation logic", IAM User Guide).
 *
 * The policies that the role itself shows are read, in its properties or its L2, and what L1 policies deny that name the
 * role. It is enough that the role is prevented under one of the conditions of its policies.
 *
 * @param role the role, or the SAM function or state machine whose role SAM generates
 * @param actions the actions that are required
 */
export function isPrevented(role: CfnResource, actions: readonly TracingAction[]): boolean {
  const contributions = [certainEffect('Allow', ALWAYS), ...contributionsOfPolicies(role)];
  const boundary = boundaryOf(role);
  return permissionsFor(actions, { contributions, boundary }, () => true).some(
    ({ value }) => value.state === 'missing',
  );
}

function contributionsOfPolicies(role: CfnResource): Contribution[] {
  // SAM lists names, ARNs and documents.
  const property = isServerless(role) ? 'Policies' : 'ManagedPolicyArns';
  const denials = RENDERED_VALUES.items(resolvedValue(settingOf(role, property), role)).filter(
    ({ value: policy }) => DENYING_POLICIES.has(awsManagedName(policy) ?? textOf(policy)),
  );
  return [
    ...documentsOf(role).flatMap(({ value, when }) => within(when, contributionsIn(value, role))),
    ...denials.map(({ when }) => certainEffect('Deny', when)),
    ...denialsOfPolicies(role),
  ];
}

const POLICY_TYPES = ['AWS::IAM::ManagedPolicy', 'AWS::IAM::Policy', 'AWS::IAM::RolePolicy'];

interface DenyingPolicies {
  readonly denials: ReadonlyMap<CfnResource, readonly Contribution[]>;
  readonly attached: AttachedPolicies;
}

const DENYING = perSynthesis(() => new WeakMap<IConstruct, DenyingPolicies>());

/** Returns the denials of the policies without an L2 that are attached to a role. They are read once for each synthesis. */
function denialsOfPolicies(role: CfnResource): Contribution[] {
  if (!isSynthesisInProgress()) return [];
  const { root } = role.node;
  const { denials, attached } = DENYING().get(root) ?? denyingPoliciesIn(root);
  DENYING().set(root, { denials, attached });
  return [...attached.of(role)].flatMap((policy) => denials.get(policy)!);
}

function denyingPoliciesIn(root: IConstruct): DenyingPolicies {
  const policies = root.node
    .findAll()
    .filter((construct) => CfnResource.isCfnResource(construct))
    .filter(
      ({ cfnResourceType: type, node: { scope } }) => POLICY_TYPES.includes(type) && !isPolicyL2(scope),
    );
  const denials = new Map(
    policies.map((policy) => [policy, denialsOf(policy)] as const).filter(([, denied]) => denied.length > 0),
  );
  return { denials, attached: new AttachedPolicies([...denials.keys()]) };
}

function isPolicyL2(construct: IConstruct | undefined): boolean {
  return construct instanceof Policy || construct instanceof ManagedPolicy;
}

function denialsOf(policy: CfnResource): Contribution[] {
  const { condition } = policy.cfnOptions;
  const when = condition ? conditionHolds(condition.logicalId) : ALWAYS;
  const contributions = contributionsIn(cfnProperty(policy, 'PolicyDocument'), policy);
  return within(when, contributions).filter(({ effect }) => effect === 'Deny');
}

function documentsOf(role: CfnResource): Possible<unknown>[] {
  const parent = role.node.scope;
  if (Role.isRole(parent) && parent.node.defaultChild === role) {
    const { inlinePolicies, attachedPolicies, managedPolicies } = parent as unknown as RoleInternals;
    return [
      ...Object.values(inlinePolicies ?? {}),
      ...[...(attachedPolicies?.policies ?? []), ...(managedPolicies ?? []).filter(isOwn)].map(
        ({ document }) => document,
      ),
    ].flatMap(certainly);
  }
  const given = settingOf(role, 'Policies');
  const policies = RENDERED_VALUES.items(Token.isUnresolved(given) ? resolvedValue(given, role) : given);
  return flatMap(policies, (policy) =>
    RENDERED_VALUES.items(Token.isUnresolved(policy) ? resolvedValue(policy, role) : policy),
  ).map(({ value: policy, when }) => ({
    value: isServerless(role)
      ? { Statement: memberOf(policy, 'Statement') ?? [] }
      : memberOf(policy, 'PolicyDocument'),
    when,
  }));
}

function isServerless({ cfnResourceType }: CfnResource): boolean {
  return cfnResourceType.startsWith('AWS::Serverless::');
}

/** Returns a property of a role, or of a SAM function or state machine, which `Globals` can set. */
function settingOf(role: CfnResource, name: string): unknown {
  const own = cfnProperty(role, name);
  const [, section] = role.cfnResourceType.split('AWS::Serverless::');
  return own === undefined && section ? includedGlobals(role, section)[name] : own;
}

function isOwn(policy: IManagedPolicy): policy is ManagedPolicy {
  return policy instanceof ManagedPolicy;
}

/** Reads a document without resolving an L2, because that would freeze its statements. */
function contributionsIn(document: unknown, scope: IConstruct): Contribution[] {
  const json: unknown = document instanceof PolicyDocument ? document.toJSON() : document;
  return contributionsOf(resolvedValue(json, scope) ?? {}, RENDERED_VALUES);
}

function boundaryOf(role: CfnResource): readonly Contribution[] {
  const boundary = resolvedValue(settingOf(role, 'PermissionsBoundary'), role);
  return RENDERED_VALUES.branches(boundary).flatMap(({ value, when }) =>
    within(when, contributionsOfBoundary(value, role)),
  );
}

function contributionsOfBoundary(boundary: unknown, role: CfnResource): readonly Contribution[] {
  if (boundary === undefined) return NO_BOUNDARY;
  if (isOfOtherPartition(boundary, role)) return [];
  const name = awsManagedName(boundary);
  if (name !== undefined) {
    if (GRANTING_POLICIES.has(name)) return NO_BOUNDARY;
    return CONDITIONAL_POLICIES.has(name) ? [unknownGrant(ALWAYS)] : [];
  }
  const [policy] = new LinkedResources().referencedBy(boundary, role.stack);
  if (!policy) return [unknownGrant(ALWAYS)];
  const parent = policy.node.scope;
  const isOfL2 = parent instanceof ManagedPolicy && parent.node.defaultChild === policy;
  return contributionsIn(isOfL2 ? parent.document : cfnProperty(policy, 'PolicyDocument'), policy);
}

/** Returns the name of an AWS managed policy with its path, or undefined for other ARNs. */
function awsManagedName(arn: unknown): string | undefined {
  return /^arn:[^:]*:iam::aws:policy\/(.+)$/.exec(textOf(arn))?.[1];
}
