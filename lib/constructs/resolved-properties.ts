import { type CfnResource, Stack } from 'aws-cdk-lib';
import { isObject, type JsonObject, objectAt } from '../model/json';

/** The properties of a resource as its template has them at this moment, raw overrides included. */
export function resolvedProperties(resource: CfnResource): JsonObject {
  return propertiesIn(Stack.of(resource).resolve(resource._toCloudFormation()));
}

/** The properties of the one resource in a rendered template fragment. */
export function propertiesIn(fragment: unknown): JsonObject {
  const [rendered] = Object.values(objectAt(fragment, 'Resources'));
  return isObject(rendered) ? objectAt(rendered, 'Properties') : {};
}
