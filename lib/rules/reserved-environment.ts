import { isInGlobals } from '../cloudformation/sam-globals';
import { nameOf } from '../cloudformation/template';
import type { EnvironmentVariable, LambdaFunction } from '../lambda/lambda-function';
import type { Finding, Rule } from './rule';
import { canHaveMode } from './wording';

export const RESERVED_ENVIRONMENT: Rule = {
  id: 'LambdaXRay-ReservedEnvironment',
  title: 'No environment variable gets in the way of tracing',
  severity: 'error',
  rationale:
    'Lambda sets _X_AMZN_TRACE_ID for each invocation, and refuses a function that sets it. ' +
    'AWS_XRAY_DAEMON_ADDRESS and AWS_XRAY_CONTEXT_MISSING it sets too, but lets itself be ' +
    'overruled: then traces go elsewhere, or code outside of a trace throws. And libraries ' +
    'have variables of their own that switch them off.',
  fix: 'Remove the variable, and leave it to Lambda.',
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
  },
  check: (model) =>
    model.functions.flatMap((fn) => fn.environment.flatMap((variable) => findingOf(fn, variable))),
};

interface Trouble {
  readonly name: string;
  /** The values that make trouble; any, where there is none. */
  readonly values?: RegExp;
  /** Whether it makes trouble in an Active function only. */
  readonly inActiveOnly?: boolean;
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

const OFF = /^(false|0|off|no)$/i;
const ON = /^(true|1|on|yes)$/i;

/**
 * The variables, from "Defined runtime environment variables" (AWS Lambda Developer Guide), and from the pages on
 * environment variables of the X-Ray SDKs, of Powertools for AWS Lambda and of OpenTelemetry.
 */
const TROUBLES: readonly Trouble[] = [
  {
    name: '_X_AMZN_TRACE_ID',
    severity: 'error',
    message: 'is reserved: Lambda refuses a function that sets it',
  },
  {
    name: 'AWS_XRAY_DAEMON_ADDRESS',
    severity: 'warning',
    message: "overrules the address of Lambda's X-Ray daemon, so that what the code records goes elsewhere",
  },
  {
    name: 'AWS_XRAY_CONTEXT_MISSING',
    values: /^RUNTIME_ERROR$/,
    severity: 'warning',
    message: 'makes code throw wherever there is no trace to record to; Lambda sets LOG_ERROR',
  },
  ...[
    { name: 'AWS_XRAY_SDK_ENABLED', values: OFF, by: 'the X-Ray SDK' },
    { name: 'POWERTOOLS_TRACE_ENABLED', values: OFF, by: "Powertools' Tracer" },
    { name: 'POWERTOOLS_TRACE_DISABLED', values: ON, by: "Powertools' Tracer" },
    { name: 'OTEL_SDK_DISABLED', values: ON, by: 'OpenTelemetry' },
    { name: 'OTEL_TRACES_EXPORTER', values: /^none$/, by: 'OpenTelemetry' },
    { name: 'OTEL_TRACES_SAMPLER', values: /^always_off$/, by: 'OpenTelemetry' },
  ].map(({ by, ...variable }): Trouble => ({
    ...variable,
    inActiveOnly: true,
    severity: 'warning',
    message: `switches ${by} off, though the function is traced`,
  })),
];

function findingOf(fn: LambdaFunction, { name, values }: EnvironmentVariable): Finding[] {
  const trouble = TROUBLES.find((candidate) => candidate.name === name);
  if (!trouble || (trouble.inActiveOnly && !canHaveMode(fn, 'Active'))) return [];
  const { values: troubling, severity, message } = trouble;
  const found = values.find(({ value }) => troubling?.test(value));
  if (troubling && !found) return [];
  const { resource } = fn;
  const path = ['Environment', 'Variables', name];
  const place = isInGlobals(resource, path)
    ? `Globals.Function, and from the environment of '${nameOf(resource)}' if it is there, too`
    : `the environment of '${nameOf(resource)}'`;
  const setting = found ? `${name}=${found.value}` : name;
  return [
    {
      resource,
      logicalId: resource.logicalId,
      property: path.join('.'),
      severity,
      message: `The environment variable ${setting} of the function '${nameOf(resource)}' ${message}.`,
      fix: `Remove ${name} from ${place}.`,
      related: [],
    },
  ];
}
