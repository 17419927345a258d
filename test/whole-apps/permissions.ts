import type { Resource } from './assembly';

/** The properties with permissions, by resource type. */
export const PERMISSION_PROPERTIES: Readonly<Record<string, readonly string[]>> = {
  'AWS::IAM::ManagedPolicy': ['PolicyDocument'],
  'AWS::IAM::Policy': ['PolicyDocument'],
  'AWS::IAM::Role': ['ManagedPolicyArns', 'Policies'],
  'AWS::Serverless::Function': ['Policies'],
  'AWS::Serverless::StateMachine': ['Policies'],
};

const MANAGED_POLICY = 'AWSXRayDaemonWriteAccess';

/**
 * True if a resource keeps all its permissions, and gets only permissions to write to X-Ray.
 *
 * @param bare the resource without tracing, undefined if it is new
 * @param managedPolicies true if AWS managed policies may be added
 */
export function addedPermissions(
  bare: Resource | undefined,
  traced: Resource,
  managedPolicies: boolean,
): boolean {
  const before = permissionsOf(bare);
  const after = permissionsOf(traced);
  const added = [...after].filter((permission) => !before.has(permission));
  return [...before].every((permission) => after.has(permission)) && added.every(isForXRay);

  function isForXRay(permission: string): boolean {
    const { Effect, action, resource } = JSON.parse(permission) as Permission;
    if (!action) return managedPolicies && permission.includes(MANAGED_POLICY);
    return Effect === 'Allow' && action.startsWith('xray:') && resource === '*';
  }
}

interface Statement {
  readonly Sid?: string;
  readonly Action?: string | readonly string[];
  readonly Resource?: unknown;
}

interface Permission {
  readonly Effect?: string;
  readonly action?: string;
  readonly resource?: unknown;
}

interface PolicyDocument {
  readonly Statement: readonly Statement[];
}

/** Returns each permission as text: an action on a resource, or a managed policy. */
function permissionsOf(resource: Resource | undefined): Set<string> {
  const { PolicyDocument, ManagedPolicyArns, Policies } = (resource?.Properties ?? {}) as {
    PolicyDocument?: PolicyDocument;
    ManagedPolicyArns?: readonly unknown[];
    Policies?: unknown;
  };
  const policies = [Policies ?? []].flat() as ({
    PolicyDocument?: PolicyDocument;
  } & Partial<PolicyDocument>)[];
  const documents = [PolicyDocument, ...policies.map((policy) => policy.PolicyDocument ?? policy)];
  const statements = documents.flatMap((document) => document?.Statement ?? []);
  const managed = [...(ManagedPolicyArns ?? []), ...policies.filter((policy) => !isInline(policy))];
  return new Set([
    ...managed.map((arn) => JSON.stringify({ arn })),
    // Statements of the same kind can be merged, so that each action on each resource counts.
    ...statements.flatMap(({ Sid: _, Action, Resource, ...others }) =>
      [Action]
        .flat()
        .flatMap((action) =>
          [Resource].flat().map((item) => JSON.stringify({ ...others, action, resource: item })),
        ),
    ),
  ]);
}

function isInline(policy: object): boolean {
  return 'PolicyDocument' in policy || 'Statement' in policy;
}
