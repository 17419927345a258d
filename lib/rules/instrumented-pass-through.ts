import { nameOf } from '../cloudformation/template';
import {
  agentLayersIn,
  OPEN_TELEMETRY_WRAPPER,
  recordsForXRay,
  WRAPPER_VARIABLE,
} from '../lambda/instrumentation';
import type { LambdaFunction } from '../lambda/lambda-function';
import { INSTRUMENTED } from './broken-instrumentation';
import { modeFix, sentence } from './fixes';
import { type Finding, findingOn, type Rule } from './rule';
import { canHaveMode, hasUnsupportedSource, untracedPhrase } from './wording';

export const INSTRUMENTED_PASS_THROUGH: Rule = {
  id: 'LambdaXRay-InstrumentedPassThrough',
  title: 'Instrumented functions should be Active',
  problem: 'Instrumented function that is not Active',
  severity: 'warning',
  rationale:
    'A library or layer records the calls of the code below the segment of the function. Only active tracing records ' +
    'this segment. In PassThrough mode, the spans have no parent in the trace, and Lambda decides not to sample ' +
    'requests that have no sampling decision, so that most libraries record nothing.',
  fix: 'Set the tracing mode of the function to Active, or remove the instrumentation.',
  source: {
    title: 'Visualize Lambda function invocations using AWS X-Ray',
    url: 'https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html',
  },
  examples: {
    incorrect: `Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs22.x
      Layers: [!Sub 'arn:aws:lambda:\${AWS::Region}:615299751070:layer:AWSOpenTelemetryDistroJs:15']
      Environment: { Variables: { AWS_LAMBDA_EXEC_WRAPPER: /opt/otel-instrument } }`,
    ...INSTRUMENTED,
  },
  readsCode: true,
  check: (model) =>
    model.functions
      .filter((fn) => isNeverActive(fn) && !fn.isEdgeFunction && !hasUnsupportedSource(fn))
      .flatMap(findingsFor),
};

/** True if a function has a known mode other than Active in all cases. */
function isNeverActive(fn: LambdaFunction): boolean {
  return fn.modes.length > 0 && !canHaveMode(fn, 'Active') && !canHaveMode(fn, 'unknown');
}

function findingsFor(fn: LambdaFunction): Finding[] {
  const found = instrumentationOf(fn);
  if (!found || sendsElsewhere(fn)) return [];
  const { resource } = fn;
  return [
    findingOn(resource, {
      property: fn.modeProperty,
      message: `Function '${nameOf(resource)}' ${untracedPhrase(fn)}, but ${found}. Its spans are not connected to a trace.`,
      fix: sentence(`${modeFix(fn, 'Active')}, or remove the instrumentation`),
    }),
  ];
}

/** Describes the instrumentation of a function for X-Ray, if it has one. */
function instrumentationOf({ configuration, environment, code }: LambdaFunction): string | undefined {
  const layer = agentLayersIn(configuration.layers).find(({ value }) => recordsForXRay(value));
  if (layer) return `has the layer ${layer.value.arn.name}`;
  const wrapper = environment.find(({ name }) => name === WRAPPER_VARIABLE);
  if (wrapper?.values.some(({ value }) => value === OPEN_TELEMETRY_WRAPPER)) {
    return `starts with OpenTelemetry's wrapper`;
  }
  // A package that no code loads records nothing.
  const library = code.libraries.find(({ isLoaded }) => isLoaded);
  return library && `has ${library.name} in its code (${library.file})`;
}

/** The variables with which OpenTelemetry sends spans to another place than X-Ray. */
const EXPORTERS =
  /^(?:OTEL_EXPORTER_OTLP_(?:TRACES_)?ENDPOINT|OTEL_TRACES_EXPORTER|OPENTELEMETRY_COLLECTOR_CONFIG_(?:FILE|URI))$/;

function sendsElsewhere({ environment }: LambdaFunction): boolean {
  return environment.some(({ name }) => EXPORTERS.test(name));
}
