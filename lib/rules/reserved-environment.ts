import type { Possible } from '../cloudformation/possible';
import { isInGlobals } from '../cloudformation/sam-globals';
import { nameOf } from '../cloudformation/template';
import type { EnvironmentVariable, LambdaFunction } from '../lambda/lambda-function';
import { hasOpenTelemetryLayer } from '../lambda/instrumentation';
import { CHECKED_VARIABLES } from './broken-instrumentation';
import { removalFixes } from './template-fixes';
import { type Finding, findingOn, type Rule } from './rule';
import { canBeActiveWhen } from './wording';

export const RESERVED_ENVIRONMENT: Rule = {
  id: 'LambdaXRay-ReservedEnvironment',
  title: 'Environment variables must not interfere with tracing',
  problem: 'Environment variable that interferes with tracing',
  severity: 'error',
  rationale:
    'Lambda sets _X_AMZN_TRACE_ID for each invocation and rejects functions that set it. Lambda also sets ' +
    'AWS_XRAY_DAEMON_ADDRESS and AWS_XRAY_CONTEXT_MISSING, which a function can override: segments are then ' +
    'sent elsewhere, or code that runs outside of a trace throws an error. Tracing libraries have variables ' +
    'of their own that turn them off. Only _X_AMZN_TRACE_ID is an error. The others are warnings.',
  fix: 'Remove the variable. Lambda sets the right value.',
  source: {
    title: 'Defined runtime environment variables',
    url: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html',
  },
  examples: {
    incorrect: `Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      TracingConfig: { Mode: Active }
      Environment:
        Variables:
          AWS_XRAY_DAEMON_ADDRESS: 10.0.0.7:2000`,
    correct: `Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      TracingConfig: { Mode: Active }
      Environment:
        Variables:
          TABLE_NAME: orders`,
    typescript: `new TracedFunction(this, 'Fn', { ...props, environment: { TABLE_NAME: 'orders' } });`,
    sam: `Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Tracing: Active
      Environment:
        Variables:
          TABLE_NAME: orders`,
  },
  repairs: ['safe', 'suggested'],
  check: (model) =>
    model.functions.flatMap((fn) => {
      // In a function with AWS's OpenTelemetry layer, BrokenInstrumentation checks the variables of OpenTelemetry.
      const others =
        hasOpenTelemetryLayer(fn.configuration.layers) && !fn.configuration.isImage ? CHECKED_VARIABLES : [];
      return fn.environment
        .filter(({ name }) => !others.includes(name))
        .flatMap((variable) => findingsFor(fn, variable));
    }),
};

interface HarmfulVariable {
  readonly name: string;
  /** The harmful values; any value if not set. */
  readonly values?: RegExp;
  /** Set when the variable does harm only in an Active function. */
  readonly inActiveOnly?: boolean;
  readonly severity: 'error' | 'warning';
  /** The second part of the message, after the variable and the function. */
  readonly effect: string;
}

const TRUE = /^\s*true\s*$/i;
const FALSE = /^\s*false\s*$/i;

/** The values that Powertools for Python reads as true (`strtobool`). Powertools for .NET accepts only `true`. */
const TRUTHY = /^(y|yes|t|true|on|1)$/i;

/**
 * Variables from "Defined runtime environment variables" (AWS Lambda Developer Guide). The values of the others are those
 * that the libraries accept: the X-Ray SDKs (`sdk_config.py` for Python, `AWS_XRAY_SDK_DISABLED` for Go), Powertools for
 * AWS Lambda (`Tracer.ts`, `shared/functions.py`), and "Environment Variable Specification" (OpenTelemetry).
 */
const HARMFUL_VARIABLES: readonly HarmfulVariable[] = [
  {
    name: '_X_AMZN_TRACE_ID',
    severity: 'error',
    effect: 'is reserved. Lambda rejects functions that set it',
  },
  {
    name: 'AWS_XRAY_DAEMON_ADDRESS',
    severity: 'warning',
    effect:
      "overrides the address of Lambda's X-Ray daemon, so segments that the code records are sent elsewhere",
  },
  {
    name: 'AWS_XRAY_CONTEXT_MISSING',
    values: /^RUNTIME_ERROR$/i,
    severity: 'warning',
    effect: 'makes code throw an error when there is no trace to record to. Lambda sets it to LOG_ERROR',
  },
  ...[
    { name: 'AWS_XRAY_SDK_ENABLED', values: FALSE, library: 'the X-Ray SDK' },
    { name: 'AWS_XRAY_SDK_DISABLED', values: TRUE, library: 'the X-Ray SDK' },
    { name: 'POWERTOOLS_TRACE_ENABLED', values: FALSE, library: "Powertools' Tracer" },
    { name: 'POWERTOOLS_TRACE_DISABLED', values: TRUTHY, library: "Powertools' Tracer" },
    { name: 'OTEL_SDK_DISABLED', values: TRUE, library: 'OpenTelemetry' },
    { name: 'OTEL_TRACES_EXPORTER', values: /^none$/, library: 'OpenTelemetry' },
    { name: 'OTEL_TRACES_SAMPLER', values: /^always_off$/, library: 'OpenTelemetry' },
  ].map(({ library, ...variable }): HarmfulVariable => ({
    ...variable,
    inActiveOnly: true,
    severity: 'warning',
    effect: `turns off ${library}, although the function is traced`,
  })),
];

function findingsFor(fn: LambdaFunction, { name, isSet, values }: EnvironmentVariable): Finding[] {
  const harmful = HARMFUL_VARIABLES.find((variable) => variable.name === name);
  if (!harmful) return [];
  const { values: harmfulValues, inActiveOnly } = harmful;
  const cases: Possible<string | undefined>[] = harmfulValues
    ? values.filter((possible) => harmfulValues.test(possible.value))
    : isSet.map((when) => ({ value: undefined, when }));
  const found = cases.find(({ when }) => !inActiveOnly || canBeActiveWhen(fn, when));
  if (!found) return [];
  const { value } = found;
  const { resource } = fn;
  const path = ['Environment', 'Variables', name];
  const setting = value === undefined ? name : `${name}=${value}`;
  return [
    findingOn(resource, {
      property: path.join('.'),
      severity: harmful.severity,
      message: `Environment variable ${setting} of function '${nameOf(resource)}' ${harmful.effect}.`,
      // Somebody may turn off a library on purpose.
      fixes: removalFixes(resource, path, inActiveOnly ? 'suggested' : 'safe'),
      fix: isInGlobals(resource, path)
        ? `Remove ${name} from Globals.Function, and from the environment of '${nameOf(resource)}' if it is also set there.`
        : `Remove ${name} from the environment of '${nameOf(resource)}'.`,
    }),
  ];
}
