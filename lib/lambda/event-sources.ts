import { isObject, type JsonObject } from '../cloudformation/json';
import { literal, soleReference, split, type PartialString } from '../cloudformation/partial-string';
import { certainly, flatMap, MAX_POSSIBILITIES, type Possible } from '../cloudformation/possible';
import type { Resolver } from '../cloudformation/resolver';
import type { Resource } from '../cloudformation/template';

/** The kinds of event source whose functions X-Ray can't trace. */
export type UnsupportedSource = 'msk' | 'kafka' | 'mq' | 'documentdb';

/** The kinds whose functions it can. */
export type SupportedSource = 'sqs' | 'kinesis' | 'dynamodb';

/** What feeds an event source mapping. */
export type EventSourceKind = UnsupportedSource | SupportedSource | 'unknown';

/** What people call the kinds. */
export const EVENT_SOURCE_NAMES: Readonly<Record<EventSourceKind, string>> = {
  msk: 'Amazon MSK',
  kafka: 'self-managed Apache Kafka',
  mq: 'Amazon MQ',
  documentdb: 'Amazon DocumentDB',
  sqs: 'Amazon SQS',
  kinesis: 'Amazon Kinesis',
  dynamodb: 'Amazon DynamoDB',
  unknown: 'an unknown event source',
};

/** What is known of the value of a mapping's `EventSourceArn`. */
export interface EventSourceArn {
  /** The ARN's service, such as `kafka`. */
  readonly service?: string;
  /** The type of the resource that the ARN is a reference to, such as `AWS::MSK::Cluster`. */
  readonly resourceType?: string;
}

export interface ResolvedEventSource {
  readonly kind: EventSourceKind;
  /** The property of the mapping that tells. */
  readonly property: string;
}

interface SourceTells {
  readonly kind: UnsupportedSource;
  readonly services?: readonly string[];
  readonly resourceTypes?: readonly string[];
  /** Properties that only mappings of this kind have. */
  readonly properties: readonly string[];
  /** Types of `SourceAccessConfigurations` that only mappings of this kind have. */
  readonly accessTypes?: readonly string[];
  /** The type of such an event in `Events` of an `AWS::Serverless::Function`. */
  readonly samEvent: string;
}

/**
 * How a mapping shows that its source has no tracing.
 *
 * "Visualize Lambda function invocations using AWS X-Ray" (AWS Lambda Developer Guide) names the kinds;
 * "AWS::Lambda::EventSourceMapping" and "SourceAccessConfiguration" (CloudFormation Template Reference)
 * say which kind each property belongs to; the event types are the SAM specification's.
 */
const UNSUPPORTED_SOURCES: readonly SourceTells[] = [
  {
    kind: 'msk',
    services: ['kafka'],
    resourceTypes: ['AWS::MSK::Cluster', 'AWS::MSK::ServerlessCluster'],
    properties: ['AmazonManagedKafkaEventSourceConfig'],
    samEvent: 'MSK',
  },
  {
    kind: 'kafka',
    properties: ['SelfManagedEventSource', 'SelfManagedKafkaEventSourceConfig'],
    accessTypes: ['SASL_SCRAM_256_AUTH', 'SERVER_ROOT_CA_CERTIFICATE', 'VPC_SUBNET', 'VPC_SECURITY_GROUP'],
    samEvent: 'SelfManagedKafka',
  },
  {
    kind: 'mq',
    services: ['mq'],
    resourceTypes: ['AWS::AmazonMQ::Broker'],
    properties: ['Queues'],
    accessTypes: ['VIRTUAL_HOST'],
    samEvent: 'MQ',
  },
  {
    kind: 'documentdb',
    services: ['rds'],
    resourceTypes: ['AWS::DocDB::DBCluster'],
    properties: ['DocumentDBEventSourceConfig'],
    samEvent: 'DocumentDB',
  },
];

interface SupportedTells {
  readonly kind: SupportedSource;
  readonly services: readonly string[];
  readonly resourceTypes: readonly string[];
  readonly samEvent: string;
}

/** The sources that X-Ray supports: where the ARN is of one of these, nothing else needs to be looked at. */
const SUPPORTED_SOURCES: readonly SupportedTells[] = [
  { kind: 'sqs', services: ['sqs'], resourceTypes: ['AWS::SQS::Queue'], samEvent: 'SQS' },
  {
    kind: 'kinesis',
    services: ['kinesis'],
    resourceTypes: ['AWS::Kinesis::Stream', 'AWS::Kinesis::StreamConsumer'],
    samEvent: 'Kinesis',
  },
  {
    kind: 'dynamodb',
    services: ['dynamodb'],
    resourceTypes: ['AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::Table', 'AWS::Serverless::SimpleTable'],
    samEvent: 'DynamoDB',
  },
];

/** Kafka of either kind uses these; whether there is an ARN tells which. */
const KAFKA_ACCESS_TYPES = ['SASL_SCRAM_512_AUTH', 'CLIENT_CERTIFICATE_TLS_AUTH'];

/** The properties of a mapping that its kind may be read from. */
export const IDENTITY_PROPERTIES: readonly string[] = [
  ...UNSUPPORTED_SOURCES.flatMap((source) => source.properties),
  'Topics',
  'SourceAccessConfigurations',
];

/**
 * Says what kind of source feeds an event source mapping.
 *
 * @param properties the mapping's properties, as CloudFormation names them
 * @param arn what is known of its `EventSourceArn`; nothing where it has none
 */
export function classifyEventSource(
  properties: Readonly<Record<string, unknown>>,
  arn: EventSourceArn | undefined,
): ResolvedEventSource {
  const byArn = arn && classifyArn(arn);
  if (byArn) return { kind: byArn, property: 'EventSourceArn' };

  for (const { kind, properties: own } of UNSUPPORTED_SOURCES) {
    const property = own.find((name) => isSet(properties[name]));
    if (property) return { kind, property };
  }

  const accessTypes = accessTypesOf(properties.SourceAccessConfigurations);
  for (const { kind, accessTypes: own } of UNSUPPORTED_SOURCES) {
    if (own?.some((type) => accessTypes.includes(type)))
      return { kind, property: 'SourceAccessConfigurations' };
  }

  const kafka = arn ? 'msk' : 'kafka';
  if (isSet(properties.Topics)) return { kind: kafka, property: 'Topics' };
  if (KAFKA_ACCESS_TYPES.some((type) => accessTypes.includes(type))) {
    return { kind: kafka, property: 'SourceAccessConfigurations' };
  }
  return { kind: 'unknown', property: 'EventSourceArn' };
}

/** The kind of an event of an `AWS::Serverless::Function`, or nothing if it is no event source mapping. */
export function classifySamEvent(type: unknown): EventSourceKind | undefined {
  return [...UNSUPPORTED_SOURCES, ...SUPPORTED_SOURCES].find(({ samEvent }) => samEvent === type)?.kind;
}

/** Whether X-Ray can't trace a function that such a source, or such a node of a trace map, feeds. */
export function isUnsupported(kind: string): kind is UnsupportedSource {
  return UNSUPPORTED_SOURCES.some((source) => source.kind === kind);
}

function classifyArn({ service, resourceType }: EventSourceArn): EventSourceKind | undefined {
  return [...UNSUPPORTED_SOURCES, ...SUPPORTED_SOURCES].find(
    ({ services, resourceTypes }) =>
      services?.some((one) => one === service) || resourceTypes?.some((one) => one === resourceType),
  )?.kind;
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

/** The kinds of source that an event source mapping can have. */
export function resolveEventSources(resource: Resource, resolver: Resolver): Possible<ResolvedEventSource>[] {
  const { properties, template } = resource;
  const arns = resolver.stringsAt(properties, ['EventSourceArn'], template);
  return flatMap(telling(resource, resolver), (known) =>
    flatMap(arns, (text) => certainly(classifyEventSource(known, text && describeArn(text)))),
  );
}

/** The properties that tell the kind, in every combination that their conditions allow. */
function telling({ properties, template }: Resource, resolver: Resolver): Possible<JsonObject>[] {
  let combinations: Possible<JsonObject>[] = certainly({});
  for (const name of IDENTITY_PROPERTIES.filter((candidate) => properties[candidate] !== undefined)) {
    combinations = flatMap(combinations, (known) =>
      flatMap(resolver.at(properties, [name], template), (value) => certainly({ ...known, [name]: value })),
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
