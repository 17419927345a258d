import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isObject, objectAt, scalarText } from '../cloudformation/json';
import type { LoadedTemplate } from './loaded-template';
import { type TemplateFiles } from './template-files';
import { displayed, identityOf, isNetworkPath } from './text-files';

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
    for (const { logicalId, property, file, isRemote } of nestedFiles(parent, files)) {
      const position = () => parent.locate?.(['Resources', logicalId, 'Properties', property]);
      if (isRemote) {
        const message = `${logicalId} nests ${file}, a path of another computer, which is not read. Use a local path as ${property}.`;
        files.report({ file: parent.file, ...position(), message });
        continue;
      }
      const identity = identityOf(file);
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

/** A nested stack that has a path. */
interface NestedPath {
  readonly logicalId: string;
  readonly property: string;
  readonly file: string;
  /** True for a path of another computer. */
  readonly isRemote: boolean;
}

/** Returns the nested stacks of a template whose files exist, and those with a path of another computer. */
function nestedFiles(template: LoadedTemplate, files: TemplateFiles): NestedPath[] {
  return allNestedPaths(template).filter(
    ({ file, isRemote }) => isRemote || (files.mayRead(file) && isFile(file)),
  );
}

/** Returns the nested stacks of a template that have a local path, even if there is no such file. */
export function nestedPaths(template: LoadedTemplate): NestedPath[] {
  return allNestedPaths(template).filter(({ isRemote }) => !isRemote);
}

function allNestedPaths({ template, file }: LoadedTemplate): NestedPath[] {
  return Object.entries(objectAt(template, 'Resources')).flatMap(([logicalId, resource]) => {
    const type = (isObject(resource) && scalarText(resource.Type)) || '';
    const property = Object.hasOwn(TEMPLATE_PROPERTIES, type) ? TEMPLATE_PROPERTIES[type] : undefined;
    const path = property && pathOf(objectAt(resource, 'Properties')[property], dirname(file));
    return path ? [{ logicalId, property, ...path }] : [];
  });
}

/** Returns the path of a file; undefined for a URL of the web, or a value that is not a path. */
export function pathOf(
  location: unknown,
  directory: string,
): Pick<NestedPath, 'file' | 'isRemote'> | undefined {
  if (typeof location !== 'string' || location === '') return undefined;
  if (location.startsWith('file:')) return pathOfUrl(location);
  if (/^[a-z][a-z0-9+.-]+:/i.test(location)) return undefined;
  const isRemote = isNetworkPath(location);
  return { file: isRemote ? location : join(directory, location), isRemote };
}

function pathOfUrl(url: string): Pick<NestedPath, 'file' | 'isRemote'> | undefined {
  try {
    const { host, pathname } = new URL(url);
    const file = host === '' ? fileURLToPath(url) : `//${host}${pathname}`;
    return { file, isRemote: isNetworkPath(file) };
  } catch {
    return undefined;
  }
}

/** True for a regular file. Reading a pipe or a device would block. */
export function isFile(path: string): boolean {
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
    text: parent.text === undefined ? undefined : parsed.text,
    group: parent.group,
  };
}
