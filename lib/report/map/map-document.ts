import type { Invocation, TraceEffect } from '../../model/paths/service';
import type { Recording } from '../../model/paths/trace-map';
import type { Severity } from '../../rules/rule';
import type { ReportedMode } from '../function-summary';
import type { MapFunction } from './map-function';
import type { MapPlace } from './map-place';
import type { TraceAnatomy } from './trace-anatomy';

/** What there is to tell of a trace map: what `map --format json` writes, and what every picture is made from. */
export interface MapDocument {
  /** Raised when something is removed or changes its meaning. */
  readonly schemaVersion: 1;
  readonly tool: { readonly name: string; readonly version: string };
  readonly summary: MapSummary;
  /** The templates, each of which becomes a stack. */
  readonly stacks: readonly MapStack[];
  /** The kinds of node that there are. */
  readonly services: Readonly<Record<string, MapService>>;
  /** As X-Ray draws them: a function is two, Lambda's and its own. */
  readonly nodes: readonly MapNode[];
  /** Who calls whom. Those that call a function end at Lambda's node, those that it makes start at its own. */
  readonly edges: readonly MapEdge[];
  readonly functions: readonly MapFunction[];
  /** What traces hold, by the name that functions refer to. */
  readonly traces: Readonly<Record<string, TraceAnatomy>>;
  /** The rules that found something, by ID. */
  readonly rules: Readonly<Record<string, MapRule>>;
  readonly findings: readonly MapFinding[];
  /** What could not be read. */
  readonly errors: readonly MapError[];
}

export interface MapSummary {
  readonly stacks: number;
  readonly functions: number;
  readonly nodes: number;
  readonly edges: number;
  /** Functions by their mode. */
  readonly byMode: Readonly<Record<ReportedMode, number>>;
  /** How many functions record nothing of traces that come by. */
  readonly holes: number;
  /** At how many edges traces end. */
  readonly brokenEdges: number;
  /** Those that are not acknowledged. */
  readonly findings: Readonly<Record<Severity, number>>;
  readonly acknowledged: number;
}

export interface MapStack {
  /** The template's ID. */
  readonly id: string;
  readonly name: string;
  readonly file: string;
  /** For a nested stack, the ID of the stack that it is in. */
  readonly nestedIn?: string;
}

export interface MapService {
  /** What AWS calls it. */
  readonly title: string;
  /** Whether X-Ray can't trace what it feeds. */
  readonly isUnsupported: boolean;
  /** The AWS page that says what it does to traces. */
  readonly source: { readonly title: string; readonly url: string };
}

export interface MapNode {
  readonly id: string;
  /** A key of `services`. */
  readonly kind: string;
  /** `AWS::Lambda` and `AWS::Lambda::Function` for a function, as in X-Ray's segments; otherwise the type of resource. */
  readonly origin: string;
  readonly name: string;
  /** The stack's ID; nothing for what is outside of the templates. */
  readonly stack?: string;
  readonly logicalId?: string;
  readonly constructPath?: string;
  readonly line?: number;
  readonly recording: Recording;
  /** Whether traces come by of which it records nothing, though it could. */
  readonly isHole: boolean;
  /** What turns its recording on; with a function, on Lambda's node. */
  readonly switch?: MapSwitch;
  /** The findings on it, as indices; with a function, on Lambda's node. */
  readonly findings: readonly number[];
}

/** A property, and the value of it that has a node record. */
export interface MapSwitch extends MapPlace {
  readonly logicalId: string;
  readonly property: string;
  readonly value: string;
}

export interface MapEdge {
  /** The IDs of nodes. */
  readonly from: string;
  readonly to: string;
  readonly effect: TraceEffect;
  /** How a function is called. */
  readonly invocation?: Invocation;
  /** Whether the call is surely made when the caller is called, as far as templates tell. */
  readonly isCertain: boolean;
  /** Whether a trace comes to its start that ends there. */
  readonly isBroken: boolean;
  /** What makes the connection. */
  readonly by: readonly MapResource[];
  /** The versions and aliases that the call goes through. */
  readonly through: readonly MapResource[];
}

export interface MapResource extends MapPlace {
  readonly logicalId: string;
  readonly type: string;
}

export interface MapRule {
  readonly title: string;
  readonly helpUrl: string;
}

export interface MapFinding extends MapPlace {
  readonly ruleId: string;
  readonly severity: Severity;
  readonly logicalId: string;
  readonly property: string;
  readonly message: string;
  readonly fix: string;
  /** Why it is accepted, where it is. */
  readonly acknowledged?: { readonly reason: string };
  /** The IDs of the other nodes that it is about, such as those of a path, in order. */
  readonly related: readonly string[];
}

export interface MapError {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
}
