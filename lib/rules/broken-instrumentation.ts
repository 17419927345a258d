import { and, type Possible } from '../cloudformation/possible';
import { effectiveProperties } from '../cloudformation/sam-globals';
import { macroOf, nameOf, partitionOf } from '../cloudformation/template';
import { APPLICATION_SIGNALS_LOG_GROUP } from '../iam/resource-policy';
import {
  type AgentLayer,
  agentLayersIn,
  APPLICATION_SIGNALS_POLICY,
  architecturesOf,
  hasOpenTelemetryLayer,
  isOpenTelemetryLayer,
  languageOf,
  OPEN_TELEMETRY_WRAPPER,
  parseLayerArn,
  recordsForXRay,
  REPLACEABLE_EXPORTS,
  RUNTIMES_WITH_REQUIRE,
  WRAPPER_VARIABLE,
} from '../lambda/instrumentation';
import type { LambdaFunction } from '../lambda/lambda-function';
import { OPEN_TELEMETRY_LAYERS } from '../lambda/open-telemetry-layers';
import { listAll } from '../text/printable';
import { instrumentationFix } from './fixes';
import { type Finding, findingOn, type Rule, type Severity } from './rule';
import { rolePhrase } from './wording';

/** The fixed examples of the rules on instrumentation: a function with AWS's OpenTelemetry layer. */
export const INSTRUMENTED = {
  correct: `Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs22.x
      TracingConfig: { Mode: Active }
      Layers: [!Sub 'arn:aws:lambda:\${AWS::Region}:615299751070:layer:AWSOpenTelemetryDistroJs:15']
      Environment: { Variables: { AWS_LAMBDA_EXEC_WRAPPER: /opt/otel-instrument } }`,
  typescript: `new TracedFunction(this, 'Fn', { ...props, instrumentation: Instrumentation.openTelemetry() });`,
  sam: `Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Tracing: Active
      Layers: [!Sub 'arn:aws:lambda:\${AWS::Region}:615299751070:layer:AWSOpenTelemetryDistroJs:15']
      Environment: { Variables: { AWS_LAMBDA_EXEC_WRAPPER: /opt/otel-instrument } }`,
};

export const BROKEN_INSTRUMENTATION: Rule = {
  id: 'LambdaXRay-BrokenInstrumentation',
  title: 'Instrumentation layers and variables must match the function and each other',
  problem: 'Instrumentation that does not match the function',
  severity: 'error',
  rationale:
    'A layer instruments a function only with its wrapper, which AWS_LAMBDA_EXEC_WRAPPER names, and only in its ' +
    'region, for its language and its architecture. A wrapper without a layer keeps the function from starting. Two ' +
    'agents instrument the same calls, and a function can have one wrapper. With Application Signals, which is on by ' +
    'default, the role must also be allowed to write its log group. Findings that depend on the content of a layer, or ' +
    'leave traces as they are, are warnings.',
  fix: 'Use the layer for the runtime, the architecture and the region of the function, with the wrapper of this layer.',
  source: {
    title: 'AWS Distro for OpenTelemetry Lambda',
    url: 'https://aws-otel.github.io/docs/getting-started/lambda',
  },
  examples: {
    incorrect: `Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs22.x
      TracingConfig: { Mode: Active }
      Environment: { Variables: { AWS_LAMBDA_EXEC_WRAPPER: /opt/otel-instrument } }`,
    ...INSTRUMENTED,
  },
  readsCode: true,
  check: (model) =>
    model.functions
      .filter(({ isEdgeFunction, configuration }) => !isEdgeFunction && !configuration.isImage)
      .flatMap((fn) => [
        ...wrapperFindings(fn),
        ...layerFindings(fn),
        ...handlerFindings(fn),
        ...exporterFindings(fn),
        ...signalsFindings(fn),
      ]),
};

const LAYERS = 'Layers';
const WRAPPER = `Environment.Variables.${WRAPPER_VARIABLE}`;

/** The variables that can load the libraries of a layer without its wrapper. */
const OTHER_STARTS = ['NODE_OPTIONS', 'JAVA_TOOL_OPTIONS', 'ORIG_HANDLER', 'CORECLR_ENABLE_PROFILING'];

function wrapperFindings(fn: LambdaFunction): Finding[] {
  const { resource, environment, configuration } = fn;
  // A macro, such as Datadog's, can add layers and variables.
  if (macroOf(resource) !== undefined) return [];
  const name = nameOf(resource);
  const wrapper = environment.find((variable) => variable.name === WRAPPER_VARIABLE);
  if (wrapper) {
    const { layers } = configuration;
    const missing = wrapper.values.find(
      ({ value, when }) => value.startsWith('/opt/') && !layers.some((layer) => and(layer.when, when)),
    );
    if (!missing) return foreignWrapperFindings(fn, wrapper.values);
    return [
      findingOn(resource, {
        property: WRAPPER,
        message: `Function '${name}' starts with the wrapper ${missing.value}, which comes from a layer, but it has no layer. Lambda can't start it.`,
        fix: instrumentationFix(fn, `Remove ${WRAPPER_VARIABLE} of '${name}'`),
      }),
    ];
  }
  const [layer] = agentLayersIn(configuration.layers).filter(({ value }) => recordsForXRay(value));
  if (!layer || environment.some((variable) => OTHER_STARTS.includes(variable.name))) return [];
  return [
    findingOn(resource, {
      property: LAYERS,
      severity: 'warning',
      message: `Function '${name}' has the layer ${layer.value.arn.name}, but not the variable ${WRAPPER_VARIABLE}, so the layer instruments nothing.`,
      fix: instrumentationFix(fn, `Remove the layer of '${name}'`),
    }),
  ];
}

/** The wrappers of the legacy layers. AWS's layer for Java contains the first one too. */
const LEGACY_WRAPPERS = /^\/opt\/otel-(?:handler|(?:proxy|stream|sqs)-handler)$/;

/** Reports the wrapper of a legacy layer, which often remains when the layer is replaced. */
function foreignWrapperFindings(fn: LambdaFunction, wrappers: readonly Possible<string>[]): Finding[] {
  const { resource, configuration } = fn;
  const wrapper = wrappers.find(({ value }) => LEGACY_WRAPPERS.test(value));
  const agents = agentLayersIn(configuration.layers).map(({ value: { arn } }) => arn.name);
  const isAmongOthers = agents.some((layer) => !isOpenTelemetryLayer(layer) || layer.endsWith('Java'));
  if (!wrapper || agents.length === 0 || isAmongOthers) return [];
  const name = nameOf(resource);
  const isCertain = agents.length === configuration.layers.length;
  return [
    findingOn(resource, {
      property: WRAPPER,
      severity: isCertain ? 'error' : 'warning',
      message: `Function '${name}' starts with the wrapper ${wrapper.value}, which the layer ${agents[0]} does not contain. ${isCertain ? "Lambda can't" : "Unless another layer contains it, Lambda can't"} start it.`,
      fix: `Set ${WRAPPER_VARIABLE} of '${name}' to ${OPEN_TELEMETRY_WRAPPER}.`,
    }),
  ];
}

function layerFindings(fn: LambdaFunction): Finding[] {
  const layers = agentLayersIn(fn.configuration.layers);
  const name = nameOf(fn.resource);
  // A mapping can have the same layer for many regions.
  const found = new Map(
    layers.flatMap((layer) => {
      const unfit = misfit(fn, layer);
      return unfit ? [[unfit.text, unfit] as const] : [];
    }),
  );
  const conflict = conflictIn(layers);
  return [
    ...[...found.values()].map(({ severity, text, change }) =>
      findingOn(fn.resource, {
        property: LAYERS,
        severity,
        message: `Function '${name}' ${text}`,
        fix: change
          ? `Change ${change}, or remove the layer of '${name}'.`
          : instrumentationFix(fn, `Remove the layer of '${name}'`),
      }),
    ),
    ...regionFindings(fn),
    ...(conflict
      ? [
          findingOn(fn.resource, {
            property: LAYERS,
            severity: 'warning',
            message: `Function '${name}' has layers of ${conflict}, which instrument the same calls. It can have the wrapper of only one of them.`,
            fix: `Remove all but one of these layers of '${name}', with its variables.`,
          }),
        ]
      : []),
  ];
}

interface Misfit {
  /** @default - error */
  readonly severity?: Severity;
  readonly text: string;
  /** The change that makes the layer fit, after "Change". By default, another layer replaces it. */
  readonly change?: string;
}

/** Returns the reason why a layer does not fit a function, after the name of the function. */
function misfit(fn: LambdaFunction, { value: { arn }, when }: Possible<AgentLayer>): Misfit | undefined {
  const { region } = fn.resource.template.source;
  const { runtimes, architectures } = fn.configuration;
  const { name } = arn;
  const isKnown = (text: string) => !text.includes('*');
  if (region !== undefined && isKnown(arn.region) && arn.region !== region) {
    return {
      text: `is in ${region}, but has the layer ${name} of ${arn.region}. Lambda accepts only layers of its region.`,
    };
  }
  const ownRegion = region ?? (isKnown(arn.region) ? arn.region : undefined);
  if (ownRegion !== undefined && isKnown(arn.partition) && arn.partition !== partitionOf(ownRegion)) {
    return {
      text: `has the layer ${name} of the partition ${arn.partition}, but ${ownRegion} is in ${partitionOf(ownRegion)}.`,
    };
  }
  const language = languageOf(arn);
  const runtime = runtimes.find((possible) => and(possible.when, when))?.value;
  if (language !== undefined && runtime !== undefined && /^[a-z]+/.exec(runtime)?.[0] !== language) {
    return { text: `has the runtime ${runtime}, but the layer ${name} is for ${language}.` };
  }
  const supported = architecturesOf(arn);
  const architecture = architectures.find((possible) => and(possible.when, when))?.value;
  if (supported.length > 0 && architecture !== undefined && !supported.includes(architecture)) {
    return {
      text: `is for ${architecture}, but the layer ${name} is for ${listAll(supported)}.`,
      ...(isOpenTelemetryLayer(name) && { change: `its architecture to ${listAll(supported, 'or')}` }),
    };
  }
  if (!isOpenTelemetryLayer(name) || runtime === undefined) return undefined;
  // AWS can add runtimes to a newer version of the layer.
  const { runtimes: listed } = OPEN_TELEMETRY_LAYERS[name];
  return listed.includes(runtime)
    ? undefined
    : {
        severity: 'warning',
        text: `has the runtime ${runtime}, but AWS publishes the layer ${name} for ${listAll(listed)}.`,
        change: `its runtime to ${listAll(listed, 'or')}`,
      };
}

/** Reports layers of several regions, among those that are literal: one of them is wrong in each region. */
function regionFindings({ resource, configuration: { layers } }: LambdaFunction): Finding[] {
  const { Layers: listed } = effectiveProperties(resource);
  const literal = Array.isArray(listed) ? listed.filter((layer) => typeof layer === 'string') : [];
  const regions = new Set(literal.flatMap((arn) => parseLayerArn(arn)?.region ?? []));
  if (resource.template.source.region !== undefined || regions.size < 2) return [];
  if (agentLayersIn(layers).length === 0) return [];
  const name = nameOf(resource);
  return [
    findingOn(resource, {
      property: LAYERS,
      message: `Function '${name}' has layers of ${listAll([...regions], 'and')}. Lambda accepts only layers of its region.`,
      fix: `Replace the layers of '${name}' with those of its region.`,
    }),
  ];
}

/** Layers that receive spans, and instrument nothing. */
const RECEIVERS = /collector|Extension/;

/** Returns the names of two products that can be in the same function. */
function conflictIn(all: readonly Possible<AgentLayer>[]): string | undefined {
  const layers = all.filter(({ value: { arn } }) => !RECEIVERS.test(arn.name));
  for (const one of layers) {
    const other = layers.find(
      ({ value: { agent }, when }) => agent !== one.value.agent && and(when, one.when),
    );
    if (other) return `${one.value.agent.name} and ${other.value.agent.name}`;
  }
  return undefined;
}

function handlerFindings(fn: LambdaFunction): Finding[] {
  const { resource, configuration } = fn;
  const layers = agentLayersIn(configuration.layers);
  const hasLayer = layers.some(({ value: { arn } }) => arn.name === 'AWSOpenTelemetryDistroJs');
  const isAffected = configuration.runtimes.some(({ value }) => RUNTIMES_WITH_REQUIRE.includes(value));
  if (!hasLayer || !isAffected || !fn.code.hasFixedHandler) return [];
  const name = nameOf(resource);
  return [
    findingOn(resource, {
      property: LAYERS,
      message: `Function '${name}' exports its handler in a way that the layer AWSOpenTelemetryDistroJs can't replace, and fails with "Cannot redefine property".`,
      fix: `End the bundle of '${name}' with '${REPLACEABLE_EXPORTS}' (the footer of esbuild), or use ES modules.`,
    }),
  ];
}

interface ExporterVariable {
  readonly name: string;
  /** The values with the effect. */
  readonly values: RegExp;
  readonly severity: 'error' | 'warning';
  readonly effect: string;
}

const RECORDS_NOTHING = 'so OpenTelemetry records no spans';

/** "Environment Variable Specification" and "OpenTelemetry Protocol Exporter" (OpenTelemetry), and the wrapper of the layers. */
const EXPORTER_VARIABLES: readonly ExporterVariable[] = [
  {
    name: 'OTEL_TRACES_SAMPLER',
    values: /^(?:parentbased_)?always_off$/,
    severity: 'error',
    effect: RECORDS_NOTHING,
  },
  { name: 'OTEL_SDK_DISABLED', values: /^\s*true\s*$/i, severity: 'error', effect: RECORDS_NOTHING },
  {
    name: 'OTEL_TRACES_EXPORTER',
    values: /^(?!.*\botlp\b)./,
    severity: 'warning',
    effect: 'so spans are not sent to X-Ray',
  },
  ...['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'].map((name) => ({
    name,
    // The endpoint of X-Ray itself.
    values: /^(?!https:\/\/xray\.)./,
    severity: 'warning' as const,
    effect: 'so spans are sent there instead of to X-Ray',
  })),
  {
    name: 'OTEL_PROPAGATORS',
    values: /^(?!.*\bxray\b)./,
    severity: 'warning',
    effect: "so spans are not connected to the function's segment",
  },
];

/** The variables of OpenTelemetry that this rule checks in functions with AWS's layer. */
export const CHECKED_VARIABLES: readonly string[] = EXPORTER_VARIABLES.map(({ name }) => name);

function exporterFindings(fn: LambdaFunction): Finding[] {
  const { resource, environment, configuration } = fn;
  if (!hasOpenTelemetryLayer(configuration.layers)) return [];
  return environment.flatMap(({ name, values }) => {
    const checked = EXPORTER_VARIABLES.find((variable) => variable.name === name);
    const found = checked && values.find(({ value }) => checked.values.test(value));
    if (!found) return [];
    return [
      findingOn(resource, {
        property: `Environment.Variables.${name}`,
        severity: checked.severity,
        message: `Function '${nameOf(resource)}' has AWS's OpenTelemetry layer, but ${name} is ${found.value}, ${checked.effect}.`,
        fix: `Remove ${name} from the environment of '${nameOf(resource)}'. The wrapper of the layer sets the right value.`,
      }),
    ];
  });
}

/** Reports a role that can't write what the layer sends to Application Signals, which is on unless it is turned off. */
function signalsFindings(fn: LambdaFunction): Finding[] {
  const { resource, environment, configuration } = fn;
  const layer = agentLayersIn(configuration.layers).find(({ value: { arn } }) =>
    isOpenTelemetryLayer(arn.name),
  );
  const setting = environment.find(({ name }) => name === 'OTEL_AWS_APPLICATION_SIGNALS_ENABLED');
  const isOn =
    !setting || (setting.values.length > 0 && setting.values.every(({ value }) => value === 'true'));
  if (!layer || !isOn || !environment.some(({ name }) => name === WRAPPER_VARIABLE)) return [];
  if (!fn.rolesWithoutSignals.some(({ when }) => and(when, layer.when))) return [];
  const name = nameOf(resource);
  return [
    findingOn(resource, {
      property: 'Role',
      severity: 'warning',
      message: `Function '${name}' has AWS's OpenTelemetry layer with Application Signals, but ${rolePhrase(fn.roles, resource)} does not allow logs:PutLogEvents on the log group ${APPLICATION_SIGNALS_LOG_GROUP}, so Application Signals lacks its data.`,
      fix: `Attach the managed policy ${APPLICATION_SIGNALS_POLICY} to the role of '${name}', or set OTEL_AWS_APPLICATION_SIGNALS_ENABLED to 'false'.`,
    }),
  ];
}
