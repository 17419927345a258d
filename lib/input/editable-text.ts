import { isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';
import { isIntrinsic, isObject, isShortForm, longFormOf } from '../cloudformation/json';

/** A part of a text, and the text that replaces it. */
export interface Splice {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

/** Sorts splices. Returns undefined if one is missing, or if two overlap. */
export function inOrder(splices: readonly (Splice | undefined)[]): Splice[] | undefined {
  const sorted = splices.filter((splice) => splice !== undefined).sort((a, b) => a.offset - b.offset);
  const overlap = sorted.some((splice, i) => i > 0 && endOfSplice(sorted[i - 1]) > splice.offset);
  return overlap || sorted.length < splices.length ? undefined : sorted;
}

function endOfSplice({ offset, length }: Splice): number {
  return offset + length;
}

/** Returns a text with splices, which are in order and don't overlap. */
export function withSplices(text: string, splices: readonly Splice[]): string {
  let end = 0;
  const parts = splices.flatMap((splice) => {
    const before = text.slice(end, splice.offset);
    end = endOfSplice(splice);
    return [before, splice.text];
  });
  return [...parts, text.slice(end)].join('');
}

export type Pairs = readonly Pair<Node, Node | null>[];

/** A text in YAML or JSON, whose layout new text follows. */
export class EditableText {
  constructor(public readonly text: string) {}

  public with({ offset, length, text }: Splice): string {
    return this.text.slice(0, offset) + text + this.text.slice(offset + length);
  }

  /**
   * Inserts lines below the line of an offset.
   *
   * @param deeper comments that are indented as many characters or more belong to that line, and stay below it
   */
  public below(offset: number, lines: string, deeper: number): Splice {
    let start = this.text[offset - 1] === '\n' ? offset : this.nextLine(offset);
    for (;;) {
      const [, spaces] = /^( *)#/.exec(this.text.slice(start, this.nextLine(start))) ?? [];
      if (spaces === undefined || spaces.length < deeper) break;
      start = this.nextLine(start);
    }
    const isOnNewLine = start === 0 || this.text[start - 1] === '\n';
    return { offset: start, length: 0, text: isOnNewLine ? lines : `\n${lines}` };
  }

  /** Returns the offset of the next line. */
  public nextLine(offset: number): number {
    const end = this.text.indexOf('\n', offset);
    return end === -1 ? this.text.length : end + 1;
  }

  /** Returns the offset of the line that contains an offset. */
  public lineStart(offset: number): number {
    return offset === 0 ? 0 : this.text.lastIndexOf('\n', offset - 1) + 1;
  }

  public indentationAt(offset: number): string {
    return /^[ \t]*/.exec(this.text.slice(this.lineStart(offset), offset))![0];
  }

  /** True if only spaces are before an offset in its line. */
  public isFirstInLine(offset: number): boolean {
    return this.lineStart(offset) + this.indentationAt(offset).length === offset;
  }
}

/** Returns the offset of a node, without the tag and the anchor before it. */
export function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

/** Returns the offset after the last character of a node. The library includes the comments and spaces after a block. */
export function endOf(node: Node): number {
  if (isMap(node) && !node.flow) {
    const { key, value } = (node.items as Pairs).at(-1)!;
    return endOf(value ?? key);
  }
  return isSeq(node) && !node.flow ? endOf(node.items.at(-1) as Node) : (node.range?.[1] ?? 0);
}

/** Returns the last pair with a key: CloudFormation uses the last of duplicate keys. */
export function pairNamed(pairs: Pairs, name: string): Pair<Node, Node | null> | undefined {
  return pairs.filter(({ key }) => isScalar(key) && (key.source ?? String(key.value)) === name).at(-1);
}

/** Matches text that means itself in YAML without quotes, outside of brackets. */
const PLAIN = /^(?:\.?\/)?[A-Za-z](?:[\w ./@+,'()!?;%&=<>${}-]|:(?! ))*(?<![ :])$/;
const RESERVED = /^(?:true|false|null|yes|no|on|off|y|n)$/i;

/** Matches text that means itself inside of brackets too. */
const PLAIN_IN_FLOW = /^(?:\.?\/)?[A-Za-z][\w./-]*$/;

/** Matches text that means itself in single quotes. */
const IN_SINGLE_QUOTES = /^[ -&(-~]*$/;

/** Returns a text as a scalar of YAML, in quotes if necessary. */
export function yamlScalar(text: string, isInFlow = false): string {
  const plain = isInFlow ? PLAIN_IN_FLOW : PLAIN;
  if (plain.test(text) && !RESERVED.test(text)) return text;
  // Such as JSON.
  return text.includes('"') && IN_SINGLE_QUOTES.test(text) ? `'${text}'` : JSON.stringify(text);
}

/** Writes values in the style of a template. */
export class ValueWriter {
  /**
   * @param step the indentation of a level
   * @param space the space after a colon or a comma, which JSON without spaces does not have
   */
  constructor(
    private readonly step: string,
    private readonly isJson: boolean,
    public readonly space: string,
  ) {}

  /** Returns a pair in lines. */
  public pairLines(key: string, value: unknown, indentation: string): string {
    const name = `${indentation}${yamlScalar(key)}:`;
    if (typeof value !== 'object' || isShort(value)) return `${name} ${this.inline(value)}\n`;
    return `${name}\n${this.block(value, indentation + this.step)}`;
  }

  /** Returns an object or a list in lines. */
  public block(value: unknown, indentation: string): string {
    if (Array.isArray(value)) {
      return value
        .map((item: unknown) =>
          isObject(item) && !isShort(item)
            ? `${indentation}- ${this.block(item, `${indentation}  `).trimStart()}`
            : `${indentation}- ${this.inline(item)}\n`,
        )
        .join('');
    }
    return Object.entries(value as object)
      .map(([key, member]) => this.pairLines(key, member, indentation))
      .join('');
  }

  /** Returns a value that fits in a line outside of brackets. */
  private inline(value: unknown): string {
    if (typeof value === 'string') return yamlScalar(value);
    const [[name, argument]] = isObject(value) ? Object.entries(value) : [['', value]];
    const tag = `!${name.replace('Fn::', '')}`;
    return isShort(value) && isShortForm(tag) && longFormOf(tag) === name
      ? `${tag} ${yamlScalar(argument as string)}`
      : this.flow(value);
  }

  /**
   * Returns a value in the style of JSON.
   *
   * @param indentation the indentation of its first line, to write several lines. By default, it is in one line
   */
  public flow(value: unknown, indentation?: string): string {
    if (typeof value === 'string') return this.isJson ? JSON.stringify(value) : yamlScalar(value, true);
    if (typeof value !== 'object' || value === null) return JSON.stringify(value);
    const inner = indentation === undefined ? undefined : indentation + this.step;
    const members = Array.isArray(value)
      ? value.map((item) => this.flow(item, inner))
      : Object.entries(value).map(([key, member]) => this.flowPair(key, member, inner));
    const [open, close] = Array.isArray(value) ? '[]' : '{}';
    if (inner !== undefined) return `${open}\n${inner}${members.join(`,\n${inner}`)}\n${indentation}${close}`;
    const padding = Array.isArray(value) ? '' : this.space;
    return `${open}${padding}${members.join(`,${this.space}`)}${padding}${close}`;
  }

  /** Returns a pair in the style of JSON. */
  public flowPair(key: string, value: unknown, indentation?: string): string {
    const name = this.isJson ? JSON.stringify(key) : yamlScalar(key, true);
    return `${name}:${this.space}${this.flow(value, this.isJson ? indentation : undefined)}`;
  }
}

/** True for a function with a text as its argument, which has a short form in one line. */
export function isShort(value: unknown): boolean {
  return isObject(value) && isIntrinsic(value) && typeof Object.values(value)[0] === 'string';
}
