import type { Resource } from '../cloudformation/template';
import { hasOpenTelemetryLayer } from '../lambda/instrumentation';
import type { LambdaFunction } from '../lambda/lambda-function';
import type { TracingModel } from '../model/tracing-model';
import type { TraceNode } from '../trace-map/trace-map';
import { CallGraph, type KnownRates, RequestRates } from './request-rates';
import { Samplers } from './sampling';
import { SPANS_PER_INSTRUMENTED_INVOCATION, SPANS_PER_INVOCATION, type SpanSource } from './pricing';
import { guessesOn, records, type SamplingPoint, TraceFlow } from './trace-flow';

/** The traces that X-Ray records at given request rates. All lists are in the order of the trace map. */
export interface Estimate {
  readonly samplingPoints: readonly SamplingPoint[];
  readonly functions: ReadonlyMap<LambdaFunction, FunctionEstimate>;
  /** The functions and services that send spans to Transaction Search where it is on. */
  readonly spanSources: readonly SpanSource[];
  /** The functions that are called from outside but have no request rate. */
  readonly withoutRate: readonly LambdaFunction[];
  /** The functions without a request rate whose requests from outside all come from streams and event buses. */
  readonly consumers: readonly LambdaFunction[];
  /** The functions without a request rate that only schedules, deployments or failed requests invoke. */
  readonly idle: readonly LambdaFunction[];
  /** The sampling rules that can apply to a sampling point but are not considered. */
  readonly ignoredRules: readonly Resource[];
}

/** The requests of a function and the recorded part of them. */
export interface FunctionEstimate {
  readonly requestsPerSecond: number;
  readonly recordedPerSecond: number;
  /** The requests with a sampling decision, whether or not they are recorded. */
  readonly decisionsPerSecond: number;
  /** The recorded requests whose traces are separate ones, linked to the traces of the messages that they process. */
  readonly linkedPerSecond: number;
}

/** Estimates the traces that are recorded, from the sampling points to the services that follow their decisions. */
export function estimateOf({ traceMap, samplingRules }: TracingModel, knownRates: KnownRates): Estimate {
  const graph = new CallGraph(traceMap);
  const rates = new RequestRates(graph, knownRates);
  const samplers = new Samplers(samplingRules);
  const flow = new TraceFlow(graph, rates, samplers);
  const samplingPoints = new Map(flow.samplingPoints.map((point) => [point.node, point]));
  const tracedFunctions = (nodes: readonly TraceNode[]) => {
    const included = new Set(nodes);
    return traceMap.nodes.flatMap((node) => {
      const isTraced = records(node) || flow.sampledShare(node) > 0;
      return node.function && included.has(node) && isTraced ? [node.function] : [];
    });
  };
  return {
    samplingPoints: traceMap.nodes.flatMap((node) => samplingPoints.get(node) ?? []),
    functions: new Map(
      traceMap.nodes.flatMap((node) =>
        node.function ? [[node.function, estimateFunction(node, rates, flow)]] : [],
      ),
    ),
    withoutRate: tracedFunctions(rates.withoutRate),
    consumers: tracedFunctions(rates.consumers),
    spanSources: traceMap.nodes.flatMap((node) => spanSourceOf(node, rates, samplingPoints.get(node))),
    idle: tracedFunctions(rates.idle),
    ignoredRules: samplers.ignoredRules,
  };
}

function estimateFunction(node: TraceNode, rates: RequestRates, flow: TraceFlow): FunctionEstimate {
  const requestsPerSecond = rates.of(node);
  const recordable = records(node) ? requestsPerSecond : 0;
  return {
    requestsPerSecond,
    decisionsPerSecond: recordable * flow.decisionShare(node),
    recordedPerSecond: recordable * flow.sampledShare(node),
    linkedPerSecond: recordable * flow.linkedShare(node),
  };
}

/**
 * Returns a node as a source of spans, if it is one. Lambda captures the spans of all invocations of Active functions. Other
 * services send those of the requests that they sample.
 */
function spanSourceOf(
  node: TraceNode,
  rates: RequestRates,
  samplingPoint: SamplingPoint | undefined,
): SpanSource[] {
  if (node.function) {
    if (!records(node)) return [];
    const spansPerRequest = hasOpenTelemetryLayer(node.function.configuration.layers)
      ? SPANS_PER_INSTRUMENTED_INVOCATION
      : SPANS_PER_INVOCATION;
    return [{ node, requestsPerSecond: rates.of(node), spansPerRequest, guesses: guessesOn(node, rates) }];
  }
  if (!samplingPoint) return [];
  const { requestsPerSecond, recordedShare, guesses } = samplingPoint;
  return [{ node, requestsPerSecond: requestsPerSecond * recordedShare, spansPerRequest: 1, guesses }];
}
