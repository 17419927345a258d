import { Aws, CfnResource, Fn, Names, Stack, Token } from 'aws-cdk-lib';
import {
  CfnPolicy,
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
import { GRANTING_POLICIES } from '../../iam/managed-policies';
import { listAll } from '../../text/printable';
import { TracingPermissions } from '../tracing-props';
import { addAcknowledgeableWarning } from './acknowledgements';
import { appendToList, cfnProperty, isOverridden, memberOf } from './cfn-resources';
import { isSynthesisInProgress } from './aspects-across-stages';
import { createAfter } from './creation-order';
import { RENDERED_VALUES } from './rendered-values';
import { LinkedResources, resolvedProperty, resolvedValue, textOf } from './resolve-references';
import {
  hasRoomForManagedPolicy,
  isPrevented,
  LAMBDA_ACTIONS,
  managedPolicyNames,
  newRoleHasRoomForManagedPolicy,
  type TracingActions,
  type XRayActions,
} from './role-permissions';

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
    `The execution role of '${path}' can't be changed by this app, so it did not get permission to write to ` +
      `${required.service}. Attach the AWS managed policy ${required.managedPolicy} to the role, or allow ` +
      `${listAll(required.actions)} on ${required.logGroup === undefined ? '*' : `the log group ${required.logGroup}`}. ` +
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
  const granted = rolesOf(target).map((role) =>
    CfnResource.isCfnResource(role)
      ? grantToResource(role, isManaged, required)
      : grantToRole(role, target, isManaged, required),
  );
  for (const policies of granted) {
    if (policies && !isAlreadyNeeded(policies, target)) createAfter(target.cfn, policies);
  }
  return granted.length > 0 && granted.every(Boolean) && !canHaveOtherRole(target);
}

/** Returns true if a condition can select a role that the app does not define. */
function canHaveOtherRole({ cfn, roleProperty }: RoleUser): boolean {
  const arns = RENDERED_VALUES.branches(resolvedProperty(cfn, roleProperty));
  if (arns.length === 1) return false;
  const linked = new LinkedResources(() => Stack.of(cfn).node.findAll());
  return arns.some(({ value: arn }) => linked.referencedBy(arn, Stack.of(cfn)).length === 0);
}

/** Returns true if SAM generates the role, and attaches the policy itself. */
function isRoleGenerated({ cfn, isServerless, roleProperty }: RoleUser): boolean {
  return isServerless && cfnProperty(cfn, roleProperty) === undefined;
}

/**
 * Returns true if the execution role of a function or state machine can't use X-Ray even with the permission, because of
 * another policy or its permissions boundary.
 */
export function isTracingPrevented(
  target: RoleUser,
  permissions: TracingPermissions,
  { actions }: XRayActions = LAMBDA_ACTIONS,
): boolean {
  if (permissions === TracingPermissions.NONE) return false;
  return roleResourcesOf(target).some((role) => isPrevented(role, actions));
}

/**
 * Returns the resources that define the roles of a function or state machine: the roles that the app creates, or a SAM
 * function or state machine whose role SAM generates.
 */
function roleResourcesOf(target: RoleUser): CfnResource[] {
  if (isRoleGenerated(target)) return [target.cfn];
  return rolesOf(target).flatMap((role) => {
    let resource: IConstruct | undefined = role;
    while (resource && !CfnResource.isCfnResource(resource)) resource = resource.node.defaultChild;
    return resource?.cfnResourceType === 'AWS::IAM::Role' ? [resource] : [];
  });
}

/** Returns true for a role's resource, which the user of the role references, and for what CDK makes an L2 depend on. */
function isAlreadyNeeded(policies: IConstruct, { role }: RoleUser): boolean {
  const isRole = CfnResource.isCfnResource(policies) && policies.cfnResourceType === 'AWS::IAM::Role';
  return isRole || (role !== undefined && policies.node.scopes.includes(role));
}

/** Returns the roles that a function or state machine can run with. A condition can select one of several. */
function rolesOf({ cfn, roleProperty, role: ownRole }: RoleUser): (IRole | CfnResource)[] {
  const roleArn = resolvedProperty(cfn, roleProperty);
  const resources = new LinkedResources(() => (ownRole ? [] : Stack.of(cfn).node.findAll()))
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
  const ownResources = new LinkedResources().referencedBy(ownArn, role.stack);
  return textOf(roleArn) === textOf(ownArn) && ownResources.every((resource) => resources.includes(resource));
}

/**
 * Allows a role to write to X-Ray.
 *
 * @param given the role
 * @param user the function or state machine
 * @param isManaged true if the managed policy can be attached
 * @param required the actions
 * @returns the role or policy with the permissions, or undefined if the role can't be changed
 */
function grantToRole(
  given: IRole,
  user: RoleUser,
  isManaged: boolean,
  required: TracingActions,
): IConstruct | undefined {
  const role = changeableRole(given);
  if (Role.isRole(role)) {
    const resource = role.node.defaultChild ?? role;
    if (hasManagedPolicy(role, (name) => name === required.managedPolicy)) return resource;
    if (hasStatement(required, role)) return role;
    // Outside of synthesis, permissions are granted when the function is created, and its own role with it.
    const isNew = role.node.scope === user.construct && !isSynthesisInProgress();
    if (isManaged && attachManagedPolicy(role, required.managedPolicy, isNew)) return resource;
    const { defaultPolicy } = role as unknown as { defaultPolicy?: Policy };
    // A condition that the role does not have: the statement would be missing in other cases.
    if (defaultPolicy && !isAsUnconditional(defaultPolicy, role)) {
      return attachPolicy(role, Stack.of(role), required);
    }
    addStatement(role, required);
    return role;
  }
  // An immutable role wraps a role that can already have the permissions.
  const wrapped = given.node.defaultChild?.node.scope;
  if (wrapped && Role.isRole(wrapped)) {
    if (hasManagedPolicy(wrapped, (name) => isGrantingPolicy(name, required)))
      return wrapped.node.defaultChild;
    if (hasStatement(required, wrapped)) return wrapped;
  }
  return hasStatement(required, given) ? given : attachPolicy(given, user.cfn.stack, required);
}

/** Adds the statement. If it creates the default policy of the role, the policy exists under the condition of the role. */
function addStatement(role: Role, required: TracingActions): void {
  const policyOf = () => role.node.tryFindChild('DefaultPolicy')?.node.defaultChild;
  const existing = policyOf();
  role.addToPrincipalPolicy(statementOf(required));
  const [resource, policy] = [role.node.defaultChild, policyOf()];
  if (!existing && CfnResource.isCfnResource(resource) && policy && CfnResource.isCfnResource(policy)) {
    policy.cfnOptions.condition = resource.cfnOptions.condition;
  }
}

/** The IDs of roles that CDK itself makes immutable, so that users can't grant permissions: `EvaluateExpression` of Step Functions. */
const IMMUTABLE_ROLES_OF_CDK = /^EvalServiceRole[0-9a-f]{32}$/;

/** Returns the role that a lazy role, or an immutable role of CDK's own constructs, stands for. */
function changeableRole(given: IRole): IConstruct {
  if (given instanceof LazyRole) return given.node.defaultChild ?? given;
  const wrapped = given.node.defaultChild?.node.scope;
  return wrapped && IMMUTABLE_ROLES_OF_CDK.test(wrapped.node.id) ? wrapped : given;
}

/**
 * Attaches a policy with the statement to an imported role.
 *
 * CDK's default policy of an imported role has the same name in all stacks, unless the feature flag
 * `@aws-cdk/aws-iam:importedRoleStackSafeDefaultPolicyName` is set. The stacks would overwrite it.
 *
 * @returns undefined if the role ignores policies, as an immutable role does
 */
function attachPolicy(role: IRole, stack: Stack, required: TracingActions): IConstruct | undefined {
  const { roleName } = role;
  const { id, policyName } = separatePolicy(Token.isUnresolved(roleName) ? role : roleName, required);
  const existing = stack.node.tryFindChild(id);
  if (existing) return existing;
  const policy = new Policy(stack, id, { policyName, statements: [statementOf(required)] });
  role.attachInlinePolicy(policy);
  const resource = policy.node.defaultChild as CfnPolicy;
  if (Array.isArray(resolvedValue(resource.roles, resource))) return policy;
  stack.node.tryRemoveChild(id);
  return undefined;
}

/**
 * Returns the ID and the name of a policy for a role. The name is unique for the role: it contains the UUID of the
 * stack's ID, because roles are shared by the stacks and regions of an account. A policy name has up to 128 characters.
 *
 * @param role the name of the role, or the construct of a role whose name is known only at deployment
 */
function separatePolicy(role: string | IConstruct, { inlinePolicyName }: TracingActions) {
  const name = typeof role === 'string' ? role : Names.uniqueResourceName(role, { maxLength: 64 });
  const stackUuid = Fn.select(2, Fn.split('/', Aws.STACK_ID));
  return {
    id: `${inlinePolicyName}-${name}`,
    policyName: Fn.join('-', [inlinePolicyName, ...(name === role ? [] : [name]), stackUuid]),
  };
}

/** Attaches the managed policy, and returns false if the role then exceeds the quota or overrides its policies. */
function attachManagedPolicy(role: Role, name: string, isNew: boolean): boolean {
  const resource = role.node.defaultChild;
  if (!(resource instanceof CfnRole)) {
    // A role without a resource, for example with `Role.customizeRoles`, keeps its own list of policies.
    role.addManagedPolicy(managedPolicy(name));
    return true;
  }
  const hasRoom = isNew ? newRoleHasRoomForManagedPolicy(resource) : hasRoomForManagedPolicy(resource);
  if (!hasRoom) return false;
  role.addManagedPolicy(managedPolicy(name));
  // A raw override of the list wins.
  return managedPolicyNames(resource).includes(name);
}

/** Each policy that allows writing traces allows the actions of state machines, too. */
function isGrantingPolicy(name: string, { managedPolicy: own, logGroup }: TracingActions): boolean {
  return name === own || (logGroup === undefined && GRANTING_POLICIES.has(name));
}

function hasManagedPolicy(role: Role, isSufficient: (name: string) => boolean): boolean {
  const resource = role.node.defaultChild;
  return resource instanceof CfnRole && managedPolicyNames(resource).some(isSufficient);
}

/** Returns true if the default policy has the inline statement, from CDK's own tracing or an earlier grant. */
function hasStatement(required: TracingActions, role: IRole): boolean {
  const { defaultPolicy } = role as unknown as { defaultPolicy?: unknown };
  if (!(defaultPolicy instanceof Policy) || !isAsUnconditional(defaultPolicy, role)) return false;
  // Resolving the document would freeze its statements.
  const { Statement: statements } = (defaultPolicy.document.toJSON() ?? {}) as { Statement?: unknown };
  return Array.isArray(statements) && statements.some((statement) => allows(required, statement));
}

/** Returns true if a policy exists whenever its role does. */
function isAsUnconditional(policy: Policy, role: IRole): boolean {
  const [own, ofRole] = [policy, role].map(({ node: { defaultChild } }) =>
    CfnResource.isCfnResource(defaultChild) ? defaultChild.cfnOptions.condition : undefined,
  );
  return own === undefined || own === ofRole;
}

function allows(required: TracingActions, statement: unknown): boolean {
  if (!isObject(statement) || statement.Effect !== 'Allow' || statement.Condition) return false;
  const [actions, resources] = [statement.Action, statement.Resource].map((value) => [value].flat());
  const needed = resourceOf(required);
  return (
    resources.some((resource) => resource === '*' || resource === needed) &&
    required.actions.every((action) => actions.includes(action))
  );
}

/**
 * Grants permissions to a role without an L2, in the properties of the resource. If the list of its policies is known
 * only at deployment, the role gets a policy of its own.
 *
 * @returns the role or policy with the permissions
 */
function grantToResource(role: CfnResource, isManaged: boolean, required: TracingActions): IConstruct {
  const { inlinePolicyName, managedPolicy: name } = required;
  const policies = itemsOf(role, 'Policies');
  const isGranted =
    managedPolicyNames(role).includes(name) ||
    policies?.some((policy) => memberOf(policy, 'PolicyName') === inlinePolicyName);
  if (isGranted) return role;
  if (isManaged && itemsOf(role, 'ManagedPolicyArns') && hasRoomForManagedPolicy(role)) {
    appendToList(role, 'ManagedPolicyArns', managedPolicy(name).managedPolicyArn);
    return role;
  }
  const policyDocument = new PolicyDocument({ statements: [statementOf(required)] });
  if (policies) {
    appendToList(
      role,
      'Policies',
      role instanceof CfnRole && !isOverridden(role, 'Policies')
        ? { policyName: inlinePolicyName, policyDocument }
        : { PolicyName: inlinePolicyName, PolicyDocument: policyDocument },
    );
    return role;
  }
  const { id, policyName } = separatePolicy(role, required);
  const existing = role.stack.node.tryFindChild(id);
  if (existing) return existing;
  const policy = new CfnPolicy(role.stack, id, { policyName, policyDocument, roles: [role.ref] });
  policy.cfnOptions.condition = role.cfnOptions.condition;
  return policy;
}

type ListProperty = 'ManagedPolicyArns' | 'Policies';

/** Returns the items of a list, or undefined if CloudFormation selects the list. The items of a lazy list are rendered. */
function itemsOf(role: CfnResource, property: ListProperty): readonly unknown[] | undefined {
  const given = cfnProperty(role, property) ?? [];
  const list = Token.isUnresolved(given) ? (resolvedValue(given, role) ?? []) : given;
  return Array.isArray(list) ? list : undefined;
}

function managedPolicy(name: string) {
  return ManagedPolicy.fromAwsManagedPolicyName(name);
}

function statementOf(required: TracingActions): PolicyStatement {
  return new PolicyStatement({ actions: [...required.actions], resources: [resourceOf(required)] });
}

function resourceOf({ logGroup }: TracingActions): string {
  return logGroup === undefined ? '*' : `arn:${Aws.PARTITION}:logs:*:*:log-group:${logGroup}:*`;
}
