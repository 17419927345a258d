/** What X-Ray can see of a service, and what the service does to traces. */
export interface Service {
  /** What AWS calls it. */
  readonly title: string;
  /** The resource types that are such a node. */
  readonly types: readonly string[];
  /** What tells its resources from those of another kind that are of the same type: a property, and its value. */
  readonly only?: Readonly<Record<string, readonly [property: string, value: string]>>;
  /** How the ARNs of its resources are told. */
  readonly arn?: {
    readonly service: string;
    /** What comes before the resource's name. */
    readonly prefix?: string;
    /** What comes after a name that has slashes and colons; other names end where those begin. */
    readonly endsWith?: RegExp;
  };
  /** The property with the resource's name; by resource type where they differ. */
  readonly nameProperty?: string | Readonly<Record<string, string>>;
  /** What it does to a trace while it doesn't record itself; it starts one otherwise. */
  readonly propagation: Propagation;
  /** How it invokes functions. */
  readonly invocation?: Invocation;
  /** Whether it records only what has been sampled before it, and so starts no trace: passive instrumentation. */
  readonly recordsSampledOnly?: boolean;
  /** Whether it records what has been sampled before it while its own tracing is off, too. */
  readonly joinsTraces?: boolean;
  /** How it is told to record, by resource type: the property, and its value that does. */
  readonly tracingProperty?: Readonly<Record<string, readonly [property: string, value: string]>>;
  /** The AWS page that says so. */
  readonly source: { readonly title: string; readonly url: string };
}

/** Lets a table of services name its own keys. */
export function defineServices<K extends string>(
  table: Readonly<Record<K, Service>>,
): Readonly<Record<K, Service>> {
  return table;
}

/**
 * What a caller does to the trace of what it calls: it starts one, or goes on with its own; it hands on the tracing
 * header that it got; it hands it on with messages, so that the consumer's trace is linked to it; or it does nothing of
 * it, so that the trace ends there.
 */
export type Propagation = 'starts' | 'propagates' | 'links' | 'breaks';

/** How a function is invoked. */
export type Invocation = 'synchronous' | 'asynchronous' | 'queue' | 'stream';
