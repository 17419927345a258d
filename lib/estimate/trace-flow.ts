import type { Service } from '../trace-map/service';
import { SERVICES } from '../trace-map/services';
import { UNSUPPORTED_SOURCES } from '../trace-map/services/unsupported-sources';
import type { TraceNode } from '../trace-map/trace-map';
import type { Call, CallGraph } from './call-graph';
import type { RequestRates } from './request-rates';
import { recordedShare, type Sampler, type Samplers } from './sampling';

/** By node, a share of its requests. */
type Shares = ReadonlyMap<TraceNode, number>;

/**
 * Follows sampling decisions from where they are made: each is made once, by the first that can make it, and those after
 * it abide by it ("Configure sampling rules", AWS X-Ray Developer Guide).
 */
export class TraceFlow {
  public readonly samplingPoints: readonly SamplingPoint[];
  private readonly undecided: Shares;
  private readonly sampled: Shares;
  private readonly decided: Shares;

  constructor(
    private readonly graph: CallGraph,
    private readonly rates: RequestRates,
    samplers: Samplers,
  ) {
    this.undecided = this.undecidedShares();
    this.samplingPoints = this.samplingPointsBy(samplers);
    this.sampled = this.sharesOf(({ recordedShare: share }) => share);
    this.decided = this.sharesOf(() => 1);
  }

  /** Which share of the requests to a node is to be recorded: by the node too, if it records. */
  public sampledShare(node: TraceNode): number {
    return this.sampled.get(node)!;
  }

  /** About which share of them it is decided, here or before, whether they are to be. */
  public decisionShare(node: TraceNode): number {
    return this.decided.get(node)!;
  }

  /** Which share of them makes for traces that are linked to those of messages. */
  public linkedShare(node: TraceNode): number {
    return this.broughtTo(node, (call) => (call.propagation === 'links' ? sampledBy(call, this.sampled) : 0));
  }

  private undecidedShares(): Shares {
    const shares = new Map<TraceNode, number>();
    for (const node of this.graph.nodes) {
      const isEntry = this.graph.callsTo(node).length === 0;
      shares.set(node, isEntry ? 1 : this.broughtTo(node, (call) => undecidedBy(call, shares)));
    }
    return shares;
  }

  private samplingPointsBy(samplers: Samplers): SamplingPoint[] {
    const deciding = this.graph.nodes.filter((node) => decides(node) && this.undecided.get(node)! > 0);
    const deciders = deciding.map((node) => ({
      node,
      sampler: samplers.of(node),
      requestsPerSecond: this.rates.of(node) * this.undecided.get(node)!,
    }));
    const requests = new Map<Sampler, number>();
    for (const { sampler, requestsPerSecond } of deciders) {
      requests.set(sampler, (requests.get(sampler) ?? 0) + requestsPerSecond);
    }
    return deciders.map((decider) => ({
      ...decider,
      recordedShare: recordedShare(requests.get(decider.sampler)!, decider.sampler),
    }));
  }

  /** What becomes of the requests that each decides about, where they come to and further. */
  private sharesOf(part: (decider: SamplingPoint) => number): Shares {
    const decided = new Map(this.samplingPoints.map((decider) => [decider.node, decider]));
    const shares = new Map<TraceNode, number>();
    for (const node of this.graph.nodes) {
      const before = this.broughtTo(node, (call) => sampledBy(call, shares));
      const decider = decided.get(node);
      const here = decider ? this.undecided.get(node)! * part(decider) : 0;
      shares.set(node, before + here);
    }
    return shares;
  }

  /** What the calls to a node bring together, each by how much of the requests it has. */
  private broughtTo(node: TraceNode, by: (call: Call) => number): number {
    const calls = this.graph.callsTo(node);
    const requests = calls.map((call) => this.rates.on(call));
    const all = requests.reduce((a, b) => a + b, 0);
    const parts = calls.map((call, i) => by(call) * (all > 0 ? requests[i] / all : 1 / calls.length));
    return parts.reduce((a, b) => a + b, 0);
  }
}

/** Of what a call brings, the share that nobody has decided about. */
function undecidedBy({ from, propagation }: Call, before: Shares): number {
  if (from.kind in UNSUPPORTED_SOURCES) return 0;
  if (propagation === 'breaks') return 1;
  // A function that isn't Active, and gets no header, makes one up that says "not sampled".
  return from.function || decides(from) ? 0 : before.get(from)!;
}

function sampledBy({ from, propagation }: Call, before: Shares): number {
  return from.kind in UNSUPPORTED_SOURCES || propagation === 'breaks' ? 0 : before.get(from)!;
}

/** What decides of requests whether they are recorded, and so makes one trace of each that is. */
export interface SamplingPoint {
  readonly node: TraceNode;
  readonly sampler: Sampler;
  /** Those that nobody has decided about before. */
  readonly requestsPerSecond: number;
  /** How much of them is recorded. */
  readonly recordedShare: number;
}

/** Whether a function records what is decided to be recorded; where only deployment tells, it is taken to. */
export function records({ recording, function: fn }: TraceNode): boolean {
  return fn !== undefined && !fn.isEdgeFunction && (recording === 'yes' || recording === 'unknown');
}

/** Whether a node decides where nobody has before; of what isn't a function, it must be known. */
function decides(node: TraceNode): boolean {
  if (node.function) return records(node);
  const { recordsSampledOnly }: Service = SERVICES[node.kind];
  return node.recording === 'yes' && !recordsSampledOnly;
}
