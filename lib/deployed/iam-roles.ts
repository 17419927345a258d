import type * as Sdk from '@aws-sdk/client-iam';
import type { DeployedClients } from '../load/deployed-clients';
import type { Lanes } from '../load/deployed-lanes';
import { DeployedRequests } from '../load/deployed-requests';
import { WRITE_ACTIONS } from '../model/iam/aws-managed-policies';
import type { Decision, ObservedRole } from '../verify/observed';
import { keysOfRequests, requestContext } from './request-context';

const ASKED = { service: 'IAM', actions: 'iam:SimulatePrincipalPolicy' };

/** The roles of an account, and what they may do in a region. */
export class IamRoles {
  private readonly requests: DeployedRequests;

  public static async connect(region: string, clients: DeployedClients, lanes: Lanes): Promise<IamRoles> {
    const sdk = await import('@aws-sdk/client-iam');
    const client = await clients.connect(region, (config) => new sdk.IAMClient(config));
    return new IamRoles(region, client, sdk, lanes);
  }

  private constructor(
    private readonly region: string,
    private readonly client: Sdk.IAMClient,
    private readonly sdk: typeof Sdk,
    lanes: Lanes,
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
    return { arn, region: this.region, isThere: found !== undefined, decisions: found ?? [] };
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
    ...(!isAllowed && { by: byWhat(result) }),
    policies: policies.flatMap(({ SourcePolicyId: name }) => name ?? []),
    dependsOn: keysOfRequests(missing),
  };
}

/** The boundary comes first: unlike the organization's policies, it is known to be what does not allow it. */
function byWhat({
  EvalDecision: decided,
  OrganizationsDecisionDetail: organization,
  PermissionsBoundaryDecisionDetail: boundary,
}: Sdk.EvaluationResult): Decision['by'] {
  if (boundary?.AllowedByPermissionsBoundary === false) return 'boundary';
  if (organization?.AllowedByOrganizations === false) return 'organization';
  return decided === 'explicitDeny' ? 'denial' : 'nothing';
}
