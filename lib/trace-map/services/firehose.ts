import { isObject } from '../../cloudformation/json';
import { literal } from '../../cloudformation/partial-string';
import type { Resource } from '../../cloudformation/template';
import type { Connections, Services } from '../service';
import { NOT_INTEGRATED } from '../service-facts';
import type { NodeKind } from '../trace-map';
import type { TraceMapBuilder } from '../trace-map-builder';

const SOURCES: readonly (readonly [configuration: string, property: string, kind: NodeKind])[] = [
  ['KinesisStreamSourceConfiguration', 'KinesisStreamARN', 'stream'],
  ['MSKSourceConfiguration', 'MSKClusterARN', 'msk'],
];

const CONNECTIONS: Connections = {
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

/** Returns the functions of the processors, which each kind of destination can have. */
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

export const FIREHOSE = {
  'delivery-stream': {
    title: 'Amazon Data Firehose',
    source: NOT_INTEGRATED,
    types: ['AWS::KinesisFirehose::DeliveryStream'],
    arn: { service: 'firehose', prefix: 'deliverystream/' },
    nameProperty: 'DeliveryStreamName',
    // The page does not say that a header reaches the functions that transform records, or any later service.
    propagation: 'breaks',
    invocation: 'synchronous',
    callActions: ['firehose:PutRecord', 'firehose:PutRecordBatch'],
    stateMachineIntegration: {
      services: ['firehose'],
      actions: /^putRecord/,
      paths: [['DeliveryStreamName']],
    },
    apiIntegration: { actions: /^PutRecord/ },
    universalTarget: { action: 'firehose:putRecord', parameter: 'DeliveryStreamName' },
    connections: CONNECTIONS,
  },
} satisfies Services;
