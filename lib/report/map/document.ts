import type { LoadError } from '../../input/loaded-template';
import type { FunctionVersion } from '../../lambda/lambda-function';
import type { Severity } from '../../rules/rule';
import type { Invocation, Propagation, Recording } from '../../trace-map/trace-map';
import type { Configuration } from '../configuration';
import type { FunctionSummary, ReportedPermissions } from '../function-summary';
import type { Location } from '../location';
import type { Summary } from '../report';

/** A trace map as `map --format json` writes it. All other formats are made from it. */
export interface MapDocument {
  /** Increased when a property is removed or changes its meaning. */
  readonly schemaVersion: 1;
  readonly tool: { readonly name: string; readonly version: string };
  readonly configuration: Configuration;
  readonly summary: MapSummary;
  readonly stacks: readonly MapStack[];
  readonly services: Readonly<Record<string, MapService>>;
  /** The nodes as X-Ray draws them: two for a function, Lambda's service node and the function's own node. */
  readonly nodes: readonly MapNode[];
  /** The calls. Calls to a function end at its service node; calls by a function start at its own node. */
  readonly edges: readonly MapEdge[];
  readonly functions: readonly MapFunction[];
  /** Expected traces, by the name that functions refer to. */
  readonly traces: Readonly<Record<string, ExpectedTrace>>;
  readonly rules: Readonly<Record<string, MapRule>>;
  readonly findings: readonly MapFinding[];
  /** The findings and breaks, the most urgent first. */
  readonly problems: readonly MapProblem[];
  readonly errors: readonly LoadError[];
  /** Notes for the reader, one or more sentences each. */
  readonly notes: readonly string[];
}

export interface MapSummary extends Pick<Summary, 'functions' | 'byMode' | 'findings' | 'acknowledged'> {
  readonly stacks: number;
  readonly nodes: number;
  readonly edges: number;
  /** Number of functions on a traced path that record nothing. */
  readonly gaps: number;
  /** Number of edges that break a trace. */
  readonly brokenEdges: number;
}

export interface MapStack {
  readonly id: string;
  readonly name: string;
  readonly file: string;
  readonly nestedIn?: string;
}

export interface MapService {
  readonly title: string;
  /** True if X-Ray cannot trace the functions that it invokes. */
  readonly isUnsupported: boolean;
  /** The AWS page about its support for tracing. */
  readonly source: { readonly title: string; readonly url: string };
}

export interface MapNode {
  readonly id: string;
  /** A key of `services`. */
  readonly kind: string;
  /** `AWS::Lambda` and `AWS::Lambda::Function` for a function, as in X-Ray's segments; otherwise the type of resource. */
  readonly origin: string;
  readonly name: string;
  /** ID of the stack; absent for a node outside of the templates. */
  readonly stack?: string;
  readonly logicalId?: string;
  readonly constructPath?: string;
  readonly line?: number;
  readonly source?: MapSource;
  readonly recording: Recording;
  /** Absent for a service that sends no segments to X-Ray, which is no problem. */
  readonly state?: MapState;
  /** True if the node is on a traced path and records nothing, though it could. */
  readonly isGap: boolean;
  /** Set for an Active function that may record nothing, because its callers decide not to sample. */
  readonly isNeverSampled?: true;
  /** The property that turns tracing on; of a function, on its service node. */
  readonly tracingProperty?: MapTracingProperty;
  /** Indices of the findings on the node; of a function, on its service node. */
  readonly findings: readonly number[];
}

/**
 * The state of tracing at a node, in the words that all formats use. A node is `not traceable` if X-Ray does not support
 * it. A `gap` is on a traced path and not recorded.
 */
export type MapState = 'recorded' | 'not recorded' | 'gap' | 'not traceable' | 'known only at deployment';

/** A property and the value that turns tracing on. */
export interface MapTracingProperty extends MapLocation {
  readonly logicalId: string;
  readonly property: string;
  readonly value: string;
}

export interface MapEdge {
  readonly from: string;
  readonly to: string;
  readonly propagation: Propagation;
  /** Invocation type, for calls to a function. */
  readonly invocation?: Invocation;
  /** True if the caller always makes the call, by what the templates say. */
  readonly isCertain: boolean;
  /** True if a trace reaches the caller and ends at this edge. */
  readonly isBroken: boolean;
  /** The resources that make the connection. */
  readonly sources: readonly MapResource[];
  /** The versions and aliases on the way to the function. */
  readonly through: readonly MapResource[];
}

export interface MapResource extends MapLocation {
  readonly logicalId: string;
  readonly type: string;
}

export interface MapRule {
  readonly title: string;
  readonly problem: string;
  readonly helpUrl: string;
}

export interface MapFinding extends MapLocation {
  readonly ruleId: string;
  readonly severity: Severity;
  readonly logicalId: string;
  readonly constructPath?: string;
  readonly property: string;
  readonly message: string;
  readonly fix: string;
  /** The reason, if the finding is acknowledged. */
  readonly acknowledged?: { readonly reason: string };
  /** IDs of related nodes, such as the nodes of a path, in order. */
  readonly related: readonly string[];
}

/** A finding, or a break that no finding is about. */
export interface MapProblem extends Partial<MapLocation> {
  /** `to fix`, or nothing to do: `by design` of X-Ray, or `accepted` by an acknowledgement or the configuration. */
  readonly status: 'to fix' | 'by design' | 'accepted';
  readonly severity?: Severity;
  /** The path in one line, such as `Table → AuditTrail/Function`. */
  readonly path: string;
  /** The problem in short, as a noun phrase or a clause without a period. */
  readonly problem: string;
  readonly message: string;
  /** The change that resolves it. Absent if there is none. */
  readonly fix?: string;
  /** The reason, if it is accepted. */
  readonly reason?: string;
  readonly finding?: number;
  /** Index of the edge, if the problem is at one. */
  readonly edge?: number;
  /** IDs of the nodes, in the order of the path. */
  readonly nodes: readonly string[];
}

/** Details of a function, in addition to its two nodes. */
export interface MapFunction extends Pick<FunctionSummary, 'mode' | 'possibleModes'> {
  /** ID of the service node, which receives the request. */
  readonly service: string;
  /** ID of the function's own node, which runs the code. */
  readonly run: string;
  readonly modeProperty: string;
  readonly modeSetAt?: MapLocation;
  readonly permissions: MapPermissions;
  readonly versions: readonly MapVersion[];
  readonly aliases: readonly MapAlias[];
  /** Cost, if the request rate is known. */
  readonly cost?: MapCost;
  /** Memory beside the daemon, for each known memory size. */
  readonly memory: readonly MapMemory[];
  /** True for a Lambda@Edge function, which X-Ray cannot trace. */
  readonly isEdgeFunction: boolean;
  readonly eventSources: readonly MapEventSource[];
  readonly environments: MapEnvironments;
  /** Its invocation types, each with the key of the expected trace in `traces`. */
  readonly traces: readonly { readonly invocation: Invocation; readonly trace: string }[];
}

/** Permission of the function's role to write to X-Ray. */
export interface MapPermissions {
  readonly state: ReportedPermissions;
  /** Actions that the role certainly lacks. */
  readonly missing: readonly string[];
  /** Policies that allow the actions. */
  readonly policies?: readonly string[];
}

/** Recorded traces of a function and their cost. */
export interface MapCost {
  readonly requestsPerSecond: number;
  readonly recordedPerMonth: number;
  /** Before the free tier, in USD; absent if a caller makes the sampling decision or the price is unknown. */
  readonly usdPerMonth?: number;
}

export interface MapVersion extends MapLocation, Pick<FunctionVersion, 'publishesOnModeChange'> {
  readonly logicalId: string;
  readonly modes: readonly string[];
  /** Modes that the version keeps from the baseline although the function's mode changes. */
  readonly staleModes: readonly string[];
}

export interface MapAlias extends MapLocation {
  readonly logicalId: string;
  readonly versions: readonly MapAliasedVersion[];
  readonly staleModes: readonly string[];
}

export interface MapAliasedVersion {
  readonly logicalId?: string;
  readonly number?: string;
  readonly modes: readonly string[];
  /** True for an additional version in the alias's routing configuration. */
  readonly isAdditional: boolean;
}

/** Memory of an Active function and of its X-Ray daemon, in MB. */
export interface MapMemory {
  readonly total: number;
  readonly daemon: number;
  readonly left: number;
}

export interface MapEventSource extends MapLocation {
  readonly logicalId: string;
  readonly title: string;
  readonly isUnsupported: boolean;
}

/** Settings that change how execution environments start, and what they record. */
export interface MapEnvironments {
  readonly snapStart: 'yes' | 'no' | 'unknown';
  readonly provisionedConcurrency: 'yes' | 'no' | 'unknown';
  /** Set if a layer of AWS instruments the code. */
  readonly instrumentation?: 'OpenTelemetry';
}

/** Expected trace of a function for one invocation type. */
export interface ExpectedTrace {
  readonly invocation: Invocation;
  /** The current form. It is not known in advance which of the two forms a function sends. */
  readonly newForm: readonly TracePart[];
  /** The older form, which some functions still send. */
  readonly oldForm: readonly TracePart[];
  readonly notes: readonly string[];
}

/** A segment or a subsegment of a trace. */
export interface TracePart {
  /** Absent for a segment, which has the function's name. */
  readonly name?: string;
  readonly origin?: 'AWS::Lambda' | 'AWS::Lambda::Function';
  readonly about: string;
  /** Condition under which it exists, unless always. */
  readonly only?: string;
  /** Start and end in percent of the drawing. Not a duration. */
  readonly span: readonly [start: number, end: number];
  /** Names of X-Ray annotations on it, with descriptions. */
  readonly annotations?: Readonly<Record<string, string>>;
  readonly parts: readonly TracePart[];
}

export interface MapLocation {
  /** ID of the stack; a file name if it belongs to no stack. */
  readonly stack: string;
  readonly line?: number;
  readonly source?: MapSource;
}

/** A position in the code of a CDK app, or of an entry in the configuration. */
export interface MapSource {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** Returns a location in the form of the document. */
export function mapLocation({
  template,
  position,
  source,
}: Pick<Location, 'template' | 'position' | 'source'>): MapLocation {
  return {
    stack: template,
    line: position?.line,
    source: source && { file: source.file, ...source.position },
  };
}
