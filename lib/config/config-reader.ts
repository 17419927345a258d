import { type Document, isAlias, isMap, isScalar, isSeq, type Node, visit, type YAMLError } from 'yaml';
import { parseYamlNodes } from '../input/parse-yaml';
import { type Position, TextPositions } from '../input/loaded-template';
import { didYouMean } from '../text/printable';
import { ConfigError } from './config';

export type Value = Node | null | undefined;
/** A function for each key that reads its value. */
type Readers = Readonly<Record<string, (value: Value) => unknown>>;

/** Limits the problems of one file. */
const MAX_PROBLEMS = 20;

/** Descriptions of YAML errors, by the code of the YAML library. */
const YAML_PROBLEMS: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  ALIAS_PROPS: 'an alias has an anchor or a tag. Remove it',
  BAD_ALIAS: 'an alias has no name, or a name that ends with a colon. Write a space after it',
  BAD_DIRECTIVE: 'a directive is invalid. Remove the line that starts with %',
  BAD_DQ_ESCAPE: 'a string has an invalid escape sequence. Use single quotes',
  BAD_INDENT: 'a bracket is not closed, or a line is not indented correctly',
  BAD_PROP_ORDER: 'an anchor or a tag is at the wrong place. Write it directly before its value',
  BAD_SCALAR_START: 'a text starts with a reserved character. Put it in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a mapping starts in the middle of a line. Move it to its own line',
  BLOCK_IN_FLOW: 'an indented list or mapping is in brackets. Write it in brackets, too',
  KEY_OVER_1024_CHARS: 'a key is longer than 1,024 characters. Shorten it',
  MISSING_CHAR: 'a bracket, a quote or a comma is missing',
  MULTILINE_IMPLICIT_KEY: 'a key has several lines, or a colon is missing',
  MULTIPLE_ANCHORS: 'a value has several anchors. Remove all but one',
  MULTIPLE_TAGS: 'a value has several tags. Remove all but one',
  TAB_AS_INDENT: 'a line is indented with a tab. Use spaces',
};

/** Reads the values of a YAML or JSON file, and collects the problems with their locations. */
export class ConfigReader {
  private readonly positions: TextPositions;
  private readonly document: Document.Parsed | undefined;
  private readonly problems: string[] = [];
  private readonly targets = new Map<Node, Node>();

  constructor(
    text: string,
    private readonly file: string,
  ) {
    this.positions = new TextPositions(text);
    const parsed = parseYamlNodes(text, yamlProblem);
    if ('message' in parsed) this.report(parsed.offset, parsed.message);
    else this.document = parsed;
    if (this.document) this.resolveAliases(this.document);
  }

  /** The root of the file. Undefined if it is empty or can't be parsed. */
  public get contents(): Value {
    const contents = this.document?.contents;
    return this.problems.length > 0 || this.isEmpty(contents) ? undefined : contents;
  }

  /** @throws ConfigError with all problems, if there are any */
  public finish(): void {
    if (this.problems.length > 0) throw new ConfigError(...this.problems);
  }

  /** Finds the values of all aliases at once: the library searches the document for each. */
  private resolveAliases(document: Document.Parsed): void {
    const anchors = new Map<string, Node>();
    visit(document, {
      Node: (_, node) => {
        if (!isAlias(node)) {
          if (node.anchor !== undefined) anchors.set(node.anchor, node);
          return;
        }
        const target = anchors.get(node.source);
        if (target) this.targets.set(node, target);
        else this.report(node, `The alias *${node.source} has no anchor &${node.source} before it.`);
      },
    });
  }

  /** @returns true if the value is a mapping */
  public readKeys(value: Value, what: string, readers: Readers): boolean {
    const names = Object.keys(readers);
    return this.readEntries(value, what, (name, key, inner) => {
      if (Object.hasOwn(readers, name)) return void readers[name](inner);
      const advice = didYouMean(name, names) || ` Valid keys: ${names.join(', ')}.`;
      this.report(key, `Unknown key ${JSON.stringify(name)} in ${what}.${advice}`);
    });
  }

  public readEntries(
    value: Value,
    what: string,
    read: (name: string, key: Value, value: Value) => void,
  ): boolean {
    const map = this.resolved(value);
    if (!isMap(map)) {
      this.report(value, `${what} must be a mapping of keys to values.`);
      return false;
    }
    const seen = new Set<string>();
    for (const { key, value: inner } of map.items as { key: Node; value: Value }[]) {
      const name = this.nameOf(key);
      if (name === undefined) this.report(key, `A key in ${what} is a list or a mapping. Use a string.`);
      else if (seen.has(name))
        this.report(key, `Duplicate key ${JSON.stringify(name)}. Remove one of the two.`);
      else read(name, key, inner);
      if (name !== undefined) seen.add(name);
    }
    return true;
  }

  public oneOf<T extends string>(value: Value, what: string, allowed: readonly T[]): T | undefined {
    const scalar = this.resolved(value);
    const written = isScalar(scalar) ? String(scalar.value) : undefined;
    const found = allowed.find((name) => name === written);
    if (found === undefined) {
      const nearest = written === undefined ? '' : didYouMean(written, allowed);
      this.report(value, `${what} must be one of ${allowed.join(', ')}.${nearest}`);
    }
    return found;
  }

  public text(value: Value, what: string): string | undefined {
    const scalar = this.resolved(value);
    if (isScalar(scalar) && typeof scalar.value === 'string') return scalar.value;
    this.report(value, `${what} must be a string.`);
    return undefined;
  }

  public boolean(value: Value, what: string): boolean | undefined {
    const scalar = this.resolved(value);
    if (isScalar(scalar) && typeof scalar.value === 'boolean') return scalar.value;
    this.report(value, `${what} must be true or false.`);
    return undefined;
  }

  /** Reads a list. Reports a value that is none. */
  public list(value: Value, what: string): Value[] {
    const list = this.resolved(value);
    if (isSeq(list)) return list.items as Value[];
    this.report(value, `${what} must be a list.`);
    return [];
  }

  /** True if there is no value, for example because all of it is commented out. */
  public isEmpty(value: Value): boolean {
    const scalar = this.resolved(value);
    return !scalar || (isScalar(scalar) && scalar.value === null);
  }

  public resolved(value: Value): Value {
    return isAlias(value) ? this.targets.get(value) : value;
  }

  private nameOf(key: Value): string | undefined {
    const scalar = this.resolved(key);
    return isScalar(scalar) ? String(scalar.value) : undefined;
  }

  /** @param at a node, or an offset in the text */
  public report(at: Value | number, message: string): void {
    this.problems.push(`${this.locationOf(at)}: ${message}`);
    if (this.problems.length < MAX_PROBLEMS) return;
    throw new ConfigError(...this.problems, `${this.file}: There may be more problems. Fix these first.`);
  }

  public locationOf(at: Value | number): string {
    const { line, column } = this.positionOf(at);
    return `${this.file}:${line}:${column}`;
  }

  public positionOf(at: Value | number): Position {
    return this.positions.at(typeof at === 'number' ? at : (at?.range?.[0] ?? 0));
  }
}

function yamlProblem({ code }: YAMLError): string {
  return `This is not valid YAML: ${YAML_PROBLEMS[code] ?? 'this text is not expected here'}.`;
}
