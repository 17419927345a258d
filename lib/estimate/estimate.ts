import type { Resource } from '../cloudformation/template';
import type { LambdaFunction } from '../lambda/lambda-function';
import type { TracingModel } from '../model/tracing-model';
import type { TraceNode } from '../trace-map/trace-map';
import { CallGraph } from './call-graph';
import { type KnownRates, RequestRates } from './request-rates';
import { Samplers } from './sampling';
import { type SamplingPoint, records, TraceFlow } from './trace-flow';

/** How much X-Ray records, if as many requests come as the figures say; all in the order of the map. */
export interface Estimate {
  readonly samplingPoints: readonly SamplingPoint[];
  readonly functions: ReadonlyMap<LambdaFunction, FunctionEstimate>;
  /** The functions for which figures are missing. */
  readonly withoutRate: readonly LambdaFunction[];
  /** The functions without a figure that only schedules, deployments or what has failed call. */
  readonly idle: readonly LambdaFunction[];
  /** Sampling rules that may be for what decides, and of which nothing is made. */
  readonly ignoredRules: readonly Resource[];
}

/** How many of a function's requests are recorded. */
export interface FunctionEstimate {
  readonly requestsPerSecond: number;
  readonly recordedPerSecond: number;
  /** Those about which it is decided whether they are recorded, by a rule that may be for none. */
  readonly decisionsPerSecond: number;
  /** Those of the recorded that are traces of their own, linked to those of the messages that they process. */
  readonly linkedPerSecond: number;
}

/** Estimates what is recorded, from what decides it to what abides by it. */
export function estimateOf({ traceMap, samplingRules }: TracingModel, figures: KnownRates): Estimate {
  const graph = new CallGraph(traceMap);
  const rates = new RequestRates(graph, figures);
  const samplers = new Samplers(samplingRules);
  const flow = new TraceFlow(graph, rates, samplers);
  const samplingPoints = new Map(flow.samplingPoints.map((point) => [point.node, point]));
  const isOfInterest = (node: TraceNode) => records(node) || flow.sampledShare(node) > 0;
  const among = (chosen: readonly TraceNode[]) => {
    const all = new Set(chosen);
    return traceMap.nodes.flatMap((node) =>
      node.function && all.has(node) && isOfInterest(node) ? [node.function] : [],
    );
  };
  return {
    samplingPoints: traceMap.nodes.flatMap((node) => samplingPoints.get(node) ?? []),
    functions: new Map(
      traceMap.nodes.flatMap((node) =>
        node.function ? [[node.function, ofFunction(node, rates, flow)]] : [],
      ),
    ),
    withoutRate: among(rates.withoutRate),
    idle: among(rates.idle),
    ignoredRules: samplers.ignoredRules,
  };
}

function ofFunction(node: TraceNode, rates: RequestRates, flow: TraceFlow): FunctionEstimate {
  const requestsPerSecond = rates.of(node);
  const recorded = records(node) ? requestsPerSecond : 0;
  return {
    requestsPerSecond,
    decisionsPerSecond: recorded * flow.decisionShare(node),
    recordedPerSecond: recorded * flow.sampledShare(node),
    linkedPerSecond: recorded * flow.linkedShare(node),
  };
}
