import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isObject, objectAt } from '../cloudformation/json';
import type { LoadedTemplate } from './loaded-template';
import { displayed, identityOf, type TemplateFiles } from './template-files';

/** The property with the template of the resources that are nested stacks. */
const TEMPLATE_PROPERTIES: Readonly<Record<string, string>> = {
  'AWS::CloudFormation::Stack': 'TemplateURL',
  'AWS::Serverless::Application': 'Location',
};

/** One template may be nested often, and those nested in it as often each. */
const MAX_NESTED = 1_000;

type Linked = { -readonly [Key in keyof LoadedTemplate]: LoadedTemplate[Key] };

/**
 * Links templates to those that nest them by a path, as `aws cloudformation package` and SAM have it, and reads the
 * ones that nobody named. Each nested stack is a template of its own, even if several are made from one file. What
 * isn't there isn't reported: a build may yet have to make it, and the model takes it as unknown.
 */
export function linkNestedStacks(
  templates: readonly LoadedTemplate[],
  files: TemplateFiles,
): LoadedTemplate[] {
  const linked: Linked[] = templates.map((template) => ({ ...template }));
  const parents = new Map<Linked, Linked>();
  const free = new Map(
    linked.filter(({ nestedIn }) => !nestedIn).map((template) => [identityOf(template.file), template]),
  );
  let nested = 0;
  for (const parent of linked) {
    for (const { logicalId, property, file } of nestedFiles(parent)) {
      const identity = identityOf(file);
      const position = () => parent.locate?.(['Resources', logicalId, 'Properties', property]);
      if (ancestors(parent, parents).some((template) => identityOf(template.file) === identity)) {
        const message = `${logicalId} nests the template that it is in, or one around it: name another ${property}.`;
        files.report({ file: parent.file, ...position(), message });
        continue;
      }
      if (++nested > MAX_NESTED) {
        const message = `There are more than ${MAX_NESTED} nested stacks up to here: the others are not judged.`;
        files.report({ file: parent.file, ...position(), message });
        return linked;
      }
      const known = free.get(identity);
      const child = known ?? copyFor(parent, logicalId, file, linked, files);
      if (!child) continue;
      free.delete(identity);
      child.nestedIn = { id: parent.id, logicalId };
      parents.set(child, parent);
      if (!known) linked.push(child);
    }
  }
  return linked;
}

/** The templates that a template nests by a path, where there is a file. */
function nestedFiles(template: LoadedTemplate) {
  return nestedPaths(template).filter(({ file }) => isFile(file));
}

/** The paths by which a template nests others, whether or not there is a file. */
export function nestedPaths({
  template,
  file,
}: LoadedTemplate): { logicalId: string; property: string; file: string }[] {
  return Object.entries(objectAt(template, 'Resources')).flatMap(([logicalId, resource]) => {
    const type = isObject(resource) ? String(resource.Type) : '';
    const property = Object.hasOwn(TEMPLATE_PROPERTIES, type) ? TEMPLATE_PROPERTIES[type] : undefined;
    const path = property && pathOf(objectAt(resource, 'Properties')[property], dirname(file));
    return path ? [{ logicalId, property, file: path }] : [];
  });
}

function pathOf(location: unknown, directory: string): string | undefined {
  if (typeof location !== 'string' || location === '') return undefined;
  try {
    if (/^[a-z][a-z0-9+.-]+:/i.test(location) && !location.startsWith('file:')) return undefined;
    return location.startsWith('file:') ? fileURLToPath(location) : join(directory, location);
  } catch {
    return undefined;
  }
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** A template, and those around it. */
function ancestors(template: Linked, parents: ReadonlyMap<Linked, Linked>): Linked[] {
  const parent = parents.get(template);
  return [template, ...(parent ? ancestors(parent, parents) : [])];
}

/** A nested stack's template that isn't among the others, or is another one's already. */
function copyFor(
  parent: Linked,
  logicalId: string,
  path: string,
  linked: readonly Linked[],
  files: TemplateFiles,
): Linked | undefined {
  const hint = `${logicalId} in ${parent.file} nests it.`;
  const parsed = files.read(path, 'named', hint);
  const file = displayed(path);
  if (!parsed) return undefined;
  const isTaken = linked.some(({ id }) => id === file);
  return {
    id: isTaken ? `${parent.id}#${logicalId}` : file,
    file,
    template: parsed.template,
    locate: parsed.locate,
    group: parent.group,
  };
}
