import type { LambdaFunction } from '../lambda/lambda-function';
import type { NodeKind, TraceNode } from '../trace-map/trace-map';
import type { Call, CallGraph } from './call-graph';

/** What hands a request to one of those that it calls; others hand it to all. */
const TO_ONE: ReadonlySet<NodeKind> = new Set([
  'rest-api',
  'http-api',
  'websocket-api',
  'graphql-api',
  'event-api',
  'load-balancer',
  'distribution',
  'queue',
]);

/**
 * The requests that come to a node in a second, by where they are from: from outside, or else from functions. Where a
 * call hands on no trace, what is behind it begins anew, as from outside.
 */
interface Load {
  /** How many of the calls bring requests from outside; one that brings those of functions too is half a one. */
  readonly openCalls: number;
  /** How many of the calls bring requests of functions. */
  readonly drivenCalls: number;
  /** What they bring. */
  readonly inflow: number;
  /** Whether requests from outside come to it. */
  readonly isOpen: boolean;
  /** Requests from outside. */
  open: number;
  /** Requests of functions. */
  driven: number;
}

/**
 * How many requests come to each node in a second.
 *
 * A function's own figure wins, and is shared out evenly among what calls it. One without has the requests of the
 * functions before it on the path of a trace, each of whose invocations calls once; and the default, where requests
 * come from outside. Requests don't come by schedules, with what has failed, or in deployments: what is behind those
 * alone has but its own figure, and of what others call too, they have no share. Of what isn't a function, the rate is
 * the sum of what it calls where a request goes to one of those, as with an API, and otherwise the greatest of them, as
 * with a state machine. Lambda authorizers are asked about requests that go to another after that, and add none ("Use
 * API Gateway Lambda authorizers", Amazon API Gateway Developer Guide).
 */
export class RequestRates {
  /** Functions that requests from outside come to, and for which there is no figure. */
  public readonly withoutRate: readonly TraceNode[];
  /** Functions that no requests from outside come to, nor those of functions, and for which there is no figure. */
  public readonly idle: readonly TraceNode[];
  private readonly idleNodes = new Set<TraceNode>();
  /** How many authorizers a caller has, once that has been asked. */
  private readonly authorizers = new Map<TraceNode, number>();
  private readonly loads = new Map<TraceNode, Load>();

  constructor(
    private readonly graph: CallGraph,
    figures: KnownRates,
  ) {
    for (const node of graph.nodes) {
      if (this.isIdle(node)) this.idleNodes.add(node);
      this.loads.set(node, this.loadOf(node, figures));
    }
    this.idle = graph.nodes.filter(
      (node) => node.function && this.idleNodes.has(node) && figures.of(node.function) === undefined,
    );
    this.withoutRate = graph.nodes.filter(
      (node) =>
        node.function && this.at(node).isOpen && (figures.of(node.function) ?? figures.default) === undefined,
    );
    for (const node of [...graph.nodes].reverse()) {
      if (node.function) continue;
      const calls = graph.callsFrom(node);
      const requests = (some: readonly Call[]) => some.map((call) => this.openOn(call));
      this.at(node).open = TO_ONE.has(node.kind)
        ? Math.max(sum(requests(calls.filter(isHandling))), sum(requests(calls.filter(isAuthorizing))))
        : requests(calls).reduce((a, b) => Math.max(a, b), 0);
    }
  }

  /** Requests per second. */
  public of(node: TraceNode): number {
    const { open, driven } = this.at(node);
    return open + driven;
  }

  /** Requests per second. */
  public on(call: Call): number {
    const { driven, inflow, drivenCalls } = this.at(call.to);
    if (!this.isDriven(call)) return this.openOn(call);
    return this.openOn(call) + driven * (inflow > 0 ? this.drivenOn(call) / inflow : 1 / drivenCalls);
  }

  private isIdle(node: TraceNode): boolean {
    const calls = this.graph.callsTo(node);
    return calls.length === 0 ? this.graph.isIdleEntry(node) : calls.every((call) => this.isIdleCall(call));
  }

  private isIdleCall({ from }: Call): boolean {
    return !from.function && this.idleNodes.has(from);
  }

  private loadOf(node: TraceNode, figures: KnownRates): Load {
    const isIdle = this.idleNodes.has(node);
    const calls = this.graph.callsTo(node).filter((call) => isIdle || !this.isIdleCall(call));
    const openCalls = sum(calls.map((call) => this.openness(call)));
    const drivenCalls = calls.filter((call) => this.isDriven(call)).length;
    const inflow = sum(calls.map((call) => this.drivenOn(call)));
    const isOpen = !isIdle && (calls.length === 0 || openCalls > 0);
    const known = { openCalls, drivenCalls, inflow, isOpen };
    if (!node.function) return { ...known, open: 0, driven: inflow };

    const own = figures.of(node.function);
    if (own === undefined) return { ...known, open: isOpen ? (figures.default ?? 0) : 0, driven: inflow };
    const share = calls.length === 0 ? 1 : openCalls / calls.length;
    return { ...known, open: own * share, driven: own * (1 - share) };
  }

  /** How much of a call is what requests from outside come by. */
  private openness(call: Call): number {
    if (this.isIdleCall(call) && !this.idleNodes.has(call.to)) return 0;
    if (!this.isDriven(call)) return 1;
    return !call.from.function && this.at(call.from).isOpen ? 0.5 : 0;
  }

  /** Whether requests of functions come by it. */
  private isDriven({ from, propagation }: Call): boolean {
    return propagation !== 'breaks' && (from.function !== undefined || this.at(from).drivenCalls > 0);
  }

  private openOn(call: Call): number {
    const { open, openCalls } = this.at(call.to);
    return openCalls > 0 ? (open * this.openness(call)) / openCalls : 0;
  }

  private drivenOn(call: Call): number {
    if (!this.isDriven(call)) return 0;
    const { from } = call;
    if (from.function) return this.of(from);
    const { driven } = this.at(from);
    return TO_ONE.has(from.kind) ? driven / this.waysLike(call) : driven;
  }

  /** How many callees of the caller share its requests with the one of a call: its authorizers, or the others. */
  private waysLike({ from, isAuthorization }: Call): number {
    const all = this.graph.callsFrom(from);
    const authorizers = this.authorizers.get(from) ?? all.filter(isAuthorizing).length;
    this.authorizers.set(from, authorizers);
    return isAuthorization ? authorizers : all.length - authorizers;
  }

  private at(node: TraceNode): Load {
    return this.loads.get(node)!;
  }
}

function isAuthorizing({ isAuthorization }: Call): boolean {
  return isAuthorization;
}

function isHandling({ isAuthorization }: Call): boolean {
  return !isAuthorization;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}

/** How often functions are invoked, as their users know it. */
export interface KnownRates {
  /** The requests per second of each function that requests come to from outside, and that has no figure of its own. */
  readonly default?: number;
  /** A function's own figure: its requests per second, whoever makes them. */
  of(fn: LambdaFunction): number | undefined;
}
