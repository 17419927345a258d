import type { Connection, Connections } from './connection';
import { BUCKETS } from './connections/buckets';
import { DELIVERY_STREAMS } from './connections/delivery-streams';
import { DESTINATIONS } from './connections/destinations';
import { DISTRIBUTIONS } from './connections/distributions';
import { EVENT_RULES } from './connections/event-rules';
import { EVENT_SOURCE_MAPPINGS } from './connections/event-source-mappings';
import { FUNCTION_CALLS } from './connections/function-calls';
import { FUNCTION_URLS } from './connections/function-urls';
import { GRAPHQL_APIS } from './connections/graphql-apis';
import { HTTP_APIS } from './connections/http-apis';
import { IOT_RULES } from './connections/iot-rules';
import { LOAD_BALANCERS } from './connections/load-balancers';
import { LOG_SUBSCRIPTIONS } from './connections/log-subscriptions';
import { PERMISSIONS } from './connections/permissions';
import { PIPES } from './connections/pipes';
import { REST_APIS } from './connections/rest-apis';
import { SAM_CONNECTORS } from './connections/sam-connectors';
import { SAM_EVENTS } from './connections/sam-events';
import { SCHEDULES } from './connections/schedules';
import { STATE_MACHINE_GRANTS } from './connections/state-machine-grants';
import { STATE_MACHINE_TASKS } from './connections/state-machine-tasks';
import { PUBLISHERS_OF_TOPICS } from './connections/topic-publishers';
import { TOPICS } from './connections/topics';
import { USER_POOLS } from './connections/user-pools';

/** Every way in which templates connect nodes. */
const ALL: readonly Connections[] = [
  BUCKETS,
  DELIVERY_STREAMS,
  DESTINATIONS,
  DISTRIBUTIONS,
  EVENT_RULES,
  EVENT_SOURCE_MAPPINGS,
  FUNCTION_URLS,
  GRAPHQL_APIS,
  HTTP_APIS,
  IOT_RULES,
  LOAD_BALANCERS,
  LOG_SUBSCRIPTIONS,
  PIPES,
  REST_APIS,
  SAM_CONNECTORS,
  SAM_EVENTS,
  SCHEDULES,
  STATE_MACHINE_TASKS,
  TOPICS,
  USER_POOLS,
];

/** Those that a resource of a type may make. */
export const CONNECTIONS: ReadonlyMap<string, readonly Connection[]> = byType(ALL);

/** Those that go by what the others have found, and count only where that explains nothing: they are asked last. */
export const FALLBACKS: ReadonlyMap<string, readonly Connection[]> = byType([
  FUNCTION_CALLS,
  PERMISSIONS,
  PUBLISHERS_OF_TOPICS,
  STATE_MACHINE_GRANTS,
]);

function byType(tables: readonly Connections[]): Map<string, Connection[]> {
  const connections = new Map<string, Connection[]>();
  for (const [type, connection] of tables.flatMap((table) => Object.entries(table))) {
    connections.set(type, [...(connections.get(type) ?? []), connection]);
  }
  return connections;
}
