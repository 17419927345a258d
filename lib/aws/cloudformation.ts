import type * as Sdk from '@aws-sdk/client-cloudformation';
import { type ClientFactory, type ConcurrencyLimit, RequestSender } from './clients';
import { type ApiCalls, AwsError, toAwsError } from './errors';

/** A resource of a deployed stack. */
export interface DeployedResource {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
}

/** A stack in a list of all stacks. */
export interface ListedStack {
  readonly name: string;
  readonly account?: string;
}

/** The states of resources that do not exist ("Stack status codes", AWS CloudFormation User Guide). */
const NOT_EXISTING = ['CREATE_FAILED', 'DELETE_COMPLETE', 'DELETE_SKIPPED'];

/** The stacks in a region. */
export class CloudFormationStacks {
  private readonly requests: RequestSender;
  /** A run can ask for the template of a stack twice: to find its functions, and as the deployed state. */
  private readonly templates = new Map<string, Promise<string | undefined>>();

  /**
   * @param region the name of the region; by default, the one that the AWS SDK finds
   * @param actions the IAM actions that the requests need, for error messages
   * @throws AwsError if the region is unknown
   */
  public static async connect(
    region: string | undefined,
    clients: ClientFactory,
    limit: ConcurrencyLimit,
    actions: string,
  ): Promise<CloudFormationStacks> {
    const sdk = await import('@aws-sdk/client-cloudformation');
    const configured = region ?? regionOfEnvironment(clients.profile);
    const client = await clients.connect(configured, (config) => new sdk.CloudFormationClient(config));
    const calls = { service: 'CloudFormation', actions };
    return new CloudFormationStacks(await regionOf(client, calls), client, sdk, limit, calls);
  }

  private constructor(
    public readonly region: string,
    private readonly client: Sdk.CloudFormationClient,
    private readonly sdk: typeof Sdk,
    limit: ConcurrencyLimit,
    calls: ApiCalls,
  ) {
    this.requests = new RequestSender(limit, calls, isNotFound);
  }

  /**
   * Returns the account of the credentials, if they contain it.
   *
   * @throws AwsError
   */
  public accountOfCredentials(): Promise<string | undefined> {
    return this.requests.send(async () => (await this.client.config.credentials()).accountId);
  }

  /**
   * Describes a stack. Returns undefined if it is not deployed.
   *
   * @param stack the name or ARN of the stack
   * @throws AwsError
   */
  public descriptionOf(stack: string): Promise<StackDescription | undefined> {
    return this.requests.send(async () => {
      const { Stacks: [found] = [] } = await this.client.send(
        new this.sdk.DescribeStacksCommand({ StackName: stack }),
      );
      return found && stackDescription(found);
    });
  }

  /**
   * Returns the template of a stack before transforms. Returns undefined if the stack is not deployed.
   *
   * @param stack the name or ARN of the stack
   * @throws AwsError
   */
  public templateOf(stack: string): Promise<string | undefined> {
    const known = this.templates.get(stack);
    if (known) return known;
    const template = this.requests.send(async () => {
      const command = new this.sdk.GetTemplateCommand({ StackName: stack, TemplateStage: 'Original' });
      return (await this.client.send(command)).TemplateBody;
    });
    this.templates.set(stack, template);
    return template;
  }

  /**
   * Returns all stacks of the region that have resources, including nested stacks.
   *
   * @throws AwsError
   */
  public async allStacks(): Promise<ListedStack[]> {
    const listed = await this.requests.send(async () => {
      const found: ListedStack[] = [];
      for await (const { Stacks: stacks = [] } of this.sdk.paginateDescribeStacks(
        { client: this.client },
        {},
      )) {
        for (const stack of stacks) {
          const description = stackDescription(stack);
          if (description) found.push({ name: stack.StackName ?? '', account: description.account });
        }
      }
      return found;
    });
    return listed ?? [];
  }

  /**
   * Returns the ARN of a nested stack. Returns undefined if it is not deployed.
   *
   * @param parent the name or ARN of the stack that it is nested in
   * @throws AwsError
   */
  public nestedStack(parent: string, logicalId: string): Promise<string | undefined> {
    return this.requests.send(async () => {
      const command = new this.sdk.DescribeStackResourceCommand({
        StackName: parent,
        LogicalResourceId: logicalId,
      });
      return (await this.client.send(command)).StackResourceDetail?.PhysicalResourceId;
    });
  }

  /**
   * Returns the resources of a stack after transforms. Returns undefined if the stack is not deployed.
   *
   * @param stack the name or ARN of the stack
   * @throws AwsError
   */
  public resourcesOf(stack: string): Promise<DeployedResource[] | undefined> {
    return this.requests.send(async () => {
      const found: DeployedResource[] = [];
      const pages = this.sdk.paginateListStackResources({ client: this.client }, { StackName: stack });
      for await (const { StackResourceSummaries: resources = [] } of pages) {
        for (const { LogicalResourceId, ResourceType, PhysicalResourceId, ResourceStatus } of resources) {
          // A resource that failed to be created may have an unused physical ID, and a deleted one may keep its own.
          if (!PhysicalResourceId || NOT_EXISTING.includes(ResourceStatus ?? '')) continue;
          found.push({
            logicalId: LogicalResourceId ?? '',
            type: ResourceType ?? '',
            physicalId: PhysicalResourceId,
          });
        }
      }
      return found;
    });
  }

  public close(): void {
    this.client.destroy();
  }
}

async function regionOf(client: Sdk.CloudFormationClient, calls: ApiCalls): Promise<string> {
  try {
    return await client.config.region();
  } catch (error) {
    if ((error as Error).message !== 'Region is missing') throw toAwsError(error, calls);
    throw new AwsError('The region is unknown. Pass it with --region, or set AWS_REGION.', true);
  }
}

/** Reads the variables of the AWS CLI; the AWS SDK reads only the first. A profile option brings its own region. */
function regionOfEnvironment(profile: string | undefined): string | undefined {
  const { AWS_REGION: region, AWS_DEFAULT_REGION: fallback } = process.env;
  return profile === undefined ? region || fallback || undefined : undefined;
}

/** Matches `Stack with id Orders does not exist` and `Resource Nested does not exist for stack Orders`. */
function isNotFound({ name, message }: Error): boolean {
  return name === 'ValidationError' && message.includes('does not exist');
}

/** The description of a deployed stack. */
export interface StackDescription {
  readonly account?: string;
  /** The time of its last update or, without one, of its creation, such as `2026-11-02T10:11:12.000Z`. */
  readonly updated?: string;
  /** The values of its parameters, without those that CloudFormation masks. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** The states of stacks that have no resources ("Stack status codes", AWS CloudFormation User Guide). */
const EMPTY: readonly (Sdk.StackStatus | undefined)[] = [
  'REVIEW_IN_PROGRESS',
  'ROLLBACK_COMPLETE',
  'DELETE_COMPLETE',
];

function stackDescription({
  StackId: id,
  StackStatus: status,
  Parameters: parameters = [],
  CreationTime: created,
  LastUpdatedTime: updated = created,
}: Sdk.Stack): StackDescription | undefined {
  if (EMPTY.includes(status)) return undefined;
  return {
    account: id?.split(':')[4],
    updated: updated?.toISOString(),
    parameters: Object.fromEntries(
      parameters.flatMap(({ ParameterKey: name, ParameterValue: value, ResolvedValue: resolved }) => {
        // For a parameter of Systems Manager, `ParameterValue` is only its name.
        const known = resolved ?? value;
        return name === undefined || known === undefined || isMasked(known) ? [] : [[name, known]];
      }),
    ),
  };
}

/** CloudFormation returns asterisks for the value of a parameter with `NoEcho`. */
function isMasked(value: string): boolean {
  return /^\*+$/.test(value);
}

/** The account of the credentials. Most credentials do not contain it. It is then taken from the first stack that is read. */
export class CallerIdentity {
  private account?: string;

  public get isKnown(): boolean {
    return this.account !== undefined;
  }

  public learn(account: string | undefined): void {
    this.account = account ?? this.account;
  }

  /**
   * Returns the error for a stack that the credentials can't read, if both accounts are known.
   *
   * @param target the account that the stack is deployed to
   */
  public mismatch(target: string | undefined): AwsError | undefined {
    if (target === undefined || this.account === undefined || target === this.account) return undefined;
    const message = `The target account is ${target}, but the credentials are for ${this.account}. Pass a profile of ${target} with --profile.`;
    return new AwsError(message, false);
  }

  /** @throws AwsError if the credentials are for another account than the target */
  public assertAccount(target: string | undefined): void {
    const error = this.mismatch(target);
    if (error) throw error;
  }
}
