import type { Connection, Connections } from './connection';
import { EVENT_SOURCE_MAPPINGS } from './connections/event-source-mappings';

/** Every way in which templates connect nodes. */
const ALL: readonly Connections[] = [EVENT_SOURCE_MAPPINGS];

/** Those that a resource of a type may make. */
export const CONNECTIONS: ReadonlyMap<string, readonly Connection[]> = byType();

function byType(): Map<string, Connection[]> {
  const connections = new Map<string, Connection[]>();
  for (const [type, connection] of ALL.flatMap((table) => Object.entries(table))) {
    connections.set(type, [...(connections.get(type) ?? []), connection]);
  }
  return connections;
}
