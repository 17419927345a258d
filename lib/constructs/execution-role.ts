import { CfnResource, Reference, Stack, Tokenization, Validations } from 'aws-cdk-lib';
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
import { isObject } from '../model/json';
import type { FunctionResource } from './function-resource';
import { resolvedProperties } from './resolved-properties';
import { TracingPermissions } from './tracing-permissions';

const MANAGED_POLICY = 'AWSXRayDaemonWriteAccess';
const WRITE_ACTIONS = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'];

/** "IAM and AWS STS quotas" (IAM User Guide): managed policies attached to a role, by default. */
const MAX_MANAGED_POLICIES = 10;

/** The ID of the warning that a role couldn't be given what it needs. */
export const PERMISSIONS_NOT_GRANTED = 'cdk-lambda-xray:permissionsNotGranted';

/** Lets the execution role of a function write to X-Ray, in the way that its kind allows. */
export function grantTracing(target: FunctionResource, permissions: TracingPermissions): void {
  if (permissions === TracingPermissions.NONE) return;
  const managed = permissions === TracingPermissions.MANAGED_POLICY;
  const role = target.function?.role ?? roleOfResource(target);
  if (role === 'generated') return;

  const granted =
    role !== undefined &&
    (CfnResource.isCfnResource(role) ? grantToResource(role, managed) : grantToRole(role, managed));
  if (!granted) {
    Validations.of(target.construct).addWarning(
      PERMISSIONS_NOT_GRANTED,
      `The execution role of '${target.construct.node.path}' can't be changed from here, so it was not given ` +
        `permission to write to X-Ray. Attach the AWS managed policy ${MANAGED_POLICY} to it ` +
        `(or allow ${WRITE_ACTIONS.join(' and ')} on *), or set tracingPermissions to TracingPermissions.NONE if it has it.`,
    );
  }
}

/** The role of a function without an L2: the construct behind its `Role`, as far as it is in the app. */
function roleOfResource({
  cfn,
  isServerless,
}: FunctionResource): IRole | CfnResource | 'generated' | undefined {
  const { Role: role } = resolvedProperties(cfn);
  // SAM makes a role and attaches the policy itself, in both modes.
  if (role === undefined && isServerless) return 'generated';
  const resource = roleResource(cfn, role);
  const around = resource?.node.scope;
  return around && Role.isRole(around) && around.node.defaultChild === resource ? around : resource;
}

function roleResource(cfn: CfnResource, resolved: unknown): CfnResource | undefined {
  const token = Tokenization.reverse((cfn as CfnResource & { role?: unknown }).role, { failConcat: false });
  if (token && Reference.isReference(token) && CfnResource.isCfnResource(token.target)) return token.target;
  const logicalId = referencedIn(resolved);
  if (logicalId === undefined) return undefined;
  const stack = Stack.of(cfn);
  return stack.node
    .findAll()
    .find(
      (construct): construct is CfnResource =>
        CfnResource.isCfnResource(construct) &&
        construct.cfnResourceType === 'AWS::IAM::Role' &&
        construct.stack === stack &&
        stack.resolve(construct.logicalId) === logicalId,
    );
}

/** The logical ID in `Fn::GetAtt`, in either form. */
function referencedIn(value: unknown): string | undefined {
  const attribute = isObject(value) ? value['Fn::GetAtt'] : undefined;
  const [logicalId] = ((typeof attribute === 'string' ? attribute.split('.') : attribute) as unknown[]) ?? [];
  return typeof logicalId === 'string' ? logicalId : undefined;
}

function grantToRole(role: IRole, managed: boolean): boolean {
  if (Role.isRole(role) || role instanceof LazyRole) {
    if (hasInlineGrant(role) || (managed && attachManagedPolicy(role))) return true;
    role.addToPrincipalPolicy(writeStatement());
    return true;
  }
  if (isGrantedBehind(role)) return true;
  // An imported role hands out the policy it put the statement into; an immutable one takes it and drops it.
  return role.addToPrincipalPolicy(writeStatement()).policyDependable instanceof Policy;
}

/** Whether the role that an immutable one stands for may write already. */
function isGrantedBehind(role: IRole): boolean {
  const resource = role.node.defaultChild;
  if (!(resource instanceof CfnRole)) return false;
  const around = resource.node.scope;
  return managedPolicyArns(resource).some(isOurs) || (Role.isRole(around) && hasInlineGrant(around));
}

/** Whether the policy went on, or was there: not where it would be one too many. */
function attachManagedPolicy(role: Role | LazyRole): boolean {
  const resource = role.node.defaultChild;
  if (!(resource instanceof CfnRole)) {
    // A role that is made only when needed, or not at all (`Role.customizeRoles`), keeps its own account.
    role.addManagedPolicy(managedPolicy());
    return true;
  }
  const attached = managedPolicyArns(resource);
  if (attached.some(isOurs)) return true;
  if (attached.length + policiesAttachingTo(resource) >= MAX_MANAGED_POLICIES) return false;
  role.addManagedPolicy(managedPolicy());
  // A raw override of the list has the last word.
  return managedPolicyArns(resource).some(isOurs);
}

/** Whether CDK's `tracing` prop, or an earlier grant, put the inline statement there. */
function hasInlineGrant(role: IRole): boolean {
  const policy = role.node.tryFindChild('DefaultPolicy');
  if (!(policy instanceof Policy)) return false;
  const { Statement: statements } = policy.stack.resolve(policy.document) as { Statement?: unknown };
  return Array.isArray(statements) && statements.some(allowsWriting);
}

function allowsWriting(statement: unknown): boolean {
  if (!isObject(statement) || statement.Effect !== 'Allow' || statement.Condition) return false;
  const [actions, resources] = [statement.Action, statement.Resource].flatMap((value) => [[value].flat()]);
  return resources.includes('*') && WRITE_ACTIONS.every((action) => actions.includes(action));
}

/** Grants to a role that has no L2, or to a bare resource, by its properties. */
function grantToResource(role: CfnResource, managed: boolean): boolean {
  const attached = managedPolicyArns(role);
  if (managed && attached.some(isOurs)) return true;
  if (managed && attached.length + policiesAttachingTo(role) < MAX_MANAGED_POLICIES) {
    role.addPropertyOverride('ManagedPolicyArns', [...attached, managedPolicy().managedPolicyArn]);
    return true;
  }
  const { Policies: policies } = resolvedProperties(role);
  const inline: unknown[] = Array.isArray(policies) ? policies : [];
  if (!inline.some((policy) => isObject(policy) && policy.PolicyName === INLINE_POLICY_NAME)) {
    const policyDocument = new PolicyDocument({ statements: [writeStatement()] }).toJSON() as unknown;
    role.addPropertyOverride('Policies', [
      ...inline,
      { PolicyName: INLINE_POLICY_NAME, PolicyDocument: policyDocument },
    ]);
  }
  return true;
}

const INLINE_POLICY_NAME = 'WriteToXRay';

function managedPolicyArns(role: CfnResource): unknown[] {
  const { ManagedPolicyArns: arns } = resolvedProperties(role);
  return Array.isArray(arns) ? arns : [];
}

/** The managed policies of the same stack that attach themselves to the role. */
function policiesAttachingTo(role: CfnResource): number {
  const stack = Stack.of(role);
  const reference = JSON.stringify(stack.resolve(role.ref));
  return stack.node.findAll().filter((construct) => {
    if (!(construct instanceof CfnManagedPolicy) || construct.stack !== stack) return false;
    const { Roles: roles } = resolvedProperties(construct);
    return Array.isArray(roles) && roles.some((attachedTo) => JSON.stringify(attachedTo) === reference);
  }).length;
}

function isOurs(arn: unknown): boolean {
  return JSON.stringify(arn).includes(`:iam::aws:policy/${MANAGED_POLICY}"`);
}

function managedPolicy() {
  return ManagedPolicy.fromAwsManagedPolicyName(MANAGED_POLICY);
}

function writeStatement(): PolicyStatement {
  return new PolicyStatement({ actions: [...WRITE_ACTIONS], resources: ['*'] });
}
