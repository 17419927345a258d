import { isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';

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
const PLAIN = /^(?:\.\/)?[A-Za-z](?:[\w ./@+,'()!?;%&=<>${}-]|:(?! ))*(?<![ :])$/;
const RESERVED = /^(?:true|false|null|yes|no|on|off|y|n)$/i;

/** Matches text that means itself inside of brackets too. */
const PLAIN_IN_FLOW = /^(?:\.\/)?[A-Za-z][\w./-]*$/;

/** Returns a text as a scalar of YAML, in double quotes if necessary. */
export function yamlScalar(text: string, isInFlow = false): string {
  const plain = isInFlow ? PLAIN_IN_FLOW : PLAIN;
  return plain.test(text) && !RESERVED.test(text) ? text : JSON.stringify(text);
}
