import {
  type EventType,
  FAILSAFE_SCHEMA,
  load,
  type LoadOptions,
  type State,
  Type,
  YAMLException,
} from 'js-yaml';
import { inLongForm, isShortForm, longFormOf, scalarText } from '../cloudformation/json';
import type * as yamlText from './parse-yaml';
import {
  BOOLEANS,
  type Fault,
  MAX_DEPTH,
  type NodeOffsets,
  offsetAt,
  type ParsedText,
  repetition,
  unknownFunction,
} from './loaded-template';

/**
 * Reads YAML as CloudFormation does, with short forms, anchors and merge keys. The library reads what PyYAML reads, such
 * as flow collections that end left of their key. Another library, which takes several times as long, explains what is
 * wrong in a text, and reads what the first one does not read.
 */
export function readYaml(text: string): ParsedText {
  const marked = text.replace(LONE_DASH, `$1${DASH}`);
  const read = valueIn(marked);
  const explained = read && read.faults.length === 0 ? undefined : explain(marked);
  const { value, faults } = explained?.value === undefined && read ? read : (explained ?? { faults: [] });
  let offsets: NodeOffsets | number | undefined;
  return {
    value: marked === text ? value : withDashes(value),
    faults,
    offsetOf: (path) =>
      read ? offsetAt((offsets ??= offsetsIn(marked)), path) : (explained?.offsetOf(path) ?? 0),
  };
}

/** Loading the library takes longer than reading most templates. */
function explain(text: string): ParsedText {
  // oxlint-disable-next-line typescript/no-require-imports
  const { parseYaml } = require('./parse-yaml') as typeof yamlText;
  return parseYaml(text);
}

/** Matches a dash that is a value in a flow collection, as in `[-, [a, b]]`. Both libraries take it for a list's. */
const LONE_DASH = /([[,{:]\s*)-(?=[,\]}])/g;

/** Stands for such a dash. The character is for private use, so templates do not contain it. */
const DASH = '\uE002';

function withDashes(value: unknown): unknown {
  return value === undefined ? value : JSON.parse(JSON.stringify(value).replaceAll(DASH, '-'));
}

/** A word that stands for a value. As a key, it is text. */
class Word {
  constructor(
    private readonly text: string,
    public readonly value: boolean | null,
  ) {}

  public get [Symbol.toStringTag](): string {
    return 'Word';
  }

  public toString(): string {
    return this.text;
  }
}

const NULLS = ['', '~', 'null', 'Null', 'NULL'];

/** CloudFormation keeps numbers such as `0123` and `1.10` as text: account IDs, versions. */
function isNumber(text: string): boolean {
  return /^-?\d/.test(text) && String(Number(text)) === text;
}

const PLAIN = new Type('tag:yaml.org,2002:plain', {
  kind: 'scalar',
  resolve: (text: string) => BOOLEANS.has(text) || NULLS.includes(text) || isNumber(text),
  construct: (text: string) => (isNumber(text) ? Number(text) : new Word(text, BOOLEANS.get(text) ?? null)),
});

const MERGE = new Type('tag:yaml.org,2002:merge', {
  kind: 'scalar',
  resolve: (text: string) => text === '<<',
});

/** The tags in the text being read that CloudFormation does not know. */
let unknownTags: string[] = [];

const TAGS = (['scalar', 'sequence', 'mapping'] as const).map(
  (kind) =>
    new Type('!', {
      kind,
      multi: true,
      construct: (content: unknown, tag = '') => {
        if (!isShortForm(tag)) unknownTags.push(tag);
        return inLongForm(tag, content ?? '');
      },
    }),
);

/** Made once, because the library takes longer for a schema than for reading a small template. */
const OPTIONS = {
  schema: FAILSAFE_SCHEMA.extend({ implicit: [MERGE, PLAIN], explicit: TAGS }),
  maxDepth: MAX_DEPTH,
} as LoadOptions;

/** Returns the value of a text; undefined if the library does not read it, or not safely. */
function valueIn(text: string): Pick<ParsedText, 'value' | 'faults'> | undefined {
  const faults: Fault[] = [];
  if (MISREAD.some((pattern) => pattern.test(text))) return undefined;
  try {
    unknownTags = [];
    const value = loaded(text, faults);
    faults.push(...unknownTags.map((tag) => unknownFunction(text.indexOf(tag), tag)));
    if (value instanceof Word || value === undefined) return undefined;
    const { size, height } = settled(value, new Map());
    return size > MAX_SIZE || height > MAX_DEPTH ? undefined : { value, faults };
  } catch {
    return undefined;
  }
}

/** Loads a text. Of duplicate keys, the last one counts. */
function loaded(text: string, faults: Fault[]): unknown {
  try {
    return load(text, OPTIONS);
  } catch (error) {
    if (!(error instanceof YAMLException) || error.reason !== 'duplicated mapping key') throw error;
    const offset = error.mark.position;
    faults.push(repetition(offset, keyAt(text, offset)));
    unknownTags = [];
    return load(text, { ...OPTIONS, json: true });
  }
}

function keyAt(text: string, offset: number): string {
  return /^["']?((?:[^\s:"']|:(?=\S))*)/.exec(text.slice(offset))![1];
}

/** Limits the expanded size of a document, in values and characters. Only a YAML bomb exceeds it. */
const MAX_SIZE = 10_000_000;

/** The size and the depth that a value has if its aliases are expanded. */
interface Extent {
  readonly size: number;
  readonly height: number;
}

/**
 * Replaces words by their values. Returns the extent of a value.
 *
 * @param known the extents of values that several aliases can share; undefined while a value is being read
 */
function settled(value: unknown, known: Map<object, Extent | undefined>): Extent {
  if (typeof value !== 'object' || value === null) return { size: String(value).length + 1, height: 0 };
  const extent = known.get(value);
  if (extent) return extent;
  if (known.has(value)) throw new Error('The value contains itself.');
  known.set(value, undefined);
  let [size, height] = [1, 0];
  const members = value as Record<string, unknown>;
  for (const key of Object.keys(value)) {
    if (key === '[object Object]') throw new Error('The key is an object.');
    const member = members[key];
    if (member instanceof Word) members[key] = member.value;
    const inner = settled(members[key], known);
    size += inner.size + key.length;
    height = Math.max(height, inner.height);
  }
  const own = { size, height: height + 1 };
  known.set(value, own);
  return own;
}

/** Matches what the library misreads: a key that is a list or an object, and a block of text that starts on a line after its tag. */
const MISREAD = [/(?:^|[-:?,[{])[ \t]*\?[ \t\r\n]/m, /^[ \t]*[|>][-+\d]*[ \t]*(?:#.*)?$/m];

/** A part of the text that the library reads as a node. */
interface Span {
  readonly start: number;
  readonly inner: Span[];
  /** The state of the library at its end. */
  node?: Pick<YamlState, 'position' | 'kind' | 'tag' | 'result'>;
}

/** The declaration of the library's state lacks the tag. */
type YamlState = Omit<State, 'result'> & { readonly tag: string | null; readonly result: unknown };

/** Returns the offsets of the values in a text, which the library must be able to read. */
function offsetsIn(text: string): NodeOffsets | number {
  const root: Span = { start: 0, inner: [] };
  const open = [root];
  const listener = (event: EventType, state: State) => {
    if (event === 'open') {
      const span: Span = { start: state.position, inner: [] };
      open.at(-1)!.inner.push(span);
      open.push(span);
    } else {
      const { position, kind, tag, result } = state as unknown as YamlState;
      open.pop()!.node = { position, kind, tag, result };
    }
  };
  load(text, { ...OPTIONS, json: true, listener });
  const [document] = root.inner;
  return offsetsOf(document, contentStart(document, text), text);
}

function offsetsOf({ node, inner }: Span, offset: number, text: string): NodeOffsets | number {
  const { kind, tag, result } = node!;
  // The library first reads a flow collection as the possible key of a block mapping.
  const isWrapper = inner.length === 1 && typeof result === 'object' && inner[0].node!.result === result;
  if (isWrapper) return offsetsOf(inner[0], offset, text);
  if (kind !== 'mapping' && kind !== 'sequence') return offset;
  const members = pairsIn(inner, text).map(([first, second], i) => {
    const start = contentStart(first, text);
    const value = offsetsOf(second ?? first, start, text);
    const name = keyText(first.node!.result);
    if (kind === 'mapping') return [name, value] as const;
    // A pair in a list is an object: `[a, b: c]`.
    return [String(i), second ? { offset: start, members: new Map([[name, value]]) } : value] as const;
  });
  return { offset, longForm: tag?.startsWith('!') ? longFormOf(tag) : undefined, members: new Map(members) };
}

/** Returns a key as the library writes it. It has no name for one that is a collection. */
function keyText(key: unknown): string {
  return key === null ? 'null' : (scalarText(key) ?? '');
}

/** Returns the keys with their values, or the items of a list. */
function pairsIn(inner: readonly Span[], text: string): [Span, Span?][] {
  const pairs: [Span, Span?][] = [];
  for (let i = 0; i < inner.length; i++) {
    const { start, node } = inner[i];
    if (endOf(/\s*:/y, text, node!.position) > node!.position) pairs.push([inner[i], inner[++i]]);
    // An empty part is the attempt to read one more key.
    else if (node!.position > start) pairs.push([inner[i]]);
  }
  return pairs;
}

/** Returns the start of a node, without the spaces, comments, tags and anchors before it. */
function contentStart({ start }: Span, text: string): number {
  let offset = start;
  for (;;) {
    const end = endOf(/\s+|#.*|[!&][^\s,[\]{}]*/y, text, offset);
    if (end === offset) return offset;
    offset = end;
  }
}

/** Returns the end of what a pattern matches at an offset; the offset if it matches nothing. */
function endOf(pattern: RegExp, text: string, offset: number): number {
  pattern.lastIndex = offset;
  return pattern.test(text) ? pattern.lastIndex : offset;
}
