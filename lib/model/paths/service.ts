import type { Invocation, TraceEffect } from './trace-map';

/** What X-Ray can see of a service, and what the service does to traces. */
export interface Service {
  /** What AWS calls it. */
  readonly title: string;
  /** The resource types that are such a node. */
  readonly types: readonly string[];
  /** The service in the ARNs of its resources, and what comes before the resource's name there. */
  readonly arn?: { readonly service: string; readonly prefix?: string };
  /** The property with the resource's name. */
  readonly nameProperty?: string;
  /** What it does to a trace while it doesn't record itself; it starts one otherwise. */
  readonly passes: TraceEffect;
  /** How it invokes functions. */
  readonly invocation?: Invocation;
  /** How it is told to record, by resource type: the property, and its value that does. */
  readonly switch?: Readonly<Record<string, readonly [property: string, value: string]>>;
  /** The AWS page that says so. */
  readonly source: { readonly title: string; readonly url: string };
}

/** Lets a table of services name its own keys. */
export function services<K extends string>(
  table: Readonly<Record<K, Service>>,
): Readonly<Record<K, Service>> {
  return table;
}
