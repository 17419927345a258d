import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isObject, type JsonObject, objectAt, scalarText } from '../cloudformation/json';
import type { CodeFile } from '../cloudformation/template';
import { CodeReader, displayed, identityOf, isNetworkPath, isWithin, repositoryAround } from './text-files';
import type { LoadedTemplate } from './loaded-template';
import type { TemplateFiles } from './template-files';

/**
 * The properties that `aws cloudformation package` and SAM accept the path of a local file for, and the property that
 * holds the same content inline ("package", AWS CLI Command Reference; "AWS::Serverless::StateMachine", AWS SAM
 * Developer Guide).
 */
const FILE_PROPERTIES: Readonly<Record<string, readonly [file: string, inline: string]>> = {
  'AWS::ApiGateway::RestApi': ['BodyS3Location', 'Body'],
  'AWS::ApiGatewayV2::Api': ['BodyS3Location', 'Body'],
  'AWS::Serverless::Api': ['DefinitionUri', 'DefinitionBody'],
  'AWS::Serverless::HttpApi': ['DefinitionUri', 'DefinitionBody'],
  'AWS::Serverless::StateMachine': ['DefinitionUri', 'Definition'],
  'AWS::StepFunctions::StateMachine': ['DefinitionS3Location', 'Definition'],
};

const TRANSFORM = 'Fn::Transform';

/**
 * Replaces references to local files by the content of the files: definitions, and files that `AWS::Include` inserts.
 * Files that are missing, can't be parsed or are outside of the project stay unknown.
 *
 * @param root the folder that all files are in; by default, the repository of the template
 */
export function withLocalFiles(
  template: LoadedTemplate,
  files: TemplateFiles,
  root: string | undefined,
): LoadedTemplate {
  if (!files.mayInclude(template.file) && !hasDefinitions(template.template)) return template;
  const local = new LocalFiles(template.file, files, root ?? projectOf(template.file));
  const inlined = local.inline(template.template);
  return local.paths.length === 0 ? template : { ...template, template: inlined, localFiles: local.paths };
}

/** True if a template has a resource that can have its definition in a file. */
function hasDefinitions(template: unknown): boolean {
  return Object.values(objectAt(template, 'Resources')).some(
    (resource) => isObject(resource) && Object.hasOwn(FILE_PROPERTIES, scalarText(resource.Type) ?? ''),
  );
}

/** The local files that a template refers to. */
class LocalFiles {
  /** The paths of the files, even if there is no such file. */
  public readonly paths: string[] = [];
  private readonly folder: string;
  private readonly included = new WeakMap<object, unknown>();

  constructor(
    file: string,
    private readonly files: TemplateFiles,
    private readonly project: string,
  ) {
    this.folder = dirname(file);
  }

  public inline(template: unknown): unknown {
    if (!isObject(template)) return template;
    const whole = this.withIncludedSections(this.withIncludes(template) as JsonObject);
    const resources = Object.entries(objectAt(whole, 'Resources')).map(([logicalId, resource]) => [
      logicalId,
      isObject(resource) ? this.withDefinition(resource, objectAt(whole, 'Globals')) : resource,
    ]);
    return { ...whole, Resources: Object.fromEntries(resources) as JsonObject };
  }

  /** Inserts the files that the `Transform` section includes into the sections of the template. */
  private withIncludedSections(template: JsonObject): JsonObject {
    const { contents, others } = this.contentsOf(template.Transform);
    return contents.filter(isObject).reduce(
      (whole, content) => {
        const sections = Object.entries(content).map(([name, section]) => {
          const own = whole[name] ?? section;
          return [name, isObject(own) && isObject(section) ? merged([section, own]) : own] as const;
        });
        return merged([whole, Object.fromEntries(sections)]);
      },
      contents.length === 0 ? template : { ...template, Transform: others },
    );
  }

  private withDefinition(resource: JsonObject, globals: JsonObject): JsonObject {
    const type = scalarText(resource.Type) ?? '';
    if (!Object.hasOwn(FILE_PROPERTIES, type)) return resource;
    const [location, inline] = FILE_PROPERTIES[type];
    const properties = objectAt(resource, 'Properties');
    const { [location]: common } = objectAt(globals, type.replace('AWS::Serverless::', ''));
    const file = properties[inline] === undefined && this.read(properties[location] ?? common);
    if (!file) return resource;
    // A definition with substitutions outside of strings is not valid JSON.
    const content = isObject(file.value)
      ? { [inline]: file.value }
      : inline === 'Definition' && { DefinitionString: file.text };
    return { ...resource, Properties: { ...properties, ...content } };
  }

  /** Inserts the files that `Fn::Transform` includes. Aliases in YAML make several parents share a value. */
  private withIncludes(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    if (!this.included.has(value)) this.included.set(value, this.include(value));
    return this.included.get(value);
  }

  private include(value: object): unknown {
    if (Array.isArray(value)) {
      const items: unknown[] = value.map((item) => this.withIncludes(item));
      return items.some((item, i) => item !== value[i]) ? items : value;
    }
    const object = value as JsonObject;
    const members = Object.entries(object).map(
      ([name, member]) => [name, this.withIncludes(member)] as const,
    );
    const isChanged = members.some(([name, member]) => member !== object[name]);
    const own: JsonObject = isChanged ? Object.fromEntries(members) : object;
    const { contents, others } = this.contentsOf(own[TRANSFORM]);
    if (contents.length === 0) return own;
    if (contents.length === 1 && !isObject(contents[0])) return contents[0];
    const whole = merged([...contents.filter(isObject), own, { [TRANSFORM]: others }]);
    return others.length > 0 ? whole : without(TRANSFORM, whole);
  }

  /** Returns the contents of the files that macros include, and the other macros. */
  private contentsOf(macros: unknown): { contents: unknown[]; others: unknown[] } {
    const [contents, others]: [unknown[], unknown[]] = [[], []];
    for (const macro of macros === undefined ? [] : [macros].flat()) {
      const isInclude = isObject(macro) && macro.Name === 'AWS::Include';
      const content = isInclude ? this.read(objectAt(macro, 'Parameters').Location)?.value : undefined;
      if (content === undefined) others.push(macro);
      else contents.push(content);
    }
    return { contents, others };
  }

  private read(location: unknown) {
    const { file, isRemote } = pathOf(location, this.folder) ?? { isRemote: true };
    if (isRemote || file === undefined) return undefined;
    this.paths.push(file);
    return isWithin(file, this.project) && isFile(file) ? this.files.readPart(file) : undefined;
  }
}

/** Merges objects; later ones take precedence. Unlike `Object.assign`, it can't change a prototype. */
function merged(objects: readonly JsonObject[]): JsonObject {
  return Object.fromEntries(objects.flatMap((object) => Object.entries(object)));
}

/** The properties with the local folder of a function's code ("package", AWS CLI Command Reference). */
const CODE_PROPERTIES: Readonly<Record<string, string>> = {
  'AWS::Lambda::Function': 'Code',
  'AWS::Serverless::Function': 'CodeUri',
};

/**
 * Returns a reader of the local code of functions. Code outside of the project is not read.
 *
 * @param root the folder that all files are in; by default, the repository of the template
 */
export function localCodeOf(
  { file, template }: LoadedTemplate,
  root: string | undefined,
): (logicalId: string) => readonly CodeFile[] {
  const reader = new CodeReader();
  return (logicalId) => {
    const resource = objectAt(objectAt(template, 'Resources'), logicalId);
    const property = CODE_PROPERTIES[scalarText(resource.Type) ?? ''] as string | undefined;
    const { CodeUri: common } = objectAt(objectAt(template, 'Globals'), 'Function');
    const ignored = [resource.IgnoreGlobals].flat();
    const isCommon = property === 'CodeUri' && !['*', property].some((name) => ignored.includes(name));
    const location = property === undefined ? undefined : objectAt(resource, 'Properties')[property];
    const folder = pathOf(location ?? (isCommon ? common : undefined), dirname(file));
    const isLocal =
      folder?.file !== undefined && !folder.isRemote && isWithin(folder.file, root ?? projectOf(file));
    return isLocal ? reader.read(folder.file) : [];
  };
}

function without(name: string, object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));
}

/** Returns the repository of a template; outside of one, the working directory or the folder of the template. */
function projectOf(file: string): string {
  const folder = dirname(resolve(identityOf(file)));
  return repositoryAround(folder) ?? (isWithin(folder, process.cwd()) ? process.cwd() : folder);
}

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
function pathOf(location: unknown, directory: string): Pick<NestedPath, 'file' | 'isRemote'> | undefined {
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
    text: parent.text === undefined ? undefined : parsed.text,
    group: parent.group,
  };
}
