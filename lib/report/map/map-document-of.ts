import type { LoadedTemplate, LoadError } from '../../load/loaded';
import { isUnsupported } from '../../model/event-source-kind';
import { SERVICES } from '../../model/paths/services';
import type { TraceNode } from '../../model/paths/trace-map';
import type { TracingModel } from '../../model/tracing-model';
import { counted } from '../counted';
import { MODES } from '../function-summary';
import { helpUrlOf } from '../help-url';
import type { Judged } from '../report';
import { SEVERITIES } from '../severities';
import { anatomyName, anatomyOf } from './anatomies';
import { breaksOf } from './breaks';
import { type Costs, costOf } from './costs';
import { FindingsByNode } from './findings-by-node';
import { detailsOf, invocationsOf } from './function-details';
import type { MapDocument, MapError, MapService, MapStack } from './map-document';
import { edgeOf, edgeWithin } from './map-edges';
import { findingOf, findingsOnNodes } from './map-findings';
import type { MapFunction } from './map-function';
import { nodesOf, runOf } from './map-nodes';
import type { TraceAnatomy } from './trace-anatomy';

type Templates = ReadonlyMap<string, LoadedTemplate>;

/** What was judged, with what its traces cost where that is known. */
export interface Mapped extends Omit<Judged, 'rules'> {
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
      byMode: counted(MODES, ({ mode }) => mode, functions),
      holes: breaks.holes.size,
      brokenEdges: breaks.edges.size,
      findings: counted(SEVERITIES, ({ severity }) => severity, open),
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
    const trace = anatomyName(invocation, details.environments);
    if (!traces.has(trace)) traces.set(trace, anatomyOf(invocation, details.environments));
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
