import type { Assumptions, Possible } from '../cloudformation/possible';
import type { Resource } from '../cloudformation/template';
import type { RoleReference } from '../iam/roles';
import type { XRayPermission } from '../iam/xray-permissions';
import type { ResolvedEventSource } from './event-sources';
import type { FunctionCode } from './tracing-libraries';
import type { ConfiguredMode, EffectiveMode } from './tracing-mode';

export interface LambdaFunction {
  readonly resource: Resource;
  /** This function in the baseline. */
  readonly previous?: LambdaFunction;
  /** The modes that it can have. */
  readonly modes: readonly Possible<ConfiguredMode>[];
  /** Returns the modes that it can have under additional assumptions. */
  modesWhen(this: void, assumed: Assumptions): readonly ConfiguredMode[];
  /** The property that sets the mode. */
  readonly modeProperty: string;
  /** Its role in each case; none for a SAM function whose role SAM generates. */
  readonly roles: readonly Possible<RoleReference>[];
  /** The permission of its role to write to X-Ray, in each case. */
  readonly writePermissions: readonly Possible<XRayPermission>[];
  /** The roles that surely can't write the log group of Application Signals. */
  readonly rolesWithoutSignals: readonly Possible<RoleReference>[];
  /** The event source mappings that surely or possibly invoke it. */
  readonly eventSourceMappings: readonly EventSourceMapping[];
  /** True if the templates allow other callers than event source mappings. */
  readonly hasOtherCallers: boolean;
  readonly versions: readonly FunctionVersion[];
  readonly aliases: readonly FunctionAlias[];
  /** The CloudFront distributions that run it, each with its conditions. */
  readonly distributions: readonly Possible<Resource>[];
  /** True if a distribution runs it, or nothing but CloudFront can. */
  readonly isEdgeFunction: boolean;
  readonly environment: readonly EnvironmentVariable[];
  /** Its runtime, architecture and layers. */
  readonly configuration: FunctionConfiguration;
  /** Its code, read on first use. */
  readonly code: FunctionCode;
  /** The memory that it can have, in MB; `undefined` if unknown. */
  readonly memory: readonly Possible<number | undefined>[];
  /** True in the cases in which it certainly has a layer, which can hold an extension that shares its memory. */
  readonly hasLayer: readonly Possible<boolean>[];
}

/** A published version of a function. */
export interface FunctionVersion {
  /** The version; for a SAM function with `AutoPublishAlias`, the function. */
  readonly resource: Resource;
  readonly function: LambdaFunction;
  /**
   * When a change of the function's mode publishes a new version: with a template that changes the mode, or
   * even if only a parameter changes that the mode depends on.
   */
  readonly publishesOnModeChange: 'by the template' | 'at deployment' | 'no' | 'unknown';
  /** The modes that the version can have, if known. */
  readonly modes: readonly EffectiveMode[];
  /** True if deploying the templates over the baseline can leave it unchanged. */
  readonly isUnchanged: boolean;
  /** The modes of the baseline that it keeps although the mode of its function changes. */
  readonly staleModes: readonly StaleMode[];
  /**
   * Set if a deployment over the baseline publishes it although neither code nor configuration of its function changes.
   * Lambda then has no version to publish, and the deployment fails.
   */
  readonly withoutChange?: HiddenChange;
  /** The conditions under which it is published. */
  readonly when: readonly Assumptions[];
}

/** A change that the templates do not show; empty if there is none. */
export interface HiddenChange {
  /** A change of the code, of a parameter, or of the parameter that sets the mode. */
  readonly unless?: 'code' | 'parameter' | 'mode';
}

/** A mode of the baseline that a version keeps, unless a hidden change gives it the function's mode after all. */
export interface StaleMode extends HiddenChange {
  readonly mode: EffectiveMode;
  /** The mode of its function. */
  readonly functionMode: EffectiveMode;
}

/** An alias of a function. */
export interface FunctionAlias {
  /** The alias; for a SAM function with `AutoPublishAlias`, the function. */
  readonly resource: Resource;
  readonly function: LambdaFunction;
  readonly versions: readonly AliasedVersion[];
  /** The modes of the baseline that it keeps because it is pinned to a version number. */
  readonly staleModes: readonly PinnedMode[];
  /** The conditions under which it is created. */
  readonly when: readonly Assumptions[];
}

/** A mode of the baseline that an alias keeps. */
export interface PinnedMode extends StaleMode {
  /** The version numbers that the alias is pinned to, one in each case. */
  readonly numbers: readonly string[];
}

/** A version that an alias can point to. */
export interface AliasedVersion {
  /** The version, if the templates publish it. */
  readonly version?: FunctionVersion;
  /** Its number, if it is literal. */
  readonly number?: string;
  /** True if it gets only part of the traffic. */
  readonly isAdditional: boolean;
  /** The conditions under which the alias points to it. */
  readonly when: Assumptions;
}

/** The settings that a layer must fit. */
export interface FunctionConfiguration {
  /** True for a function from a container image, which has no layers. */
  readonly isImage: boolean;
  /** The runtimes that it can have, if known. */
  readonly runtimes: readonly Possible<string>[];
  /** The architectures that it can have, if known. */
  readonly architectures: readonly Possible<string>[];
  /** The ARNs of the layers that it can have. A part that is known only at deployment is `*`. */
  readonly layers: readonly Possible<string>[];
}

export interface EnvironmentVariable {
  readonly name: string;
  /** The conditions under which it is set. */
  readonly isSet: readonly Assumptions[];
  /** Its known values. */
  readonly values: readonly Possible<string>[];
}

export interface EventSourceMapping {
  readonly resource: Resource;
  /** Its logical ID; for an event of a SAM function, the one of the mapping that SAM generates. */
  readonly logicalId: string;
  /** The path of the event in the resource's properties; empty for a mapping that is a resource. */
  readonly path: readonly string[];
  readonly sources: readonly Possible<ResolvedEventSource>[];
  readonly targets: readonly Possible<MappingTarget>[];
}

export interface MappingTarget {
  readonly function: LambdaFunction;
  /** The versions and aliases between the mapping and the function. */
  readonly through: readonly Resource[];
}
