import { isObject, type JsonObject, objectAt } from '../cloudformation/json';
import { effectiveProperties } from '../cloudformation/sam-globals';
import type { CodeFile, Resource } from '../cloudformation/template';
import { exportsFixedHandler } from './instrumentation';
import { type CodeUsage, codeUsage } from './shared-code';

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
  /** Matches an import, by the extension of the file. Bundles have comments with paths, or only names of variables. */
  readonly imports: Readonly<Record<string, RegExp | undefined>>;
}

/** Powertools' Tracer comes first: it includes the X-Ray SDK. */
const LIBRARIES: readonly Library[] = [
  {
    name: "Powertools' Tracer",
    npm: /^@aws-lambda-powertools\/tracer$/,
    python: /^aws-lambda-powertools\[[^\]]*\b(?:tracer|all)\b/m,
    imports: {
      js: /["'/]@aws-lambda-powertools\/tracer\b|POWERTOOLS_TRACER_CAPTURE_RESPONSE/,
      // Names in parentheses, or up to the end of the line.
      py: /^[ \t]*from aws_lambda_powertools(?:\.tracing(?:\.tracer)?)? import (?:\((?:(?:#.*\n|[^)#])*\W)?|(?:[^\n\\(]|\\\r?\n)*\b)Tracer\b/m,
    },
  },
  {
    name: 'the X-Ray SDK',
    npm: /^aws-xray-sdk(?:-[a-z0-9]+)?$/,
    python: /^aws[-_]xray[-_]sdk\b/m,
    imports: {
      js: /["'/]aws-xray-sdk(?:-core)?["'/]|AWS_XRAY_CONTEXT_MISSING/,
      py: /^[ \t]*(?:from|import (?:[\w.]+(?: as \w+)?, *)*)[ \t]*aws_xray_sdk\b/m,
    },
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

function shows({ npm, python, imports }: Library, { path, text }: CodeFile): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name === 'package.json')
    return Object.keys(objectAt(parsed(text), 'dependencies')).some((one) => npm.test(one));
  if (name === 'requirements.txt') return python.test(text);
  const extension = /\.[cm]?([jt]s|py)$/.exec(name)?.[1].replace('ts', 'js');
  return extension !== undefined && (imports[extension]?.test(text) ?? false);
}

function parsed(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}
