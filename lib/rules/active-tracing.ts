import { nameOf } from '../cloudformation/template';
import { isUnsupported } from '../lambda/event-sources';
import type { LambdaFunction } from '../lambda/lambda-function';
import type { Finding, Rule } from './rule';

export const ACTIVE_TRACING: Rule = {
  id: 'LambdaXRay-ActiveTracing',
  title: 'A function that can be traced is Active',
  severity: 'warning',
  rationale:
    'A PassThrough function hands the tracing header on and records nothing, even when its ' +
    "caller's trace is sampled: its two nodes are missing from the service map, and what it " +
    'calls hangs in the air. It is also what a function is whose mode is left out.',
  fix:
    'Set the tracing mode to Active. With CDK, LambdaTracing.of(scope).active() does so for ' +
    'all functions of a scope.',
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
  check: (model) => model.functions.filter((fn) => isUntraced(fn) && isTraceable(fn)).map(findingOf),
};

function isUntraced({ modes }: LambdaFunction): boolean {
  return modes.length > 0 && modes.every(({ value }) => value === 'PassThrough' || value === 'unset');
}

/** Not where X-Ray couldn't: at the edge, and behind sources that it doesn't support alone. */
function isTraceable({ isEdgeFunction, eventSourceMappings, hasOtherCallers }: LambdaFunction): boolean {
  const kinds = eventSourceMappings.flatMap(({ sources }) => sources.map(({ value }) => value.kind));
  const onlyUnsupported = kinds.length > 0 && kinds.every(isUnsupported) && !hasOtherCallers;
  return !isEdgeFunction && !onlyUnsupported;
}

function findingOf({ resource, modes, modeProperty }: LambdaFunction): Finding {
  const isSet = modes.some(({ value }) => value === 'PassThrough');
  return {
    resource,
    logicalId: resource.logicalId,
    property: modeProperty,
    message: isSet
      ? `The function '${nameOf(resource)}' is PassThrough: it records no traces, even of requests that its callers trace.`
      : `The function '${nameOf(resource)}' has no tracing mode, which makes it PassThrough: it records no traces.`,
    fix: `Set ${modeProperty} of '${nameOf(resource)}' to Active.`,
    related: [],
  };
}
