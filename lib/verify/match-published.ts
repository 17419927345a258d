import { isObject } from '../cloudformation/json';
import { effectiveProperties } from '../cloudformation/sam-globals';
import type { FunctionAlias, FunctionVersion } from '../lambda/lambda-function';
import { ALIAS, type PublishedResource, VERSION } from './deployed-functions';
import type { FunctionUnderVerification } from './drift';

/** Returns the published version for a version of the templates. */
export function publishedVersion(
  { resource, function: fn }: FunctionVersion,
  { published }: FunctionUnderVerification,
): PublishedResource | undefined {
  const isFromSam = resource === fn.resource;
  return published.find(
    ({ template, logicalId, type }) =>
      type === VERSION &&
      template === resource.template.id &&
      // SAM generates the logical ID of the version.
      (isFromSam ? logicalId.startsWith(`${resource.logicalId}Version`) : logicalId === resource.logicalId),
  );
}

/** Returns the version of the templates for a published version. */
export function versionInTemplate(
  { type, logicalId, template }: PublishedResource,
  { function: fn }: FunctionUnderVerification,
): FunctionVersion | undefined {
  if (type !== VERSION) return undefined;
  return fn.versions.find(
    ({ resource }) => resource.logicalId === logicalId && resource.template.id === template,
  );
}

/** Returns the alias of the templates with a name. Its stack can be one that was not read. */
export function aliasInTemplate(name: string, target: FunctionUnderVerification): FunctionAlias | undefined {
  const { function: fn, published } = target;
  const alias = published.find(({ type, qualifier }) => type === ALIAS && qualifier === name);
  if (!alias) return fn.aliases.find((candidate) => canHaveName(candidate, name, target));
  const declared = fn.aliases.find(
    ({ resource }) => resource.logicalId === alias.logicalId && resource.template.id === alias.template,
  );
  // SAM generates the logical ID of its alias.
  return declared ?? fn.aliases.find(({ resource }) => resource === fn.resource);
}

/** True if an alias has the name, or has an unknown name and its stack was not read. */
function canHaveName(
  { resource, function: fn }: FunctionAlias,
  name: string,
  { stacks }: FunctionUnderVerification,
): boolean {
  const { Name, AutoPublishAlias } = effectiveProperties(resource);
  const declaredName = resource === fn.resource ? AutoPublishAlias : Name;
  if (!isObject(declaredName)) return declaredName === name;
  return stacks.every(({ template }) => template !== resource.template.id);
}
