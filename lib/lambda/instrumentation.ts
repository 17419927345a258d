import { isObject } from '../cloudformation/json';
import type { Possible } from '../cloudformation/possible';
import { partitionOf } from '../cloudformation/template';
import { type LayerName, OPEN_TELEMETRY_LAYERS } from './open-telemetry-layers';

/** The variable with the script that starts the runtime: "Modifying the runtime environment" (AWS Lambda Developer Guide). */
export const WRAPPER_VARIABLE = 'AWS_LAMBDA_EXEC_WRAPPER';

/** The script of AWS's OpenTelemetry layers. */
export const OPEN_TELEMETRY_WRAPPER = '/opt/otel-instrument';

/** The managed policy with the permissions of AWS's OpenTelemetry layers. */
export const APPLICATION_SIGNALS_POLICY = 'CloudWatchLambdaApplicationSignalsExecutionRolePolicy';

/** The maximum number of layers: "Lambda quotas" (AWS Lambda Developer Guide). */
export const MAX_LAYERS = 5;

/** The layers by the letters that the names of their runtimes start with. */
const LAYER_NAMES: Readonly<Record<string, LayerName | undefined>> = {
  nodejs: 'AWSOpenTelemetryDistroJs',
  python: 'AWSOpenTelemetryDistroPython',
  java: 'AWSOpenTelemetryDistroJava',
  dotnet: 'AWSOpenTelemetryDistroDotNet',
};

/** Returns the OpenTelemetry layer for the language of a runtime, or undefined if AWS has none. */
export function layerNameFor(runtime: string): LayerName | undefined {
  const [language = ''] = /^[a-z]+/.exec(runtime) ?? [];
  return Object.hasOwn(LAYER_NAMES, language) ? LAYER_NAMES[language] : undefined;
}

/** Returns the ARN of a layer, or undefined if AWS does not publish it in the region. */
export function layerArn(name: LayerName, region: string): string | undefined {
  const { versions } = OPEN_TELEMETRY_LAYERS[name];
  if (!Object.hasOwn(versions, region)) return undefined;
  const [account, version] = versions[region].split(':');
  return `arn:${partitionOf(region)}:lambda:${region}:${account}:layer:${name}:${version}`;
}

/** The ARN of a layer version. */
export interface LayerArn {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly name: string;
}

/** Parses the ARN of a layer version. Parts that are known only at deployment can be any text. */
export function parseLayerArn(arn: string): LayerArn | undefined {
  const match = /^arn:([^:]*):lambda:([^:]*):([^:]*):layer:([^:]+)(?::[^:]*)?$/.exec(arn);
  if (!match) return undefined;
  const [, partition, region, account, name] = match;
  return { partition, region, account, name };
}

/** The runtimes that a layer is for, by its name, as the letters that they start with. */
const LANGUAGES: readonly (readonly [layers: RegExp, runtimes: string])[] = [
  [/^AWSOpenTelemetryDistroJs$|^(?:aws-otel|opentelemetry)-nodejs-/, 'nodejs'],
  [/^AWSOpenTelemetryDistroPython$|^(?:aws-otel|opentelemetry)-python-/, 'python'],
  [/^AWSOpenTelemetryDistroJava$|^aws-otel-java-|^opentelemetry-java/, 'java'],
  [/^AWSOpenTelemetryDistroDotNet$/, 'dotnet'],
];

/** Returns the language that a layer instruments, as the letters that its runtimes start with. */
export function languageOf({ name }: Pick<LayerArn, 'name'>): string | undefined {
  return LANGUAGES.find(([layers]) => layers.test(name))?.[1];
}

/** Returns the architectures that a layer is for; none if it is for all, or unknown. */
export function architecturesOf({ name }: Pick<LayerArn, 'name'>): readonly string[] {
  if (isOpenTelemetryLayer(name)) return OPEN_TELEMETRY_LAYERS[name].architectures;
  const [, architecture] = /-(amd64|arm64)-ver-/.exec(name) ?? [];
  if (architecture === undefined) return [];
  return [architecture === 'amd64' ? 'x86_64' : architecture];
}

export function isOpenTelemetryLayer(name: string): name is LayerName {
  return Object.hasOwn(OPEN_TELEMETRY_LAYERS, name);
}

/** A product that instruments functions by a layer. */
export interface Agent {
  /** The name of the product. */
  readonly name: string;
  /** Matches the names of its layers. */
  readonly layers: RegExp;
  /** True for a layer that includes a collector, which AWS no longer recommends. */
  readonly isLegacy?: boolean;
  /** True if the layer sends spans to X-Ray by default. */
  readonly sendsToXRay?: boolean;
}

/**
 * The products that instrument functions, with the names of their layers. "Getting started with AWS Lambda layers" (AWS
 * Distro for OpenTelemetry) names its own; the others are in the installation guides of the products.
 */
const AGENTS: readonly Agent[] = [
  {
    name: 'the AWS Distro for OpenTelemetry',
    layers: /^AWSOpenTelemetryDistro(?:Js|Python|Java|DotNet)$/,
    sendsToXRay: true,
  },
  {
    name: 'the legacy AWS Distro for OpenTelemetry',
    layers: /^aws-otel-(?:collector|java-agent|java-wrapper|nodejs|python)-(?:amd64|arm64)-ver-/,
    isLegacy: true,
    sendsToXRay: true,
  },
  {
    name: 'OpenTelemetry Lambda',
    layers: /^opentelemetry-(?:collector|javaagent|javawrapper|nodejs|python|ruby)-/,
  },
  { name: 'Datadog', layers: /^(?:Datadog-|dd-trace-)/ },
  { name: 'New Relic', layers: /^NewRelic/ },
  { name: 'Dynatrace', layers: /^Dynatrace_OneAgent_/ },
  { name: 'Lumigo', layers: /^lumigo-(?:node|python)-tracer/ },
  { name: 'Elastic APM', layers: /^elastic-apm-/ },
];

/** Returns the product that a layer belongs to, or undefined for a layer that instruments nothing. */
export function agentOf({ name }: Pick<LayerArn, 'name'>): Agent | undefined {
  return AGENTS.find(({ layers }) => layers.test(name));
}

/** A layer of a product that instruments functions. */
export interface AgentLayer {
  readonly arn: LayerArn;
  readonly agent: Agent;
}

/** Returns the layers of products that instrument functions, among the layers of a function. */
export function agentLayersIn(layers: readonly Possible<string>[]): Possible<AgentLayer>[] {
  return layers.flatMap(({ value, when }) => {
    const arn = parseLayerArn(value);
    const agent = arn && agentOf(arn);
    return agent ? [{ value: { arn, agent }, when }] : [];
  });
}

/** True for a layer that records spans and sends them to X-Ray. A collector only receives them, and needs no wrapper. */
export function recordsForXRay({ arn: { name }, agent }: AgentLayer): boolean {
  return agent.sendsToXRay === true && !name.includes('-collector-');
}

/** Returns true if one of the layers of a function is AWS's OpenTelemetry layer. */
export function hasOpenTelemetryLayer(layers: readonly Possible<string>[]): boolean {
  return agentLayersIn(layers).some(({ value: { arn } }) => isOpenTelemetryLayer(arn.name));
}

/**
 * JavaScript that makes the exports of a bundle replaceable. A bundler of ES modules, such as esbuild, defines exports that
 * can't be redefined. The layer for Node.js replaces the handler, and the function fails with "Cannot redefine property"
 * (open-telemetry/opentelemetry-lambda#1781).
 */
export const REPLACEABLE_EXPORTS = 'module.exports = { ...module.exports };';

/** The runtimes in which the layer replaces the handler in `require`. From Node.js 24 on, it does so in `import`. */
export const RUNTIMES_WITH_REQUIRE: readonly string[] = ['nodejs18.x', 'nodejs20.x', 'nodejs22.x'];

/**
 * Returns true if a CommonJS module exports the handler of a function as a property that can't be redefined.
 *
 * @param handler the handler, such as `index.handler`
 * @param read returns the text of a file of the code, or undefined if there is no such file
 */
export function exportsFixedHandler(handler: string, read: (path: string) => string | undefined): boolean {
  const [, module, name] = /^(.+)\.([^./]+)$/.exec(handler) ?? [];
  const code = module === undefined ? undefined : read(`${module}.js`);
  return code !== undefined && hasFixedExport(code, name) && !isEsModule(read('package.json') ?? '');
}

/** True for the `package.json` of a folder whose `.js` files are ES modules. */
function isEsModule(manifest: string): boolean {
  try {
    const value: unknown = JSON.parse(manifest);
    return isObject(value) && value.type === 'module';
  } catch {
    return false;
  }
}

function hasFixedExport(code: string, handler: string): boolean {
  if (/\bmodule\.exports ?= ?\{ ?\.\.\./.test(code)) return false;
  return (
    // esbuild, also minified: `module.exports = __toCommonJS(index_exports);`
    /\bmodule\.exports ?= ?[\w$]+\([\w$]+\)/.test(code) ||
    // TypeScript and Babel, for re-exports.
    [`"${handler}"`, `'${handler}'`].some((name) => code.includes(`Object.defineProperty(exports, ${name}`))
  );
}
