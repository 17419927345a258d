import { isObject } from '../model/json';
import type { FunctionAlias } from '../model/lambda-function';
import { effectiveProperties } from '../model/sam-globals';
import type { Subject } from './subject';

/** An alias as the templates have it: where it is of a stack, or may be of one that was not read. */
export function aliasInTemplate(name: string, subject: Subject): FunctionAlias | undefined {
  const { function: fn, publications } = subject;
  const place = publications.find(
    ({ type, qualifier }) => type === 'AWS::Lambda::Alias' && qualifier === name,
  );
  if (!place) return fn.aliases.find((alias) => mayBeCalled(alias, name, subject));
  const { template, logicalId } = place;
  const written = fn.aliases.find(
    ({ resource }) => resource.logicalId === logicalId && resource.template.id === template,
  );
  // The one that SAM makes has a logical ID that it makes up.
  return written ?? fn.aliases.find(({ resource }) => resource === fn.resource);
}

function mayBeCalled({ resource, function: fn }: FunctionAlias, name: string, { stacks }: Subject): boolean {
  const { Name: own, AutoPublishAlias: sams } = effectiveProperties(resource);
  const written = resource === fn.resource ? sams : own;
  if (!isObject(written)) return written === name;
  return stacks.every(({ template }) => template !== resource.template.id);
}
