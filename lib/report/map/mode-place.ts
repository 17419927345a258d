import type { LoadedTemplate } from '../../load/loaded';
import { isIntrinsic, isObject } from '../../model/json';
import type { LambdaFunction } from '../../model/lambda-function';
import { placeOf } from '../place';
import { type MapPlace, mapPlace } from './map-place';

/** Where a function's mode is set; nothing where it is left to the default. */
export function modePlace(
  { resource, modeProperty }: LambdaFunction,
  templates: ReadonlyMap<string, LoadedTemplate>,
): MapPlace | undefined {
  const path = modeProperty.split('.');
  if (isSet(resource.properties, path)) return mapPlace(placeOf(resource, templates, modeProperty));
  const { id, globals } = resource.template;
  const isGlobal = isSet(globals, ['Function', ...path]);
  if (resource.type !== 'AWS::Serverless::Function' || !isGlobal) return undefined;
  const position = templates.get(id)?.locate?.(['Globals', 'Function', ...path]);
  return mapPlace({ template: id, position });
}

/** Whether there is a value, or an intrinsic function where one would be below. */
function isSet(value: unknown, [key, ...below]: readonly string[]): boolean {
  if (key === undefined) return true;
  if (!isObject(value)) return false;
  return Object.hasOwn(value, key) ? isSet(value[key], below) : isIntrinsic(value);
}
