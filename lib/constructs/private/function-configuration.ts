import { LayerVersion } from 'aws-cdk-lib/aws-lambda';
import { isObject } from '../../cloudformation/json';
import { appendToList, cfnProperty, includedGlobals, memberOf } from './cfn-properties';
import type { FunctionResource } from './function-resource';
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
