import { Annotations, Aws, CfnMapping, type CfnResource, Fn, Stack, Token } from 'aws-cdk-lib';
import { CfnDiscovery } from 'aws-cdk-lib/aws-applicationsignals';
import {
  agentLayersIn,
  APPLICATION_SIGNALS_POLICY,
  hasOpenTelemetryLayer,
  layerArn,
  layerNameFor,
  MAX_LAYERS,
  OPEN_TELEMETRY_WRAPPER,
  REPLACEABLE_EXPORTS,
  WRAPPER_VARIABLE,
} from '../../lambda/instrumentation';
import {
  type LayerName,
  OPEN_TELEMETRY_LAYERS,
  type OpenTelemetryLayer,
} from '../../lambda/open-telemetry-layers';
import { certainly } from '../../cloudformation/possible';
import { partitionOf } from '../../cloudformation/template';
import { listAll } from '../../text/printable';
import type { Instrumentation, OpenTelemetryOptions } from '../instrumentation';
import { TracingPermissions } from '../tracing-props';
import { addAcknowledgeableWarning } from './acknowledgements';
import { cfnProperty, type FunctionResource } from './cfn-resources';
import { outermost } from './creation-order';
import { grantTracing } from './execution-role';
import { APPLICATION_SIGNALS_ACTIONS } from './role-permissions';
import {
  addLayer,
  architectureOf,
  environmentOf,
  exportsFixedHandler,
  isImage,
  layersOf,
  runtimeOf,
  setVariable,
  type Variables,
} from './function-configuration';
import { textOf } from './resolve-references';

/** A reason why a function can't be instrumented. */
export interface Obstacle {
  /** The reason, as the end of a sentence, and the way out as a second sentence. */
  readonly text: string;
  /** True for a function that no setting can change: a scope skips it with a warning. */
  readonly isInherent?: boolean;
}

/** The functions whose instrumentation was set when they were created. A scope does not change it. */
const DECIDED = new WeakSet<CfnResource>();

/** Instruments a function as set when it is created. */
export function instrumentForCertain(
  target: FunctionResource,
  instrumentation: Instrumentation,
  permissions: TracingPermissions,
): Obstacle | undefined {
  DECIDED.add(target.cfn);
  return instrument(target, instrumentation, permissions);
}

/**
 * Instruments a function of a scope, unless it has an instrumentation of its own. A function that can't be instrumented
 * gets an error, or a warning if no setting of it helps.
 *
 * @param source the call, for messages
 */
export function instrumentInScope(
  target: FunctionResource,
  instrumentation: Instrumentation,
  permissions: TracingPermissions,
  source: string,
): void {
  const { cfn, construct } = target;
  if (DECIDED.has(cfn)) return;
  const obstacle = instrument(target, instrumentation, permissions);
  if (!obstacle || REPORTED.has(cfn)) return;
  REPORTED.add(cfn);
  const { path } = construct.node;
  const message =
    `${source} can't instrument '${path}': ${obstacle.text}. To trace the function without instrumentation, call ` +
    'LambdaTracing.of(fn).active() for it.';
  if (obstacle.isInherent) addAcknowledgeableWarning(construct, NOT_INSTRUMENTED, message);
  else Annotations.of(construct).addError(message);
}

/** The ID of the warning on a function of a scope that can't be instrumented. */
const NOT_INSTRUMENTED = 'cdk-lambda-xray:notInstrumented';

/** The functions with a message, which several syntheses can add. */
const REPORTED = new WeakSet<CfnResource>();

/** The functions that are instrumented, with the statement for descriptions of their versions. */
const INSTRUMENTED = new WeakMap<CfnResource, string | undefined>();

/**
 * Returns the statement of a function's instrumentation for the description of its version. It changes when the layer
 * does.
 *
 * @param fn the function
 * @param stack the stack of the version. The layer can be a value that exists only in the stack of the function.
 */
export function instrumentationStatement(fn: CfnResource, stack: Stack): string | undefined {
  return stack === fn.stack ? INSTRUMENTED.get(fn) : undefined;
}

/**
 * Instruments a function, once.
 *
 * @param target the function
 * @param instrumentation the instrumentation
 * @param permissions the way to grant the permissions of the layer
 * @returns the reason why the function can't be instrumented, or undefined on success
 */
function instrument(
  target: FunctionResource,
  { _library: library, _options: options }: Instrumentation,
  permissions: TracingPermissions,
): Obstacle | undefined {
  if (INSTRUMENTED.has(target.cfn)) return undefined;
  switch (library) {
    case 'none':
      return undefined;
    case 'openTelemetry':
      return addOpenTelemetry(target, options, permissions);
    default:
      return useOwnLibrary(target, OWN_LIBRARIES[library]);
  }
}

interface OwnLibrary {
  readonly name: string;
  /** The variable that turns the library on. */
  readonly variable: string;
  /** The variables that turn it off, with the values that do. */
  readonly off: Readonly<Record<string, RegExp>>;
}

const SDK_OFF = { AWS_XRAY_SDK_ENABLED: /^false$/i, AWS_XRAY_SDK_DISABLED: /^true$/i };

/** The libraries that users add to their code. The checker has their variables in `reserved-environment.ts`. */
const OWN_LIBRARIES: Readonly<Record<'xraySdk' | 'powertools', OwnLibrary>> = {
  xraySdk: { name: 'the X-Ray SDK', variable: 'AWS_XRAY_SDK_ENABLED', off: SDK_OFF },
  powertools: {
    name: "Powertools' Tracer",
    variable: 'POWERTOOLS_TRACE_ENABLED',
    off: {
      ...SDK_OFF,
      POWERTOOLS_TRACE_ENABLED: /^false$/i,
      POWERTOOLS_TRACE_DISABLED: /^(?:y|yes|t|true|on|1)$/i,
    },
  },
};

function useOwnLibrary(target: FunctionResource, { name, variable, off }: OwnLibrary): Obstacle | undefined {
  const variables = environmentOf(target);
  if (!variables) return UNKNOWN_ENVIRONMENT;
  const [disabling] = Object.keys(off).filter((one) => off[one].test(textOf(variables[one])));
  if (disabling) {
    return { text: `its environment variable ${disabling} turns off ${name}. Remove the variable` };
  }
  const other = otherAgent(layersOf(target) ?? []);
  if (other) return { text: `${other}, beside ${name}. Remove one of them` };
  INSTRUMENTED.set(target.cfn, undefined);
  setVariable(target, variable, 'true');
  return undefined;
}

function addOpenTelemetry(
  target: FunctionResource,
  options: OpenTelemetryOptions,
  permissions: TracingPermissions,
): Obstacle | undefined {
  const { cfn } = target;
  const variables = environmentOf(target);
  if (!variables) return UNKNOWN_ENVIRONMENT;
  const layers = layersOf(target);
  if (!layers) return { text: 'its layers are known only at deployment. List them in code' };
  if (hasOpenTelemetry(variables, layers)) {
    INSTRUMENTED.set(cfn, undefined);
    return undefined;
  }
  const layer = findLayer(target, options);
  const obstacle = 'text' in layer ? layer : (conflictOf(variables, layers) ?? exportObstacle(target));
  if (obstacle) return obstacle;

  const { arn, name } = layer as Layer;
  INSTRUMENTED.set(cfn, `OpenTelemetry ${Fn.select(7, Fn.split(':', arn))}`);
  addLayer(target, arn);
  for (const [variable, value] of Object.entries(variablesFor(name, options))) {
    setVariable(target, variable, value);
  }
  grantApplicationSignals(target, options, permissions);
  if (options.applicationSignals) addDiscovery(outermost(Stack.of(cfn)));
  rejectLaterChanges(target, arn);
  return undefined;
}

/** Makes synthesis fail if the wrapper or the layer is replaced later, or if another agent is added. */
function rejectLaterChanges(target: FunctionResource, arn: string): void {
  const { node } = target.construct;
  node.addValidation({
    validate: () => {
      const change = changeOfWrapper(target) ?? changeOfLayers(target, arn);
      return change === undefined
        ? []
        : [`The function '${node.path}' is instrumented with OpenTelemetry, but ${change}`];
    },
  });
}

function changeOfWrapper(target: FunctionResource): string | undefined {
  const wrapper = environmentOf(target)?.[WRAPPER_VARIABLE];
  return wrapper === OPEN_TELEMETRY_WRAPPER
    ? undefined
    : `${WRAPPER_VARIABLE} was later set to ${textOf(wrapper)}. Remove the variable, or the instrumentation.`;
}

function changeOfLayers(target: FunctionResource, arn: string): string | undefined {
  const own = textOf(target.cfn.stack.resolve(arn));
  const layers = layersOf(target) ?? [own];
  const other = otherAgent(layers.filter((layer) => layer !== own));
  if (other) {
    return `${other}. Two agents instrument the same calls. Remove the layer, or the instrumentation.`;
  }
  return layers.includes(own)
    ? undefined
    : 'its layer was removed later. Keep it in the list of layers. For another version of it, set layerVersionArn.';
}

const UNKNOWN_ENVIRONMENT: Obstacle = {
  text: 'its environment is known only at deployment. List its environment variables in code',
};

/** Returns true if the user has already added AWS's layer and its wrapper. */
function hasOpenTelemetry(variables: Variables, layers: readonly string[]): boolean {
  return (
    variables[WRAPPER_VARIABLE] === OPEN_TELEMETRY_WRAPPER && hasOpenTelemetryLayer(layers.flatMap(certainly))
  );
}

interface Layer {
  readonly arn: string;
  /** The name of AWS's layer for the runtime, if the runtime is known. */
  readonly name?: LayerName;
}

function findLayer(target: FunctionResource, { layerVersionArn }: OpenTelemetryOptions): Layer | Obstacle {
  const { cfn } = target;
  if (isImage(target)) {
    return {
      text:
        'functions from container images have no layers. Copy the content of the layer to /opt in the Dockerfile ' +
        `("Enable your applications on Lambda", Amazon CloudWatch User Guide), set ${WRAPPER_VARIABLE} to ` +
        `${OPEN_TELEMETRY_WRAPPER}, attach the AWS managed policy ${APPLICATION_SIGNALS_POLICY} to the role, and use ` +
        'Instrumentation.none() here',
    };
  }
  const runtime = runtimeOf(target);
  const name = layerNameFor(runtime ?? '');
  if (layerVersionArn !== undefined) return { arn: layerVersionArn, name };
  if (runtime === undefined) {
    return {
      isInherent: true,
      text: 'its runtime is known only at deployment. Set the runtime in code, or set layerVersionArn',
    };
  }
  const { runtimes, architectures } = name ? OPEN_TELEMETRY_LAYERS[name] : NO_LAYER;
  if (!name || !runtimes.includes(runtime)) {
    const others = name ? ` The layer ${name} supports ${listAll(runtimes)}.` : '';
    return {
      isInherent: true,
      text: `AWS has no OpenTelemetry layer for the runtime ${runtime}.${others} Use another runtime, set layerVersionArn to a layer that supports it, or use Instrumentation.none()`,
    };
  }
  const architecture = architectureOf(target);
  if (!architectures.includes(architecture)) {
    return {
      text: `the layer ${name} supports only ${listAll(architectures)}, and the function is for ${architecture}. Change its architecture, or use Instrumentation.none()`,
    };
  }
  const { region } = cfn.stack;
  if (Token.isUnresolved(region)) return { arn: layerInAnyRegion(layerMapping(cfn), name), name };
  const arn = layerArn(name, region);
  return arn === undefined
    ? {
        text: `AWS does not publish the layer ${name} in the region ${region}. Set layerVersionArn to a copy of the layer in ${region}, or use Instrumentation.none()`,
      }
    : { arn, name };
}

const NO_LAYER: Pick<OpenTelemetryLayer, 'runtimes' | 'architectures'> = { runtimes: [], architectures: [] };

const MAPPING_ID = 'OpenTelemetryLayers';

/** Returns the mapping from regions to layers of a stack without a region. A nested stack has its own. */
function layerMapping({ stack }: CfnResource): CfnMapping {
  const existing = stack.node.tryFindChild(MAPPING_ID);
  return existing instanceof CfnMapping ? existing : new CfnMapping(stack, MAPPING_ID);
}

function layerInAnyRegion(mapping: CfnMapping, name: LayerName): string {
  for (const region of Object.keys(OPEN_TELEMETRY_LAYERS[name].versions)) {
    mapping.setValue(region, name, layerArn(name, region));
  }
  return mapping.findInMap(Aws.REGION, name);
}

/** Returns the obstacle of a function that is instrumented already, or has no room for a layer. */
function conflictOf(variables: Variables, layers: readonly string[]): Obstacle | undefined {
  if (WRAPPER_VARIABLE in variables) {
    return {
      text: `its environment variable ${WRAPPER_VARIABLE} is already set, to ${textOf(variables[WRAPPER_VARIABLE])}. A function can have only one wrapper. Remove the variable, and the layer that it belongs to`,
    };
  }
  const other = otherAgent(layers);
  if (other) return { text: `${other}. Two agents instrument the same calls. Remove the layer` };
  return layers.length < MAX_LAYERS
    ? undefined
    : {
        text: `it already has ${layers.length} layers, and Lambda allows ${MAX_LAYERS}. Merge or remove a layer`,
      };
}

function exportObstacle(target: FunctionResource): Obstacle | undefined {
  if (!exportsFixedHandler(target)) return undefined;
  return {
    isInherent: true,
    text: `its code exports a handler that the layer can't replace, and it would fail with "Cannot redefine property". Use TracedNodejsFunction with instrumentation, set bundling.footer to '${REPLACEABLE_EXPORTS}', or use ES modules`,
  };
}

/** Describes a layer that instruments a function, if there is one. */
function otherAgent(layers: readonly string[]): string | undefined {
  const [layer] = agentLayersIn(layers.flatMap(certainly));
  return layer && `it has the layer ${layer.value.arn.name} of ${layer.value.agent.name}`;
}

/** The variable that turns on all instrumentations of a layer: "Enable All Library Instrumentations" (ADOT Lambda), and the wrapper for .NET. */
const ALL_INSTRUMENTATIONS: Readonly<Record<LayerName, readonly [variable: string, value: string]>> = {
  AWSOpenTelemetryDistroJs: ['OTEL_NODE_DISABLED_INSTRUMENTATIONS', 'none'],
  AWSOpenTelemetryDistroPython: ['OTEL_PYTHON_DISABLED_INSTRUMENTATIONS', 'none'],
  AWSOpenTelemetryDistroJava: ['OTEL_INSTRUMENTATION_COMMON_DEFAULT_ENABLED', 'true'],
  AWSOpenTelemetryDistroDotNet: ['OTEL_DOTNET_AUTO_TRACES_INSTRUMENTATION_ENABLED', 'true'],
};

/** The wrapper for Python selects AWS's distribution only with Application Signals. */
const PYTHON_DISTRO = { OTEL_PYTHON_DISTRO: 'aws_distro', OTEL_PYTHON_CONFIGURATOR: 'aws_configurator' };

function variablesFor(
  name: LayerName | undefined,
  { applicationSignals = false, sampler, allInstrumentations, serviceName }: OpenTelemetryOptions,
): Record<string, string> {
  const all = name && allInstrumentations ? ALL_INSTRUMENTATIONS[name] : undefined;
  return {
    [WRAPPER_VARIABLE]: OPEN_TELEMETRY_WRAPPER,
    OTEL_AWS_APPLICATION_SIGNALS_ENABLED: String(applicationSignals),
    ...(name === 'AWSOpenTelemetryDistroPython' && !applicationSignals ? PYTHON_DISTRO : {}),
    ...(sampler ? { OTEL_TRACES_SAMPLER: sampler._name } : {}),
    ...(sampler?._ratio === undefined ? {} : { OTEL_TRACES_SAMPLER_ARG: String(sampler._ratio) }),
    ...(all ? { [all[0]]: all[1] } : {}),
    ...(serviceName === undefined ? {} : { OTEL_SERVICE_NAME: serviceName }),
  };
}

/** Grants the permissions of AWS's managed policy for the layers. Without Application Signals, X-Ray's are enough. */
function grantApplicationSignals(
  target: FunctionResource,
  { applicationSignals }: OpenTelemetryOptions,
  permissions: TracingPermissions,
): void {
  const isNeeded = permissions === TracingPermissions.MANAGED_POLICY || applicationSignals;
  if (!isNeeded || permissions === TracingPermissions.NONE) return;
  const { cfn, isServerless, roleProperty } = target;
  if (isServerless && cfnProperty(cfn, roleProperty) === undefined) {
    // SAM accepts one policy or a list.
    const given = [target.setting('Policies') ?? []].flat() as unknown[];
    cfn.addPropertyOverride('Policies', [...given, APPLICATION_SIGNALS_POLICY]);
    return;
  }
  grantTracing(target, permissions, APPLICATION_SIGNALS_ACTIONS);
}

const DISCOVERY_ID = 'ApplicationSignalsDiscovery';

/** Enables Application Signals in the account: "Enable Application Signals in your account" (Amazon CloudWatch User Guide). */
function addDiscovery(stack: Stack): void {
  // CloudFormation does not have the resource in China.
  if (!Token.isUnresolved(stack.region) && partitionOf(stack.region) === 'aws-cn') return;
  const exists = stack.node.findAll().some((construct) => construct instanceof CfnDiscovery);
  if (!exists) new CfnDiscovery(stack, DISCOVERY_ID);
}
