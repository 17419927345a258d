import type * as Sdk from '@aws-sdk/client-iam';
import type { ContextEntry } from '@aws-sdk/client-iam';
import { type DeployedClients, DeployedRequests, type ConcurrencyLimit } from '../aws/clients';
import { WRITE_ACTIONS } from '../iam/managed-policies';
import type { Decision, ObservedRole } from '../verify/observed';

const ASKED = { service: 'IAM', actions: 'iam:SimulatePrincipalPolicy' };

/** The roles of an account, and what they may do in a region. */
export class IamRoles {
  private readonly requests: DeployedRequests;

  public static async connect(
    region: string,
    clients: DeployedClients,
    lanes: ConcurrencyLimit,
  ): Promise<IamRoles> {
    const sdk = await import('@aws-sdk/client-iam');
    const client = await clients.connect(region, (config) => new sdk.IAMClient(config));
    return new IamRoles(region, client, sdk, lanes);
  }

  private constructor(
    private readonly region: string,
    private readonly client: Sdk.IAMClient,
    private readonly sdk: typeof Sdk,
    lanes: ConcurrencyLimit,
  ) {
    this.requests = new DeployedRequests(lanes, ASKED, ({ name }) => /^NoSuchEntity/.test(name));
  }

  /**
   * Whether a role may write to X-Ray, with all that IAM goes by: its policies, its boundary and those of the
   * organization.
   *
   * @throws DeployedFailure
   */
  public async simulate(arn: string): Promise<ObservedRole> {
    const found = await this.requests.ask(async () => {
      const results: Sdk.EvaluationResult[] = [];
      const pages = this.sdk.paginateSimulatePrincipalPolicy(
        { client: this.client },
        {
          PolicySourceArn: arn,
          ActionNames: [...WRITE_ACTIONS],
          ContextEntries: requestContext(arn, this.region),
        },
      );
      for await (const { EvaluationResults: page = [] } of pages) results.push(...page);
      return results.map(decision);
    });
    return { arn, region: this.region, exists: found !== undefined, decisions: found ?? [] };
  }

  public close(): void {
    this.client.destroy();
  }
}

function decision(result: Sdk.EvaluationResult): Decision {
  const { EvalActionName: action = '', EvalDecision: decided, MissingContextValues: missing = [] } = result;
  const isAllowed = decided === 'allowed';
  const policies = decided === 'explicitDeny' ? (result.MatchedStatements ?? []) : [];
  return {
    action,
    isAllowed,
    ...(!isAllowed && { deniedBy: byWhat(result) }),
    policies: policies.flatMap(({ SourcePolicyId: name }) => name ?? []),
    dependsOn: keysOfRequests(missing),
  };
}

/** The boundary comes first: unlike the organization's policies, it is known to be what does not allow it. */
function byWhat({
  EvalDecision: decided,
  OrganizationsDecisionDetail: organization,
  PermissionsBoundaryDecisionDetail: boundary,
}: Sdk.EvaluationResult): Decision['deniedBy'] {
  if (boundary?.AllowedByPermissionsBoundary === false) return 'boundary';
  if (organization?.AllowedByOrganizations === false) return 'organization';
  return decided === 'explicitDeny' ? 'explicit-deny' : 'implicit-deny';
}

/**
 * What is known beforehand of the requests by which Lambda writes traces, with the credentials of a function's role:
 * policies that ask for it are simulated as they decide ("AWS global condition context keys", IAM User Guide).
 *
 * @param role its ARN
 * @param region where it writes them
 */
function requestContext(role: string, region: string): ContextEntry[] {
  return [
    // Service control policies often allow some regions only.
    text('aws:RequestedRegion', region),
    text('aws:PrincipalArn', role),
    text('aws:PrincipalAccount', role.split(':')[4] ?? ''),
    text('aws:PrincipalType', 'AssumedRole'),
    flag('aws:SecureTransport', true),
    // The role is what asks, neither a service by itself nor a service for somebody else.
    flag('aws:PrincipalIsAWSService', false),
    flag('aws:ViaAWSService', false),
  ];
}

function text(ContextKeyName: string, value: string): ContextEntry {
  return { ContextKeyName, ContextKeyType: 'string', ContextKeyValues: [value] };
}

function flag(ContextKeyName: string, value: boolean): ContextEntry {
  return { ContextKeyName, ContextKeyType: 'boolean', ContextKeyValues: [String(value)] };
}

/** Of the global keys, those of users and of tags: a role is no user, and nothing that is tagged is written. */
const ABSENT = /^aws:(username$|tagkeys$|requesttag\/|resourcetag\/)/i;

/**
 * The condition keys that requests to X-Ray can have, of those that the simulator misses. It names those of all
 * statements, whatever actions these are about; writing traces knows none of its own ("Actions, resources, and
 * condition keys for AWS X-Ray", Service Authorization Reference). Lambda's one is in the requests for traces ("Using
 * source function ARN to control function access behavior", AWS Lambda Developer Guide).
 */
function keysOfRequests(missing: readonly string[]): string[] {
  return missing.filter((key) => /^(aws:|lambda:SourceFunctionArn$)/i.test(key) && !ABSENT.test(key));
}
