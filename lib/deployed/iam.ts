import type * as Sdk from '@aws-sdk/client-iam';
import type { ContextEntry } from '@aws-sdk/client-iam';
import { type ClientFactory, type ConcurrencyLimit, RequestSender } from '../aws/clients';
import { WRITE_ACTIONS } from '../iam/managed-policies';
import type { Decision, ObservedRole } from '../verify/deployed-functions';

const CALLS = { service: 'IAM', actions: 'iam:SimulatePrincipalPolicy' };

/** The roles of an account, and their permissions in a region. */
export class IamRoles {
  private readonly requests: RequestSender;

  public static async connect(
    region: string,
    clients: ClientFactory,
    limit: ConcurrencyLimit,
  ): Promise<IamRoles> {
    const sdk = await import('@aws-sdk/client-iam');
    const client = await clients.connect(region, (config) => new sdk.IAMClient(config));
    return new IamRoles(region, client, sdk, limit);
  }

  private constructor(
    private readonly region: string,
    private readonly client: Sdk.IAMClient,
    private readonly sdk: typeof Sdk,
    limit: ConcurrencyLimit,
  ) {
    this.requests = new RequestSender(limit, CALLS, ({ name }) => /^NoSuchEntity/.test(name));
  }

  /**
   * Simulates whether a role may write to X-Ray. The decisions consider the role's policies, its permissions boundary
   * and the policies of the organization.
   *
   * @throws AwsError
   */
  public async simulate(arn: string): Promise<ObservedRole> {
    const found = await this.requests.send(async () => {
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
    ...(!isAllowed && { deniedBy: deniedBy(result) }),
    policies: policies.flatMap(({ SourcePolicyId: name }) => name ?? []),
    dependsOn: keysOfRequests(missing),
  };
}

/** Checks the boundary first: unlike the organization's policies, it is certain to deny the action. */
function deniedBy({
  EvalDecision: decided,
  OrganizationsDecisionDetail: organization,
  PermissionsBoundaryDecisionDetail: boundary,
}: Sdk.EvaluationResult): Decision['deniedBy'] {
  if (boundary?.AllowedByPermissionsBoundary === false) return 'boundary';
  if (organization?.AllowedByOrganizations === false) return 'organization';
  return decided === 'explicitDeny' ? 'explicit-deny' : 'implicit-deny';
}

/**
 * Returns the condition keys with known values in the requests that write traces. Lambda sends these requests with the
 * credentials of the function's role ("AWS global condition context keys", IAM User Guide).
 *
 * @param role the ARN of the role
 * @param region the region that the traces are written to
 */
function requestContext(role: string, region: string): ContextEntry[] {
  return [
    // Service control policies often allow only some regions.
    text('aws:RequestedRegion', region),
    text('aws:PrincipalArn', role),
    text('aws:PrincipalAccount', role.split(':')[4] ?? ''),
    text('aws:PrincipalType', 'AssumedRole'),
    flag('aws:SecureTransport', true),
    // The role sends the requests, not a service for itself or on behalf of another principal.
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

/** Global keys of users and tags. A role is not a user, and traces have no tags. */
const ABSENT = /^aws:(username$|tagkeys$|requesttag\/|resourcetag\/)/i;

/**
 * Selects the missing condition keys that requests to X-Ray can have. The simulator lists the keys of all statements,
 * regardless of their actions. Writing traces has no keys of its own ("Actions, resources, and condition keys for AWS
 * X-Ray", Service Authorization Reference). The requests contain Lambda's key ("Using source function ARN to control
 * function access behavior", AWS Lambda Developer Guide).
 */
function keysOfRequests(missing: readonly string[]): string[] {
  return missing.filter((key) => /^(aws:|lambda:SourceFunctionArn$)/i.test(key) && !ABSENT.test(key));
}
