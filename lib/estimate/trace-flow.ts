import type { Service } from '../trace-map/service';
import { SERVICES } from '../trace-map/services';
import { UNSUPPORTED_SOURCES } from '../trace-map/services/unsupported-sources';
import type { TraceNode } from '../trace-map/trace-map';
import type { Call, CallGraph, RequestRates } from './request-rates';
import { recordedShare, type Sampler, type Samplers } from './sampling';

/** A share of the requests of each node, from 0 to 1. */
type ShareByNode = ReadonlyMap<TraceNode, number>;

/**
 * Follows sampling decisions through the call graph. The first service that can sample a request decides, and all later
 * services follow its decision ("Configure sampling rules", AWS X-Ray Developer Guide).
 */
export class TraceFlow {
  public readonly samplingPoints: readonly SamplingPoint[];
  private readonly undecidedShares: ShareByNode;
  private readonly sampledShares: ShareByNode;
  private readonly decisionShares: ShareByNode;

  constructor(
    private readonly graph: CallGraph,
    private readonly rates: RequestRates,
    samplers: Samplers,
  ) {
    this.undecidedShares = this.findUndecidedShares();
    this.samplingPoints = this.findSamplingPoints(samplers);
    this.sampledShares = this.propagate((point) => point.recordedShare);
    this.decisionShares = this.propagate(() => 1);
  }

  /** Returns the share of the requests to a node that are sampled. If the node records traces, it records these. */
  public sampledShare(node: TraceNode): number {
    return this.sampledShares.get(node)!;
  }

  /** Returns the share of the requests to a node with a sampling decision, made by this node or an earlier one. */
  public decisionShare(node: TraceNode): number {
    return this.decisionShares.get(node)!;
  }

  /** Returns the share of the requests to a node whose traces are linked to the traces of messages. */
  public linkedShare(node: TraceNode): number {
    return this.averageOverCalls(node, (call) =>
      call.propagation === 'links' ? propagatedShare(call, this.sampledShares) : 0,
    );
  }

  private findUndecidedShares(): ShareByNode {
    const shares = new Map<TraceNode, number>();
    for (const node of this.graph.nodes) {
      const isEntry = this.graph.callsTo(node).length === 0;
      const share = isEntry ? 1 : this.averageOverCalls(node, (call) => undecidedShare(call, shares));
      shares.set(node, share);
    }
    return shares;
  }

  private findSamplingPoints(samplers: Samplers): SamplingPoint[] {
    const nodes = this.graph.nodes.filter((node) => canSample(node) && this.undecidedShares.get(node)! > 0);
    const points = nodes.map((node) => ({
      node,
      sampler: samplers.of(node),
      requestsPerSecond: this.rates.of(node) * this.undecidedShares.get(node)!,
      guesses: guessesOn(node, this.rates),
    }));
    const requestsBySampler = new Map<Sampler, number>();
    for (const { sampler, requestsPerSecond } of points) {
      requestsBySampler.set(sampler, (requestsBySampler.get(sampler) ?? 0) + requestsPerSecond);
    }
    return points.map((point) => ({
      ...point,
      recordedShare: recordedShare(requestsBySampler.get(point.sampler)!, point.sampler),
    }));
  }

  /**
   * Propagates a share from the sampling points to all nodes after them.
   *
   * @param shareAt the share of the requests that a sampling point decides about
   */
  private propagate(shareAt: (point: SamplingPoint) => number): ShareByNode {
    const points = new Map(this.samplingPoints.map((point) => [point.node, point]));
    const shares = new Map<TraceNode, number>();
    for (const node of this.graph.nodes) {
      const incoming = this.averageOverCalls(node, (call) => propagatedShare(call, shares));
      const point = points.get(node);
      const own = point ? this.undecidedShares.get(node)! * shareAt(point) : 0;
      shares.set(node, incoming + own);
    }
    return shares;
  }

  /** Returns the average of a share over the calls to a node, weighted by their requests. */
  private averageOverCalls(node: TraceNode, shareOf: (call: Call) => number): number {
    const calls = this.graph.callsTo(node);
    const requests = calls.map((call) => this.rates.on(call));
    const total = requests.reduce((a, b) => a + b, 0);
    const parts = calls.map(
      (call, i) => shareOf(call) * (total > 0 ? requests[i] / total : 1 / calls.length),
    );
    return parts.reduce((a, b) => a + b, 0);
  }
}

/** Returns the share of the requests of a call without a sampling decision. */
function undecidedShare({ from, propagation }: Call, shares: ShareByNode): number {
  if (from.kind in UNSUPPORTED_SOURCES) return 0;
  if (propagation === 'breaks') return 1;
  // A function that is not Active and receives no trace header sends one that says "not sampled".
  return from.function || canSample(from) ? 0 : shares.get(from)!;
}

function propagatedShare({ from, propagation }: Call, shares: ShareByNode): number {
  return from.kind in UNSUPPORTED_SOURCES || propagation === 'breaks' ? 0 : shares.get(from)!;
}

/** A node that makes sampling decisions. Each request that it samples becomes a trace. */
export interface SamplingPoint {
  readonly node: TraceNode;
  readonly sampler: Sampler;
  /** The requests without an earlier sampling decision. */
  readonly requestsPerSecond: number;
  /** The share of these requests that is recorded. */
  readonly recordedShare: number;
  readonly guesses: readonly Guess[];
}

/** A guess on a node: its rate is the default, or its tracing is known only at deployment. */
export type Guess = 'rate' | 'tracing';

/** Returns the guesses that the numbers of a node are based on. */
export function guessesOn(node: TraceNode, rates: RequestRates): Guess[] {
  return [
    ...(rates.isDefaulted(node) ? (['rate'] as const) : []),
    ...(node.recording === 'unknown' ? (['tracing'] as const) : []),
  ];
}

/** True if a function records the requests that are sampled. Assumed if it is known only at deployment. */
export function records({ function: fn }: TraceNode): boolean {
  if (!fn || fn.isEdgeFunction) return false;
  // A function with an invalid mode is not deployed.
  return fn.modes.some(({ value }) => value === 'Active' || value === 'unknown');
}

/** True if a node samples requests without a sampling decision. Other nodes than functions must certainly record. */
function canSample(node: TraceNode): boolean {
  if (node.function) return records(node);
  const { recordsSampledOnly }: Service = SERVICES[node.kind];
  return node.recording === 'yes' && !recordsSampledOnly;
}
