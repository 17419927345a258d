import { isObject, type JsonObject } from '../../json';
import type { Resource } from '../../template';
import { literal } from '../../text';
import type { Connections } from '../connection';
import { callThrough, FILTER_POLICY } from '../filtered';
import type { MapBuilder } from '../map-builder';
import type { NodeKind } from '../trace-map';
import type { TraceNode } from '../trace-map';

/** What a subscription's endpoint is, by its protocol; those of other protocols are outside of AWS, or call an API. */
const ENDPOINTS: ReadonlyMap<string, NodeKind> = new Map([
  ['lambda', 'function'],
  ['sqs', 'queue'],
  ['firehose', 'delivery-stream'],
]);

/** Subscriptions of topics ("Subscribe", Amazon SNS API Reference). */
export const TOPICS: Connections = {
  'AWS::SNS::Subscription': (resource, map) => {
    const { properties } = resource;
    subscribe(map.meantOfKind('topic', properties.TopicArn, resource), properties, resource, map);
  },
  'AWS::SNS::Topic': (resource, map) => {
    const topic = map.node(resource)!;
    for (const subscription of map.valuesAt(resource, ['Subscription'])) {
      if (isObject(subscription)) subscribe([topic], subscription, resource, map);
    }
  },
};

function subscribe(
  topics: readonly TraceNode[],
  subscription: JsonObject,
  by: Resource,
  map: MapBuilder,
): void {
  const { template } = by;
  const { Protocol: protocol, Endpoint: endpoint } = subscription;
  const call = { by, ...callThrough(FILTER_POLICY, subscription, template, map) };
  for (const { value: text } of map.resolver.texts(protocol, template)) {
    const kind = ENDPOINTS.get((text && literal(text)) ?? '');
    if (kind) map.callByOneOf(topics, map.meant(endpoint, template, kind), call);
  }
}
