import { ClientFactory, ConcurrencyLimit, Connections } from '../aws/clients';
import { CloudFormationStacks } from '../aws/cloudformation';
import type { TemplateSource } from '../cloudformation/template';
import { IamRoles } from './iam';
import { LambdaFunctions } from './lambda';
import { XRaySettings } from './xray';

export interface AccountOptions {
  /**
   * The region of templates that do not contain theirs.
   *
   * @default - the region that the AWS SDK finds
   */
  readonly region?: string;
  /**
   * The profile with the credentials.
   *
   * @default - the profile that the AWS SDK finds
   */
  readonly profile?: string;
  /** The maximum number of concurrent requests. */
  readonly concurrency: number;
}

const STACK_ACTIONS =
  'cloudformation:DescribeStacks, cloudformation:ListStackResources and cloudformation:GetTemplate';

/** The connections to the regions of an account. */
export class DeployedAccount {
  private readonly limit: ConcurrencyLimit;
  private readonly clients: ClientFactory;
  private readonly connections = new Connections();

  constructor(private readonly options: AccountOptions) {
    this.limit = new ConcurrencyLimit(options.concurrency);
    this.clients = new ClientFactory(options.profile);
  }

  /**
   * @param region the name of the region; by default, the region of the options
   * @throws AwsError if the region is unknown
   */
  public stacksIn(region = this.options.region): Promise<CloudFormationStacks> {
    return this.connections.get(`stacks ${region}`, () =>
      CloudFormationStacks.connect(region, this.clients, this.limit, STACK_ACTIONS),
    );
  }

  public functionsIn(region: string): Promise<LambdaFunctions> {
    return this.connections.get(`functions ${region}`, () =>
      LambdaFunctions.connect(region, this.clients, this.limit),
    );
  }

  public rolesIn(region: string): Promise<IamRoles> {
    return this.connections.get(`roles ${region}`, () => IamRoles.connect(region, this.clients, this.limit));
  }

  public xrayIn(region: string): Promise<XRaySettings> {
    return this.connections.get(`xray ${region}`, () =>
      XRaySettings.connect(region, this.clients, this.limit),
    );
  }

  public close(): Promise<void> {
    return this.connections.close();
  }
}

/** The properties of a template that are known only for one deployment of it. */
export type DeployedLocation = Pick<TemplateSource, 'stackName' | 'region' | 'account' | 'parameterValues'>;

/**
 * Adds the locations of stacks to their templates. Values that depend on a parameter, the region or the account are then
 * known.
 *
 * @param locations the locations by the IDs of the templates
 */
export function withLocations<T extends TemplateSource>(
  templates: readonly T[],
  locations: ReadonlyMap<string, DeployedLocation>,
): T[] {
  return templates.map((template) => ({ ...template, ...locations.get(template.id) }));
}
