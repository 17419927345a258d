import type { Assumptions, Possible } from '../cloudformation/possible';
import type { Resource } from '../cloudformation/template';
import type { RoleReference } from '../iam/roles';
import type { WritePermission } from '../iam/xray-permissions';
import type { ResolvedEventSource } from './event-sources';
import type { ConfiguredMode, EffectiveMode } from './tracing-mode';

export interface LambdaFunction {
  readonly resource: Resource;
  /** What it is in the baseline. */
  readonly previous?: LambdaFunction;
  /** The modes that it can have. */
  readonly modes: readonly Possible<ConfiguredMode>[];
  /** The property that sets the mode. */
  readonly modeProperty: string;
  /** The role that it is given, in each case; none for a SAM function that SAM makes one for. */
  readonly roles: readonly Possible<RoleReference>[];
  /** Whether its role may write to X-Ray, in each case that conditions make. */
  readonly writePermissions: readonly Possible<WritePermission>[];
  /** The event source mappings that surely or possibly feed it. */
  readonly eventSourceMappings: readonly EventSourceMapping[];
  /** Whether more than event source mappings may invoke it, as far as the templates tell. */
  readonly hasOtherCallers: boolean;
  readonly versions: readonly FunctionVersion[];
  readonly aliases: readonly FunctionAlias[];
  /** The CloudFront distributions that run it, and when. */
  readonly distributions: readonly Possible<Resource>[];
  /** Whether CloudFront runs it, or its role lets CloudFront do so. */
  readonly isEdgeFunction: boolean;
  readonly environment: readonly EnvironmentVariable[];
  /** The memory that it can have, in MB; `undefined` where that isn't known. */
  readonly memory: readonly Possible<number | undefined>[];
}

/** A published version of a function. */
export interface FunctionVersion {
  /** The version; for a SAM function that publishes by itself, the function. */
  readonly resource: Resource;
  readonly function: LambdaFunction;
  /**
   * When a change of the function's mode makes for a new version: with the template that it changes, or even where
   * only a parameter changes that the mode depends on.
   */
  readonly publishesOnModeChange: 'by the template' | 'at deployment' | 'no' | 'unknown';
  /** The modes that it can have locked, as far as they are known. */
  readonly modes: readonly EffectiveMode[];
  /** Whether it can be the same as in the baseline, once what is in the templates is deployed over that. */
  readonly isUnchanged: boolean;
  /** The modes of the baseline that it keeps, though its function's change. */
  readonly staleModes: readonly StaleMode[];
}

/** A mode of the baseline that a version keeps. */
export interface StaleMode {
  readonly mode: EffectiveMode;
  /** What its function has. */
  readonly functionMode: EffectiveMode;
  /**
   * What the template doesn't tell, and what would have it not keep the mode: a change of the code, a change of a
   * parameter that the version goes by, or a parameter that is the mode.
   */
  readonly unless?: 'code' | 'parameter' | 'mode';
}

/** An alias of a function. */
export interface FunctionAlias {
  /** The alias; for a SAM function that publishes by itself, the function. */
  readonly resource: Resource;
  readonly function: LambdaFunction;
  readonly versions: readonly AliasedVersion[];
  /** The modes of the baseline that it keeps, where it is pinned to a version by its number. */
  readonly staleModes: readonly StaleMode[];
}

/** A version that an alias can be on. */
export interface AliasedVersion {
  /** The version, where templates publish it. */
  readonly version?: FunctionVersion;
  /** Its number, where that is written out. */
  readonly number?: string;
  /** Whether it gets but a part of the traffic. */
  readonly isAdditional: boolean;
  /** When the alias is on it. */
  readonly when: Assumptions;
}

export interface EnvironmentVariable {
  readonly name: string;
  /** The values that it can have, as far as they are known. */
  readonly values: readonly Possible<string>[];
}

export interface EventSourceMapping {
  readonly resource: Resource;
  /** Its logical ID; for an event in a SAM function the one that SAM gives the mapping it makes. */
  readonly logicalId: string;
  /** Where the mapping stands among the resource's properties, for an event in a SAM function. */
  readonly path: readonly string[];
  readonly sources: readonly Possible<ResolvedEventSource>[];
  readonly targets: readonly Possible<MappingTarget>[];
}

export interface MappingTarget {
  readonly function: LambdaFunction;
  /** The versions and aliases between the mapping and the function. */
  readonly through: readonly Resource[];
}
