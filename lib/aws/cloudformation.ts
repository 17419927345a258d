import type * as Sdk from '@aws-sdk/client-cloudformation';
import { type DeployedClients, DeployedRequests, type ConcurrencyLimit } from './clients';
import { type ApiCalls, toAwsError, AwsError } from './errors';

/** A resource of a stack that is deployed. */
export interface DeployedResource {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
}

/** The states of resources that a stack hasn't, or has no longer ("Stack status codes", AWS CloudFormation User Guide). */
const NOT_THERE = ['CREATE_FAILED', 'DELETE_COMPLETE', 'DELETE_SKIPPED'];

/** The stacks that are deployed in a region. */
export class DeployedRegion {
  private readonly requests: DeployedRequests;

  /**
   * @param given by default, as the AWS SDK finds it
   * @param lanes by which all requests go
   * @param actions what is going to be asked for
   * @throws DeployedFailure if it isn't known which region this is
   */
  public static async connect(
    given: string | undefined,
    clients: DeployedClients,
    lanes: ConcurrencyLimit,
    actions: string,
  ): Promise<DeployedRegion> {
    const sdk = await import('@aws-sdk/client-cloudformation');
    const region = given ?? regionOfEnvironment(clients.profile);
    const client = await clients.connect(region, (config) => new sdk.CloudFormationClient(config));
    const asked = { service: 'CloudFormation', actions };
    return new DeployedRegion(await regionOf(client, asked), client, sdk, lanes, asked);
  }

  private constructor(
    public readonly name: string,
    private readonly client: Sdk.CloudFormationClient,
    private readonly sdk: typeof Sdk,
    lanes: ConcurrencyLimit,
    asked: ApiCalls,
  ) {
    this.requests = new DeployedRequests(lanes, asked, isNotThere);
  }

  /**
   * The account that the credentials are of. Nothing if they don't tell.
   *
   * @throws DeployedFailure
   */
  public accountOfCredentials(): Promise<string | undefined> {
    return this.requests.ask(async () => (await this.client.config.credentials()).accountId);
  }

  /**
   * What is told of a stack. Nothing if it isn't deployed.
   *
   * @param stack its name or ARN
   * @throws DeployedFailure
   */
  public descriptionOf(stack: string): Promise<StackDescription | undefined> {
    return this.requests.ask(async () => {
      const { Stacks: [found] = [] } = await this.client.send(
        new this.sdk.DescribeStacksCommand({ StackName: stack }),
      );
      return found && stackDescription(found);
    });
  }

  /**
   * The template of a stack, as it was handed over, before transforms. Nothing if it isn't deployed.
   *
   * @param stack its name or ARN
   * @throws DeployedFailure
   */
  public templateOf(stack: string): Promise<string | undefined> {
    return this.requests.ask(async () => {
      const command = new this.sdk.GetTemplateCommand({ StackName: stack, TemplateStage: 'Original' });
      return (await this.client.send(command)).TemplateBody;
    });
  }

  /**
   * The ARN of a nested stack. Nothing if it isn't deployed.
   *
   * @param stack the name or ARN of the stack that it is nested in
   * @throws DeployedFailure
   */
  public nestedStack(stack: string, logicalId: string): Promise<string | undefined> {
    return this.requests.ask(async () => {
      const command = new this.sdk.DescribeStackResourceCommand({
        StackName: stack,
        LogicalResourceId: logicalId,
      });
      return (await this.client.send(command)).StackResourceDetail?.PhysicalResourceId;
    });
  }

  /**
   * The resources of a stack, after transforms. Nothing if it isn't deployed.
   *
   * @param stack its name or ARN
   * @throws DeployedFailure
   */
  public resourcesOf(stack: string): Promise<DeployedResource[] | undefined> {
    return this.requests.ask(async () => {
      const found: DeployedResource[] = [];
      const pages = this.sdk.paginateListStackResources({ client: this.client }, { StackName: stack });
      for await (const { StackResourceSummaries: resources = [] } of pages) {
        for (const { LogicalResourceId, ResourceType, PhysicalResourceId, ResourceStatus } of resources) {
          // One that could not be made has none, or one that was never used; one that is gone may have it still.
          if (!PhysicalResourceId || NOT_THERE.includes(ResourceStatus ?? '')) continue;
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

async function regionOf(client: Sdk.CloudFormationClient, asked: ApiCalls): Promise<string> {
  try {
    return await client.config.region();
  } catch (error) {
    if ((error as Error).message !== 'Region is missing') throw toAwsError(error, asked);
    throw new AwsError("since the region isn't known: name it by --region, or set AWS_REGION.", true);
  }
}

/** As the AWS CLI has it; the AWS SDK knows the first alone. A profile that was asked for has one of its own. */
function regionOfEnvironment(profile: string | undefined): string | undefined {
  const { AWS_REGION: region, AWS_DEFAULT_REGION: standard } = process.env;
  return profile === undefined ? region || standard || undefined : undefined;
}

/** `Stack with id Orders does not exist`, `Resource Nested does not exist for stack Orders`. */
function isNotThere({ name, message }: Error): boolean {
  return name === 'ValidationError' && message.includes('does not exist');
}

/** What CloudFormation tells of a stack that is deployed. */
export interface StackDescription {
  /** The account that it is in. */
  readonly account?: string;
  /** The values of its parameters, as far as they are told. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Of these, nothing was ever there, or nothing is left ("Stack status codes", AWS CloudFormation User Guide). */
const EMPTY: readonly (Sdk.StackStatus | undefined)[] = [
  'REVIEW_IN_PROGRESS',
  'ROLLBACK_COMPLETE',
  'DELETE_COMPLETE',
];

/** What is told of a stack; nothing where it isn't deployed. */
function stackDescription({
  StackId: id,
  StackStatus: status,
  Parameters: parameters = [],
}: Sdk.Stack): StackDescription | undefined {
  if (EMPTY.includes(status)) return undefined;
  return {
    account: id?.split(':')[4],
    parameters: Object.fromEntries(
      parameters.flatMap(({ ParameterKey: name, ParameterValue: value, ResolvedValue: resolved }) => {
        // What a parameter of Systems Manager names counts, not its name.
        const known = resolved ?? value;
        return name === undefined || known === undefined || isMasked(known) ? [] : [[name, known]];
      }),
    ),
  };
}

/** The value of a parameter with `NoEcho` isn't told: asterisks are in its place. */
function isMasked(value: string): boolean {
  return /^\*+$/.test(value);
}

/**
 * The account that is read, which credentials often don't tell: those in the environment don't, as a rule. What tells
 * it then are the stacks that are found.
 */
export class CallerIdentity {
  private id?: string;

  /** @param id nothing where it isn't told */
  public learn(id: string | undefined): void {
    this.id = id ?? this.id;
  }

  public get isKnown(): boolean {
    return this.id !== undefined;
  }

  /**
   * Why a stack can't be read; nothing if it can, as far as is known.
   *
   * @param account that the stack is of; nothing if its template doesn't tell
   */
  public failureOf(account: string | undefined): AwsError | undefined {
    if (account === undefined || this.id === undefined || account === this.id) return undefined;
    const message = `since it is of the account ${account}, and the credentials are of ${this.id}: name a profile of ${account} by --profile.`;
    return new AwsError(message, false);
  }

  /** @throws DeployedFailure if a stack is of another account, as far as is known */
  public refuseOther(account: string | undefined): void {
    const failure = this.failureOf(account);
    if (failure) throw failure;
  }
}
