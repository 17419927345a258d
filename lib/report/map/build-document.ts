import type { CheckedFinding } from '../../checker/check';
import type { Resource } from '../../cloudformation/template';
import type { LoadedTemplate } from '../../input/loaded-template';
import { isUnsupported } from '../../lambda/event-sources';
import { helpUrlOf } from '../../version';
import { SEVERITIES } from '../../rules/rule';
import { type Breaks, breaksOf } from '../../trace-map/reachability';
import { SERVICES } from '../../trace-map/services';
import type { Recording, TraceEdge, TraceMap, TraceNode } from '../../trace-map/trace-map';
import { countBy } from '../collections';
import { plainJson } from '../formats/json';
import { MODES, reportedPermissions } from '../function-summary';
import {
  lacksSource,
  locationOf,
  locationOfFinding,
  NO_SOURCES,
  type Templates,
  templatesById,
} from '../location';
import type { ReportInput } from '../report';
import { type Costs, costsOf, detailsOf, expectedTracesOf } from './describe-function';
import {
  type ExpectedTrace,
  type MapDocument,
  type MapEdge,
  type MapFinding,
  type MapLocation,
  mapLocation,
  type MapNode,
  type MapResource,
  type MapService,
  type MapStack,
  type MapState,
  type MapTracingProperty,
  resourceLocation,
} from './document';
import { problemsOf } from './problems';
import { BREAK } from './wording';

/** The checked templates, with the cost of their traces if it is known. */
export interface Mapped extends Omit<ReportInput, 'rules' | 'sourceRoot' | 'runName'> {
  readonly costs?: Costs;
}

/** Builds the document of the trace map from the checked templates. */
export function mapDocumentOf({ tool, loaded, model, findings, configuration, costs }: Mapped): MapDocument {
  const { traceMap } = model;
  const costByFunction = costs && costsOf(costs);
  const templates = templatesById(loaded);
  const breaks = breaksOf(traceMap);
  const findingsByNode = new FindingsByNode(traceMap);
  const placed = findings.map((finding) => findingsByNode.nodesOf(finding));
  const onNodes = new Map<TraceNode, number[]>();
  placed.forEach((own, i) => own.forEach((node) => add(onNodes, node, i)));
  const nodes = traceMap.nodes.flatMap((node) => nodesOf(node, breaks, onNodes.get(node) ?? [], templates));
  const within = traceMap.nodes.filter(({ kind }) => kind === 'function').map(edgeWithin);
  const edges = [...within, ...traceMap.edges.map((edge) => edgeOf(edge, breaks, templates))];
  const indices = new Map(traceMap.edges.map((edge, i) => [edge, within.length + i]));
  const calls = findings.map((finding, i) => findingsByNode.callOf(finding, placed[i]));
  const traces = new Map<string, ExpectedTrace>();
  const functions = traceMap.nodes.flatMap((node) => {
    const { function: fn } = node;
    if (!fn) return [];
    const about = { ...detailsOf(fn, model, templates), cost: costByFunction?.get(fn) };
    const expected = expectedTracesOf(node, about.environments, traces);
    return [{ service: node.id, run: runOf(node), ...about, traces: expected }];
  });
  const open = findings.filter(({ acknowledged }) => acknowledged === undefined);
  const mapped = [
    ...traceMap.nodes.flatMap(({ resource }) => resource ?? []),
    ...findings.map(({ resource }) => resource),
  ];
  const document: MapDocument = {
    schemaVersion: 1,
    tool: { name: tool.name, version: tool.version },
    configuration,
    summary: {
      stacks: loaded.templates.length,
      functions: functions.length,
      nodes: nodes.length,
      edges: edges.length,
      byMode: countBy(MODES, ({ mode }) => mode, functions),
      gaps: breaks.gaps.size,
      brokenEdges: breaks.edges.size,
      findings: countBy(SEVERITIES, ({ severity }) => severity, open),
      acknowledged: findings.length - open.length,
    },
    stacks: loaded.templates.map(stackOf),
    services: servicesOf(traceMap.nodes),
    nodes,
    edges,
    functions,
    traces: Object.fromEntries(traces),
    rules: Object.fromEntries(
      findings.map(({ rule }) => [
        rule.id,
        { title: rule.title, problem: rule.problem, helpUrl: helpUrlOf(rule) },
      ]),
    ),
    findings: findings.map((finding) => findingOf(finding, findingsByNode, templates)),
    problems: [],
    errors: loaded.errors,
    notes: mapped.some((resource) => lacksSource(locationOf(resource, templates), templates))
      ? [NO_SOURCES]
      : [],
  };
  const callIndices = calls.map((call) => call && indices.get(call));
  return { ...document, problems: problemsOf(document, callIndices) };
}

function stackOf({ id, file, constructPath, stackName, nestedIn }: LoadedTemplate): MapStack {
  return { id, name: constructPath ?? stackName ?? id, file, nestedIn: nestedIn?.id };
}

function servicesOf(nodes: readonly TraceNode[]): Record<string, MapService> {
  const kinds = new Set(nodes.map(({ kind }) => kind));
  return Object.fromEntries(
    [...kinds].map((kind) => {
      const { title, source } = SERVICES[kind];
      return [kind, { title, isUnsupported: isUnsupported(kind), source }];
    }),
  );
}

/** Returns the ID of the function's own node, which follows its service node. */
function runOf({ id }: TraceNode): string {
  return `run:${id}`;
}

/**
 * Returns a node as X-Ray draws it: two nodes for a function.
 *
 * @param findings the indices of the findings on the node
 */
function nodesOf(
  node: TraceNode,
  breaks: Breaks,
  findings: readonly number[],
  templates: Templates,
): MapNode[] {
  const { id, kind, name, resource, recording } = node;
  const stack = resource?.template.id ?? stackOfGenerated(id, templates);
  const { line, source }: Partial<MapLocation> = resource ? mapLocation(locationOf(resource, templates)) : {};
  const whole: MapNode = {
    id,
    kind,
    origin: resource?.type ?? SERVICES[kind].types[0] ?? '',
    name,
    stack,
    logicalId: stack === undefined ? undefined : (resource?.logicalId ?? name),
    constructPath: resource?.constructPath,
    line,
    source,
    recording,
    state: stateOf(node, breaks),
    isGap: breaks.gaps.has(node),
    isNeverSampled: breaks.neverSampled.has(node) || undefined,
    findings: [],
  };
  const own = { tracingProperty: tracingPropertyOf(node, templates), findings };
  if (kind !== 'function') return [{ ...whole, ...own }];
  return [
    { ...whole, ...own, origin: 'AWS::Lambda' },
    { ...whole, id: runOf(node), origin: 'AWS::Lambda::Function' },
  ];
}

function stateOf(node: TraceNode, { gaps, neverSampled }: Breaks): MapState | undefined {
  const { kind, recording, incoming, function: fn } = node;
  const isUntraceable = incoming.length > 0 && incoming.every(({ from }) => isUnsupported(from.kind));
  if (isUnsupported(kind) || fn?.isEdgeFunction || (recording === 'yes' && isUntraceable))
    return 'not traceable';
  if (gaps.has(node)) return 'gap';
  if (recording === 'never') return fn && 'not recorded';
  const isLost = neverSampled.has(node) || (fn && reportedPermissions(fn) === 'missing');
  return recording === 'yes' && isLost ? 'not recorded' : STATES[recording];
}

const STATES: Readonly<Record<Exclude<Recording, 'never'>, MapState>> = {
  yes: 'recorded',
  no: 'not recorded',
  unknown: 'known only at deployment',
};

/** Returns the template of a node that SAM generates: it has no resource, but an ID in the form of a resource's. */
function stackOfGenerated(id: string, templates: Templates): string | undefined {
  const template = id.slice(0, Math.max(0, id.lastIndexOf('#')));
  return templates.has(template) ? template : undefined;
}

function tracingPropertyOf(node: TraceNode, templates: Templates): MapTracingProperty | undefined {
  if (!node.tracingProperty) return undefined;
  const { resource, property, value } = node.tracingProperty;
  return { ...resourceLocation(resource, templates, property), property, value };
}

/** Returns the edge from a function's service node to its own node, which continues the same trace. */
function edgeWithin(node: TraceNode): MapEdge {
  return {
    from: node.id,
    to: runOf(node),
    propagation: 'propagates',
    isCertain: true,
    isBroken: false,
    sources: [],
    through: [],
  };
}

function edgeOf(edge: TraceEdge, breaks: Breaks, templates: Templates): MapEdge {
  const { from, to, propagation, invocation, isCertain, sources, through } = edge;
  return {
    from: from.kind === 'function' ? runOf(from) : from.id,
    to: to.id,
    propagation,
    invocation,
    isCertain,
    isBroken: breaks.edges.has(edge),
    sources: sources.map((resource) => resourceOf(resource, templates)),
    through: through.map((resource) => resourceOf(resource, templates)),
  };
}

function resourceOf(resource: Resource, templates: Templates): MapResource {
  return { ...resourceLocation(resource, templates), type: resource.type };
}

function findingOf(
  finding: CheckedFinding,
  findingsByNode: FindingsByNode,
  templates: Templates,
): MapFinding {
  const { logicalId, property, severity, rule, message, fix, acknowledged, related } = finding;
  return {
    ruleId: rule.id,
    severity,
    ...mapLocation(locationOfFinding(finding, templates)),
    logicalId,
    constructPath: finding.resource.constructPath,
    property,
    message,
    fix,
    acknowledged: acknowledged && { reason: acknowledged.reason },
    related: findingsByNode.relatedTo(related).map(({ id }) => id),
  };
}

/** Finds the nodes and the calls that findings are on. */
class FindingsByNode {
  private readonly own = new Map<Resource, TraceNode[]>();
  private readonly connected = new Map<Resource, TraceNode[]>();

  constructor({ nodes, edges }: TraceMap) {
    for (const node of nodes) {
      const { versions = [], aliases = [], eventSourceMappings = [] } = node.function ?? {};
      if (node.resource) add(this.own, node.resource, node);
      for (const { resource } of [...versions, ...aliases]) add(this.own, resource, node);
      for (const { resource } of eventSourceMappings) add(this.connected, resource, node);
    }
    for (const { sources, to } of edges) {
      for (const resource of sources) add(this.connected, resource, to);
    }
  }

  /**
   * Returns the nodes to show a finding on: the node of the resource (or of the function whose version or alias it is),
   * the node that the resource connects to, or otherwise the related nodes.
   */
  public nodesOf({ resource, related }: CheckedFinding): readonly TraceNode[] {
    return this.own.get(resource) ?? this.connected.get(resource) ?? this.relatedTo(related);
  }

  /** Returns the call that a finding is about: the one that its resource makes, or the traced call to a gap. */
  public callOf({ resource, related, rule }: CheckedFinding, [node]: readonly TraceNode[]) {
    const before = rule.id === BREAK ? this.relatedTo(related) : [];
    const isOwn = ({ sources }: TraceEdge) => resource !== node.resource && sources.includes(resource);
    return node?.incoming.find(isOwn) ?? node?.incoming.find(({ from }) => before.includes(from));
  }

  /** Returns the nodes of resources, in order. */
  public relatedTo(resources: readonly Resource[]): TraceNode[] {
    return [...new Set(resources.flatMap((resource) => this.own.get(resource) ?? []))];
  }
}

/** Adds a value to those of a key, unless it is one of them. */
function add<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const known = map.get(key);
  if (!known) map.set(key, [value]);
  else if (!known.includes(value)) known.push(value);
}

/** Writes the map as JSON, as described by docs/trace-map.schema.json. */
export function traceMapJson(document: MapDocument): string {
  return `${plainJson(document, 2)}\n`;
}
