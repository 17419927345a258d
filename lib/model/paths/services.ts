import type { Resource } from '../template';
import type { Service } from './service';
import { APIS } from './services/apis';
import { COMPUTE } from './services/compute';
import { EVENTS } from './services/events';
import { IDENTITY } from './services/identity';
import { MESSAGING } from './services/messaging';
import { NETWORKING } from './services/networking';
import { OTHERS } from './services/others';
import { STATE_MACHINES } from './services/state-machines';
import { STORES } from './services/stores';
import { STREAMS } from './services/streams';
import { UNSUPPORTED } from './services/unsupported-sources';

/** The services that call functions, and those that functions call. */
export const SERVICES = {
  ...COMPUTE,
  ...MESSAGING,
  ...STREAMS,
  ...STATE_MACHINES,
  ...STORES,
  ...EVENTS,
  ...UNSUPPORTED,
  ...APIS,
  ...NETWORKING,
  ...IDENTITY,
  ...OTHERS,
};

/** What a node is. */
export type NodeKind = keyof typeof SERVICES;

/** The kind of node that a resource of a type is, unless a property tells that it is another. */
const KIND_OF_TYPE: ReadonlyMap<string, NodeKind> = new Map(
  kinds().flatMap(([kind, { types, only }]) =>
    types.filter((type) => !only?.[type]).map((type) => [type, kind] as const),
  ),
);

const TOLD_BY_PROPERTY = kinds().filter(([, { only }]) => only !== undefined);

/** The kind of node that a resource is. */
export function kindOf({ type, properties }: Resource): NodeKind | undefined {
  const told = TOLD_BY_PROPERTY.find(([, { types, only }]) => {
    const [property, value] = (types.includes(type) && only?.[type]) || [];
    return property !== undefined && properties[property] === value;
  });
  return told?.[0] ?? KIND_OF_TYPE.get(type);
}

/** All of them. */
export function kinds(): [NodeKind, Service][] {
  return Object.entries(SERVICES) as [NodeKind, Service][];
}
