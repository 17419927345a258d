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
  type YAMLMap,
} from 'yaml';
import { isObject } from '../cloudformation/json';
import { type Fault, MAX_DEPTH, type ParsedText, TOO_DEEP } from './source-text';

/**
 * Reads YAML as CloudFormation does: short forms, anchors, merge keys. Needs the YAML library, which takes longer to
 * load than all the rest: a run that meets JSON only does without this file.
 */
export function parseYaml(text: string): ParsedText {
  let offsets: YamlOffsets | undefined;
  const offsetOf = (path: readonly string[]) => offsets?.offsetOf(path) ?? 0;
  try {
    const document = compose(text);
    offsets = new YamlOffsets(document.contents);
    const values = new YamlValues();
    return { value: values.of(document.contents), faults: values.faults, offsetOf };
  } catch (error) {
    return { faults: [error instanceof FaultError ? error.fault : surprise(error as Error)], offsetOf };
  }
}

/**
 * The library's own `parseDocument` calls itself once a level and has no limit: text that is nested deep enough ends
 * the process, before an exception can be caught. So its parts are put together here, with a look at the depth.
 * Its check of keys is left out too: it compares each with each.
 */
function compose(text: string): Document.Parsed {
  const composer = new Composer({ schema: 'core', merge: false, uniqueKeys: false, prettyErrors: false });
  const [document, another] = withoutStacks(() => {
    const [first, second] = composer.compose(tokens(text), true, text.length);
    return [first, second];
  });
  const [error] = document.errors;
  if (error) throw new FaultError({ offset: error.pos[0], message: sentence(error.message) });
  if (another) {
    const message =
      'A second YAML document starts here, and a template is one: put it into a file of its own.';
    throw new FaultError({ offset: another.range[0], message });
  }
  return document;
}

/** One a document, and few beside: to hand them on one by one, as they come, takes a fifth longer. */
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

/** The library makes an error of each short form of a function, as a warning that nobody reads. Its stack takes time. */
function withoutStacks<T>(work: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Text by which somebody means harm must not end a run, even if it finds a hole in the library. */
function surprise(error: Error): Fault {
  return { offset: 0, message: error instanceof RangeError ? TOO_DEEP : sentence(error.message) };
}

function sentence(message: string): string {
  const [line] = message.split('\n');
  return `This is not valid YAML: ${line.charAt(0).toLowerCase()}${line.slice(1).replace(/[.:]$/, '')}.`;
}

/** Ends the reading of a text. */
class FaultError extends Error {
  constructor(public readonly fault: Fault) {
    super(fault.message);
  }
}

/** What aliases may stand for altogether, in values and characters. No template comes near; a YAML bomb goes far. */
const MAX_ALIASED = 10_000_000;

/** YAML 1.1, which CloudFormation reads, has more names for these than YAML 1.2, which the library reads. */
const BOOLEANS: ReadonlyMap<string, boolean> = new Map(
  [true, false].flatMap((value) =>
    (value ? ['yes', 'on'] : ['no', 'off'])
      .flatMap((word) => [word, word[0].toUpperCase() + word.slice(1), word.toUpperCase()])
      .map((word): [string, boolean] => [word, value]),
  ),
);

/** What an anchor stands for, and how much it is. */
interface Anchored {
  value?: unknown;
  /** Nothing while it is being read. */
  extent?: { readonly size: number; readonly height: number };
}

/** Turns the nodes of a YAML document into plain JSON. */
class YamlValues {
  public readonly faults: Fault[] = [];
  private readonly anchors = new Map<string, Anchored>();
  private size = 0;
  private aliased = 0;
  private deepest = 0;

  /** @throws FaultError if the document can't be read as JSON */
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
      throw new FaultError({ offset, message: `The alias *${name} stands in what it stands for itself.` });
    }
    this.size += extent.size;
    this.aliased += extent.size;
    this.deepest = Math.max(this.deepest, depth + extent.height);
    if (this.aliased > MAX_ALIASED) {
      const message =
        'The aliases up to here stand for more than any template holds: write out what is meant, without them.';
      throw new FaultError({ offset, message });
    }
    return value;
  }

  private tagged(node: Node, depth: number): unknown {
    const { tag } = node as { tag?: string };
    if (tag === undefined || tag === '!' || tag.startsWith('tag:yaml.org,2002:')) {
      return this.untagged(node, depth);
    }
    if (!isShortForm(tag)) {
      const message = `CloudFormation has no function ${tag}: what it stands for is taken as unknown.`;
      this.faults.push({ offset: startOf(node), message });
    }
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
    // CloudFormation hands on `0123` and `1.10` as they are written: account IDs, versions.
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
      if (own.has(key)) this.faults.push({ offset: startOf(pair.key), message: repetition(key) });
      own.set(key, value);
    }
    return Object.fromEntries(merged.size === 0 ? own : new Map([...merged, ...own]));
  }

  private key(node: Node | null, depth: number): string {
    const key = (this.of(node, depth + 1) ?? '') as string | number | boolean | object;
    // A key is text, even if it reads like a number or a date.
    if (isScalar(node) && node.type === Scalar.PLAIN) return node.source ?? '';
    if (typeof key !== 'object') return String(key);
    const message = 'A key is a name, and a list or an object stands here: give it a name.';
    this.faults.push({ offset: startOf(node), message });
    return JSON.stringify(key);
  }
}

function repetition(key: string): string {
  return `The key ${key} is given twice in one object: keep one of the two.`;
}

function isMergeKey(key: Node | null): boolean {
  return isScalar(key) && key.type === Scalar.PLAIN && key.source === '<<';
}

function mergeable(value: unknown): boolean {
  return Array.isArray(value) ? value.every(isObject) : isObject(value);
}

/** Where a node starts, without the tag and the anchor before it. */
function startOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}

/** Where a value stands, and what is in it. */
interface Place {
  readonly offset: number;
  /** The function that its tag is the short form of, which paths have as a step and the text has not. */
  readonly longForm?: string;
  readonly members: ReadonlyMap<string, Place | number>;
}

/** Knows where values stand in a YAML document. Keeps little of it: the library's nodes take 30 times the text. */
class YamlOffsets {
  private readonly root: Place | number;

  constructor(contents: Node | null) {
    this.root = placeOf(contents, startOf(contents));
  }

  public offsetOf(path: readonly string[]): number {
    let place = this.root;
    for (const step of path) {
      if (typeof place === 'number') break;
      if (step === place.longForm) continue;
      const member = place.members.get(step);
      if (member === undefined) break;
      place = member;
    }
    return typeof place === 'number' ? place : place.offset;
  }
}

function placeOf(node: Node | null, offset: number): Place | number {
  const members = membersOf(node);
  if (!members) return offset;
  const { tag } = node as { tag?: string };
  return { offset, longForm: tag?.startsWith('!') ? longFormOf(tag) : undefined, members };
}

function membersOf(node: Node | null): Map<string, Place | number> | undefined {
  if (isMap(node)) {
    const pairs = node.items as Pair<Node | null, Node | null>[];
    return new Map(pairs.map(({ key, value }) => [nameOf(key), placeOf(value, startOf(key))]));
  }
  if (isSeq(node)) {
    const items = node.items as (Node | null)[];
    return new Map(items.map((item, index) => [String(index), placeOf(item, startOf(item))]));
  }
  return undefined;
}

function nameOf(key: Node | null): string {
  return isScalar(key) ? (key.source ?? String(key.value)) : '';
}

/** The functions that have a short form in YAML, such as `!Sub`, but for those whose long form has no `Fn::`. */
const FUNCTIONS = [
  'And',
  'Base64',
  'Cidr',
  'Contains',
  'EachMemberEquals',
  'EachMemberIn',
  'Equals',
  'FindInMap',
  'GetAtt',
  'GetAZs',
  'GetStackOutput',
  'If',
  'ImportValue',
  'Join',
  'Length',
  'Not',
  'Or',
  'RefAll',
  'Select',
  'Split',
  'Sub',
  'ToJsonString',
  'Transform',
  'ValueOf',
  'ValueOfAll',
];

/** Long forms of intrinsic functions, by their tags in YAML. */
const LONG_FORMS: ReadonlyMap<string, string> = new Map([
  ['!Ref', 'Ref'],
  ['!Condition', 'Condition'],
  ...FUNCTIONS.map((name): [string, string] => [`!${name}`, `Fn::${name}`]),
]);

/** Whether a tag is one of CloudFormation's. */
function isShortForm(tag: string): boolean {
  return LONG_FORMS.has(tag);
}

/** The key of the long form; of a tag that CloudFormation doesn't know, a function that nobody knows. */
function longFormOf(tag: string): string {
  return LONG_FORMS.get(tag) ?? `Fn::${tag.slice(1)}`;
}

/** `!GetAtt Nested.Outputs.Arn` and the like, as JSON. */
function inLongForm(tag: string, content: unknown): unknown {
  return { [longFormOf(tag)]: tag === '!GetAtt' ? attribute(content) : content };
}

/** A logical ID has no dots, an attribute may. */
function attribute(content: unknown): unknown {
  const dot = typeof content === 'string' ? content.indexOf('.') : -1;
  return dot === -1 ? content : [(content as string).slice(0, dot), (content as string).slice(dot + 1)];
}
