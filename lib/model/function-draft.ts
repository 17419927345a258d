import type { Assumptions, Possible } from '../cloudformation/possible';
import type { Resolver } from '../cloudformation/resolver';
import { effectiveProperties } from '../cloudformation/sam-globals';
import type { Resource } from '../cloudformation/template';
import type { RoleReference } from '../iam/roles';
import type { XRayPermission } from '../iam/xray-permissions';
import { functionSettings } from '../lambda/function-settings';
import type {
  ConfiguredMode,
  EnvironmentVariable,
  EventSourceMapping,
  FunctionAlias,
  FunctionConfiguration,
  FunctionVersion,
  LambdaFunction,
} from '../lambda/lambda-function';
import { type FunctionCode, readCode } from '../lambda/tracing-libraries';
import type { TracingPermissions } from './tracing-permissions';

/** The parts of a model that all of its functions share. */
export interface FunctionContext {
  readonly resolver: Resolver;
  readonly permissions: TracingPermissions;
}

/** The roles of a function, and its permissions with each. */
interface FunctionRoles {
  readonly roles: readonly Possible<RoleReference>[];
  readonly writePermissions: readonly Possible<XRayPermission>[];
}

/** The list of all functions without items. Don't change it. */
const NONE: never[] = [];

/**
 * A function whose lists are still being filled. A class, because there are many: objects with getters of their own take
 * three times the memory.
 */
export class FunctionDraft implements LambdaFunction {
  public readonly modes: readonly Possible<ConfiguredMode>[];
  public readonly modeProperty: string;
  public readonly roles: readonly Possible<RoleReference>[];
  public readonly writePermissions: readonly Possible<XRayPermission>[];
  public readonly environment: readonly EnvironmentVariable[];
  public readonly configuration: FunctionConfiguration;
  public readonly memory: readonly Possible<number | undefined>[];
  public readonly hasLayer: readonly Possible<boolean>[];
  public eventSourceMappings: readonly EventSourceMapping[] = NONE;
  public versions: readonly FunctionVersion[] = NONE;
  public aliases: readonly FunctionAlias[] = NONE;
  public distributions: readonly Possible<Resource>[] = NONE;
  public hasOtherCallers: boolean;
  public isEdgeFunction = false;
  private readCode?: FunctionCode;

  /** @param previous this function in the baseline */
  constructor(
    public readonly resource: Resource,
    { roles, writePermissions }: FunctionRoles,
    public readonly previous: LambdaFunction | undefined,
    private readonly context: FunctionContext,
  ) {
    const { resolver } = context;
    const isServerless = resource.type === 'AWS::Serverless::Function';
    const settings = functionSettings(resource, resolver);
    this.modes = resolver.whereCreated(resource, settings.modes);
    this.modeProperty = isServerless ? 'Tracing' : 'TracingConfig.Mode';
    this.roles = resolver.whereCreated(resource, roles);
    this.writePermissions = resolver.whereCreated(resource, writePermissions);
    this.environment = settings.environment;
    this.configuration = settings.configuration;
    this.memory = settings.memory;
    this.hasLayer = settings.hasLayer;
    this.hasOtherCallers = isServerless && effectiveProperties(resource).FunctionUrlConfig !== undefined;
  }

  public get modesWhen(): (assumed: Assumptions) => readonly ConfiguredMode[] {
    return (assumed) => this.context.resolver.possibleWhen(assumed, this.modes);
  }

  public get rolesWithoutSignals(): readonly Possible<RoleReference>[] {
    return this.context.permissions.withoutApplicationSignals(this.roles);
  }

  public get code(): FunctionCode {
    return (this.readCode ??= readCode(this.resource));
  }
}

/** Adds an item to a list that is usually empty or has a single item. Keeps its memory small, and grows in linear time. */
export function added<T>(list: readonly T[], item: T): readonly T[] {
  if (list.length === 0) return [item];
  (list as T[]).push(item);
  return list;
}
