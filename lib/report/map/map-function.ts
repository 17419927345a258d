import type { Invocation } from '../../model/paths/service';
import type { ReportedMode } from '../function-summary';
import type { MapPlace } from './map-place';

/** What there is to tell of a function besides its two nodes. */
export interface MapFunction {
  /** The ID of Lambda's node, which receives the request. */
  readonly service: string;
  /** The ID of the function's own, which does the work. */
  readonly run: string;
  readonly mode: ReportedMode;
  /** Reported modes, and what else is set where only a mode should be. */
  readonly possibleModes: readonly string[];
  readonly modeProperty: string;
  /** Where the mode is set; nothing where it is left to the default. */
  readonly modeSetAt?: MapPlace;
  readonly permissions: MapPermissions;
  readonly versions: readonly MapVersion[];
  readonly aliases: readonly MapAlias[];
  /** Where it is known how often it is invoked. */
  readonly cost?: MapCost;
  /** For each memory size that it can have, as far as they are known. */
  readonly memory: readonly MapMemory[];
  /** Whether CloudFront runs it, where X-Ray can't trace. */
  readonly isAtEdge: boolean;
  readonly eventSources: readonly MapEventSource[];
  readonly environments: MapEnvironments;
  /** How it is invoked, and the key in `traces` of what a trace of that holds. */
  readonly traces: readonly { readonly invocation: Invocation; readonly trace: string }[];
}

/** Whether its role may write to X-Ray. */
export interface MapPermissions {
  readonly state: 'granted' | 'missing' | 'unknown';
  /** The actions that the role surely lacks. */
  readonly missing: readonly string[];
  /** The policies that grant them. */
  readonly policies?: readonly string[];
}

/** What X-Ray records of a function's requests, and charges for it. */
export interface MapCost {
  readonly requestsPerSecond: number;
  readonly recordedPerMonth: number;
  /** Before what is free; nothing where another decides what is recorded, or the price isn't known. */
  readonly usdPerMonth?: number;
}

export interface MapVersion extends MapPlace {
  readonly logicalId: string;
  /** The modes that it can have locked, as far as they are known. */
  readonly lockedModes: readonly string[];
  /** When a change of the function's mode makes for a new version. */
  readonly isTied: 'by the template' | 'at deployment' | 'no' | 'unknown';
  /** The modes that it keeps from the baseline, though the function's change. */
  readonly keptModes: readonly string[];
}

export interface MapAlias extends MapPlace {
  readonly logicalId: string;
  readonly versions: readonly MapAliasedVersion[];
  readonly keptModes: readonly string[];
}

export interface MapAliasedVersion {
  /** Of the version, where the templates publish it. */
  readonly logicalId?: string;
  /** Its number, where that is written out. */
  readonly number?: string;
  readonly lockedModes: readonly string[];
  /** Whether it gets but a part of the traffic. */
  readonly isAdditional: boolean;
}

/** In MB, what is left beside the X-Ray daemon of an Active function. */
export interface MapMemory {
  readonly total: number;
  readonly daemon: number;
  readonly left: number;
}

/** An event source mapping that feeds the function. */
export interface MapEventSource extends MapPlace {
  readonly logicalId: string;
  /** What AWS calls the source. */
  readonly title: string;
  readonly isUnsupported: boolean;
}

/** What is special about how its execution environments start. */
export interface MapEnvironments {
  readonly snapStart: 'yes' | 'no' | 'unknown';
  readonly provisionedConcurrency: 'yes' | 'no' | 'unknown';
}
