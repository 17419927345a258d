import type { Connections, Service } from '../service';
import type { NodeKind } from '../trace-map';
import { HTTP_API } from './api-gateway/http-api';
import { REST_API } from './api-gateway/rest-api';
import { APPSYNC } from './appsync';
import { CLOUDFRONT } from './cloudfront';
import { CLOUDWATCH_LOGS } from './cloudwatch-logs';
import { COGNITO } from './cognito';
import { DATA_STORES } from './data-stores';
import { ELASTIC_LOAD_BALANCING } from './elastic-load-balancing';
import { EVENTBRIDGE } from './eventbridge';
import { FIREHOSE } from './firehose';
import { IOT } from './iot';
import { KINESIS } from './kinesis';
import { EVENT_SOURCE_MAPPINGS, LAMBDA } from './lambda';
import { LAMBDA_PERMISSIONS } from './lambda-permissions';
import { OTHER } from './other';
import { PIPES } from './pipes';
import { S3 } from './s3';
import { SAM_CONNECTORS, samEventConnections } from './sam';
import { SCHEDULER } from './scheduler';
import { SNS } from './sns';
import { SQS } from './sqs';
import { STEP_FUNCTIONS } from './step-functions';
import { UNSUPPORTED_SOURCES } from './unsupported-sources';

/** The services that call functions or that functions call. Their connections are made in this order. */
export const SERVICES: Readonly<Record<NodeKind, Service>> = {
  ...LAMBDA,
  ...HTTP_API,
  ...REST_API,
  ...APPSYNC,
  ...SQS,
  ...SNS,
  ...KINESIS,
  ...FIREHOSE,
  ...STEP_FUNCTIONS,
  ...DATA_STORES,
  ...EVENTBRIDGE,
  ...SCHEDULER,
  ...PIPES,
  ...S3,
  ...CLOUDWATCH_LOGS,
  ...IOT,
  ...UNSUPPORTED_SOURCES,
  ...ELASTIC_LOAD_BALANCING,
  ...CLOUDFRONT,
  ...COGNITO,
  ...OTHER,
};

/** Returns the connections that belong to no single service. They are made after those of the services. */
export function sharedConnections(services: Readonly<Record<NodeKind, Service>>): readonly Connections[] {
  return [EVENT_SOURCE_MAPPINGS, SAM_CONNECTORS, samEventConnections(services)];
}

/** Fallback connections that belong to no single service. They are made after those of the services. */
export const SHARED_FALLBACK_CONNECTIONS: readonly Connections[] = [LAMBDA_PERMISSIONS];
