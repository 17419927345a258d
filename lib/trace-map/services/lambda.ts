import { concat } from '../../cloudformation/partial-string';
import { effectiveProperties } from '../../cloudformation/sam-globals';
import type { Resource } from '../../cloudformation/template';
import { defineServices } from '../service';
import type { TraceNode } from '../trace-map';
import type { Connections, TraceMapBuilder } from '../trace-map-builder';
import { targetsOfEvents } from './sam-events';

export const COMPUTE = defineServices({
  function: {
    title: 'AWS Lambda',
    types: ['AWS::Lambda::Function', 'AWS::Serverless::Function'],
    arn: { service: 'lambda', prefix: 'function:' },
    nameProperty: 'FunctionName',
    propagation: 'propagates',
    invocation: 'synchronous',
    tracingProperty: {
      'AWS::Lambda::Function': ['TracingConfig.Mode', 'Active'],
      'AWS::Serverless::Function': ['Tracing', 'Active'],
    },
    source: {
      title: 'Visualize Lambda function invocations using AWS X-Ray',
      url: 'https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html',
    },
  },
});

/** "Creating and managing Lambda function URLs" (AWS Lambda Developer Guide). */
export const FUNCTION_URLS: Connections = {
  'AWS::Lambda::Url': (resource, map) => {
    const { template, properties } = resource;
    const { resolver } = map;
    const url = map.node(resource)!;
    const qualifiers = resolver.strings(properties.Qualifier, template);
    const called = resolver.strings(properties.TargetFunctionArn, template).flatMap(({ value: fn }) =>
      qualifiers.flatMap(({ value: qualifier }) => {
        if (!fn) return [];
        const qualified = qualifier ? concat(fn, [':'], qualifier) : fn;
        return map.resolveString(qualified, template, 'function');
      }),
    );
    map.callOneOf(url, called, { source: resource });
  },

  'AWS::Serverless::Function': (resource, map) => {
    if (effectiveProperties(resource).FunctionUrlConfig === undefined) return;
    const url = map.generated('function-url', `${resource.logicalId}Url`, resource);
    map.callOneOf(url, targetsOfEvents(resource, map), { source: resource });
  },
};

/**
 * Where Lambda sends what becomes of asynchronous invocations ("Capturing records of Lambda asynchronous invocations",
 * AWS Lambda Developer Guide).
 */
export const DESTINATIONS: Connections = {
  'AWS::Lambda::EventInvokeConfig': (resource, map) => {
    const { template, properties } = resource;
    for (const { node: fn } of map.resolve(properties.FunctionName, template, 'function')) {
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

function callAll(
  fn: TraceNode,
  destinations: readonly Destination[],
  by: Resource,
  map: TraceMapBuilder,
): void {
  const { template } = by;
  for (const [path, isUsual] of destinations) {
    for (const { value } of map.resolver.at(effectiveProperties(by), path.split('.'), template)) {
      const certainty = isUsual ? {} : { isCertain: false };
      const call = { source: by, invocation: 'asynchronous', ...certainty } as const;
      map.callOneOf(fn, map.resolve(value, template), call);
    }
  }
}
