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
import { TracingPermissions } from '../tracing-props';
import { addAcknowledgeableWarning } from './acknowledgements';
import { cfnProperty, isOverridden, memberOf } from './cfn-properties';
import { resolvedProperty, LinkedResources, resolvedValue, textOf } from './resolve-references';

/** What runs in a role of its own. */
export interface RoleUser {
  readonly cfn: CfnResource;
  /** The construct that users know. */
  readonly construct: IConstruct;
  /** The property that names the role, as CloudFormation names it. */
  readonly roleProperty: string;
  /** The role that the L2 was made with. */
  readonly role?: IRole;
  readonly isServerless: boolean;
}

const MANAGED_POLICY = 'AWSXRayDaemonWriteAccess';

/** "IAM and AWS STS quotas" (IAM User Guide): managed policies attached to a role, by default. */
const MAX_MANAGED_POLICIES = 10;

/** The ID of the warning that a role couldn't be given what it needs. */
const PERMISSIONS_NOT_GRANTED = 'cdk-lambda-xray:permissionsNotGranted';

/**
 * Lets an execution role write to X-Ray, in the way that its kind allows.
 *
 * @param target what runs in the role
 * @param needed a function's, unless given
 */
export function grantTracing(
  target: RoleUser,
  permissions: TracingPermissions,
  needed: TracingActions = LAMBDA_ACTIONS,
): void {
  if (permissions === TracingPermissions.NONE) return;
  // SAM makes a role and attaches the policy itself.
  if (target.isServerless && cfnProperty(target.cfn, target.roleProperty) === undefined) return;

  const managed = permissions === TracingPermissions.MANAGED_POLICY;
  const roles = rolesOf(target);
  const granted = roles.map((role) =>
    CfnResource.isCfnResource(role)
      ? grantToResource(role, managed, needed)
      : grantToRole(role, managed, needed),
  );
  if (granted.length > 0 && granted.every(Boolean)) return;
  const actions = needed.actions.join(', ').replace(/, ([^,]*)$/, ' and $1');
  addAcknowledgeableWarning(
    target.construct,
    PERMISSIONS_NOT_GRANTED,
    `The execution role of '${target.construct.node.path}' can't be changed from here, so it was not given ` +
      `permission to write to X-Ray. Attach the AWS managed policy ${MANAGED_POLICY} to it ` +
      `(or allow ${actions} on *), or set tracingPermissions to TracingPermissions.NONE if it has it.`,
  );
}

/** The roles that something can run in: more than one only where that is conditional. */
function rolesOf({ cfn, roleProperty, role: own }: RoleUser): (IRole | CfnResource)[] {
  const given = resolvedProperty(cfn, roleProperty);
  const resources = new LinkedResources(own ? [] : Stack.of(cfn).node.findAll())
    .referencedBy(given, Stack.of(cfn))
    .filter(({ cfnResourceType }) => cfnResourceType === 'AWS::IAM::Role');
  if (own && isRole(given, resources, own)) return [own];
  return resources.map((resource) => {
    const around = resource.node.scope;
    return Role.isRole(around) && around.node.defaultChild === resource ? around : resource;
  });
}

/** Whether the role that an L2 was made with is the one that its resource names: users may have changed it. */
function isRole(given: unknown, resources: readonly CfnResource[], role: IRole): boolean {
  const own = resolvedValue(role.roleArn, role);
  const ownResources = new LinkedResources([]).referencedBy(own, role.stack);
  return textOf(given) === textOf(own) && ownResources.every((resource) => resources.includes(resource));
}

function grantToRole(given: IRole, managed: boolean, { actions }: TracingActions): boolean {
  const role = given instanceof LazyRole ? (given.node.defaultChild ?? given) : given;
  if (Role.isRole(role)) {
    if (mayAlready(actions, role) || (managed && attachManagedPolicy(role))) return true;
    role.addToPrincipalPolicy(statementOf(actions));
    return true;
  }
  // An immutable role stands for one that may write already.
  const behind = given.node.defaultChild?.node.scope;
  if (behind && Role.isRole(behind) && mayAlready(actions, behind, COUNTING_POLICIES)) return true;
  // An imported role hands out the policy it put the statement into; an immutable one takes it and drops it.
  return given.addToPrincipalPolicy(statementOf(actions)).policyDependable instanceof Policy;
}

/** Whether the policy went on: not where it would be one too many. */
function attachManagedPolicy(role: Role): boolean {
  const resource = role.node.defaultChild;
  if (!(resource instanceof CfnRole)) {
    // A role that isn't made, such as with `Role.customizeRoles`, keeps its own account.
    role.addManagedPolicy(managedPolicy());
    return true;
  }
  if (policyCount(resource) >= MAX_MANAGED_POLICIES) return false;
  role.addManagedPolicy(managedPolicy());
  // A raw override of the list has the last word.
  return managedPolicyNames(resource).includes(MANAGED_POLICY);
}

/** The AWS managed policies that allow what functions and state machines need, and are in use with them. */
const COUNTING_POLICIES = [MANAGED_POLICY, 'AWSXrayWriteOnlyAccess', 'AWSXrayFullAccess'];

/** Whether the managed policy is attached, or CDK's own props, or an earlier grant, put the statement there. */
function mayAlready(
  actions: readonly string[],
  role: Role,
  policies: readonly string[] = [MANAGED_POLICY],
): boolean {
  const resource = role.node.defaultChild;
  if (resource instanceof CfnRole && managedPolicyNames(resource).some((name) => policies.includes(name))) {
    return true;
  }
  const policy = role.node.tryFindChild('DefaultPolicy');
  if (!(policy instanceof Policy)) return false;
  // Resolving the document would freeze its statements.
  const { Statement: statements } = (policy.document.toJSON() ?? {}) as { Statement?: unknown };
  return Array.isArray(statements) && statements.some((statement) => allows(actions, statement));
}

function allows(needed: readonly string[], statement: unknown): boolean {
  if (!isObject(statement) || statement.Effect !== 'Allow' || statement.Condition) return false;
  const [actions, resources] = [statement.Action, statement.Resource].map((value) => [value].flat());
  return resources.includes('*') && needed.every((action) => actions.includes(action));
}

/** Grants to a role that has no L2, or to a bare resource, by its properties. */
function grantToResource(
  role: CfnResource,
  managed: boolean,
  { actions, inlinePolicyName }: TracingActions,
): boolean {
  const [arns, policies] = [cfnProperty(role, 'ManagedPolicyArns'), cfnProperty(role, 'Policies')];
  if (managedPolicyNames(role).includes(MANAGED_POLICY) || hasInlinePolicy(inlinePolicyName, policies))
    return true;
  if (managed && isList(arns) && policyCount(role) < MAX_MANAGED_POLICIES) {
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

/** Whether something can be added: not to a list that only deployment tells. */
function isList(value: unknown): value is readonly unknown[] | undefined {
  return value === undefined || (Array.isArray(value) && !Token.isUnresolved(value));
}

/** Adds to a list and leaves what is in it as it is, tokens too. */
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
  return managedPolicyNames(role).length + policiesAttachingTo(role);
}

/** The names of the managed policies on a role, as far as their ARNs are known. */
function managedPolicyNames(role: CfnResource): string[] {
  const arns = resolvedValue(cfnProperty(role, 'ManagedPolicyArns'), role);
  return (Array.isArray(arns) ? arns : []).map((arn) => textOf(arn).split('/').at(-1) ?? '');
}

/** The managed policies of the same stack that attach themselves to the role. */
function policiesAttachingTo(role: CfnResource): number {
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

const WRITE_ACTIONS = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'];

/** What an execution role needs for tracing; the managed policy `AWSXRayDaemonWriteAccess` allows it too. */
export interface TracingActions {
  readonly actions: readonly string[];
  /** The name of the policy that allows them, where the role is an L1. */
  readonly inlinePolicyName: string;
}

/** A function's: "Visualize Lambda function invocations using AWS X-Ray" (AWS Lambda Developer Guide). */
const LAMBDA_ACTIONS: TracingActions = {
  actions: WRITE_ACTIONS,
  inlinePolicyName: 'WriteToXRay',
};

/** A state machine's, which asks for its sampling rules: "IAM policies for X-Ray" (AWS Step Functions Developer Guide). */
export const STEP_FUNCTIONS_ACTIONS: TracingActions = {
  actions: [...WRITE_ACTIONS, 'xray:GetSamplingRules', 'xray:GetSamplingTargets'],
  inlinePolicyName: 'SampleByXRay',
};
