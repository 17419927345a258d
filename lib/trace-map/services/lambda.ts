import { concat } from '../../cloudformation/partial-string';
import { effectiveProperties } from '../../cloudformation/sam-globals';
import type { Resource } from '../../cloudformation/template';
import type { Connections, Services } from '../service';
import type { TraceNode } from '../trace-map';
import type { TraceMapBuilder } from '../trace-map-builder';
import { FUNCTION_CALLS } from './lambda-calls';
import { samEventTargets } from './sam-events';

/** "Creating and managing Lambda function URLs" (AWS Lambda Developer Guide). */
const FUNCTION_URLS: Connections = {
  'AWS::Lambda::Url': (resource, map) => {
    const { template, properties } = resource;
    const { resolver } = map;
    const url = map.node(resource)!;
    const qualifiers = resolver.strings(properties.Qualifier, template);
    const targets = resolver.strings(properties.TargetFunctionArn, template).flatMap(({ value: fn }) =>
      qualifiers.flatMap(({ value: qualifier }) => {
        if (!fn) return [];
        const qualified = qualifier ? concat(fn, [':'], qualifier) : fn;
        return map.resolveString(qualified, template, 'function');
      }),
    );
    map.callOneOf(url, targets, { source: resource });
  },

  'AWS::Serverless::Function': (resource, map) => {
    if (effectiveProperties(resource).FunctionUrlConfig === undefined) return;
    const url = map.generated('function-url', `${resource.logicalId}Url`, resource);
    map.callOneOf(url, samEventTargets(resource, map), { source: resource });
  },
};

/**
 * Destinations of asynchronous invocations ("Capturing records of Lambda asynchronous invocations", AWS Lambda Developer
 * Guide).
 */
const DESTINATIONS: Connections = {
  'AWS::Lambda::EventInvokeConfig': (resource, map) => {
    const { template, properties } = resource;
    for (const { node: fn } of map.resolve(properties.FunctionName, template, 'function')) {
      callDestinations(fn, ASYNCHRONOUS, resource, map);
    }
  },
  'AWS::Lambda::Function': (resource, map) => {
    callDestinations(map.node(resource)!, FUNCTION, resource, map);
  },
  'AWS::Serverless::Function': (resource, map) => {
    callDestinations(map.node(resource)!, SAM_FUNCTION, resource, map);
  },
};

/** The path of a destination, and true if successful invocations call it. */
type Destination = readonly [path: string, isForSuccess: boolean];

const ASYNCHRONOUS: readonly Destination[] = [
  ['DestinationConfig.OnSuccess.Destination', true],
  ['DestinationConfig.OnFailure.Destination', false],
];
const FUNCTION: readonly Destination[] = [['DeadLetterConfig.TargetArn', false]];
const SAM_FUNCTION: readonly Destination[] = [
  ...ASYNCHRONOUS.map(([path, isForSuccess]) => [`EventInvokeConfig.${path}`, isForSuccess] as const),
  ['DeadLetterQueue.TargetArn', false],
];

function callDestinations(
  fn: TraceNode,
  destinations: readonly Destination[],
  source: Resource,
  map: TraceMapBuilder,
): void {
  const { template } = source;
  for (const [path, isForSuccess] of destinations) {
    for (const { value } of map.resolver.at(effectiveProperties(source), path.split('.'), template)) {
      const certainty = isForSuccess ? {} : { isCertain: false };
      const call = { source, invocation: 'asynchronous', ...certainty } as const;
      map.callOneOf(fn, map.resolve(value, template), call);
    }
  }
}

export const LAMBDA = {
  function: {
    title: 'AWS Lambda',
    source: {
      title: 'Visualize Lambda function invocations using AWS X-Ray',
      url: 'https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html',
    },
    types: ['AWS::Lambda::Function', 'AWS::Serverless::Function'],
    arn: { service: 'lambda', prefix: 'function:' },
    nameProperty: 'FunctionName',
    propagation: 'propagates',
    invocation: 'synchronous',
    tracingProperty: {
      'AWS::Lambda::Function': ['TracingConfig.Mode', 'Active'],
      'AWS::Serverless::Function': ['Tracing', 'Active'],
    },
    callActions: ['lambda:InvokeAsync', 'lambda:InvokeFunction'],
    stateMachineIntegration: { services: ['lambda'], actions: /^invoke/, paths: [['FunctionName']] },
    universalTarget: { action: 'lambda:invoke', parameter: 'FunctionName' },
    // "Capturing records of Lambda asynchronous invocations" (AWS Lambda Developer Guide), and its pages on queues and
    // streams.
    failureTargets: {
      'AWS::Lambda::EventInvokeConfig': ['DestinationConfig.OnFailure.Destination'],
      'AWS::Lambda::EventSourceMapping': ['DestinationConfig.OnFailure.Destination'],
      'AWS::Lambda::Function': ['DeadLetterConfig.TargetArn'],
      'AWS::Serverless::Function': [
        'DeadLetterQueue.TargetArn',
        'EventInvokeConfig.DestinationConfig.OnFailure.Destination',
      ],
    },
    connections: DESTINATIONS,
    fallbackConnections: FUNCTION_CALLS,
  },
  'function-url': {
    title: 'AWS Lambda function URL',
    source: {
      title: 'Monitoring Lambda function URLs',
      url: 'https://docs.aws.amazon.com/lambda/latest/dg/urls-monitoring.html',
    },
    types: ['AWS::Lambda::Url'],
    // The page does not say what happens to the tracing header of a request.
    propagation: 'breaks',
    invocation: 'synchronous',
    callActions: ['lambda:InvokeFunctionUrl'],
    connections: FUNCTION_URLS,
  },
} satisfies Services;
