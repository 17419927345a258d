import { isObject, type JsonObject, objectAt } from '../cloudformation/json';
import { effectiveProperties } from '../cloudformation/sam-globals';
import type { CodeFile, Resource, Template } from '../cloudformation/template';
import { isFunction } from './function-references';
import { exportsFixedHandler } from './instrumentation';

/** A library in the code of a function that sends subsegments to the X-Ray daemon. */
export interface TracingLibrary {
  readonly name: 'the X-Ray SDK' | "Powertools' Tracer";
  /** The file that shows it. */
  readonly file: string;
  /** False if neither the handler nor what it imports shows it. True if the handler is not among the files. */
  readonly isLoaded: boolean;
}

/** The findings in the code of a function. Code that can't be read shows none. */
export interface FunctionCode {
  readonly libraries: readonly TracingLibrary[];
  /** True if the module with the handler is known to export it so that AWS's OpenTelemetry layer can't replace it. */
  readonly hasFixedHandler: boolean;
}

/** Reads the code of a function, inline or from files. */
export function readCode(resource: Resource): FunctionCode {
  const { Handler: handler, PackageType: packageType } = effectiveProperties(resource);
  // `Globals` can have a folder, which is not for container images.
  const isImage = packageType === 'Image';
  const read = (!isImage && resource.template.source.codeOf?.(resource.logicalId)) || [];
  const files = [...inlineCode(resource), ...read];
  const textOf = (path: string) => files.find((file) => file.path === path)?.text;
  return {
    libraries: librariesIn(files, () => codeUsage(resource, read)),
    hasFixedHandler: typeof handler === 'string' && exportsFixedHandler(handler, textOf),
  };
}

/** Inline code is in `index` ("AWS::Lambda::Function Code", AWS CloudFormation Template Reference). */
function inlineCode(resource: Resource): CodeFile[] {
  const { Code: code, InlineCode: ofSam, Runtime: runtime } = effectiveProperties(resource);
  const text = isObject(code) ? code.ZipFile : ofSam;
  if (typeof text !== 'string') return [];
  return [{ path: String(runtime).startsWith('python') ? 'index.py' : 'index.js', text }];
}

interface Library {
  readonly name: TracingLibrary['name'];
  /** Matches the packages of npm. */
  readonly npm: RegExp;
  /** Matches a line of a list of Python packages. */
  readonly python: RegExp;
  /** Matches an import in JavaScript. Bundles have comments with paths, or only names of variables. */
  readonly js: RegExp;
  /** Matches a name that is imported in Python, with its module. */
  readonly py: RegExp;
}

/** Powertools' Tracer comes first: it includes the X-Ray SDK. */
const LIBRARIES: readonly Library[] = [
  {
    name: "Powertools' Tracer",
    npm: /^@aws-lambda-powertools\/tracer$/,
    python: /^aws-lambda-powertools\[[^\]\n]{0,500}\b(?:tracer|all)\b/m,
    js: /["'/]@aws-lambda-powertools\/tracer\b|POWERTOOLS_TRACER_CAPTURE_RESPONSE/,
    py: /^aws_lambda_powertools(?:\.tracing(?:\.tracer)?)?\.Tracer$/,
  },
  {
    name: 'the X-Ray SDK',
    npm: /^aws-xray-sdk(?:-[a-z0-9]+)?$/,
    python: /^aws[-_]xray[-_]sdk\b/m,
    js: /["'/]aws-xray-sdk(?:-core)?["'/]|AWS_XRAY_CONTEXT_MISSING/,
    py: /^aws_xray_sdk(?:\.|$)/,
  },
];

function librariesIn(files: readonly CodeFile[], usage: () => CodeUsage): TracingLibrary[] {
  for (const library of LIBRARIES) {
    const found = files.filter((file) => shows(library, file));
    if (found.length === 0) continue;
    const { own: used, others } = usage();
    const own = found.filter(({ path }) => !others.has(path));
    // A package that others import is in the list of packages for them.
    const isOfOthers = own.length < found.length && own.every(({ path }) => isPackageList(path));
    const isLoaded = used.size === 0 || own.some(({ path }) => used.has(path));
    if (own.length > 0 && !isOfOthers) return [{ name: library.name, file: own[0].path, isLoaded }];
  }
  return [];
}

function isPackageList(path: string): boolean {
  return /(?:^|\/)(?:package\.json|requirements\.txt)$/.test(path);
}

function shows({ npm, python, js, py }: Library, file: CodeFile): boolean {
  const { path, text } = file;
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name === 'package.json')
    return Object.keys(objectAt(parsed(text), 'dependencies')).some((one) => npm.test(one));
  if (name === 'requirements.txt') return python.test(text);
  if (name.endsWith('.py')) return absoluteNamesIn(file).some((one) => py.test(one));
  return /\.[cm]?[jt]s$/.test(name) && js.test(text);
}

/** A cache: each library looks for its names, and many functions share their code. */
const absoluteNames = new WeakMap<CodeFile, readonly string[]>();

/** Returns the names that a Python file imports from other packages. */
function absoluteNamesIn(file: CodeFile): readonly string[] {
  const known =
    absoluteNames.get(file) ?? namesInPython(file.text).flatMap(([dots, name]) => (dots === 0 ? [name] : []));
  absoluteNames.set(file, known);
  return known;
}

function parsed(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

/** The paths of the files that functions use. */
interface CodeUsage {
  /** The handler of the function, and what it imports. Empty if the handler is not among the files. */
  readonly own: ReadonlySet<string>;
  /** The files that only other functions with the same code use. Empty if `own` is. */
  readonly others: ReadonlySet<string>;
}

/**
 * Returns the files that a function uses, and those that only others use: a folder often has the handlers of several
 * functions.
 *
 * @param files the files of the code
 */
function codeUsage(resource: Resource, files: readonly CodeFile[]): CodeUsage {
  const { Handler: own } = effectiveProperties(resource);
  const modules = modulesOf(files);
  const used = modules.reachedFrom(own);
  if (used.size === 0) return { own: used, others: used };
  const others = new Set<string>();
  for (const handler of handlersWithCodeOf(resource)) {
    if (handler === own) continue;
    for (const path of modules.reachedFrom(handler)) if (!used.has(path)) others.add(path);
  }
  return { own: used, others };
}

const handlersByTemplate = new WeakMap<Template, ReadonlyMap<string, ReadonlySet<unknown>>>();

/** Returns the handlers of the functions in the template with the same code as a function. */
function handlersWithCodeOf(resource: Resource): ReadonlySet<unknown> {
  const { template } = resource;
  const known = handlersByTemplate.get(template) ?? handlersByCode(template);
  handlersByTemplate.set(template, known);
  return known.get(codeKey(resource)) ?? new Set();
}

function handlersByCode(template: Template): Map<string, Set<unknown>> {
  const handlers = new Map<string, Set<unknown>>();
  for (const resource of template.resources.values()) {
    if (!isFunction(resource)) continue;
    const key = codeKey(resource);
    const known = handlers.get(key) ?? new Set();
    handlers.set(key, known.add(effectiveProperties(resource).Handler));
  }
  return handlers;
}

function codeKey(resource: Resource): string {
  const { CodeUri: ofSam, Code: code } = effectiveProperties(resource);
  return JSON.stringify([ofSam, code]);
}

const modulesByFiles = new WeakMap<readonly CodeFile[], Modules>();

/** Files of one folder are read once for all functions with this code. */
function modulesOf(files: readonly CodeFile[]): Modules {
  const known = modulesByFiles.get(files) ?? new Modules(files);
  modulesByFiles.set(files, known);
  return known;
}

/** Extensions of modules, and the files that stand for a folder. */
const ENDS = [
  '',
  ...['js', 'mjs', 'cjs', 'ts', 'mts', 'cts'].flatMap((extension) => [
    `.${extension}`,
    `/index.${extension}`,
  ]),
  '.py',
  '/__init__.py',
];

/** Imports are at the start of a file. A longer file is a bundle. */
const MAX_LENGTH = 100_000;

/** The modules of a folder, and the files that they import. */
class Modules {
  private readonly byPath: ReadonlyMap<string, CodeFile>;
  private readonly imported = new Map<string, readonly string[]>();
  private readonly reached = new Map<string, ReadonlySet<string>>();

  constructor(files: readonly CodeFile[]) {
    this.byPath = new Map(files.map((file) => [file.path, file]));
  }

  /** Returns the module of a handler and all that it imports. Empty if there is no such module. */
  public reachedFrom(handler: unknown): ReadonlySet<string> {
    const [, module] = /^(?:\.\/)?(.+)\.[^./]+$/.exec(typeof handler === 'string' ? handler : '') ?? [];
    if (module === undefined) return new Set();
    const known = this.reached.get(module) ?? this.reach(module);
    this.reached.set(module, known);
    return known;
  }

  private reach(module: string): Set<string> {
    // A handler in Python can have dots instead of slashes.
    const reached = new Set([module, module.replaceAll('.', '/')].flatMap((name) => this.find(name)));
    // A set also yields what is added during the iteration.
    for (const path of reached) for (const other of this.importsOf(path)) reached.add(other);
    return reached;
  }

  private importsOf(path: string): readonly string[] {
    const known = this.imported.get(path) ?? this.readImports(this.byPath.get(path)!);
    this.imported.set(path, known);
    return known;
  }

  private readImports({ path, text }: CodeFile): string[] {
    const folder = path.split('/').slice(0, -1);
    const start = text.slice(0, MAX_LENGTH);
    if (path.endsWith('.py')) {
      return namesInPython(start).flatMap(([dots, name]) => {
        const parts = name.split('.').filter((part) => part !== '');
        const roots = dots > 0 ? [folder.slice(0, Math.max(0, folder.length - dots + 1))] : [[], folder];
        return roots.flatMap((root) => this.find([...root, ...parts].join('/')));
      });
    }
    return [...start.matchAll(/["'](\.{1,2}\/[^"'\n]+)["']/g)].flatMap(([, name]) => {
      const found = normalized([...folder, ...name.split('/')]);
      return [found, found.replace(/\.([cm]?)js$/, '.$1ts')].flatMap((one) => this.find(one));
    });
  }

  private find(name: string): string[] {
    return ENDS.map((end) => `${name}${end}`).filter((path) => this.byPath.has(path));
  }
}

/** Returns the number of dots before the names that a Python file imports, and the names. */
function namesInPython(text: string): [dots: number, name: string][] {
  const imports = text.matchAll(
    /^[ \t]*(?:from[ \t]+(\.*)([\w.]*)(?:[ \t]+import[ \t]*(?:\(((?:#.*\n|[^)#])*)|((?:[\w, \t]|\\\r?\n)+)))?|import[ \t]+((?:[\w., \t]|\\\r?\n)+))/gm,
  );
  return [...imports].flatMap(([, dots = '', module, inParentheses, inLine, modules]) => {
    const names = inParentheses?.replace(/#.*/g, '') ?? inLine ?? modules ?? '';
    // `Tracer as T`, and a line that goes on in the next one.
    const imported = names.split(',').map((name) => /[\w.]+/.exec(name)?.[0] ?? '');
    const all = module === undefined ? imported : [module, ...imported.map((name) => `${module}.${name}`)];
    return all.map((name): [number, string] => [dots.length, name]);
  });
}

function normalized(parts: readonly string[]): string {
  const path: string[] = [];
  for (const part of parts) {
    if (part === '..') path.pop();
    else if (part !== '.') path.push(part);
  }
  return path.join('/');
}
