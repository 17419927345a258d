import { existsSync } from 'node:fs';
import { dirname, join, posix, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isObject, type JsonObject } from '../cloudformation/json';
import type { CodePosition, SourcePosition } from './loaded-template';
import { displayed, foldersAround, identityOf } from './text-files';

/** The type of the metadata with the stack trace of a construct. */
const CREATION_STACK = 'aws:cdk:creationStack';

/** The type of the metadata in which older versions of CDK keep the stack trace, as `trace` beside the data. */
const LOGICAL_ID = 'aws:cdk:logicalId';

/** Metadata is untrusted. CDK writes 10 frames unless `--stack-trace-limit` is set. */
const MAX_FRAMES = 200;
const MAX_FRAME_LENGTH = 4_096;
const MAX_PATH_LENGTH = 4_096;

/** The maximum number of different traces to compare. A stack has 500 resources ("CloudFormation quotas"). */
const MAX_TRACES = 1_000;

/** The positions in the code of a CDK app that create its constructs, from the metadata of a stack. */
export class SourcePositions {
  private readonly known = new Map<string, CodePosition | undefined>();
  private traces?: Map<string, (readonly string[])[]>;

  /**
   * @param metadata the metadata of the constructs, by path with a slash in front
   * @param assembly the folder of the cloud assembly, which is usually in the folder of the app
   */
  constructor(
    private readonly metadata: JsonObject,
    private readonly assembly: string,
  ) {}

  /** Returns the position that creates a construct or, if it is unknown, its closest parent with a position. */
  public readonly of = (constructPath: string): CodePosition | undefined => {
    if (constructPath.length > MAX_PATH_LENGTH) return undefined;
    for (let path = `/${constructPath}`; path !== ''; path = path.slice(0, path.lastIndexOf('/'))) {
      const position = this.at(path);
      if (position) return position;
    }
    return undefined;
  };

  private at(path: string): CodePosition | undefined {
    if (!this.known.has(path)) {
      const entries = Object.hasOwn(this.metadata, path) ? this.metadata[path] : undefined;
      this.known.set(path, this.positionOf(fromUserFrame(framesIn(entries))));
    }
    return this.known.get(path);
  }

  private positionOf(trace: readonly string[]): CodePosition | undefined {
    const position = this.firstUserFrame(trace);
    if (!position) return undefined;
    const shared = this.tracesFrom(trace[0]).reduce(
      (most, other) => Math.max(most, sharedFrames(trace, other)),
      0,
    );
    const calledFrom = shared > 0 ? this.firstUserFrame(trace.slice(shared)) : undefined;
    return { ...position, ...(calledFrom && { calledFrom }) };
  }

  private firstUserFrame(frames: readonly string[]): SourcePosition | undefined {
    for (const frame of frames) {
      const found = userFrame(frame);
      if (found) return { ...found, file: shownPath(found.file, this.assembly) };
    }
    return undefined;
  }

  /** Returns the different traces of the stack with the same first frame of the user. */
  private tracesFrom(frame: string): readonly (readonly string[])[] {
    if (!this.traces) {
      this.traces = new Map();
      const traces = Object.values(this.metadata).map((entries) => fromUserFrame(framesIn(entries)));
      for (const trace of new Map(traces.map((one) => [one.join('\n'), one])).values()) {
        const others = this.traces.get(trace[0]);
        if (others && others.length < MAX_TRACES) others.push(trace);
        else if (!others) this.traces.set(trace[0], [trace]);
      }
    }
    return this.traces.get(frame) ?? [];
  }
}

/** Returns a stack trace from its first frame of the user. Empty if it has none. */
function fromUserFrame(frames: readonly string[]): readonly string[] {
  const first = frames.findIndex((frame) => userFrame(frame));
  return first < 0 ? [] : frames.slice(first);
}

/** Returns the number of frames before two traces differ. 0 if one is only a part of the other, as CDK cuts some traces. */
function sharedFrames(trace: readonly string[], other: readonly string[]): number {
  return Math.max(
    0,
    trace.findIndex((frame, i) => i < other.length && frame !== other[i]),
  );
}

/** Returns the stack trace in the metadata of a construct. */
function framesIn(entries: unknown): string[] {
  const list: JsonObject[] = Array.isArray(entries) ? entries.filter(isObject) : [];
  const trace =
    list.find(({ type }) => type === CREATION_STACK)?.data ??
    list.find(({ type }) => type === LOGICAL_ID)?.trace;
  const lines: unknown[] = Array.isArray(trace)
    ? trace.slice(0, MAX_FRAMES)
    : typeof trace === 'string'
      ? trace.split('\n', MAX_FRAMES)
      : [];
  return lines.filter((line) => typeof line === 'string' && line.length <= MAX_FRAME_LENGTH) as string[];
}

/**
 * Returns the position of a frame such as `new OrdersStack (/app/lib/orders-stack.ts:18:19)`. Undefined for a frame of a
 * library, of the runtime or of this package, and for other text, such as CDK's `...new Function2 in aws-cdk-lib...`.
 */
function userFrame(frame: string): SourcePosition | undefined {
  const text = frame.trim().replace(/^at /, '');
  const start = text.endsWith(')') ? text.indexOf(' (') : -1;
  const name = start < 0 ? '' : text.slice(0, start);
  const parts = (start < 0 ? text : text.slice(start + 2, -1)).split(':');
  while (parts.at(-1) === '') parts.pop();
  const numbers: number[] = [];
  while (numbers.length < 2 && /^\d{1,9}$/.test(parts.at(-1) ?? '')) numbers.unshift(Number(parts.pop()));
  const [line, column] = numbers;
  const written = parts.join(':');
  const file = pathOf(written);
  if (!line || file === undefined || isLibrary(file, name)) return undefined;
  // CDK cuts the column of a frame without a function, whose name it then takes from the position.
  const isColumnKnown = column !== undefined && column > 0 && !name.startsWith(`${written}:`);
  return { file, position: { line, column: isColumnKnown ? column : 1 } };
}

/** Returns the path of a file in a frame, with slashes. Undefined for what is not a path, such as `node:internal/main`. */
function pathOf(written: string): string | undefined {
  if (/^file:/i.test(written)) return pathOfUrl(written);
  if (written === '' || /^(?:[a-z][a-z0-9+.-]+:|<|eval at |internal\/)/i.test(written)) return undefined;
  // Files of Node.js and of JavaScript without a file, such as `native`, have no extension.
  if (!/\.\w{1,10}$/.test(written)) return undefined;
  const isPosix = written.startsWith('/');
  return posix.normalize(isPosix ? written : written.replaceAll('\\', '/'));
}

function pathOfUrl(url: string): string | undefined {
  try {
    const { host, pathname } = new URL(url);
    if (host !== '') return undefined;
    const isOfWindows = /^\/[a-z]:/i.test(pathname);
    return isOfWindows ? decodeURIComponent(pathname.slice(1)) : displayed(fileURLToPath(url));
  } catch {
    return undefined;
  }
}

/** The folders that package managers and runtimes install libraries to. */
const LIBRARY_FOLDER =
  /(?:^|\/)(?:node_modules|site-packages|dist-packages|lib\/python3(?:\.\d+)?|\.yarn|go\/pkg\/mod|go\/src\/runtime)\//;

/** The start of the names of Java and .NET functions in libraries. Their frames have no folders. */
const LIBRARY_FUNCTION =
  /^(?:new )?(?:software\.amazon\.|software\.constructs\.|java\.|jdk\.|sun\.|Amazon\.|Constructs\.|System\.)/;

function isLibrary(file: string, name: string): boolean {
  if (LIBRARY_FOLDER.test(file) || LIBRARY_FUNCTION.test(name)) return true;
  return ['lib', 'dist'].some((folder) => file.startsWith(`${ownFolder()}/${folder}/`));
}

let own: string | undefined;

/** Returns the folder of this package. It is not in `node_modules` while it is developed, or linked by a package manager. */
function ownFolder(): string {
  own ??= displayed(
    foldersAround(__dirname).find((folder) => existsSync(join(folder, 'package.json'))) ?? __dirname,
  );
  return own;
}

/**
 * Returns a path as reports show it: relative to the working directory if it is there, or below the folder that the user
 * gave. Files elsewhere keep their absolute path.
 */
function shownPath(file: string, assembly: string): string {
  const app = dirname(assembly);
  if (!/^(?:[a-z]:)?\//i.test(file)) {
    const inApp = join(app, file);
    const isOutside = file.startsWith('../');
    return !isOutside && existsSync(inApp) ? pathBelow(displayed(resolve(inApp)), process.cwd()) : file;
  }
  const short = pathBelow(file, process.cwd());
  if (short !== file) return short;
  const inApp = pathBelow(file, identityOf(resolve(app)));
  return inApp === file ? file : displayed(join(app, inApp));
}

function pathBelow(file: string, folder: string): string {
  const start = `${displayed(folder).replace(/\/$/, '')}/`;
  return file.startsWith(start) && file.length > start.length ? file.slice(start.length) : file;
}
