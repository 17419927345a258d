import { MESSAGING, PUBLISHERS_OF_TOPICS, TOPICS } from '../sns';
import { DELIVERY_STREAMS } from './connections/delivery-streams';
import { DISTRIBUTIONS } from './connections/distributions';
import { LOAD_BALANCERS, NETWORKING } from './connections/elastic-load-balancing';
import { EVENT_SOURCE_MAPPINGS } from './connections/event-source-mappings';
import { FUNCTION_CALLS } from './connections/function-calls';
import { GRAPHQL_APIS } from './connections/graphql-apis';
import { APIS, HTTP_APIS } from './connections/http-api';
import { IOT_RULES } from './connections/iot-rules';
import { LOG_SUBSCRIPTIONS } from './connections/log-subscriptions';
import { PERMISSIONS } from './connections/permissions';
import { PIPES } from './connections/pipes';
import { REST_APIS } from './connections/rest-api';
import { BUCKETS } from './connections/s3';
import { SAM_CONNECTORS } from './connections/sam-connectors';
import { SAM_EVENTS } from './connections/sam-events';
import { SCHEDULES } from './connections/scheduler';
import type { Service } from './service';
import { ServiceIndex } from './service-index';
import { IDENTITY, USER_POOLS } from './services/cognito';
import { EVENT_RULES, EVENTS } from './services/eventbridge';
import { COMPUTE, DESTINATIONS, FUNCTION_URLS } from './services/lambda';
import { OTHERS } from './services/others';
import { STATE_MACHINE_GRANTS, STATE_MACHINE_TASKS, STATE_MACHINES } from './services/step-functions';
import { STORES } from './services/stores';
import { STREAMS } from './services/streams';
import { UNSUPPORTED } from './services/unsupported-sources';
import type { NodeKind } from './trace-map';
import type { Connection, Connections } from './trace-map-builder';

/** The services that call functions, and those that functions call. */
export const SERVICES: Readonly<Record<NodeKind, Service>> = {
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

/** Finds them by what identifies their resources. */
export const SERVICE_INDEX = new ServiceIndex(SERVICES);

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
