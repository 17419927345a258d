import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isObject, objectAt } from '../cloudformation/json';
import type { LoadedTemplate } from './loaded-template';
import { displayed, identityOf, type TemplateFiles } from './template-files';

/** The property that contains the path of the template, by the type of the nested stack. */
const TEMPLATE_PROPERTIES: Readonly<Record<string, string>> = {
  'AWS::CloudFormation::Stack': 'TemplateURL',
  'AWS::Serverless::Application': 'Location',
};

/** Limits the number of nested stacks, which can grow exponentially with the number of templates. */
const MAX_NESTED = 1_000;

type Linked = { -readonly [Key in keyof LoadedTemplate]: LoadedTemplate[Key] };

/**
 * Links templates to the templates that nest them by a path, as `aws cloudformation package` and SAM do. Reads nested
 * templates that are not among the templates. Each nested stack has its own template, even if several stacks use one
 * file. Missing files are not reported, since a build may create them later; the model treats them as unknown.
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
        const message = `${logicalId} nests its own template, or a template that contains it. Use another ${property}.`;
        files.report({ file: parent.file, ...position(), message });
        continue;
      }
      if (++nested > MAX_NESTED) {
        const message = `There are more than ${MAX_NESTED} nested stacks. The stacks after this one are not checked.`;
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

/** Returns the nested stacks of a template whose files exist. */
function nestedFiles(template: LoadedTemplate) {
  return nestedPaths(template).filter(({ file }) => isFile(file));
}

/** Returns the nested stacks of a template that have a path, even if there is no such file. */
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

/** Returns the path of a local file; undefined for a URL, or a value that is not a path. */
export function pathOf(location: unknown, directory: string): string | undefined {
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

/** Returns a template and the templates that it is nested in. */
function ancestors(template: Linked, parents: ReadonlyMap<Linked, Linked>): Linked[] {
  const parent = parents.get(template);
  return [template, ...(parent ? ancestors(parent, parents) : [])];
}

/** Reads the template of a nested stack. The template has its own ID if another nested stack uses the same file. */
function copyFor(
  parent: Linked,
  logicalId: string,
  path: string,
  linked: readonly Linked[],
  files: TemplateFiles,
): Linked | undefined {
  const hint = `It is nested by ${logicalId} in ${parent.file}.`;
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
