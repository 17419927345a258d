import { effectiveProperties } from '../../sam-globals';
import type { Resource } from '../../template';
import type { Connections } from '../connection';
import type { MapBuilder } from '../map-builder';
import type { TraceNode } from '../trace-map';

/**
 * Where Lambda sends what becomes of asynchronous invocations ("Capturing records of Lambda asynchronous invocations",
 * AWS Lambda Developer Guide).
 */
export const DESTINATIONS: Connections = {
  'AWS::Lambda::EventInvokeConfig': (resource, map) => {
    const { template, properties } = resource;
    for (const { node: fn } of map.meant(properties.FunctionName, template, 'function')) {
      callAll(fn, ASYNCHRONOUS, resource, map);
    }
  },
  'AWS::Lambda::Function': (resource, map) => {
    callAll(map.node(resource)!, FUNCTION, resource, map);
  },
  'AWS::Serverless::Function': (resource, map) => {
    callAll(map.node(resource)!, SAM_FUNCTION, resource, map);
  },
};

/** Where a destination is written, and whether calls in which nothing fails go there. */
type Destination = readonly [path: string, isUsual: boolean];

const ASYNCHRONOUS: readonly Destination[] = [
  ['DestinationConfig.OnSuccess.Destination', true],
  ['DestinationConfig.OnFailure.Destination', false],
];
const FUNCTION: readonly Destination[] = [['DeadLetterConfig.TargetArn', false]];
const SAM_FUNCTION: readonly Destination[] = [
  ...ASYNCHRONOUS.map(([path, isUsual]) => [`EventInvokeConfig.${path}`, isUsual] as const),
  ['DeadLetterQueue.TargetArn', false],
];

function callAll(fn: TraceNode, destinations: readonly Destination[], by: Resource, map: MapBuilder): void {
  const { template } = by;
  for (const [path, isUsual] of destinations) {
    for (const { value } of map.resolver.at(effectiveProperties(by), path.split('.'), template)) {
      const certainty = isUsual ? {} : { isCertain: false };
      const call = { by, invocation: 'asynchronous', ...certainty } as const;
      map.callOneOf(fn, map.meant(value, template), call);
    }
  }
}
