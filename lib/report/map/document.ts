import type { Severity } from '../../rules/rule';
import type { Invocation, Propagation } from '../../trace-map/service';
import type { Recording } from '../../trace-map/trace-map';
import type { ReportedMode } from '../function-summary';
import type { Location } from '../location';

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
  readonly gaps: number;
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
  readonly isGap: boolean;
  /** What turns its recording on; with a function, on Lambda's node. */
  readonly tracingProperty?: MapTracingProperty;
  /** The findings on it, as indices; with a function, on Lambda's node. */
  readonly findings: readonly number[];
}

/** A property, and the value of it that has a node record. */
export interface MapTracingProperty extends MapPlace {
  readonly logicalId: string;
  readonly property: string;
  readonly value: string;
}

export interface MapEdge {
  /** The IDs of nodes. */
  readonly from: string;
  readonly to: string;
  readonly propagation: Propagation;
  /** How a function is called. */
  readonly invocation?: Invocation;
  /** Whether the call is surely made when the caller is called, as far as templates tell. */
  readonly isCertain: boolean;
  /** Whether a trace comes to its start that ends there. */
  readonly isBroken: boolean;
  /** What makes the connection. */
  readonly sources: readonly MapResource[];
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
  readonly isEdgeFunction: boolean;
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
  readonly modes: readonly string[];
  /** When a change of the function's mode makes for a new version. */
  readonly publishesOnModeChange: 'by the template' | 'at deployment' | 'no' | 'unknown';
  /** The modes that it keeps from the baseline, though the function's change. */
  readonly staleModes: readonly string[];
}

export interface MapAlias extends MapPlace {
  readonly logicalId: string;
  readonly versions: readonly MapAliasedVersion[];
  readonly staleModes: readonly string[];
}

export interface MapAliasedVersion {
  /** Of the version, where the templates publish it. */
  readonly logicalId?: string;
  /** Its number, where that is written out. */
  readonly number?: string;
  readonly modes: readonly string[];
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

/** What a trace of a function holds when it is invoked in one way. */
export interface TraceAnatomy {
  readonly invocation: Invocation;
  /** Today's form of it. Which of the two a function sends is not to be told beforehand. */
  readonly newForm: readonly TracePart[];
  /** The form that functions sent before, and some still do. */
  readonly oldForm: readonly TracePart[];
  /** What else is to be known, a sentence each. */
  readonly notes: readonly string[];
}

/** A segment or a subsegment of a trace. */
export interface TracePart {
  /** Nothing for a segment, which is named after the function. */
  readonly name?: string;
  /** Of a segment, as X-Ray has it. */
  readonly origin?: 'AWS::Lambda' | 'AWS::Lambda::Function';
  /** What it stands for. */
  readonly about: string;
  /** When there is one, unless always. */
  readonly only?: string;
  /** Where it begins and ends, in hundredths of the whole; how it looks, not how long it takes. */
  readonly span: readonly [start: number, end: number];
  /** What X-Ray's annotations on it are called, and what they tell. */
  readonly annotations?: Readonly<Record<string, string>>;
  readonly parts: readonly TracePart[];
}

/** Where something stands. */
export interface MapPlace {
  /** The ID of a stack, which tells the file; otherwise a file. */
  readonly stack: string;
  readonly line?: number;
}

/** A place, as the document has it. */
export function mapPlace({ template, position }: Pick<Location, 'template' | 'position'>): MapPlace {
  return { stack: template, ...(position && { line: position.line }) };
}
