import { addressOf, nameOf, type Resource } from '../template';
import { literal } from '../text';
import type { MapBuilder } from './map-builder';
import type { TraceNode } from './trace-map';

/**
 * A cluster of Apache Kafka that AWS doesn't run, by its bootstrap servers.
 *
 * @param servers as the template has them
 * @param poller what polls it
 * @param otherwise what it is called where no server is known
 */
export function selfManagedKafka(
  servers: readonly unknown[],
  poller: Resource,
  map: MapBuilder,
  otherwise = nameOf(poller),
): TraceNode[] {
  const { template } = poller;
  const known = servers
    .flatMap((server) => map.resolver.texts(server, template))
    .flatMap(({ value }) => (value && literal(value)) || []);
  const address = known.join(', ');
  return [map.outside('kafka', address || otherwise, template.source, address || addressOf(poller))];
}
