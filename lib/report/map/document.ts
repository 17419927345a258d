import type { Resource } from '../../cloudformation/template';
import type { CheckedFinding } from '../../checker/check';
import type { LoadError } from '../../input/loaded-template';
import type { AliasedVersion, FunctionVersion } from '../../lambda/lambda-function';
import type { Rule } from '../../rules/rule';
import type { ServiceFacts } from '../../trace-map/service-facts';
import type { Invocation, Recording, TraceEdge } from '../../trace-map/trace-map';
import type { Configuration } from '../configuration';
import type { FunctionSummary, ReportedPermissions } from '../function-summary';
import { type Location, locationOf, type Templates } from '../location';
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
  readonly rules: Readonly<Record<string, Pick<Rule, 'title' | 'problem'> & { readonly helpUrl: string }>>;
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

export interface MapService extends Pick<ServiceFacts, 'title' | 'source'> {
  /** True if X-Ray cannot trace the functions that it invokes. */
  readonly isUnsupported: boolean;
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
export interface MapTracingProperty extends ResourceLocation {
  readonly property: string;
  readonly value: string;
}

export interface MapEdge extends Pick<TraceEdge, 'propagation' | 'invocation' | 'isCertain'> {
  readonly from: string;
  readonly to: string;
  /** True if a trace reaches the caller and ends at this edge. */
  readonly isBroken: boolean;
  /** The resources that make the connection. */
  readonly sources: readonly MapResource[];
  /** The versions and aliases on the way to the function. */
  readonly through: readonly MapResource[];
}

export interface MapResource extends ResourceLocation {
  readonly type: string;
}

type ReportedPart = 'severity' | 'logicalId' | 'property' | 'message' | 'fix' | 'acknowledged';

export interface MapFinding extends MapLocation, Pick<CheckedFinding, ReportedPart> {
  readonly ruleId: string;
  readonly constructPath?: string;
  /** IDs of related nodes, such as the nodes of a path, in order. */
  readonly related: readonly string[];
}

/** A finding, or a break that no finding is about. */
export interface MapProblem extends Partial<MapLocation & Pick<MapFinding, 'severity'>> {
  /** `to fix`, or nothing to do: `by design` of X-Ray, or `accepted` by an acknowledgement or the configuration. */
  readonly status: 'to fix' | 'by design' | 'accepted';
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
  /** Permission of its role to write to X-Ray. */
  readonly permissions: {
    readonly state: ReportedPermissions;
    /** Actions that the role certainly lacks. */
    readonly missing: readonly string[];
    /** Policies that allow the actions. */
    readonly policies?: readonly string[];
  };
  readonly versions: readonly MapVersion[];
  readonly aliases: readonly MapAlias[];
  /** Recorded traces and their cost, if the request rate is known. */
  readonly cost?: {
    readonly requestsPerSecond: number;
    readonly recordedPerMonth: number;
    /** Before the free tier, in USD; absent if a caller makes the sampling decision or the price is unknown. */
    readonly usdPerMonth?: number;
  };
  /** Each known memory size, and its parts for the X-Ray daemon of an Active function and for the function, in MB. */
  readonly memory: readonly Readonly<Record<'total' | 'daemon' | 'left', number>>[];
  /** True for a Lambda@Edge function, which X-Ray cannot trace. */
  readonly isEdgeFunction: boolean;
  readonly eventSources: readonly (ResourceLocation & Pick<MapService, 'title' | 'isUnsupported'>)[];
  readonly environments: MapEnvironments;
  /** Its invocation types, each with the key of the expected trace in `traces`. */
  readonly traces: readonly { readonly invocation: Invocation; readonly trace: string }[];
}

export interface MapVersion extends ResourceLocation, Pick<FunctionVersion, 'publishesOnModeChange'> {
  readonly modes: readonly string[];
  /** Modes that the version keeps from the baseline although the function's mode changes. */
  readonly staleModes: readonly string[];
}

export interface MapAlias extends ResourceLocation {
  readonly versions: readonly (Partial<Pick<MapVersion, 'logicalId'>> &
    Pick<MapVersion, 'modes'> &
    Pick<AliasedVersion, 'number' | 'isAdditional'>)[];
  readonly staleModes: readonly string[];
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
export type MapSource = Omit<LoadError, 'message'>;

export interface ResourceLocation extends MapLocation {
  readonly logicalId: string;
}

/** Returns the location of a resource or of one of its properties in the form of the document. */
export function resourceLocation(
  resource: Resource,
  templates: Templates,
  property?: string,
): ResourceLocation {
  const { logicalId } = resource;
  return { ...mapLocation(locationOf(resource, templates, property)), logicalId };
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
