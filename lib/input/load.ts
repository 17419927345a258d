import { objectAt } from '../cloudformation/json';
import { listAll, listNames } from '../text/printable';
import { CloudAssemblies } from './cloud-assembly';
import { type Exclusions, findInputs, type Input, TEMPLATE_EXTENSIONS } from './find-files';
import type { Loaded, LoadedTemplate } from './loaded-template';
import { linkNestedStacks, localCodeOf, withLocalFiles } from './local-files';
import { TemplateFiles } from './template-files';
import { displayed, identityOf, QuotedFolders } from './text-files';

export interface LoadOptions {
  /**
   * The text of standard input, read when `-` is among the paths.
   *
   * @default - reads standard input
   */
  readonly readStdin?: () => string;
  /**
   * Called with the number of files read so far, for a progress line.
   *
   * @default - no progress is reported
   */
  readonly onProgress?: (files: number) => void;
  /**
   * A file or directory to skip, below a directory among the paths.
   *
   * @default - all files are read
   */
  readonly except?: string;
  /**
   * The files and folders to skip below a directory among the paths.
   *
   * @default - all files are read
   */
  readonly exclude?: Exclusions;
  /**
   * The paths that the user names. Errors quote only files in their folders and in the working directory.
   *
   * @default - all paths
   */
  readonly named?: readonly string[];
  /**
   * True if a folder without templates is no error.
   *
   * @default false
   */
  readonly allowEmpty?: boolean;
  /**
   * A sentence for the error of a folder without templates.
   *
   * @default - none
   */
  readonly emptyAdvice?: string;
  /**
   * The folder that all files are in. Templates and manifests that name other templates get an error, and other local files
   * stay unknown.
   *
   * @default - templates can be anywhere, and other local files in the repository of the template that names them
   */
  readonly root?: string;
  /**
   * Let rules read the code of functions: the assets of a cloud assembly, and local folders that templates name.
   *
   * @default false
   */
  readonly code?: boolean;
  /**
   * Texts to read instead of the content of files, by the identity of the file.
   *
   * @default - the content of the files
   */
  readonly texts?: ReadonlyMap<string, string>;
}

/**
 * Reads the templates of a system.
 *
 * @param paths files, directories, cloud assemblies, and `-` for standard input
 */
export function load(paths: readonly string[], options: LoadOptions = {}): Loaded {
  const { readStdin, onProgress, root } = options;
  const quoted = new QuotedFolders(root === undefined ? (options.named ?? paths) : [root]);
  const files = new TemplateFiles(readStdin, onProgress, quoted, root, options.texts);
  const except = options.except === undefined ? undefined : identityOf(options.except);
  const named = paths.map((path) => {
    const { length } = files.errors;
    const skipped: string[] = [];
    const onSkipped = (file: string) => skipped.push(displayed(file));
    const inputs = findInputs(path, files, { except, exclude: options.exclude, onSkipped });
    return { path, inputs, skipped, isRead: files.errors.length === length };
  });
  const inputs = named.flatMap(({ inputs: found }) => found);

  // Assemblies come first, since they know more about their templates than the files contain.
  const assemblies = new CloudAssemblies(files);
  const templates: LoadedTemplate[] = inputs.flatMap((input) =>
    input.kind === 'assembly' ? assemblies.read(input.directory, input.manifest) : [],
  );
  const taken = new Set(templates.map(({ file }) => identityOf(file)));
  for (const input of inputs) {
    if (input.kind === 'assembly') continue;
    const parsed = files.read(input.file, input.origin);
    const identity = identityOf(input.file);
    if (!parsed || taken.has(identity)) continue;
    taken.add(identity);
    const file = displayed(input.file);
    const { template, locate, text } = parsed;
    templates.push({ id: file, file, template, locate, text, group: input.group && displayed(input.group) });
  }
  for (const { path, inputs, skipped, isRead } of options.allowEmpty ? [] : named) {
    const isOther = (input: Input) =>
      input.kind === 'file' && input.origin === 'found' && !files.isRelevant(input.file);
    if (!isRead || !inputs.every(isOther)) continue;
    files.report({ file: path, message: emptyMessage(skipped, options.emptyAdvice) });
  }
  const linked = linkNestedStacks(templates, files);
  return {
    templates: linked
      .map((template) => withLocalFiles(template, files, options.root))
      .map((template) => withCode(template, options)),
    errors: files.errors,
    warnings: files.warnings,
  };
}

/** Returns the error of a folder without templates: what was looked for, and what was not read. */
function emptyMessage(skipped: readonly string[], advice: string | undefined): string {
  return [
    'This directory contains no CloudFormation template.',
    `Looked for cloud assemblies, and for ${listAll(TEMPLATE_EXTENSIONS)} files with Resources.`,
    ...(skipped.length > 0 ? [`Not read: ${listNames(skipped)}. Pass one of these paths to read it.`] : []),
    ...(advice === undefined ? [] : [advice]),
  ].join(' ');
}

function withCode(template: LoadedTemplate, { code, root }: LoadOptions): LoadedTemplate {
  return { ...template, codeOf: code ? (template.codeOf ?? localCodeOf(template, root)) : undefined };
}

/** The part of the logical IDs that copies share. A tool that packages a template may add a few resources. */
const SHARED = 0.9;

/** A single resource of a common name, such as `Function`, is in many templates. */
const MIN_RESOURCES = 2;

const MAX_NOTES = 5;

const FUNCTIONS: readonly unknown[] = ['AWS::Lambda::Function', 'AWS::Serverless::Function'];

/** Words in the names of files and folders that tools write. */
const BUILD =
  /^(?:backup|bak|build|built|bundled?|copy|dist|generated|old|out|output|package|packaged|target|te?mp)$/;

/** Words in the names of files and folders that are copied by hand, to deploy each. */
const STAGE =
  /^(?:alpha|beta|blue|canary|demo|dev|develop|development|dr|e2e|gamma|green|int|integration|live|pr|preprod|primary|prod|production|qa|sandbox|secondary|stage|staging|test|testing|uat)\d*$/;

const REGION = /(?:^|[^a-z])(?:af|ap|ca|cn|eu|il|me|mx|sa|us)(?:-[a-z]{1,12}){1,3}-\d/;

/** A template with the names of its resources. */
interface Named {
  readonly template: LoadedTemplate;
  readonly resources: ReadonlySet<string>;
}

/**
 * Returns notes on templates with nearly the same logical IDs, such as a template and the output of a build. Checked
 * together, each function counts twice. Copies for several regions or stages are no reason for a note, nor are
 * templates of services that were created alike.
 */
export function copyNotes(templates: readonly LoadedTemplate[]): string[] {
  const groups: Named[][] = [];
  for (const template of templates) {
    if (template.nestedIn || !hasFunctions(template)) continue;
    const resources = namesIn(template);
    if (resources.size < MIN_RESOURCES) continue;
    const named = { template, resources };
    const group = groups.find(([first]) => isCopy(first, named));
    if (group) group.push(named);
    else groups.push([named]);
  }
  const copies = groups.filter(({ length }) => length > 1);
  const more = copies.length - MAX_NOTES;
  return [
    ...copies.slice(0, MAX_NOTES).map((group) => noteOn(group.map(({ template }) => template.file))),
    ...(more > 0 ? [`${more} more groups of templates have nearly the same logical IDs.`] : []),
  ];
}

function noteOn(files: readonly string[]): string {
  return (
    `These templates have nearly the same logical IDs, but are checked as one system: ${listNames(files)}. If one is ` +
    'generated from another, exclude it in the configuration, or pass only the others. If each is deployed, check one at a time.'
  );
}

function hasFunctions({ template }: LoadedTemplate): boolean {
  const resources = Object.values(objectAt(template, 'Resources'));
  return resources.some((resource) => FUNCTIONS.includes(objectAt({ resource }, 'resource').Type));
}

/** Returns the logical IDs of a template. Copies of a CDK stack differ in their construct paths. */
function namesIn({ template, constructPaths }: LoadedTemplate): Set<string> {
  const resources = Object.entries(objectAt(template, 'Resources'));
  return new Set(
    resources.map(([logicalId, resource]) => {
      const path = constructPaths?.[logicalId] ?? objectAt(resource, 'Metadata')['aws:cdk:path'];
      return JSON.stringify([logicalId, path]);
    }),
  );
}

function isCopy(first: Named, second: Named): boolean {
  const most = Math.max(first.resources.size, second.resources.size);
  let missing = 0;
  for (const name of first.resources) {
    if (!second.resources.has(name) && ++missing > most * (1 - SHARED)) return false;
  }
  const shared = first.resources.size - missing;
  return shared >= most * SHARED && !areSeparate(first.template, second.template);
}

/** True if each of two templates is deployed, according to their stacks and their paths. */
function areSeparate(first: LoadedTemplate, second: LoadedTemplate): boolean {
  const isOther = (key: 'account' | 'region' | 'stackName') =>
    first[key] !== undefined && second[key] !== undefined && first[key] !== second[key];
  if (isOther('account') || isOther('region') || isOther('stackName')) return true;
  if (first.sourceOf && second.sourceOf && first.group === second.group) return true;
  return haveSeparatePaths(first.file.split('/'), second.file.split('/'));
}

/** True for paths that differ by a stage or region, or are in folders beside each other of which no tool writes one. */
function haveSeparatePaths(first: readonly string[], second: readonly string[]): boolean {
  const length = Math.min(first.length, second.length);
  const common = first.findIndex((name, i) => i >= length || name !== second[i]);
  const [own, other] = [first.slice(common), second.slice(common)];
  const names = [
    ...own.filter((name) => !other.includes(name)),
    ...other.filter((name) => !own.includes(name)),
  ];
  const words = names.flatMap(wordsIn);
  if (words.some((word) => STAGE.test(word)) || names.some((name) => REGION.test(name.toLowerCase())))
    return true;
  const areBeside = own.length > 1 && other.length > 1;
  // Of files with the same name, the name can be the one that a tool writes, such as `output.yaml`.
  const isWritten = [...words, ...wordsIn(own[own.length - 1])].some((word) => BUILD.test(word));
  return areBeside && !isWritten;
}

function wordsIn(name: string): string[] {
  return name.toLowerCase().split(/[^a-z0-9]+/);
}
