import type { LambdaFunction } from '../lambda/lambda-function';
import type { NodeKind, TraceEdge, TraceMap, TraceNode } from '../trace-map/trace-map';

/** The kinds of nodes that route each request to one of their targets. The others send it to all of them. */
const ROUTES_TO_ONE: ReadonlySet<NodeKind> = new Set([
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
 * The kinds of nodes that invoke a function with batches, or with the events that match a pattern. The rate of requests
 * from outside does not apply to these invocations.
 */
const INVOKES_WITH_EVENTS: ReadonlySet<NodeKind> = new Set(['stream', 'table', 'event-bus']);

/**
 * The requests per second of a node by their origin. External requests come from outside. Internal ones are caused by
 * functions earlier in the trace. A call that breaks the trace brings external requests.
 */
interface Load {
  /** The number of calls that bring external requests. A call that brings both kinds counts as half a call. */
  readonly externalCalls: number;
  /** The number of calls that bring internal requests. */
  readonly internalCalls: number;
  /** The internal requests per second that the calls bring. */
  readonly internalInflow: number;
  /** True if the node receives external requests. */
  readonly isExternal: boolean;
  /** True if all external requests come from streams and event buses. */
  readonly isConsumer: boolean;
  external: number;
  internal: number;
}

/**
 * Requests per second of each node.
 *
 * - A function with a known rate has that rate, which its callers share evenly.
 * - A function without one has the requests of the functions before it in the trace. Each of these calls it once per
 *   invocation. If it is called from outside, the default rate is added.
 * - The default rate does not apply to a function whose external requests all come from streams and event buses. It has its
 *   known rate or none.
 * - Schedules, failed requests and deployments cause no requests. A function that only they invoke has its known rate or
 *   none. If a function has other callers too, these account for all of its requests.
 * - A node that is not a function has the sum of the rates of its targets if it routes each request to one of them, such
 *   as an API, and the maximum otherwise, such as a state machine.
 * - Lambda authorizers add no requests: the request they authorize goes to another target ("Use API Gateway Lambda
 *   authorizers", Amazon API Gateway Developer Guide).
 */
export class RequestRates {
  /** Functions that are called from outside and have no rate. */
  public readonly withoutRate: readonly TraceNode[];
  /** Functions without a rate that are called neither from outside nor by functions. */
  public readonly idle: readonly TraceNode[];
  /** Functions without a rate whose external requests all come from streams and event buses. */
  public readonly consumers: readonly TraceNode[];
  private readonly idleNodes = new Set<TraceNode>();
  /** The nodes whose requests depend on the default rate. */
  private readonly defaulted = new Set<TraceNode>();
  /** The number of authorizers by caller. */
  private readonly authorizerCounts = new Map<TraceNode, number>();
  private readonly loads = new Map<TraceNode, Load>();

  constructor(
    private readonly graph: CallGraph,
    knownRates: KnownRates,
  ) {
    for (const node of graph.nodes) {
      if (this.isIdle(node)) this.idleNodes.add(node);
      this.loads.set(node, this.createLoad(node, knownRates));
      if (this.dependsOnDefault(node, knownRates)) this.defaulted.add(node);
    }
    this.consumers = graph.nodes.filter(
      (node) => node.function && this.loadOf(node).isConsumer && knownRates.of(node.function) === undefined,
    );
    this.idle = graph.nodes.filter(
      (node) => node.function && this.idleNodes.has(node) && knownRates.of(node.function) === undefined,
    );
    this.withoutRate = graph.nodes.filter(
      (node) =>
        node.function &&
        this.loadOf(node).isExternal &&
        !this.loadOf(node).isConsumer &&
        (knownRates.of(node.function) ?? knownRates.default) === undefined,
    );
    for (const node of [...graph.nodes].reverse()) {
      if (node.function) continue;
      const calls = graph.callsFrom(node);
      if (calls.some(({ to }) => this.defaulted.has(to))) this.defaulted.add(node);
      const ratesOf = (some: readonly Call[]) => some.map((call) => this.externalOn(call));
      this.loadOf(node).external = ROUTES_TO_ONE.has(node.kind)
        ? Math.max(sum(ratesOf(calls.filter(isHandling))), sum(ratesOf(calls.filter(isAuthorizing))))
        : ratesOf(calls).reduce((a, b) => Math.max(a, b), 0);
    }
  }

  /** Returns the requests per second of a node. */
  public of(node: TraceNode): number {
    const { external, internal } = this.loadOf(node);
    return external + internal;
  }

  /** True if the requests of a node depend on the default rate. */
  public isDefaulted(node: TraceNode): boolean {
    return this.defaulted.has(node);
  }

  /** Returns the requests per second of a call. */
  public on(call: Call): number {
    const { internal, internalInflow, internalCalls } = this.loadOf(call.to);
    if (!this.bringsInternal(call)) return this.externalOn(call);
    const share = internalInflow > 0 ? this.internalOn(call) / internalInflow : 1 / internalCalls;
    return this.externalOn(call) + internal * share;
  }

  private isIdle(node: TraceNode): boolean {
    const calls = this.graph.callsTo(node);
    return calls.length === 0 ? this.graph.isIdleEntry(node) : calls.every((call) => this.isIdleCall(call));
  }

  private isIdleCall({ from }: Call): boolean {
    return !from.function && this.idleNodes.has(from);
  }

  private createLoad(node: TraceNode, knownRates: KnownRates): Load {
    const isIdle = this.idleNodes.has(node);
    const calls = this.graph.callsTo(node).filter((call) => isIdle || !this.isIdleCall(call));
    const externalCalls = sum(calls.map((call) => this.externalWeight(call)));
    const internalCalls = calls.filter((call) => this.bringsInternal(call)).length;
    const internalInflow = sum(calls.map((call) => this.internalOn(call)));
    const isExternal = !isIdle && (calls.length === 0 || externalCalls > 0);
    const internalCallers = new Set(
      calls.filter((call) => this.externalWeight(call) === 0).map(({ from }) => from),
    );
    // Calls that match a pattern or a filter are not certain, so the graph does not contain them.
    const isConsumer =
      isExternal &&
      node.incoming.some(({ from }) => INVOKES_WITH_EVENTS.has(from.kind)) &&
      node.incoming.every(
        ({ from }) =>
          INVOKES_WITH_EVENTS.has(from.kind) || internalCallers.has(from) || this.idleNodes.has(from),
      );
    const incoming = { externalCalls, internalCalls, internalInflow, isExternal, isConsumer };
    if (!node.function) return { ...incoming, external: 0, internal: internalInflow };

    const rate = knownRates.of(node.function);
    if (rate === undefined) {
      const external = isExternal && !isConsumer ? (knownRates.default ?? 0) : 0;
      return { ...incoming, external, internal: internalInflow };
    }
    const share = calls.length === 0 ? 1 : externalCalls / calls.length;
    return { ...incoming, external: rate * share, internal: rate * (1 - share) };
  }

  private dependsOnDefault(node: TraceNode, knownRates: KnownRates): boolean {
    if (node.function && knownRates.of(node.function) !== undefined) return false;
    const { isExternal, isConsumer } = this.loadOf(node);
    const hasDefault = node.function !== undefined && isExternal && !isConsumer;
    return (
      hasDefault ||
      this.graph.callsTo(node).some((call) => this.bringsInternal(call) && this.defaulted.has(call.from))
    );
  }

  /** Returns the weight of a call as a source of external requests: 0, 1, or 0.5 if it brings both kinds. */
  private externalWeight(call: Call): number {
    if (this.isIdleCall(call) && !this.idleNodes.has(call.to)) return 0;
    if (!this.bringsInternal(call)) return 1;
    return !call.from.function && this.loadOf(call.from).isExternal ? 0.5 : 0;
  }

  private bringsInternal({ from, propagation }: Call): boolean {
    return propagation !== 'breaks' && (from.function !== undefined || this.loadOf(from).internalCalls > 0);
  }

  /** Returns the external requests per second of a call. */
  private externalOn(call: Call): number {
    const { external, externalCalls } = this.loadOf(call.to);
    return externalCalls > 0 ? (external * this.externalWeight(call)) / externalCalls : 0;
  }

  /** Returns the internal requests per second of a call. */
  private internalOn(call: Call): number {
    if (!this.bringsInternal(call)) return 0;
    const { from } = call;
    if (from.function) return this.of(from);
    const { internal } = this.loadOf(from);
    return ROUTES_TO_ONE.has(from.kind) ? internal / this.alternativesTo(call) : internal;
  }

  /** Returns the number of targets that share the caller's requests with a call: authorizers, or all other targets. */
  private alternativesTo({ from, isAuthorization }: Call): number {
    const calls = this.graph.callsFrom(from);
    const authorizers = this.authorizerCounts.get(from) ?? calls.filter(isAuthorizing).length;
    this.authorizerCounts.set(from, authorizers);
    return isAuthorization ? authorizers : calls.length - authorizers;
  }

  private loadOf(node: TraceNode): Load {
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

/** The request rates that a user provides. */
export interface KnownRates {
  /**
   * The requests per second of each function that is called from outside and has no rate of its own. It does not apply to
   * functions that only streams and event buses invoke.
   */
  readonly default?: number;
  /** Returns the rate of a function: its requests per second from all callers. */
  of(fn: LambdaFunction): number | undefined;
}

/** A call between two nodes. Of several calls between the same nodes, one that is not an authorization is preferred. */
export type Call = Pick<TraceEdge, 'from' | 'to' | 'propagation' | 'isAuthorization'>;

/** The certain calls of a trace map, without the calls that close a cycle. */
export class CallGraph {
  /** The nodes in topological order: callers come before their targets. */
  public readonly nodes: readonly TraceNode[];
  private readonly failureTargets: TraceMap['failureTargets'];
  private readonly incoming = new Map<TraceNode, Call[]>();
  private readonly outgoing = new Map<TraceNode, Call[]>();

  constructor({ nodes, failureTargets }: TraceMap) {
    this.nodes = callersFirst(nodes);
    this.failureTargets = failureTargets;
    const position = new Map(this.nodes.map((node, i) => [node, i]));
    for (const from of this.nodes) {
      for (const call of callsOf(from)) {
        if (position.get(call.to)! > position.get(from)!) this.add(call);
      }
    }
  }

  /** Returns the calls that a node receives. */
  public callsTo(node: TraceNode): readonly Call[] {
    return this.incoming.get(node) ?? [];
  }

  /** Returns the calls that a node makes. */
  public callsFrom(node: TraceNode): readonly Call[] {
    return this.outgoing.get(node) ?? [];
  }

  /**
   * True if a node without certain callers receives no requests from outside: schedules, targets of failed requests, and
   * functions that CloudFormation calls during deployments.
   */
  public isIdleEntry(node: TraceNode): boolean {
    return this.callsTo(node).length === 0 && (node.kind === 'schedule' || this.failureTargets.has(node));
  }

  private add(call: Call): void {
    for (const [calls, node] of [
      [this.incoming, call.to],
      [this.outgoing, call.from],
    ] as const) {
      const known = calls.get(node);
      if (known) known.push(call);
      else calls.set(node, [call]);
    }
  }
}

function callsOf({ outgoing }: TraceNode): Call[] {
  const calls = new Map<TraceNode, Call>();
  for (const edge of outgoing) {
    const isPreferred = calls.get(edge.to)?.isAuthorization ?? true;
    if (edge.isCertain && isPreferred) calls.set(edge.to, edge);
  }
  return [...calls.values()];
}

/** Returns the nodes in depth-first topological order. Only calls that close a cycle point backwards. */
function callersFirst(nodes: readonly TraceNode[]): TraceNode[] {
  const isEntry = ({ incoming }: TraceNode) => !incoming.some(({ isCertain }) => isCertain);
  const starts = [...nodes.filter(isEntry), ...nodes.filter((node) => !isEntry(node))];
  const seen = new Set<TraceNode>();
  const finished: TraceNode[] = [];
  for (const start of starts) {
    if (seen.has(start)) continue;
    seen.add(start);
    // Iterative, because a long chain of calls would overflow the stack.
    const path = [{ node: start, calls: callsOf(start).values() }];
    for (let last = path.at(-1); last; last = path.at(-1)) {
      const next = last.calls.next();
      if (next.done) {
        finished.push(last.node);
        path.pop();
      } else if (!seen.has(next.value.to)) {
        seen.add(next.value.to);
        path.push({ node: next.value.to, calls: callsOf(next.value.to).values() });
      }
    }
  }
  return finished.reverse();
}
