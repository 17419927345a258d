import { CloudAssemblies } from './cloud-assembly';
import { listAll, listNames } from '../text/printable';
import { type Exclusions, type Input, findInputs, TEMPLATE_EXTENSIONS } from './find-files';
import type { Loaded, LoadedTemplate } from './loaded-template';
import { localCodeOf, withLocalFiles } from './local-files';
import { linkNestedStacks } from './nested-stacks';
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
