import { AssetStaging } from 'aws-cdk-lib';
import { LayerVersion, type Runtime } from 'aws-cdk-lib/aws-lambda';
import { type BundlingOptions, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { IConstruct } from 'constructs';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { isObject } from '../../cloudformation/json';
import {
  exportsFixedHandler as exportsFixed,
  REPLACEABLE_EXPORTS,
  RUNTIMES_WITH_REQUIRE,
} from '../../lambda/instrumentation';
import { appendToList, cfnProperty, type FunctionResource, includedGlobals, memberOf } from './cfn-resources';
import { resolvedValue, textOf } from './resolve-references';

/** The environment variables of a function. Values can be intrinsic functions. */
export type Variables = Readonly<Record<string, unknown>>;

/** Returns the environment variables, or undefined if they are known only at deployment. */
export function environmentOf(target: FunctionResource): Variables | undefined {
  const parts = valuesOf(target, 'Environment').map(variablesIn);
  if (!parts.every((part) => part !== undefined)) return undefined;
  return Object.fromEntries(parts.flatMap((part) => Object.entries(part)));
}

function variablesIn(environment: unknown): Variables | undefined {
  const variables = memberOf(environment, 'Variables') ?? {};
  const isKnown = isObject(environment) && isObject(variables) && !isConditional(environment);
  return isKnown && !isConditional(variables) ? variables : undefined;
}

function isConditional(value: object): boolean {
  return Object.keys(value).some((key) => key === 'Ref' || key.startsWith('Fn::'));
}

/** Returns the ARNs of the layers as text, or undefined if the list is known only at deployment. */
export function layersOf(target: FunctionResource): readonly string[] | undefined {
  const layers = valuesOf(target, 'Layers');
  return layers.every(Array.isArray) ? layers.flat().map((layer) => textOf(layer)) : undefined;
}

/** Returns true for a function from a container image. */
export function isImage(target: FunctionResource): boolean {
  const code = resolvedValue(cfnProperty(target.cfn, 'Code'), target.cfn);
  return settingOf(target, 'PackageType') === 'Image' || memberOf(code, 'ImageUri') !== undefined;
}

/** Returns the runtime, or undefined if it is known only at deployment. */
export function runtimeOf(target: FunctionResource): string | undefined {
  const runtime = settingOf(target, 'Runtime');
  return typeof runtime === 'string' ? runtime : undefined;
}

/** Returns the architecture, which is x86_64 by default. */
export function architectureOf(target: FunctionResource): string {
  const [architecture] = [settingOf(target, 'Architectures') ?? 'x86_64'].flat() as unknown[];
  return typeof architecture === 'string' ? architecture : 'x86_64';
}

function settingOf(target: FunctionResource, name: string): unknown {
  return valuesOf(target, name).at(-1);
}

/** Returns the rendered values of a property that are set: in `Globals` of an included SAM template, and by the function. */
function valuesOf({ cfn, isServerless }: FunctionResource, name: string): unknown[] {
  const values = [isServerless ? includedGlobals(cfn, 'Function')[name] : undefined, cfnProperty(cfn, name)];
  return values.map((value) => resolvedValue(value, cfn)).filter((value) => value !== undefined);
}

/** The ID of the construct that imports the layer into an L2. */
const LAYER_ID = 'OpenTelemetryLayer';

/** Adds a layer. */
export function addLayer(target: FunctionResource, arn: string): void {
  const { function: fn, cfn } = target;
  // The L2 takes the layer as it is: it checks the runtime against a list of its own.
  if (fn) fn.addLayers(LayerVersion.fromLayerVersionAttributes(fn, LAYER_ID, { layerVersionArn: arn }));
  else appendToList(cfn, 'Layers', arn);
}

/** Sets an environment variable. */
export function setVariable({ function: fn, cfn }: FunctionResource, name: string, value: string): void {
  if (fn) fn.addEnvironment(name, value);
  else cfn.addPropertyOverride(`Environment.Variables.${name}`, value);
}

/** The largest file that is read, in bytes. It is larger than any that Lambda loads in reasonable time. */
const MAX_SIZE = 20_000_000;

const FOOTER = '--footer:js';

/**
 * Returns bundling options whose output the OpenTelemetry layer can instrument.
 *
 * @param given the options of the user
 * @param path the construct path, for errors
 * @throws if `esbuildArgs` sets a footer, which would replace the required one
 */
export function bundlingForOpenTelemetry(given: BundlingOptions | undefined, path: string): BundlingOptions {
  const { format = OutputFormat.CJS, footer, esbuildArgs } = given ?? {};
  if (format === OutputFormat.ESM) return { ...given };
  if (esbuildArgs && FOOTER in esbuildArgs) {
    throw new Error(
      `${path}: bundling.esbuildArgs sets ${FOOTER}, but OpenTelemetry needs the footer '${REPLACEABLE_EXPORTS}'. Set ` +
        'the text as bundling.footer instead. The required line is added to it.',
    );
  }
  return { ...given, footer: [REPLACEABLE_EXPORTS, ...(footer === undefined ? [] : [footer])].join(' ') };
}

/** Returns true if the AWS SDK is bundled with the code. CDK also bundles it for a runtime that changes, such as `NODEJS_LATEST`. */
export function bundlesAwsSdk(given: BundlingOptions | undefined, runtime: Runtime): boolean {
  const { bundleAwsSDK, externalModules } = given ?? {};
  if (externalModules) return !externalModules.some((name) => name.startsWith('@aws-sdk/'));
  return bundleAwsSDK ?? runtime.isVariable;
}

/** Returns true if the code of a function exports a handler that the layer for Node.js can't replace. */
export function exportsFixedHandler({ cfn }: FunctionResource): boolean {
  const runtime = resolvedValue(cfnProperty(cfn, 'Runtime'), cfn);
  if (typeof runtime === 'string' && !RUNTIMES_WITH_REQUIRE.includes(runtime)) return false;
  const handler = resolvedValue(cfnProperty(cfn, 'Handler'), cfn);
  return typeof handler === 'string' && exportsFixed(handler, readerOf(cfn));
}

/** Returns a reader of the files of a function, in its asset. Inline code is in one file, whose name the runtime selects. */
function readerOf(cfn: FunctionResource['cfn']): (path: string) => string | undefined {
  const inline = memberOf(resolvedValue(cfnProperty(cfn, 'Code'), cfn), 'ZipFile');
  if (typeof inline === 'string') return (path) => (path.endsWith('.js') ? inline : undefined);
  const folder = stagedFolder(cfn.node.scope);
  return (path) => {
    const file = `${folder}/${path}`;
    if (folder === undefined || !existsSync(file)) return undefined;
    return statSync(file).size <= MAX_SIZE ? readFileSync(file, 'utf-8') : undefined;
  };
}

/** Returns the asset of an L2 function, or of a custom resource of CDK. */
function stagedFolder(parent: IConstruct | undefined): string | undefined {
  const staging =
    parent?.node.tryFindChild('Code')?.node.tryFindChild('Stage') ?? parent?.node.tryFindChild('Staging');
  return staging instanceof AssetStaging ? staging.absoluteStagedPath : undefined;
}
