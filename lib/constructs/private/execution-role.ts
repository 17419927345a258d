import { CfnResource, Stack, Token } from 'aws-cdk-lib';
import {
  CfnManagedPolicy,
  CfnRole,
  type IRole,
  LazyRole,
  ManagedPolicy,
  Policy,
  PolicyDocument,
  PolicyStatement,
  Role,
} from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { isObject } from '../../cloudformation/json';
import { GRANTING_POLICIES, TRACING_ACTIONS, WRITE_ACTIONS } from '../../iam/managed-policies';
import { TracingPermissions } from '../tracing-props';
import { addAcknowledgeableWarning } from './acknowledgements';
import { cfnProperty, isOverridden, memberOf } from './cfn-properties';
import { resolvedProperty, LinkedResources, resolvedValue, textOf } from './resolve-references';

/** A function or state machine with an execution role. */
export interface RoleUser {
  readonly cfn: CfnResource;
  /** The construct that users know. */
  readonly construct: IConstruct;
  /** The CloudFormation property with the role. */
  readonly roleProperty: string;
  /** The role that the L2 was created with. */
  readonly role?: IRole;
  readonly isServerless: boolean;
}

const MANAGED_POLICY = 'AWSXRayDaemonWriteAccess';

/** The default quota of managed policies per role: "IAM and AWS STS quotas" (IAM User Guide). */
const MAX_MANAGED_POLICIES = 10;

/** The ID of the warning that a role can't be given permission to write traces. */
const PERMISSIONS_NOT_GRANTED = 'cdk-lambda-xray:permissionsNotGranted';

/**
 * Allows the execution role of a function or state machine to write to X-Ray. Adds a warning if the role can't be
 * changed.
 *
 * @param target the function or state machine
 * @param permissions the way to grant the permissions
 * @param required the actions that are required; by default, those of a function
 */
export function grantTracing(
  target: RoleUser,
  permissions: TracingPermissions,
  required: TracingActions = LAMBDA_ACTIONS,
): void {
  if (tryGrantTracing(target, permissions, required)) return;
  const { path } = target.construct.node;
  warnNotGranted(
    target,
    `The execution role of '${path}' can't be changed by this app, so it did not get permission to write to X-Ray. ` +
      `Attach the AWS managed policy ${MANAGED_POLICY} to the role, or allow ${namesOf(required)} on *. ` +
      'If the role already has the permission, set tracingPermissions to TracingPermissions.NONE.',
  );
}

/** Adds an acknowledgeable warning to a function or state machine whose role did not get the permission. */
export function warnNotGranted({ construct }: RoleUser, message: string): void {
  addAcknowledgeableWarning(construct, PERMISSIONS_NOT_GRANTED, message);
}

/**
 * Allows the execution role of a function or state machine to write to X-Ray, if possible.
 *
 * @returns false if a role can't be changed and is not known to have the permission
 */
export function tryGrantTracing(
  target: RoleUser,
  permissions: TracingPermissions,
  required: TracingActions = LAMBDA_ACTIONS,
): boolean {
  if (permissions === TracingPermissions.NONE) return true;
  if (isRoleGenerated(target)) return true;

  const isManaged = permissions === TracingPermissions.MANAGED_POLICY;
  const roles = rolesOf(target);
  const granted = roles.map((role) =>
    CfnResource.isCfnResource(role)
      ? grantToResource(role, isManaged, required)
      : grantToRole(role, isManaged, required),
  );
  return granted.length > 0 && granted.every(Boolean);
}

/** Returns true if SAM generates the role, and attaches the policy itself. */
function isRoleGenerated({ cfn, isServerless, roleProperty }: RoleUser): boolean {
  return isServerless && cfnProperty(cfn, roleProperty) === undefined;
}

/** Returns the names of actions for a message. */
function namesOf({ actions }: TracingActions): string {
  return actions.join(', ').replace(/, ([^,]*)$/, ' and $1');
}

/**
 * Returns the resources that define the roles of a function or state machine: the roles that the app creates, or a SAM
 * function whose role SAM generates.
 */
export function roleResourcesOf(target: RoleUser): CfnResource[] {
  if (isRoleGenerated(target)) return [target.cfn];
  return rolesOf(target).flatMap((role) => {
    let resource: IConstruct | undefined = role;
    while (resource && !CfnResource.isCfnResource(resource)) resource = resource.node.defaultChild;
    return resource?.cfnResourceType === 'AWS::IAM::Role' ? [resource] : [];
  });
}

/** Returns the roles that a function or state machine can run with. A condition can select one of several. */
function rolesOf({ cfn, roleProperty, role: ownRole }: RoleUser): (IRole | CfnResource)[] {
  const roleArn = resolvedProperty(cfn, roleProperty);
  const resources = new LinkedResources(ownRole ? [] : Stack.of(cfn).node.findAll())
    .referencedBy(roleArn, Stack.of(cfn))
    .filter(({ cfnResourceType }) => cfnResourceType === 'AWS::IAM::Role');
  if (ownRole && isArnOf(ownRole, roleArn, resources)) return [ownRole];
  return resources.map((resource) => {
    const parent = resource.node.scope;
    return Role.isRole(parent) && parent.node.defaultChild === resource ? parent : resource;
  });
}

/** Returns true if the role of an L2 is still the one in its resource, which users can change. */
function isArnOf(role: IRole, roleArn: unknown, resources: readonly CfnResource[]): boolean {
  const ownArn = resolvedValue(role.roleArn, role);
  const ownResources = new LinkedResources([]).referencedBy(ownArn, role.stack);
  return textOf(roleArn) === textOf(ownArn) && ownResources.every((resource) => resources.includes(resource));
}

function grantToRole(given: IRole, isManaged: boolean, { actions }: TracingActions): boolean {
  const role = given instanceof LazyRole ? (given.node.defaultChild ?? given) : given;
  if (Role.isRole(role)) {
    const isGranted =
      hasManagedPolicy(role, (name) => name === MANAGED_POLICY) || hasStatement(actions, role);
    if (isGranted || (isManaged && attachManagedPolicy(role))) return true;
    role.addToPrincipalPolicy(statementOf(actions));
    return true;
  }
  // An immutable role wraps a role that can already have the permissions.
  const wrapped = given.node.defaultChild?.node.scope;
  if (wrapped && Role.isRole(wrapped)) {
    if (hasManagedPolicy(wrapped, isGrantingPolicy) || hasStatement(actions, wrapped)) return true;
  }
  // An imported role returns the policy with the statement. An immutable role ignores the statement.
  return given.addToPrincipalPolicy(statementOf(actions)).policyDependable instanceof Policy;
}

/** Attaches the managed policy, and returns false if the role then exceeds the quota or overrides its policies. */
function attachManagedPolicy(role: Role): boolean {
  const resource = role.node.defaultChild;
  if (!(resource instanceof CfnRole)) {
    // A role without a resource, for example with `Role.customizeRoles`, keeps its own list of policies.
    role.addManagedPolicy(managedPolicy());
    return true;
  }
  if (policyCount(resource) >= MAX_MANAGED_POLICIES) return false;
  role.addManagedPolicy(managedPolicy());
  // A raw override of the list wins.
  return managedPolicyNames(resource).includes(MANAGED_POLICY);
}

/** Each of these policies allows the actions of state machines, too. */
function isGrantingPolicy(name: string): boolean {
  return GRANTING_POLICIES.has(name);
}

function hasManagedPolicy(role: Role, isSufficient: (name: string) => boolean): boolean {
  const resource = role.node.defaultChild;
  return resource instanceof CfnRole && managedPolicyNames(resource).some(isSufficient);
}

/** Returns true if the default policy has the inline statement, from CDK's own tracing or an earlier grant. */
function hasStatement(actions: readonly string[], role: Role): boolean {
  const policy = role.node.tryFindChild('DefaultPolicy');
  if (!(policy instanceof Policy)) return false;
  // Resolving the document would freeze its statements.
  const { Statement: statements } = (policy.document.toJSON() ?? {}) as { Statement?: unknown };
  return Array.isArray(statements) && statements.some((statement) => allows(actions, statement));
}

function allows(required: readonly string[], statement: unknown): boolean {
  if (!isObject(statement) || statement.Effect !== 'Allow' || statement.Condition) return false;
  const [actions, resources] = [statement.Action, statement.Resource].map((value) => [value].flat());
  return resources.includes('*') && required.every((action) => actions.includes(action));
}

/** Grants permissions to a role without an L2, in the properties of the resource. */
function grantToResource(
  role: CfnResource,
  isManaged: boolean,
  { actions, inlinePolicyName }: TracingActions,
): boolean {
  const [arns, policies] = [cfnProperty(role, 'ManagedPolicyArns'), cfnProperty(role, 'Policies')];
  if (managedPolicyNames(role).includes(MANAGED_POLICY) || hasInlinePolicy(inlinePolicyName, policies))
    return true;
  if (isManaged && isList(arns) && policyCount(role) < MAX_MANAGED_POLICIES) {
    append(role, 'ManagedPolicyArns', arns, managedPolicy().managedPolicyArn);
    return true;
  }
  if (!isList(policies)) return false;
  const policyDocument = new PolicyDocument({ statements: [statementOf(actions)] });
  append(
    role,
    'Policies',
    policies,
    role instanceof CfnRole && !isOverridden(role, 'Policies')
      ? { policyName: inlinePolicyName, policyDocument }
      : { PolicyName: inlinePolicyName, PolicyDocument: policyDocument },
  );
  return true;
}

/** Returns true if an item can be added to a list, which is not possible if it is known only at deployment. */
function isList(value: unknown): value is readonly unknown[] | undefined {
  return value === undefined || (Array.isArray(value) && !Token.isUnresolved(value));
}

/** Adds an item to a list without resolving the tokens in the list. */
function append(
  role: CfnResource,
  property: 'ManagedPolicyArns' | 'Policies',
  list: readonly unknown[] | undefined,
  item: unknown,
): void {
  const longer = [...(list ?? []), item];
  if (!(role instanceof CfnRole) || isOverridden(role, property)) role.addPropertyOverride(property, longer);
  else if (property === 'Policies') role.policies = longer as CfnRole.PolicyProperty[];
  else role.managedPolicyArns = longer as string[];
}

function hasInlinePolicy(name: string, policies: unknown): boolean {
  return Array.isArray(policies) && policies.some((policy) => memberOf(policy, 'PolicyName') === name);
}

function policyCount(role: CfnResource): number {
  return managedPolicyNames(role).length + countAttachingPolicies(role);
}

/** Returns the names of the managed policies of a role. A name that is known only at deployment is `*`. */
function managedPolicyNames(role: CfnResource): string[] {
  const arns = resolvedValue(cfnProperty(role, 'ManagedPolicyArns'), role);
  return (Array.isArray(arns) ? arns : []).map((arn) => textOf(arn).split('/').at(-1) ?? '');
}

/** Returns the number of managed policies in the stack that attach themselves to a role. */
function countAttachingPolicies(role: CfnResource): number {
  const stack = Stack.of(role);
  return stack.node.findAll().filter((construct) => {
    if (construct instanceof ManagedPolicy) {
      const { roles } = construct as unknown as { roles: IRole[] };
      return roles.some((attachedTo) => attachedTo.node.defaultChild === role);
    }
    if (!(construct instanceof CfnManagedPolicy) || construct.node.scope instanceof ManagedPolicy)
      return false;
    const names = resolvedProperty(construct, 'Roles');
    return new LinkedResources([]).referencedBy(names, stack).includes(role);
  }).length;
}

function managedPolicy() {
  return ManagedPolicy.fromAwsManagedPolicyName(MANAGED_POLICY);
}

function statementOf(actions: readonly string[]): PolicyStatement {
  return new PolicyStatement({ actions: [...actions], resources: ['*'] });
}

/** The actions that an execution role requires. The managed policy `AWSXRayDaemonWriteAccess` allows them, too. */
export interface TracingActions {
  readonly actions: readonly string[];
  /** The name of the inline policy of an L1 role. */
  readonly inlinePolicyName: string;
}

/** The actions of a function: "Visualize Lambda function invocations using AWS X-Ray" (AWS Lambda Developer Guide). */
const LAMBDA_ACTIONS: TracingActions = {
  actions: WRITE_ACTIONS,
  inlinePolicyName: 'WriteToXRay',
};

/** The actions of a state machine, which reads sampling rules: "IAM policies for X-Ray" (AWS Step Functions Developer Guide). */
export const STEP_FUNCTIONS_ACTIONS: TracingActions = {
  actions: TRACING_ACTIONS,
  inlinePolicyName: 'SampleByXRay',
};
