import { isObject } from '../../cloudformation/json';
import { literal } from '../../cloudformation/partial-string';
import type { Resource } from '../../cloudformation/template';
import type { NodeKind } from '../trace-map';
import type { Connections, TraceMapBuilder } from '../trace-map-builder';

const SOURCES: readonly (readonly [configuration: string, property: string, kind: NodeKind])[] = [
  ['KinesisStreamSourceConfiguration', 'KinesisStreamARN', 'stream'],
  ['MSKSourceConfiguration', 'MSKClusterARN', 'msk'],
];

/** Delivery streams take from a source, and have functions transform what they deliver. */
export const DELIVERY_STREAMS: Connections = {
  'AWS::KinesisFirehose::DeliveryStream': (resource, map) => {
    const node = map.node(resource)!;
    for (const [configuration, property, kind] of SOURCES) {
      for (const value of map.valuesAt(resource, [configuration, property])) {
        map.callByOneOf(map.resolveAs(kind, value, resource), [{ node, through: [] }], { source: resource });
      }
    }
    for (const fn of transformers(resource, map)) map.call(node, fn, { source: resource });
  },
};

/** The functions of the processors that each kind of destination may have. */
function transformers(resource: Resource, map: TraceMapBuilder): unknown[] {
  return Object.keys(resource.properties)
    .flatMap((name) => map.valuesAt(resource, [name, 'ProcessingConfiguration', 'Processors', 'Parameters']))
    .filter(isObject)
    .filter(({ ParameterName: name }) =>
      map.resolver
        .strings(name, resource.template)
        .some(({ value }) => value && literal(value) === 'LambdaArn'),
    )
    .map(({ ParameterValue: value }) => value);
}
