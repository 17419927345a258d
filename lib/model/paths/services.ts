import type { Service } from './service';
import { COMPUTE } from './services/compute';
import { MESSAGING } from './services/messaging';

/** The services that call functions, and those that functions call. */
export const SERVICES = { ...COMPUTE, ...MESSAGING };

/** What a node is. */
export type NodeKind = keyof typeof SERVICES;

/** The kind of node that a resource is, by its type. */
export const KIND_OF_TYPE: ReadonlyMap<string, NodeKind> = new Map(
  kinds().flatMap(([kind, { types }]) => types.map((type) => [type, kind] as const)),
);

/** All of them. */
export function kinds(): [NodeKind, Service][] {
  return Object.entries(SERVICES) as [NodeKind, Service][];
}
