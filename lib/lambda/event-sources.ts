import { isObject, type JsonObject } from '../cloudformation/json';
import { literal, soleReference, split, type PartialString } from '../cloudformation/partial-string';
import { certainly, flatMap, MAX_POSSIBILITIES, type Possible } from '../cloudformation/possible';
import type { Resolver } from '../cloudformation/resolver';
import type { Resource } from '../cloudformation/template';

/** The facts about one kind of event source. */
interface EventSource {
  readonly name: string;
  /** False if X-Ray does not support functions with this event source. */
  readonly isTraceable: boolean;
  /** The service in its ARN. */
  readonly service?: string;
  readonly resourceTypes: readonly string[];
  /** The properties that only mappings of this kind have. */
  readonly properties?: readonly string[];
  /** The types of `SourceAccessConfigurations` that only mappings of this kind have. */
  readonly accessTypes?: readonly string[];
  /** Its event type in `Events` of an `AWS::Serverless::Function`. */
  readonly samEvent: string;
}

/**
 * The kinds of event source and how a mapping shows its kind.
 *
 * "Visualize Lambda function invocations using AWS X-Ray" (AWS Lambda Developer Guide) names the kinds without
 * tracing; "AWS::Lambda::EventSourceMapping" and "SourceAccessConfiguration" (CloudFormation Template Reference)
 * name the kind that each property belongs to; the event types are from the SAM specification.
 */
export const EVENT_SOURCES = {
  msk: {
    name: 'Amazon MSK',
    isTraceable: false,
    service: 'kafka',
    resourceTypes: ['AWS::MSK::Cluster', 'AWS::MSK::ServerlessCluster'],
    properties: ['AmazonManagedKafkaEventSourceConfig'],
    samEvent: 'MSK',
  },
  kafka: {
    name: 'self-managed Apache Kafka',
    isTraceable: false,
    resourceTypes: [],
    properties: ['SelfManagedEventSource', 'SelfManagedKafkaEventSourceConfig'],
    accessTypes: ['SASL_SCRAM_256_AUTH', 'SERVER_ROOT_CA_CERTIFICATE', 'VPC_SUBNET', 'VPC_SECURITY_GROUP'],
    samEvent: 'SelfManagedKafka',
  },
  mq: {
    name: 'Amazon MQ',
    isTraceable: false,
    service: 'mq',
    resourceTypes: ['AWS::AmazonMQ::Broker'],
    properties: ['Queues'],
    accessTypes: ['VIRTUAL_HOST'],
    samEvent: 'MQ',
  },
  documentdb: {
    name: 'Amazon DocumentDB',
    isTraceable: false,
    service: 'rds',
    resourceTypes: ['AWS::DocDB::DBCluster'],
    properties: ['DocumentDBEventSourceConfig'],
    samEvent: 'DocumentDB',
  },
  sqs: {
    name: 'Amazon SQS',
    isTraceable: true,
    service: 'sqs',
    resourceTypes: ['AWS::SQS::Queue'],
    samEvent: 'SQS',
  },
  kinesis: {
    name: 'Amazon Kinesis',
    isTraceable: true,
    service: 'kinesis',
    resourceTypes: ['AWS::Kinesis::Stream', 'AWS::Kinesis::StreamConsumer'],
    samEvent: 'Kinesis',
  },
  dynamodb: {
    name: 'Amazon DynamoDB',
    isTraceable: true,
    service: 'dynamodb',
    resourceTypes: ['AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::Table', 'AWS::Serverless::SimpleTable'],
    samEvent: 'DynamoDB',
  },
} as const satisfies Readonly<Record<string, EventSource>>;

type EventSources = typeof EVENT_SOURCES;

/** A kind of event source in the table. */
export type KnownSource = keyof EventSources;

/** A kind of event source that X-Ray does not support. */
export type UnsupportedSource = {
  [Kind in KnownSource]: EventSources[Kind]['isTraceable'] extends false ? Kind : never;
}[KnownSource];

/** The kind of the source of an event source mapping. */
export type EventSourceKind = KnownSource | 'unknown';

const ROWS = Object.entries(EVENT_SOURCES) as [KnownSource, EventSource][];

/** The display names of the kinds. */
export const EVENT_SOURCE_NAMES = {
  ...Object.fromEntries(ROWS.map(([kind, { name }]) => [kind, name])),
  unknown: 'an unknown event source',
} as Readonly<Record<EventSourceKind, string>>;

/** The known parts of the value of a mapping's `EventSourceArn`. */
export interface EventSourceArn {
  /** The ARN's service, such as `kafka`. */
  readonly service?: string;
  /** The type of the resource that the ARN is a reference to, such as `AWS::MSK::Cluster`. */
  readonly resourceType?: string;
}

export interface ResolvedEventSource {
  readonly kind: EventSourceKind;
  /** The property of the mapping that shows the kind. */
  readonly property: string;
}

/** Access types of both kinds of Kafka. A mapping with an `EventSourceArn` is for Amazon MSK. */
const KAFKA_ACCESS_TYPES = ['SASL_SCRAM_512_AUTH', 'CLIENT_CERTIFICATE_TLS_AUTH'];

/** The properties of a mapping that can show its kind. */
export const IDENTITY_PROPERTIES: readonly string[] = [
  ...ROWS.flatMap(([, { properties = [] }]) => properties),
  'Topics',
  'SourceAccessConfigurations',
];

/**
 * Returns the kind of an event source mapping's source.
 *
 * @param properties the mapping's properties, by their CloudFormation names
 * @param arn the known parts of its `EventSourceArn`; undefined if it has none
 */
export function classifyEventSource(
  properties: Readonly<Record<string, unknown>>,
  arn: EventSourceArn | undefined,
): ResolvedEventSource {
  const kindOfArn = arn && classifyArn(arn);
  if (kindOfArn) return { kind: kindOfArn, property: 'EventSourceArn' };

  for (const [kind, { properties: ownProperties }] of ROWS) {
    const property = ownProperties?.find((name) => isSet(properties[name]));
    if (property) return { kind, property };
  }

  const accessTypes = accessTypesOf(properties.SourceAccessConfigurations);
  for (const [kind, { accessTypes: ownTypes }] of ROWS) {
    if (ownTypes?.some((type) => accessTypes.includes(type))) {
      return { kind, property: 'SourceAccessConfigurations' };
    }
  }

  const kafka = arn ? 'msk' : 'kafka';
  if (isSet(properties.Topics)) return { kind: kafka, property: 'Topics' };
  if (KAFKA_ACCESS_TYPES.some((type) => accessTypes.includes(type))) {
    return { kind: kafka, property: 'SourceAccessConfigurations' };
  }
  return { kind: 'unknown', property: 'EventSourceArn' };
}

/** Returns the kind of an event of an `AWS::Serverless::Function`, or undefined if it is not an event source mapping. */
export function classifySamEvent(type: unknown): KnownSource | undefined {
  return ROWS.find(([, { samEvent }]) => samEvent === type)?.[0];
}

/** True if X-Ray does not support functions with this kind of event source, or of trace map node. */
export function isUnsupported(kind: string): kind is UnsupportedSource {
  return ROWS.some(([known, { isTraceable }]) => known === kind && !isTraceable);
}

function classifyArn({ service, resourceType }: EventSourceArn): KnownSource | undefined {
  const row = ROWS.find(
    ([, source]) =>
      (service !== undefined && source.service === service) ||
      (resourceType !== undefined && source.resourceTypes.includes(resourceType)),
  );
  return row?.[0];
}

function accessTypesOf(configurations: unknown): unknown[] {
  if (!Array.isArray(configurations)) return [];
  return configurations.map((configuration: unknown) =>
    isObject(configuration) ? configuration.Type : undefined,
  );
}

function isSet(value: unknown): boolean {
  if (value === undefined || value === null) return false;
  return Array.isArray(value) ? value.length > 0 : true;
}

/** Returns the kinds of source that an event source mapping can have. */
export function resolveEventSources(resource: Resource, resolver: Resolver): Possible<ResolvedEventSource>[] {
  const { properties, template } = resource;
  const arns = resolver.stringsAt(properties, ['EventSourceArn'], template);
  return flatMap(identityProperties(resource, resolver), (resolved) =>
    flatMap(arns, (arn) => certainSource(classifyEventSource(resolved, arn && describeArn(arn)))),
  );
}

/** The lists of one source, by kind and property. There are few, and many mappings. */
const certainSources = new Map<string, Possible<ResolvedEventSource>[]>();

function certainSource(source: ResolvedEventSource): Possible<ResolvedEventSource>[] {
  const key = `${source.kind} ${source.property}`;
  const known = certainSources.get(key) ?? certainly(source);
  certainSources.set(key, known);
  return known;
}

/** Returns the values of `IDENTITY_PROPERTIES`, in every combination that their conditions allow. */
function identityProperties({ properties, template }: Resource, resolver: Resolver): Possible<JsonObject>[] {
  let combinations: Possible<JsonObject>[] = certainly({});
  for (const name of IDENTITY_PROPERTIES.filter((candidate) => properties[candidate] !== undefined)) {
    combinations = flatMap(combinations, (resolved) =>
      flatMap(resolver.at(properties, [name], template), (value) =>
        certainly({ ...resolved, [name]: value }),
      ),
    );
    if (combinations.length > MAX_POSSIBILITIES) return certainly({});
  }
  return combinations;
}

function describeArn(text: PartialString): EventSourceArn {
  const reference = soleReference(text);
  if (reference) return { resourceType: reference.resource.type };
  const [arn, , service] = split(text, ':').map(literal);
  return arn === 'arn' ? { service } : {};
}
