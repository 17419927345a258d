import { nameOf } from '../cloudformation/template';
import { isUnsupported } from '../lambda/event-sources';
import type { LambdaFunction } from '../lambda/lambda-function';
import { type Finding, findingOn, type Rule } from './rule';

export const ACTIVE_TRACING: Rule = {
  id: 'LambdaXRay-ActiveTracing',
  title: 'Functions that X-Ray can trace should use active tracing',
  severity: 'warning',
  rationale:
    "A PassThrough function propagates the tracing header but records nothing, even when its caller's trace " +
    'is sampled. Both of its nodes are missing from the trace map, and what it calls is disconnected from the ' +
    'trace. PassThrough is also the default if no mode is set.',
  fix:
    'Set the tracing mode to Active. With CDK, LambdaTracing.of(scope).active() sets it for all functions of ' +
    'a scope.',
  source: {
    title: 'Visualize Lambda function invocations using AWS X-Ray',
    url: 'https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html',
  },
  examples: {
    incorrect: `Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      TracingConfig: { Mode: PassThrough }`,
    correct: `Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      TracingConfig: { Mode: Active }`,
  },
  check: (model) => model.functions.filter((fn) => isUntraced(fn) && isTraceable(fn)).map(findingFor),
};

function isUntraced({ modes }: LambdaFunction): boolean {
  return modes.length > 0 && modes.every(({ value }) => value === 'PassThrough' || value === 'unset');
}

/** True unless the function runs at the edge, or only event sources that X-Ray does not support invoke it. */
function isTraceable({ isEdgeFunction, eventSourceMappings, hasOtherCallers }: LambdaFunction): boolean {
  const kinds = eventSourceMappings.flatMap(({ sources }) => sources.map(({ value }) => value.kind));
  const onlyUnsupported = kinds.length > 0 && kinds.every(isUnsupported) && !hasOtherCallers;
  return !isEdgeFunction && !onlyUnsupported;
}

function findingFor({ resource, modes, modeProperty }: LambdaFunction): Finding {
  const name = nameOf(resource);
  const isSet = modes.some(({ value }) => value === 'PassThrough');
  return findingOn(resource, {
    property: modeProperty,
    message: isSet
      ? `Function '${name}' is PassThrough, so it records no traces, even for requests that its callers trace.`
      : `Function '${name}' has no tracing mode and defaults to PassThrough, so it records no traces.`,
    fix: `Set ${modeProperty} of '${name}' to Active.`,
  });
}
