import type { Service } from '../service';
import { ServiceIndex } from '../service-index';
import type { NodeKind } from '../trace-map';
import type { Connection, Connections } from '../trace-map-builder';
import { APIS, HTTP_APIS } from './api-gateway/http-api';
import { REST_APIS } from './api-gateway/rest-api';
import { GRAPHQL_APIS } from './appsync';
import { DISTRIBUTIONS } from './cloudfront';
import { LOG_SUBSCRIPTIONS } from './cloudwatch-logs';
import { IDENTITY, USER_POOLS } from './cognito';
import { STORES } from './data-stores';
import { LOAD_BALANCERS, NETWORKING } from './elastic-load-balancing';
import { EVENT_SOURCE_MAPPINGS } from './event-source-mappings';
import { EVENT_RULES, EVENTS } from './eventbridge';
import { DELIVERY_STREAMS } from './firehose';
import { IOT_RULES } from './iot';
import { STREAMS } from './kinesis';
import { COMPUTE, DESTINATIONS, FUNCTION_URLS } from './lambda';
import { FUNCTION_CALLS } from './lambda-calls';
import { PERMISSIONS } from './lambda-permissions';
import { OTHERS } from './other';
import { PIPES } from './pipes';
import { BUCKETS } from './s3';
import { SAM_CONNECTORS } from './sam-connectors';
import { SAM_EVENTS } from './sam-events';
import { SCHEDULES } from './scheduler';
import { MESSAGING, PUBLISHERS_OF_TOPICS, TOPICS } from './sns';
import { PERMITTED_BY_STATE_MACHINES, STATE_MACHINE_TASKS, STATE_MACHINES } from './step-functions';
import { UNSUPPORTED } from './unsupported-sources';

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
  PERMITTED_BY_STATE_MACHINES,
]);

function byType(tables: readonly Connections[]): Map<string, Connection[]> {
  const connections = new Map<string, Connection[]>();
  for (const [type, connection] of tables.flatMap((table) => Object.entries(table))) {
    connections.set(type, [...(connections.get(type) ?? []), connection]);
  }
  return connections;
}
