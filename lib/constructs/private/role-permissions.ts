import type { CfnResource } from 'aws-cdk-lib';
import { type IManagedPolicy, ManagedPolicy, PolicyDocument, Role } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { ALWAYS } from '../../cloudformation/possible';
import {
  CONDITIONAL_POLICIES,
  DENYING_POLICIES,
  GRANTING_POLICIES,
  WRITE_ACTIONS,
} from '../../iam/managed-policies';
import { certainEffect, type Contribution, contributionsOf, unknownGrant } from '../../iam/policy-document';
import { NO_BOUNDARY, permissionsFor } from '../../iam/xray-permissions';
import { cfnProperty, includedGlobals, memberOf } from './cfn-properties';
import { RENDERED_VALUES } from './rendered-values';
import { LinkedResources, resolvedValue, textOf } from './resolve-references';

/** The private members of an L2 role with its policies. */
interface RoleInternals {
  readonly inlinePolicies?: Readonly<Record<string, PolicyDocument>>;
  readonly attachedPolicies?: { readonly policies?: readonly { readonly document: PolicyDocument }[] };
  readonly managedPolicies?: readonly IManagedPolicy[];
}

/**
 * Returns true if a role can't write to X-Ray even if a policy allows it: another policy of the role denies it, or its
 * permissions boundary does not allow it ("Policy evaluation logic", IAM User Guide).
 *
 * The policies that the role itself shows are read, in its properties or its L2. A policy that only names the role, such
 * as an L1, is known to the checks alone.
 *
 * @param role the role, or the SAM function whose role SAM generates
 */
export function isPreventedFromWriting(role: CfnResource): boolean {
  const contributions = [certainEffect('Allow', ALWAYS), ...contributionsOfPolicies(role)];
  const boundary = boundaryOf(role);
  return permissionsFor(WRITE_ACTIONS, { contributions, boundary }, () => true).some(
    ({ value }) => value.state === 'missing',
  );
}

function contributionsOfPolicies(role: CfnResource): Contribution[] {
  // SAM lists names, ARNs and documents.
  const property = isServerless(role) ? 'Policies' : 'ManagedPolicyArns';
  const policies = [resolvedValue(settingOf(role, property), role)].flat();
  const denied = policies.some((policy) => DENYING_POLICIES.has(awsManagedName(policy) ?? textOf(policy)));
  return [
    ...documentsOf(role).flatMap((document) => contributionsIn(document, role)),
    ...(denied ? [certainEffect('Deny', ALWAYS)] : []),
  ];
}

function documentsOf(role: CfnResource): unknown[] {
  const parent = role.node.scope;
  if (Role.isRole(parent) && parent.node.defaultChild === role) {
    const { inlinePolicies, attachedPolicies, managedPolicies } = parent as unknown as RoleInternals;
    return [
      ...Object.values(inlinePolicies ?? {}),
      ...[...(attachedPolicies?.policies ?? []), ...(managedPolicies ?? []).filter(isOwn)].map(
        ({ document }) => document,
      ),
    ];
  }
  const policies = [settingOf(role, 'Policies')].flat();
  return isServerless(role)
    ? policies.map((policy) => ({ Statement: memberOf(policy, 'Statement') ?? [] }))
    : policies.map((policy) => memberOf(policy, 'PolicyDocument'));
}

function isServerless({ cfnResourceType }: CfnResource): boolean {
  return cfnResourceType === 'AWS::Serverless::Function';
}

/** Returns a property of a role, or of a SAM function, which `Globals` can set. */
function settingOf(role: CfnResource, name: string): unknown {
  const own = cfnProperty(role, name);
  return own === undefined && isServerless(role) ? includedGlobals(role, 'Function')[name] : own;
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
  if (boundary === undefined) return NO_BOUNDARY;
  const name = awsManagedName(boundary);
  if (name !== undefined) {
    if (GRANTING_POLICIES.has(name)) return NO_BOUNDARY;
    return CONDITIONAL_POLICIES.has(name) ? [unknownGrant(ALWAYS)] : [];
  }
  const [policy] = new LinkedResources([]).referencedBy(boundary, role.stack);
  if (!policy) return [unknownGrant(ALWAYS)];
  const parent = policy.node.scope;
  const isOfL2 = parent instanceof ManagedPolicy && parent.node.defaultChild === policy;
  return contributionsIn(isOfL2 ? parent.document : cfnProperty(policy, 'PolicyDocument'), policy);
}

/** Returns the name of an AWS managed policy with its path, or undefined for other ARNs. */
function awsManagedName(arn: unknown): string | undefined {
  return /^arn:[^:]*:iam::aws:policy\/(.+)$/.exec(textOf(arn))?.[1];
}
