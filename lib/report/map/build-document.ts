import type { CheckedFinding } from '../../checker/check';
import type { Resource } from '../../cloudformation/template';
import type { LoadedTemplate, LoadError } from '../../input/loaded-template';
import { isUnsupported } from '../../lambda/event-sources';
import type { TracingModel } from '../../model/tracing-model';
import { nearestRecording } from '../../trace-map/reachability';
import { SERVICES } from '../../trace-map/services';
import type { TraceEdge, TraceMap, TraceNode } from '../../trace-map/trace-map';
import { countBy } from '../collections';
import { MODES } from '../function-summary';
import { locationOf } from '../location';
import type { ReportInput } from '../report';
import { helpUrlOf } from '../rule-docs';
import { SEVERITIES } from '../severity';
import { costOf, type Costs, detailsOf, invocationsOf } from './describe-function';
import {
  type MapDocument,
  type MapEdge,
  type MapError,
  type MapFinding,
  type MapFunction,
  type MapNode,
  mapPlace,
  type MapResource,
  type MapService,
  type MapStack,
  type MapTracingProperty,
  type TraceAnatomy,
} from './document';
import { expectedTraceName, expectedTraceOf } from './expected-traces';

type Templates = ReadonlyMap<string, LoadedTemplate>;

/** What was judged, with what its traces cost where that is known. */
export interface Mapped extends Omit<ReportInput, 'rules'> {
  readonly costs?: Costs;
}

/** Puts together what there is to tell of the trace map of what was judged. */
export function mapDocumentOf({ tool, loaded, model, findings, costs }: Mapped): MapDocument {
  const { traceMap } = model;
  const templates: Templates = new Map(loaded.templates.map((template) => [template.id, template]));
  const breaks = breaksOf(traceMap);
  const places = new FindingsByNode(traceMap);
  const onNodes = findingsOnNodes(findings, places);
  const nodes = traceMap.nodes.flatMap((node) => nodesOf(node, breaks, onNodes.get(node) ?? [], templates));
  const edges = [
    ...traceMap.nodes.filter(({ kind }) => kind === 'function').map(edgeWithin),
    ...traceMap.edges.map((edge) => edgeOf(edge, breaks, templates)),
  ];
  const traces = new Map<string, TraceAnatomy>();
  const functions = traceMap.nodes.flatMap((node) => functionOf(node, model, templates, traces, costs));
  const open = findings.filter(({ acknowledged }) => acknowledged === undefined);
  return {
    schemaVersion: 1,
    tool: { name: tool.name, version: tool.version },
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
      findings.map(({ rule }) => [rule.id, { title: rule.title, helpUrl: helpUrlOf(rule) }]),
    ),
    findings: findings.map((finding) => findingOf(finding, places, templates)),
    errors: loaded.errors.map(errorOf),
  };
}

function functionOf(
  node: TraceNode,
  model: TracingModel,
  templates: Templates,
  traces: Map<string, TraceAnatomy>,
  costs: Costs | undefined,
): MapFunction[] {
  if (!node.function) return [];
  const cost = costs && costOf(node.function, costs);
  const details = detailsOf(node.function, model, templates);
  const invocations = invocationsOf(node).map((invocation) => {
    const trace = expectedTraceName(invocation, details.environments);
    if (!traces.has(trace)) traces.set(trace, expectedTraceOf(invocation, details.environments));
    return { invocation, trace };
  });
  return [{ service: node.id, run: runOf(node), ...details, ...(cost && { cost }), traces: invocations }];
}

function stackOf({ id, file, constructPath, stackName, nestedIn }: LoadedTemplate): MapStack {
  return {
    id,
    name: constructPath ?? stackName ?? id,
    file,
    ...(nestedIn && { nestedIn: nestedIn.id }),
  };
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

function errorOf({ file, line, column, message }: LoadError): MapError {
  return { file, ...(line !== undefined && { line }), ...(column !== undefined && { column }), message };
}

/** The ID of the function's own node, which follows on Lambda's. */
function runOf({ id }: TraceNode): string {
  return `run:${id}`;
}

/**
 * A node as X-Ray draws it: a function is two.
 *
 * @param findings the indices of those on it
 */
function nodesOf(
  node: TraceNode,
  breaks: Breaks,
  findings: readonly number[],
  templates: Templates,
): MapNode[] {
  const { id, kind, name, resource, recording } = node;
  const stack = resource?.template.id ?? stackOfGenerated(id, templates);
  const position = resource && locationOf(resource, templates).position;
  const tracingProperty = switchOf(node, templates);
  const whole: MapNode = {
    id,
    kind,
    origin: resource?.type ?? SERVICES[kind].types[0] ?? '',
    name,
    ...(stack !== undefined && { stack, logicalId: resource?.logicalId ?? name }),
    ...(resource?.constructPath !== undefined && { constructPath: resource.constructPath }),
    ...(position && { line: position.line }),
    recording,
    isGap: breaks.gaps.has(node),
    findings: [],
  };
  const own = { ...(tracingProperty && { tracingProperty }), findings };
  if (kind !== 'function') return [{ ...whole, ...own }];
  return [
    { ...whole, ...own, origin: 'AWS::Lambda' },
    { ...whole, id: runOf(node), origin: 'AWS::Lambda::Function' },
  ];
}

/** The template of what SAM makes: there is no resource of it, and its ID is made as those of resources are. */
function stackOfGenerated(id: string, templates: Templates): string | undefined {
  const template = id.slice(0, Math.max(0, id.lastIndexOf('#')));
  return templates.has(template) ? template : undefined;
}

function switchOf(node: TraceNode, templates: Templates): MapTracingProperty | undefined {
  if (!node.tracingProperty) return undefined;
  const { resource, property, value } = node.tracingProperty;
  return {
    ...mapPlace(locationOf(resource, templates, property)),
    logicalId: resource.logicalId,
    property,
    value,
  };
}

/** From Lambda to the function: what the one has of the trace, the other goes on with. */
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
    propagation: propagation,
    ...(invocation && { invocation }),
    isCertain,
    isBroken: breaks.edges.has(edge),
    sources: sources.map((resource) => resourceOf(resource, templates)),
    through: through.map((resource) => resourceOf(resource, templates)),
  };
}

function resourceOf(resource: Resource, templates: Templates): MapResource {
  const { logicalId, type } = resource;
  return { ...mapPlace(locationOf(resource, templates)), logicalId, type };
}

function findingOf(
  finding: CheckedFinding,
  places: FindingsByNode,
  templates: ReadonlyMap<string, LoadedTemplate>,
): MapFinding {
  const { resource, logicalId, property, severity, rule, message, fix, acknowledged, related } = finding;
  return {
    ruleId: rule.id,
    severity,
    ...mapPlace(locationOf(resource, templates, property)),
    logicalId,
    property,
    message,
    fix,
    ...(acknowledged && { acknowledged }),
    related: places.relatedTo(related).map(({ id }) => id),
  };
}

/** By node, the indices of the findings on it. */
function findingsOnNodes(
  findings: readonly CheckedFinding[],
  places: FindingsByNode,
): ReadonlyMap<TraceNode, readonly number[]> {
  const onNodes = new Map<TraceNode, number[]>();
  findings.forEach((finding, i) => {
    for (const node of places.nodesOf(finding)) {
      const known = onNodes.get(node);
      if (known) known.push(i);
      else onNodes.set(node, [i]);
    }
  });
  return onNodes;
}

/** Which nodes findings are on. */
class FindingsByNode {
  private readonly own = new Map<Resource, TraceNode[]>();
  private readonly connected = new Map<Resource, TraceNode[]>();

  constructor({ nodes, edges }: TraceMap) {
    for (const node of nodes) {
      if (node.resource) add(this.own, node.resource, node);
      for (const { resource } of [...(node.function?.versions ?? []), ...(node.function?.aliases ?? [])]) {
        if (resource !== node.resource) add(this.own, resource, node);
      }
      for (const { resource } of node.function?.eventSourceMappings ?? []) {
        if (resource !== node.resource) add(this.connected, resource, node);
      }
    }
    for (const { sources, to } of edges) {
      for (const resource of sources) add(this.connected, resource, to);
    }
  }

  /**
   * The nodes that a finding is to be seen on: what it is a finding on, as a whole or as one of its versions and
   * aliases; what that connects to; or else what the finding mentions.
   */
  public nodesOf({ resource, related }: CheckedFinding): readonly TraceNode[] {
    const [nodes = []] = [this.own.get(resource), this.connected.get(resource)].filter((found) => !!found);
    return nodes.length > 0 ? nodes : this.relatedTo(related);
  }

  /** The nodes that stand for resources, in order. */
  public relatedTo(resources: readonly Resource[]): TraceNode[] {
    return [...new Set(resources.flatMap((resource) => this.own.get(resource) ?? []))];
  }
}

function add(nodes: Map<Resource, TraceNode[]>, resource: Resource, node: TraceNode): void {
  const known = nodes.get(resource);
  if (!known) nodes.set(resource, [node]);
  else if (!known.includes(node)) known.push(node);
}

/** Where traces come by and are lost. */
export interface Breaks {
  /** Functions that record nothing of them. */
  readonly gaps: ReadonlySet<TraceNode>;
  /** Calls that don't hand them on. */
  readonly edges: ReadonlySet<TraceEdge>;
}

/** Follows traces from whatever records, over the calls that are surely made. */
export function breaksOf(map: TraceMap): Breaks {
  const reached = nearestRecording(map, 'incoming');
  return {
    gaps: new Set(
      map.nodes.filter((node) => node.kind === 'function' && node.recording === 'no' && reached.has(node)),
    ),
    edges: new Set(
      map.edges.filter(
        ({ propagation, from }) =>
          propagation === 'breaks' && (from.recording === 'yes' || reached.has(from)),
      ),
    ),
  };
}
