import type { EventSourceMappingConfiguration, FunctionConfiguration } from '@aws-sdk/client-lambda';
import type { ClientFactory, ConcurrencyLimit } from '../aws/clients';
import { ReadFailures, type ResourceKind } from '../aws/errors';
import { IamRoles } from '../deployed/iam';
import { LambdaFunctions } from '../deployed/lambda';
import { IDENTITY_PROPERTIES } from '../lambda/event-sources';
import { groupBy } from '../report/collections';
import {
  activeRoles,
  LATEST,
  type ObservedAlias,
  type ObservedRole,
  type ObservedVersion,
  roleName,
} from '../verify/deployed-functions';
import type { DeployedFunction } from './evaluate-function';

/** A function before its aliases, tags and roles are read. */
export interface ListedFunction {
  readonly name: string;
  /** The configuration of `$LATEST`. */
  readonly configuration: FunctionConfiguration;
  readonly versions: readonly ObservedVersion[];
  /** Undefined if they are not read yet. */
  readonly mappings?: readonly EventSourceMappingConfiguration[];
}

/** The parts of a function that are read with requests of their own. */
const PARTS = ['tags', 'aliases', 'event source mappings', 'permissions'] as const;
type Part = (typeof PARTS)[number];

/** Reads the functions in a region, with the permissions of their roles. */
export class FunctionReader {
  private readonly unread = new Map<Part, ReadFailures>(
    PARTS.map((part) => [part, new ReadFailures(kindOf(part))]),
  );
  /** Functions can share a role. */
  private readonly roles = new Map<string, Promise<ObservedRole>>();

  public static async connect(
    region: string,
    clients: ClientFactory,
    limit: ConcurrencyLimit,
  ): Promise<FunctionReader> {
    const lambda = await LambdaFunctions.connect(region, clients, limit);
    return new FunctionReader(region, lambda, await IamRoles.connect(region, clients, limit));
  }

  private constructor(
    private readonly region: string,
    private readonly lambda: LambdaFunctions,
    private readonly iam: IamRoles,
  ) {}

  /**
   * Returns a function, or none if it does not exist.
   *
   * @throws AwsError
   */
  public async find(name: string): Promise<ListedFunction[]> {
    let configuration: FunctionConfiguration = {};
    const versions = await this.lambda.versionsOf(name, (version) => {
      if (version.Version === LATEST) configuration = version;
    });
    return versions.length === 0 ? [] : [{ name, configuration, versions }];
  }

  /**
   * Returns all functions, with their event source mappings.
   *
   * @throws AwsError
   */
  public async list(): Promise<ListedFunction[]> {
    // The configurations of other versions can take much memory.
    const latest = new Map<string, FunctionConfiguration>();
    const versions = await this.lambda.allVersions(Infinity, (version) => {
      if (version.Version === LATEST) latest.set(version.FunctionName ?? '', version);
    });
    const mappings = groupBy(
      ({ FunctionArn: arn }) => arn?.split(':')[6] ?? '',
      await this.lambda.eventSourceMappings(),
    );
    // The replicas of Lambda@Edge have no $LATEST.
    return [...latest].map(([name, configuration]) => ({
      name,
      configuration,
      versions: versions?.get(name) ?? [],
      mappings: mappings.get(name) ?? [],
    }));
  }

  /** Reads the other parts of a function. `failures` has the parts that can't be read. */
  public async describe(listed: ListedFunction): Promise<DeployedFunction> {
    const { region, lambda } = this;
    const { name, configuration, versions } = listed;
    const arn = (configuration.FunctionArn ?? '').replace(`:${LATEST}`, '');
    let isComplete = true;
    const attempt = async <T>(part: Part, of: string, read: () => Promise<T>): Promise<T | undefined> => {
      const found = await this.unread.get(part)!.attempt(of, region, read);
      if (found === undefined) isComplete = false;
      return found;
    };
    const tags = await attempt('tags', name, () => lambda.tagsOf(arn));
    const isPublished = versions.some(({ number }) => number !== LATEST);
    const aliases = isPublished ? await attempt('aliases', name, () => lambda.aliasesOf(name)) : [];
    const mappings = await attempt('event source mappings', name, () =>
      this.mappingsOf(listed, arn, aliases),
    );
    const observed = { name, region, versions, aliases: aliases ?? [] };
    const roles = await Promise.all(
      activeRoles(observed, false).map(({ arn: role }) =>
        attempt('permissions', roleName(role), () => this.simulate(role)),
      ),
    );
    return {
      ...observed,
      account: arn.split(':')[4],
      properties: propertiesOf(configuration),
      tags: tags ?? {},
      mappings: (mappings ?? []).map(mappingProperties),
      roles: roles.flatMap((role) => role ?? []),
      isComplete,
    };
  }

  /** Returns a message for each reason why a part of a function could not be read. */
  public failures(): string[] {
    return [...this.unread.values()].flatMap((failures) => failures.messages());
  }

  /** Returns the mappings that invoke the function or one of its aliases. */
  private async mappingsOf(
    { name, mappings }: ListedFunction,
    arn: string,
    aliases: readonly ObservedAlias[] = [],
  ): Promise<readonly EventSourceMappingConfiguration[]> {
    if (mappings) return mappings;
    const names = [name, ...aliases.map((alias) => `${arn}:${alias.name}`)];
    const found = await Promise.all(names.map((one) => this.lambda.eventSourceMappings(one)));
    return [...new Map(found.flat().map((mapping) => [mapping.UUID, mapping])).values()];
  }

  private simulate(arn: string): Promise<ObservedRole> {
    const role = this.roles.get(arn) ?? this.iam.simulate(arn);
    this.roles.set(arn, role);
    return role;
  }
}

function kindOf(part: Part): ResourceKind {
  return part === 'permissions'
    ? { of: 'the permissions of', one: 'the role', many: 'roles' }
    : { of: `the ${part} of`, one: 'the function', many: 'functions' };
}

/** Returns the properties that show the kind of the event source. */
function mappingProperties(mapping: EventSourceMappingConfiguration): object {
  const names: readonly string[] = ['EventSourceArn', ...IDENTITY_PROPERTIES];
  return Object.fromEntries(Object.entries(mapping).filter(([name]) => names.includes(name)));
}

/** Returns the properties that rules read, in the form of CloudFormation. */
function propertiesOf({
  Environment: environment,
  Layers: layers = [],
  TracingConfig: tracing,
  ...others
}: FunctionConfiguration): Record<string, unknown> {
  const { Runtime, Handler, Description, MemorySize, Timeout, PackageType, Architectures, Role } = others;
  return {
    ...{ Runtime, Handler, Description, MemorySize, Timeout, PackageType, Architectures, Role },
    TracingConfig: { Mode: tracing?.Mode ?? 'PassThrough' },
    // Without permission for the key of the function, Lambda returns an error instead.
    ...(environment?.Variables && { Environment: { Variables: environment.Variables } }),
    ...(layers.length > 0 && { Layers: layers.map(({ Arn: layer }) => layer) }),
  };
}
