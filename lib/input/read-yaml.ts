import { FAILSAFE_SCHEMA, load, type LoadOptions, Type, YAMLException } from 'js-yaml';
import { inLongForm, isShortForm } from '../cloudformation/json';
import type * as yamlText from './parse-yaml';
import { BOOLEANS, type Fault, MAX_DEPTH, type ParsedText, repetition, unknownFunction } from './source-text';

/**
 * Reads YAML as CloudFormation does, with short forms, anchors and merge keys. The library reads what PyYAML reads, such
 * as flow collections that end left of their key, but no positions. These are found on demand, by another library that
 * takes several times as long. It also reads, or explains, what the first one does not read.
 */
export function readYaml(text: string): ParsedText {
  const marked = text.replace(LONE_DASH, `$1${DASH}`);
  let found: ParsedText | undefined;
  const explained = () => (found ??= explain(marked));
  const read = valueIn(marked);
  const parsed = read && read.faults.length === 0 ? undefined : explained();
  const { value, faults } = parsed?.value === undefined && read ? read : (parsed ?? { faults: [] });
  return {
    value: marked === text ? value : withDashes(value),
    faults,
    offsetOf: (path) => explained().offsetOf(path),
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

/** Returns a schema that adds the tags that CloudFormation does not know to a list. */
function schemaWith(unknownTags: string[]) {
  const tags = (['scalar', 'sequence', 'mapping'] as const).map(
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
  return FAILSAFE_SCHEMA.extend({ implicit: [MERGE, PLAIN], explicit: tags });
}

/** Returns the value of a text; undefined if the library does not read it, or not safely. */
function valueIn(text: string): Pick<ParsedText, 'value' | 'faults'> | undefined {
  const faults: Fault[] = [];
  const unknownTags: string[] = [];
  const options = { schema: schemaWith(unknownTags), maxDepth: MAX_DEPTH } as LoadOptions;
  try {
    const value = loaded(text, options, faults);
    faults.push(...unknownTags.map((tag) => unknownFunction(text.indexOf(tag), tag)));
    if (value instanceof Word || value === undefined || hasComplexKey(text)) return undefined;
    const { size, height } = settled(value, new Map());
    return size > MAX_SIZE || height > MAX_DEPTH ? undefined : { value, faults };
  } catch {
    return undefined;
  }
}

/** Loads a text. Of duplicate keys, the last one counts. */
function loaded(text: string, options: LoadOptions, faults: Fault[]): unknown {
  try {
    return load(text, options);
  } catch (error) {
    if (!(error instanceof YAMLException) || error.reason !== 'duplicated mapping key') throw error;
    const offset = error.mark.position;
    faults.push(repetition(offset, keyAt(text, offset)));
    return load(text, { ...options, json: true });
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

/** True if a key may be a list or an object. */
function hasComplexKey(text: string): boolean {
  return /(?:^|[-:?,[{])[ \t]*\?[ \t\r\n]/m.test(text);
}
