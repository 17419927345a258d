import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  type Node,
  type Pair,
  Parser,
  Scalar,
  type YAMLError,
  type YAMLMap,
} from 'yaml';
import { inLongForm, isObject, isShortForm, longFormOf } from '../cloudformation/json';
import {
  BOOLEANS,
  type Fault,
  MAX_DEPTH,
  type NodeOffsets,
  offsetAt,
  type ParsedText,
  repetition,
  TOO_DEEP,
  unknownFunction,
} from './loaded-template';

/**
 * Parses YAML with the positions of everything that CloudFormation does not accept. This takes several times as long as
 * `readYaml`.
 */
export function parseYaml(text: string): ParsedText {
  let offsets: NodeOffsets | number = 0;
  const offsetOf = (path: readonly string[]) => offsetAt(offsets, path);
  try {
    const document = compose(text);
    offsets = offsetsOf(document.contents, startOf(document.contents));
    const values = new YamlValues();
    return { value: values.of(document.contents), faults: values.faults, offsetOf };
  } catch (error) {
    return {
      faults: [error instanceof FaultError ? error.fault : unexpectedFault(error as Error)],
      offsetOf,
    };
  }
}

/**
 * Replaces the library's `parseDocument`, which is recursive without a limit: deeply nested text ends the process
 * before an exception can be caught. This function checks the depth. It also skips the library's check for duplicate
 * keys, which takes quadratic time.
 */
function compose(
  text: string,
  describe: (error: YAMLError) => string = inWords,
  accepts: (error: YAMLError) => boolean = () => false,
): Document.Parsed {
  const composer = new Composer({ schema: 'core', merge: false, uniqueKeys: false, prettyErrors: false });
  const [document, another] = withoutStacks(() => {
    const [first, second] = composer.compose(tokens(text), true, text.length);
    return [first, second];
  });
  const error = document.errors.find((one) => !accepts(one));
  if (error) throw new FaultError({ offset: error.pos[0], message: describe(error) });
  if (another) {
    const message = 'A second YAML document starts here. Move it to its own file.';
    throw new FaultError({ offset: another.range[0], message });
  }
  return document;
}

/**
 * Parses YAML for its nodes, such as a configuration.
 *
 * @param describe returns the message for an error of the YAML library
 * @param accepts returns true for errors that the caller ignores
 */
export function parseYamlNodes(
  text: string,
  describe: (error: YAMLError) => string,
  accepts?: (error: YAMLError) => boolean,
): Document.Parsed | Fault {
  try {
    return compose(text, describe, accepts);
  } catch (error) {
    return error instanceof FaultError ? error.fault : unexpectedFault(error as Error);
  }
}

/** Collects all tokens, which is a fifth faster than passing on one by one. There is about one per document. */
function tokens(text: string): CST.Token[] {
  const parser = new Parser();
  const parsed: CST.Token[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) parsed.push(token);
    if (parser.stack.length > MAX_DEPTH) throw new FaultError({ offset: parser.offset, message: TOO_DEEP });
  }
  for (const token of parser.end()) parsed.push(token);
  return parsed;
}

/** The library creates an unused error for each short form of a function. Recording its stack is slow. */
function withoutStacks<T>(work: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Converts an unexpected error of the library, so that malicious text does not end a run. */
function unexpectedFault(error: Error): Fault {
  return { offset: 0, message: error instanceof RangeError ? TOO_DEEP : sentence(error.message) };
}

function inWords({ message }: YAMLError): string {
  return sentence(message);
}

function sentence(message: string): string {
  const [line] = message.split('\n');
  return `This is not valid YAML: ${line.charAt(0).toLowerCase()}${line.slice(1).replace(/[.:]$/, '')}.`;
}

/** An error that ends the parsing of a text. */
class FaultError extends Error {
  constructor(public readonly fault: Fault) {
    super(fault.message);
  }
}

/** Limits the expanded size of all aliases, in values and characters. Only a YAML bomb exceeds it. */
const MAX_ALIASED = 10_000_000;

/** The value of an anchor, and its size. */
interface Anchored {
  value?: unknown;
  /** Undefined while the value is being parsed. */
  extent?: { readonly size: number; readonly height: number };
}

/** Converts the nodes of a YAML document to plain JSON. */
class YamlValues {
  public readonly faults: Fault[] = [];
  private readonly anchors = new Map<string, Anchored>();
  private size = 0;
  private aliased = 0;
  private deepest = 0;

  /** @throws FaultError if the document can't be converted */
  public of(node: Node | null, depth = 1): unknown {
    this.deepest = Math.max(this.deepest, depth);
    if (this.deepest > MAX_DEPTH) throw new FaultError({ offset: startOf(node), message: TOO_DEEP });
    this.size++;
    if (!node) return null;
    if (isAlias(node)) return this.aliasedBy(node.source, startOf(node), depth);
    const { anchor } = node as { anchor?: string };
    return anchor === undefined ? this.tagged(node, depth) : this.anchored(anchor, node, depth);
  }

  private anchored(anchor: string, node: Node, depth: number): unknown {
    const anchored: Anchored = {};
    this.anchors.set(anchor, anchored);
    const { size, deepest } = this;
    this.deepest = depth;
    anchored.value = this.tagged(node, depth);
    anchored.extent = { size: this.size - size + 1, height: this.deepest - depth };
    this.deepest = Math.max(this.deepest, deepest);
    return anchored.value;
  }

  private aliasedBy(name: string, offset: number, depth: number): unknown {
    const anchored = this.anchors.get(name);
    if (!anchored) {
      throw new FaultError({ offset, message: `The alias *${name} has no anchor &${name} before it.` });
    }
    const { value, extent } = anchored;
    if (!extent) {
      throw new FaultError({ offset, message: `The alias *${name} is inside its own anchor.` });
    }
    this.size += extent.size;
    this.aliased += extent.size;
    this.deepest = Math.max(this.deepest, depth + extent.height);
    if (this.aliased > MAX_ALIASED) {
      const message =
        'The aliases expand to more than any template contains. Replace them with their values.';
      throw new FaultError({ offset, message });
    }
    return value;
  }

  private tagged(node: Node, depth: number): unknown {
    const { tag } = node as { tag?: string };
    if (tag === undefined || tag === '!' || tag.startsWith('tag:yaml.org,2002:')) {
      return this.untagged(node, depth);
    }
    if (!isShortForm(tag)) this.faults.push(unknownFunction(startOf(node), tag));
    return inLongForm(tag, this.untagged(node, depth + 1));
  }

  private untagged(node: Node, depth: number): unknown {
    if (isMap(node)) return this.object(node, depth);
    if (isSeq(node)) return node.items.map((item) => this.of(item as Node | null, depth + 1));
    return this.scalar(node as Scalar);
  }

  private scalar(node: Scalar): unknown {
    const { value, source, type } = node;
    const text = source ?? '';
    this.size += text.length;
    if (type !== Scalar.PLAIN) return value;
    // CloudFormation keeps numbers such as `0123` and `1.10` as text: account IDs, versions.
    if (typeof value === 'number') return String(value) === text ? value : text;
    return (node.tag === undefined ? BOOLEANS.get(text) : undefined) ?? value;
  }

  private object(map: YAMLMap, depth: number): unknown {
    const own = new Map<string, unknown>();
    const merged = new Map<string, unknown>();
    for (const pair of map.items as Pair<Node | null, Node | null>[]) {
      const value = this.of(pair.value, depth + 1);
      if (isMergeKey(pair.key) && mergeable(value)) {
        for (const source of Array.isArray(value) ? value : [value]) {
          for (const [key, part] of Object.entries(source as object)) {
            if (!merged.has(key)) merged.set(key, part);
          }
        }
        continue;
      }
      const key = this.key(pair.key, depth);
      if (own.has(key)) this.faults.push(repetition(startOf(pair.key), key));
      own.set(key, value);
    }
    return Object.fromEntries(merged.size === 0 ? own : new Map([...merged, ...own]));
  }

  private key(node: Node | null, depth: number): string {
    const key = (this.of(node, depth + 1) ?? '') as string | number | boolean | object;
    // A key is text, even if it looks like a number or a date.
    if (isScalar(node) && node.type === Scalar.PLAIN) return node.source ?? '';
    if (typeof key !== 'object') return String(key);
    const message = 'This key is a list or an object. Use a string.';
    this.faults.push({ offset: startOf(node), message });
    return JSON.stringify(key);
  }
}

function isMergeKey(key: Node | null): boolean {
  return isScalar(key) && key.type === Scalar.PLAIN && key.source === '<<';
}

function mergeable(value: unknown): boolean {
  return Array.isArray(value) ? value.every(isObject) : isObject(value);
}

/** Returns the offset of a node, without the tag and the anchor before it. */
function startOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}

/** Keeps only offsets: the library's nodes take 30 times the text. */
function offsetsOf(node: Node | null, offset: number): NodeOffsets | number {
  const members = membersOf(node);
  if (!members) return offset;
  const { tag } = node as { tag?: string };
  return { offset, longForm: tag?.startsWith('!') ? longFormOf(tag) : undefined, members };
}

function membersOf(node: Node | null): Map<string, NodeOffsets | number> | undefined {
  if (isMap(node)) {
    const pairs = node.items as Pair<Node | null, Node | null>[];
    return new Map(pairs.map(({ key, value }) => [nameOf(key), offsetsOf(value, startOf(key))]));
  }
  if (isSeq(node)) {
    const items = node.items as (Node | null)[];
    return new Map(items.map((item, index) => [String(index), offsetsOf(item, startOf(item))]));
  }
  return undefined;
}

function nameOf(key: Node | null): string {
  return isScalar(key) ? (key.source ?? String(key.value)) : '';
}
