import { nameOf } from '../cloudformation/template';
import { EVENT_SOURCE_NAMES } from '../lambda/event-sources';
import type { LambdaFunction } from '../lambda/lambda-function';
import { listNames } from '../text/printable';
import { activationFixes, modeFix, sentence } from './fixes';
import { activationEdits } from './template-fixes';
import { type Finding, findingOn, type Rule, type TemplateFix } from './rule';
import { unsupportedConnections } from './unsupported-event-source';
import { alwaysHasMode, canHaveMode } from './wording';

export const ACTIVE_TRACING: Rule = {
  id: 'LambdaXRay-ActiveTracing',
  title: 'Functions that X-Ray can trace should use active tracing',
  problem: 'Function without active tracing',
  severity: 'warning',
  standsFor: ['LambdaXRay-ExplicitMode'],
  skipsCdkFunctions: true,
  rationale:
    "A PassThrough function propagates the tracing header but records nothing, even when its caller's trace " +
    'is sampled. Both of its nodes are missing from the trace map, and what it calls is disconnected from the ' +
    'trace. PassThrough is also the default if no mode is set.',
  fix:
    'Set the tracing mode to Active. With CDK, LambdaTracing.of(scope).active() sets it for all functions of ' +
    'a scope. If X-Ray does not support an event source of the function, first move that event source to a ' +
    'function of its own.',
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
    typescript: `new lambda.Function(this, 'Fn', props);
LambdaTracing.of(this).active();`,
    sam: `Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Tracing: Active`,
  },
  repairs: ['safe', 'suggested'],
  check: ({ functions }) => {
    const activate = activationFixes(functions);
    return functions
      .filter((fn) => isUntraced(fn) && !fn.isEdgeFunction)
      .flatMap((fn) => findingsFor(fn, activate));
  },
};

function isUntraced({ modes }: LambdaFunction): boolean {
  return modes.length > 0 && modes.every(({ value }) => value === 'PassThrough' || value === 'unset');
}

/**
 * Reports an untraced function. With an event source that X-Ray does not support, it must not be Active. It is reported
 * only if it has no mode and the templates let a service or a function URL invoke it, which a function of its own can
 * record.
 */
function findingsFor(fn: LambdaFunction, activate: (fn: LambdaFunction) => string): Finding[] {
  const { eventSourceMappings, hasOtherCallers } = fn;
  const unsupported = eventSourceMappings.flatMap((mapping) => unsupportedConnections(mapping, fn));
  if (unsupported.length === 0) return [findingFor(fn, sentence(activate(fn)), activationEdits(fn))];
  if (!hasOtherCallers || !alwaysHasMode(fn, 'unset')) return [];
  const sources = [...new Set(unsupported.map(({ value }) => EVENT_SOURCE_NAMES[value.kind]))].sort();
  return [
    findingFor(
      fn,
      `Move ${listNames(sources)}, which X-Ray does not support, to a function of its own, and ${modeFix(fn, 'Active')} for its other callers.`,
    ),
  ];
}

function findingFor(fn: LambdaFunction, fix: string, fixes: readonly TemplateFix[] = []): Finding {
  const name = nameOf(fn.resource);
  return findingOn(fn.resource, {
    property: fn.modeProperty,
    message: canHaveMode(fn, 'PassThrough')
      ? `Function '${name}' is PassThrough, so it records no traces, even for requests that its callers trace.`
      : `Function '${name}' has no tracing mode and defaults to PassThrough, so it records no traces.`,
    fix,
    fixes,
  });
}
