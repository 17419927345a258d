import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { isObject } from '../cloudformation/json';
import { edited, indexIn, isEqual, removedPath, type TemplateEdit } from '../cloudformation/template-edit';
import {
  EditableText,
  endOf,
  inOrder,
  isShort,
  pairNamed,
  type Pairs,
  type Splice,
  startOf,
  ValueWriter,
  withSplices,
  yamlScalar,
} from './editable-text';
import { parseText } from './parse-template';
import { parseYamlNodes } from './parse-yaml';
import type { ParsedText } from './loaded-template';

/** The text of a template with edits. */
export interface EditedText {
  readonly text: string;
  /** The edits that the text has a place for. */
  readonly applied: readonly TemplateEdit[];
}

/**
 * Edits the text of a template. All other text keeps its bytes. An edit is left out if the text has no place of its own for
 * it, such as below an alias in YAML, which other values share.
 */
export function editTemplate(file: string, text: string, edits: readonly TemplateEdit[]): EditedText {
  const splices = new EditableTemplate(file, text).splicesFor(edits);
  if (splices) return { text: withSplices(text, splices), applied: edits };
  let current = text;
  const applied = edits.filter((edit) => {
    const own = edits.length > 1 ? new EditableTemplate(file, current).splicesFor([edit]) : undefined;
    if (!own) return false;
    current = withSplices(current, own);
    return true;
  });
  return { text: current, applied };
}

/** The text of a template, parsed once for several edits that are independent of each other. */
export class EditableTemplate {
  private readonly parsed: ParsedText;
  private readonly editor?: TemplateEditor;

  constructor(
    private readonly file: string,
    private readonly text: string,
  ) {
    this.parsed = parseText(file, text);
    // CloudFormation accepts a bracket that closes at the indentation of its key. The result of an edit is parsed again.
    const document = parseYamlNodes(
      text,
      ({ message }) => message,
      ({ code }) => code === 'BAD_INDENT',
    );
    if ('message' in document) return;
    const isJson = /^\s*[{[]/.test(text) && isValidJson(text);
    this.editor = new TemplateEditor(text, document, this.parsed.value, isJson);
  }

  /** Returns the parts of the text that edits replace, in order. Undefined if the text has no place for all of them. */
  public splicesFor(edits: readonly TemplateEdit[]): readonly Splice[] | undefined {
    const { editor, file, text } = this;
    const { value, faults } = this.parsed;
    const expected = edits.reduce<unknown>((template, edit) => template && edited(template, edit), value);
    if (!editor || expected === undefined) return undefined;
    const candidates = edits.map((edit) => editor.candidates(edit));
    // Later candidates are for rare layouts. Trying them one edit at a time is enough.
    const attempts =
      edits.length === 1 ? candidates[0].map((one) => [one]) : [candidates.map(([first]) => first)];
    return attempts.map(inOrder).find((splices) => {
      if (!splices) return false;
      const result = parseText(file, withSplices(text, splices));
      return result.faults.length === faults.length && isEqual(result.value, expected);
    });
  }
}

function isValidJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The value at the longest part of a path that exists, and the steps that are missing. */
interface Target {
  readonly node: Node | null;
  /** The pair with the value; undefined for the template. */
  readonly pair?: Pair<Node, Node | null>;
  /** The object that contains the pair. */
  readonly parent?: YAMLMap;
  /** The list that contains the value. */
  readonly list?: YAMLSeq;
  readonly missing: readonly string[];
}

/** Finds the places of edits in the text of a template. */
class TemplateEditor {
  private readonly layout: EditableText;
  private readonly step: string;
  private readonly values: ValueWriter;
  private readonly lineBreak: string;

  constructor(
    private readonly text: string,
    private readonly document: Document.Parsed,
    private readonly template: unknown,
    private readonly isJson: boolean,
  ) {
    this.layout = new EditableText(text);
    this.lineBreak = /\r?\n/.exec(text)?.[0] ?? '\n';
    this.step = this.indentationStep();
    this.values = new ValueWriter(this.step, isJson, isJson && !/":\s/.test(text) ? '' : ' ');
  }

  /**
   * Returns possible splices for an edit, the most readable first. The caller must parse the result: in rare layouts, it
   * gets another meaning.
   */
  public candidates(edit: TemplateEdit): Splice[] {
    const splices = 'remove' in edit ? this.removing(edit.path) : this.adding(edit);
    return splices.map((splice) => ({ ...splice, text: splice.text.replace(/\r?\n/g, this.lineBreak) }));
  }

  private adding(edit: Exclude<TemplateEdit, { remove: true }>): Splice[] {
    const target = this.find(edit.path);
    if (!target) return [];
    const { node, pair, missing } = target;
    if (missing.length > 0) {
      const [key, ...below] = missing;
      const value = 'set' in edit ? edit.set : [edit.append];
      return this.inserting(
        target,
        key,
        below.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value),
      );
    }
    if ('append' in edit) {
      if (isSeq(node)) return this.appending(node, edit.append);
      return isMap(node) && node.items.length > 0
        ? this.wrapping(node, edit.append)
        : this.filling(target, [edit.append]);
    }
    if (pair) return this.replacing(pair, target, edit.set);
    const scalar = target.list ? this.replacingScalar(node, edit.set, target.list.flow) : undefined;
    return scalar ? [scalar] : [];
  }

  private find(path: readonly string[]): Target | undefined {
    let target: Target = { node: this.document.contents, missing: path };
    for (const [i, key] of path.entries()) {
      const { node } = target;
      if (isEmpty(node)) return target;
      if (isSeq(node)) {
        const index = indexIn(node.items, key);
        if (index === undefined) return undefined;
        target = { node: node.items[index] as Node | null, list: node, missing: path.slice(i + 1) };
        continue;
      }
      if (!isMap(node) || node.tag?.startsWith('!')) return undefined;
      const pair = pairNamed(node.items as Pairs, key);
      if (!pair) return target;
      target = { node: pair.value, pair, parent: node, missing: path.slice(i + 1) };
    }
    return target;
  }

  private inserting(target: Target, key: string, value: unknown): Splice[] {
    const { node } = target;
    if (!isMap(node)) return this.filling(target, { [key]: value });
    const pairs = node.items as Pairs;
    if (pairs.length === 0) return [this.inBrackets(node, { [key]: value })];
    // The section with the common properties comes before those that use them.
    const next =
      key === 'Globals' && node === this.document.contents ? pairNamed(pairs, 'Resources') : undefined;
    if (node.flow) return [next ? this.beforeInFlow(next, key, value) : this.afterInFlow(node, key, value)];
    const indentation = ' '.repeat(startOf(pairs[0].key) - this.layout.lineStart(startOf(pairs[0].key)));
    const lines = this.gapBefore(pairs, value) + this.values.pairLines(key, value, indentation);
    const before = { offset: startOf(pairs[0].key), length: 0, text: `${lines.trimStart()}${indentation}` };
    if (next) return [this.aboveComments(startOf(next.key), `${lines}\n`)];
    // Beside the other settings, rather than below an object that may be long.
    const short = pairs.filter((pair) => this.isInOneLine(pair)).at(-1);
    const isInMiddle = short !== undefined && short !== pairs.at(-1);
    return [
      ...(isInMiddle ? [this.layout.below(this.endOfContent(short), lines, indentation.length + 1)] : []),
      this.layout.below(this.endOfContent(pairs.at(-1)!), lines, indentation.length),
      before,
    ];
  }

  /** Returns an empty line for a resource if the other resources have one between them. */
  private gapBefore(pairs: Pairs, value: unknown): string {
    const [previous, last] = pairs.slice(-2);
    if (!last || !isObject(value) || !('Type' in value)) return '';
    const between = this.text.slice(this.endOfContent(previous), startOf(last.key));
    return /\n[ \t]*\r?\n/.test(between) ? '\n' : '';
  }

  /** Returns a splice for a key or an item that has no value, or an empty one. */
  private filling({ node, pair, parent }: Target, value: unknown): Splice[] {
    if (!pair) return [];
    if (node && (isMap(node) || isSeq(node)))
      return node.items.length === 0 ? [this.inBrackets(node, value)] : [];
    if (!isEmpty(node) || !parent) return [];
    return this.replacing(pair, { node, pair, parent, missing: [] }, value);
  }

  private replacing(pair: Pair<Node, Node | null>, { parent }: Target, value: unknown): Splice[] {
    const { key, value: node } = pair;
    const scalar = this.replacingScalar(node, value, parent?.flow);
    if (scalar) return [scalar];
    const offset = this.text.indexOf(':', endOf(key)) + 1;
    const isWritten = node !== null && !isLeftOut(node);
    const end = isWritten ? this.trimmedEnd(endOf(node)) : offset;
    if (end < offset || this.text.slice(offset, node ? startOf(node) : offset).includes('#')) return [];
    const isInline = this.isJson || parent?.flow || typeof value !== 'object' || isShort(value);
    if (isInline) return [{ offset, length: end - offset, text: ` ${this.values.flow(value)}` }];
    const lines = this.values.block(value, this.layout.indentationAt(startOf(key)) + this.step);
    return isWritten
      ? [{ offset, length: end - offset, text: `\n${lines.trimEnd()}` }]
      : [this.layout.below(endOf(key), lines, Infinity)];
  }

  /** Returns a splice that keeps the quotes of a text. Undefined for other values. */
  private replacingScalar(node: Node | null, value: unknown, isInFlow?: boolean): Splice | undefined {
    if (!isScalar(node) || node.tag?.startsWith('!') || typeof value !== 'string' || isEmpty(node)) {
      return undefined;
    }
    const isQuoted = node.type === Scalar.QUOTE_DOUBLE || this.isJson;
    const single = node.type === Scalar.QUOTE_SINGLE ? `'${value.replaceAll("'", "''")}'` : undefined;
    const text = isQuoted ? JSON.stringify(value) : (single ?? yamlScalar(value, isInFlow));
    return { offset: startOf(node), length: endOf(node) - startOf(node), text };
  }

  private appending(list: YAMLSeq, value: unknown): Splice[] {
    const last = list.items.at(-1) as Node | null | undefined;
    if (!last) return [this.inBrackets(list, [value])];
    if (list.flow)
      return [
        this.afterNode(endOf(last), startOf(list.items[0] as Node), (indentation) =>
          this.values.flow(value, indentation),
        ),
      ];
    const dash = this.text.lastIndexOf('-', startOf(last) - 1);
    const indentation = this.layout.indentationAt(dash);
    return [
      this.layout.below(
        this.trimmedEnd(endOf(last)),
        this.values.block([value], indentation),
        indentation.length + 1,
      ),
    ];
  }

  /** Makes an object the first item of a list. Its lines move to the right, and keep their text. */
  private wrapping(map: YAMLMap, value: unknown): Splice[] {
    const pairs = map.items as Pairs;
    if (map.flow) {
      const [start, end] = [startOf(map), endOf(map)];
      const text = `[${this.text.slice(start, end)},${this.values.space}${this.values.flow(value)}]`;
      return [{ offset: start, length: end - start, text }];
    }
    const offset = startOf(pairs[0].key);
    if (!this.layout.isFirstInLine(offset)) return [];
    const start = this.layout.lineStart(offset);
    // The line can end with a comment.
    const whole = this.text.slice(start, this.layout.nextLine(this.endOfContent(pairs.at(-1)!)));
    const indentation = this.layout.indentationAt(offset);
    const lines = whole.replace(/\r?\n$/, '').replace(/^(?=.)/gm, '  ');
    const text = `${indentation}- ${lines.slice(indentation.length + 2)}\n${this.values.block([value], indentation)}`;
    return [{ offset: start, length: whole.length, text: whole.endsWith('\n') ? text : text.trimEnd() }];
  }

  private removing(path: readonly string[]): Splice[] {
    const whole = removedPath(this.template, path);
    const { pair, parent, missing } = this.find(whole) ?? {};
    if (!pair || !parent || missing?.length !== 0) return [];
    const pairs = parent.items as Pairs;
    const index = pairs.indexOf(pair);
    const next = pairs[index + 1] as Pair<Node, Node | null> | undefined;
    const start = startOf(pair.key);
    const between = (from: number, to: number) => [{ offset: from, length: to - from, text: '' }];
    if (parent.flow) {
      if (index > 0) return between(endOfPair(pairs[index - 1]), endOfPair(pair));
      return next ? between(start, startOf(next.key)) : [];
    }
    if (!this.layout.isFirstInLine(start)) return next ? between(start, startOf(next.key)) : [];
    return between(this.layout.lineStart(start), this.layout.nextLine(this.endOfContent(pair)));
  }

  /** Inserts a pair at the end of an object in braces, on a line of its own if the last pair is. */
  private afterInFlow(map: YAMLMap, key: string, value: unknown): Splice {
    const last = (map.items as Pairs).at(-1)!;
    return this.afterNode(endOfPair(last), startOf(last.key), (indentation) =>
      this.values.flowPair(key, value, indentation),
    );
  }

  private afterNode(end: number, start: number, write: (indentation?: string) => string): Splice {
    const indentation = this.layout.isFirstInLine(start) ? this.layout.indentationAt(start) : undefined;
    if (indentation === undefined) return { offset: end, length: 0, text: `,${this.values.space}${write()}` };
    const lines = `\n${indentation}${write(indentation)}`;
    // A comment at the end of the line stays beside its value.
    const rest = this.text.slice(end, this.layout.nextLine(end)).replace(/\r?\n$/, '');
    const [, comma] = /^(,?)[ \t]+#/.exec(rest) ?? [];
    if (comma === undefined) return { offset: end, length: 0, text: `,${lines}` };
    return { offset: end, length: rest.length, text: comma ? `${rest}${lines},` : `,${rest}${lines}` };
  }

  private beforeInFlow(next: Pair<Node, Node | null>, key: string, value: unknown): Splice {
    const offset = startOf(next.key);
    const indentation = this.layout.isFirstInLine(offset) ? this.layout.indentationAt(offset) : undefined;
    const gap = indentation === undefined ? this.values.space : `\n${indentation}`;
    return { offset, length: 0, text: `${this.values.flowPair(key, value, indentation)},${gap}` };
  }

  /** Fills an empty object or list in brackets. */
  private inBrackets(node: YAMLMap | YAMLSeq, value: unknown): Splice {
    const isInLines = this.isJson && this.text.trim().includes('\n');
    const text = this.values.flow(value, isInLines ? this.layout.indentationAt(startOf(node)) : undefined);
    return { offset: startOf(node), length: endOf(node) - startOf(node), text };
  }

  /** Inserts lines above the comments that are directly above a line. */
  private aboveComments(offset: number, lines: string): Splice {
    let start = this.layout.lineStart(offset);
    while (start > 0) {
      const previous = this.layout.lineStart(start - 1);
      if (!/^\s*#/.test(this.text.slice(previous, start))) break;
      start = previous;
    }
    return { offset: start, length: 0, text: lines };
  }

  private isInOneLine(pair: Pair<Node, Node | null>): boolean {
    return !this.text.slice(startOf(pair.key), this.endOfContent(pair)).includes('\n');
  }

  /** Returns the end of a pair without the line breaks at the end of a text in several lines. */
  private endOfContent(pair: Pair<Node, Node | null>): number {
    return this.trimmedEnd(endOfPair(pair));
  }

  private trimmedEnd(offset: number): number {
    return this.text.slice(0, offset).trimEnd().length;
  }

  /** Returns the indentation of the sections of a template, or of a level below them. */
  private indentationStep(): string {
    const root = this.document.contents;
    if (!isMap(root)) return '  ';
    const blocks = (root.items as Pairs).flatMap(({ value }) =>
      isMap(value) && value.items.length > 0 ? [value] : [],
    );
    const [first] = (this.isJson ? root : (blocks.find(({ flow }) => !flow) ?? root)).items as Pairs;
    return (first && this.layout.indentationAt(startOf(first.key))) || '  ';
  }
}

function endOfPair({ key, value }: Pair<Node, Node | null>): number {
  return value && !isEmpty(value) ? endOf(value) : Math.max(endOf(key), value ? endOf(value) : 0);
}

/** True for a value that is left out. A null can also be written, as `null` or `~`. */
function isLeftOut(node: Node): boolean {
  return isEmpty(node) && endOf(node) === startOf(node);
}

/** True for a value that is left out, or null. */
function isEmpty(node: Node | null): boolean {
  return node === null || (isScalar(node) && node.value === null);
}
