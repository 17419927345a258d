import { isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Acknowledgement } from '../checker/acknowledgements';
import { pathOf, type TemplateSource } from '../cloudformation/template';
import { EditableText, endOf, type Pairs, startOf, yamlScalar } from '../input/editable-text';
import { parseJson } from '../input/parse-json';
import { parseYamlNodes } from '../input/parse-yaml';
import type { ReportedFinding } from '../report/report';
import { type Rule, RULE_PREFIX } from '../rules/rule';
import { matchesWithin } from '../text/globs';
import { type Config, ConfigError, type ConfiguredParameters, type NamedRate } from './config';
import { parseConfig } from './parse-config';

/** The first line of a new file. */
const SCHEMA_LINE =
  '# yaml-language-server: $schema=./node_modules/cdk-lambda-xray/docs/config.schema.json\n';

/**
 * Returns the entries that acknowledge findings, as few as possible. A construct path identifies a resource if there is
 * one, because the logical ID of a version changes with its function. A finding that stands for another one also gets the
 * entry of that: it would be new if only the finding were gone, such as ActiveTracing if the path of a trace is. Several
 * apps can have the same construct paths, so an entry then also names the template.
 *
 * @param templates the templates that were checked
 * @param templatePath returns the path of a template in the configuration, by its ID
 */
export function entriesFor(
  findings: readonly ReportedFinding[],
  reason: string,
  templates: readonly TemplateSource[],
  templatePath: (id: string) => string,
): AcknowledgementEntry[] {
  const isAmbiguous = areOfSeveralApps(templates);
  const entryFor = (finding: ReportedFinding, { id }: Rule): AcknowledgementEntry => {
    const rule = id.slice(RULE_PREFIX.length);
    const template = () => ({ template: escapeGlob(templatePath(finding.template)) });
    if (finding.constructPath) {
      const path = escapeGlob(pathOf(finding));
      return { rule, path, ...(isAmbiguous ? template() : {}), reason };
    }
    const logicalId = finding.logicalId === '' ? {} : { logicalId: escapeGlob(finding.logicalId) };
    return { rule, ...logicalId, ...template(), reason };
  };
  const entries = findings.flatMap((finding) => rulesOf(finding).map((rule) => entryFor(finding, rule)));
  const unique = [...new Map(entries.map((entry) => [JSON.stringify(entry), entry])).values()];
  const keyOf = ({ rule, template = '' }: AcknowledgementEntry) => `${rule} ${template}`;
  const scopes = new Map<string, string[]>();
  for (const entry of unique) {
    if (entry.path !== undefined) scopes.set(keyOf(entry), [...(scopes.get(keyOf(entry)) ?? []), entry.path]);
  }
  const isCovered = (entry: AcknowledgementEntry) =>
    entry.path !== undefined &&
    scopes.get(keyOf(entry))!.some((scope) => entry.path!.startsWith(`${scope}/`));
  return unique.filter((entry) => !isCovered(entry));
}

/** True if templates are of several cloud assemblies. A stage has an assembly in that of its app. */
function areOfSeveralApps(templates: readonly TemplateSource[]): boolean {
  const assemblies = new Set(
    templates.flatMap(({ constructPath, group }) => (constructPath === undefined ? [] : (group ?? []))),
  );
  const isInAnother = (folder: string) => [...assemblies].some((other) => folder.startsWith(`${other}/`));
  return [...assemblies].filter((folder) => !isInAnother(folder)).length > 1;
}

/**
 * Returns the rules to acknowledge: that of a finding, and the next ones of the same cause, whose entries cover the rest. A
 * note needs no entry.
 */
function rulesOf({ rule, sameCause = [] }: ReportedFinding): Rule[] {
  const isCovered = ({ id }: Rule) => sameCause.some((other) => other.rule.standsFor?.includes(id));
  const next = sameCause.filter(
    (other) => !other.acknowledged && other.severity !== 'info' && !isCovered(other.rule),
  );
  return [rule, ...next.map((other) => other.rule)];
}

/** Escapes the special characters of a glob. */
function escapeGlob(text: string): string {
  const escaped = text.replace(/[\\*?{}[\]()!+$|]/g, String.raw`\$&`);
  return matchesWithin(escaped, text) ? escaped : text;
}

/**
 * Adds entries to the text of a configuration file. All other text stays as it is, with its comments.
 *
 * @param text the file, which is valid. Undefined for a new one
 * @param file the path of the file, for the format and for errors
 * @throws ConfigError if there is no place for the entries, for example because `acknowledge` is an alias
 */
export function withAcknowledgements(
  text: string | undefined,
  entries: readonly AcknowledgementEntry[],
  file: string,
): string {
  const alone = new ConfigEdit('', entries, false).block('');
  if (text === undefined) return SCHEMA_LINE + alone;
  const edits = new ConfigEdit(text, entries, file.endsWith('.json')).candidates();
  const added = parseConfig(alone, file);
  const changed = edits.find((edited) => isExtended(text, edited, added, file));
  if (changed !== undefined) return changed;
  throw new ConfigError(
    `${file}: there is no place for the new entries. Write ${KEY} as a list of its own at the end of the file, and run the command again.`,
  );
}

/** True if an edited configuration differs from the original only by added acknowledgements at the end of the list. */
function isExtended(text: string, edited: string, added: Config, file: string): boolean {
  const before = parseConfig(text, file);
  const acknowledgements = [...before.acknowledgements, ...added.acknowledgements];
  try {
    return contentOf(parseConfig(edited, file)) === contentOf({ ...before, acknowledgements });
  } catch (error) {
    if (error instanceof ConfigError) return false;
    throw error;
  }
}

const POSITIONS = ['position', 'positions', 'location'] satisfies readonly (
  | keyof Acknowledgement
  | keyof ConfiguredParameters
  | keyof NamedRate
)[];

/** Returns a text that is equal for configurations that differ only in positions. */
function contentOf(config: Config): string {
  return JSON.stringify(config, (key, value: unknown) =>
    (POSITIONS as readonly string[]).includes(key) ? undefined : value,
  );
}

/** An entry of `acknowledge` in a configuration file, with its keys in the order of the file. */
interface AcknowledgementEntry {
  readonly rule: string;
  readonly path?: string;
  readonly logicalId?: string;
  readonly template?: string;
  readonly reason: string;
}

const KEY = 'acknowledge';

const INDENTATION = '  ';

/**
 * Inserts entries into the text of a configuration. The YAML library could write the whole document, but would move
 * comments and change quotes and line breaks.
 */
class ConfigEdit {
  private readonly layout: EditableText;

  constructor(
    private readonly text: string,
    private readonly entries: readonly AcknowledgementEntry[],
    private readonly isJson: boolean,
  ) {
    this.layout = new EditableText(text);
  }

  /**
   * Returns possible texts with the entries, the most readable first. The caller must parse them: in rare layouts, an
   * inserted text gets another meaning, or makes the document invalid.
   */
  public candidates(): string[] {
    const document = parseYamlNodes(this.text, ({ message }) => message);
    if ('message' in document) return [];
    const line = this.inOneLine();
    return [...(line === undefined ? [] : [line]), ...this.edits(document.contents)].map((edited) =>
      this.text.includes('\r\n') ? edited.replace(/\r?\n/g, '\r\n') : edited,
    );
  }

  /** Returns the entries as a block list below their key. */
  public block(indentation: string): string {
    return `${indentation}${KEY}:\n${this.items(indentation + INDENTATION)}`;
  }

  private edits(root: Node | null): string[] {
    if (!isMap(root)) return [this.appended(root?.range ? this.without(root) : this.text, '')];
    const pairs = root.items as Pairs;
    const pair = pairs.find(({ key }) => isScalar(key) && key.value === KEY);
    if (!pair) return root.flow ? this.withPairInFlow(root) : this.withPairInBlock(root);
    const { value } = pair;
    if (isSeq(value) && value.items.length > 0) {
      return [value.flow ? this.afterItemInFlow(value) : this.afterItemInBlock(value)];
    }
    const isEmpty = value === null || isSeq(value) || (isScalar(value) && value.value === null);
    return isEmpty ? [root.flow ? this.inPlaceOf(value, pair) : this.belowKey(value, pair)] : [];
  }

  /** Breaks a JSON file of one line into several lines. */
  private inOneLine(): string | undefined {
    if (!this.isJson || this.text.trim().includes('\n')) return undefined;
    const { value } = parseJson(this.text.trim() || 'null');
    // The file may be YAML in spite of its name.
    if (value === undefined || Array.isArray(value)) return undefined;
    const content = (value ?? {}) as { readonly [KEY]?: readonly unknown[] | null };
    const acknowledge = [...(content[KEY] ?? []), ...this.entries];
    return `${JSON.stringify({ ...content, [KEY]: acknowledge }, undefined, 2)}\n`;
  }

  private withPairInBlock(root: YAMLMap): string[] {
    const indentation = this.layout.indentationAt(startOf((root.items as Pairs)[0].key));
    // The second one is for a document that ends with `...`.
    return [
      this.appended(this.text, indentation),
      this.withLines(endOf(root), this.block(indentation), indentation.length),
    ];
  }

  private withPairInFlow(root: YAMLMap): string[] {
    const last = (root.items as Pairs).at(-1);
    if (!last) return this.isJson ? [] : [this.appended(this.without(root), '')];
    const indentation = this.itemIndentation(startOf(last.key));
    const pair = `,\n${indentation}${this.quoted(KEY)}: ${this.list(indentation)}`;
    return [this.replaced(endOf(last.value ?? last.key), 0, pair)];
  }

  private afterItemInFlow(list: YAMLSeq): string {
    const last = list.items.at(-1) as Node;
    const indentation = this.itemIndentation(startOf(last));
    const items = this.entries.map((entry) => `,\n${indentation}${this.flow(entry)}`).join('');
    return this.replaced(endOf(last), 0, items);
  }

  private afterItemInBlock(list: YAMLSeq): string {
    const last = list.items.at(-1) as Node;
    const dash = this.text.lastIndexOf('-', startOf(last) - 1);
    const indentation = this.layout.indentationAt(dash);
    return this.withLines(endOf(last), this.items(indentation), indentation.length + 1);
  }

  private inPlaceOf(value: Node | null, { key }: Pair<Node, Node | null>): string {
    const list = this.list(this.itemIndentation(startOf(key)));
    if (!value) return this.replaced(this.text.indexOf(':', endOf(key)) + 1, 0, ` ${list}`);
    return this.replaced(startOf(value), endOf(value) - startOf(value), list);
  }

  /** Writes a block list below a key without entries. A comment beside the key stays there. */
  private belowKey(value: Node | null, { key }: Pair<Node, Node | null>): string {
    const indentation = this.layout.indentationAt(startOf(key)) + INDENTATION;
    const edit = new ConfigEdit(value ? this.without(value) : this.text, this.entries, this.isJson);
    return edit.withLines(endOf(key), this.items(indentation), Infinity);
  }

  /** Returns a text with lines at its end. */
  private appended(text: string, indentation: string): string {
    return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${this.block(indentation)}`;
  }

  private withLines(offset: number, lines: string, deeper: number): string {
    return this.layout.with(this.layout.below(offset, lines, deeper));
  }

  /** Returns the indentation of an item that gets its own line, below one that may share its line with the list. */
  private itemIndentation(offset: number): string {
    const indentation = this.layout.indentationAt(offset);
    const isOnOwnLine = this.layout.isFirstInLine(offset) && this.layout.lineStart(offset) > 0;
    return isOnOwnLine ? indentation : indentation + INDENTATION;
  }

  /** Returns the text without a node, and without the spaces before it. */
  private without(node: Node): string {
    if (startOf(node) === endOf(node)) return this.text;
    const start = this.text.slice(0, startOf(node)).trimEnd().length;
    const isInLine = !this.text.slice(start, startOf(node)).includes('\n');
    const from = isInLine ? start : startOf(node);
    return this.replaced(from, endOf(node) - from, '');
  }

  private replaced(offset: number, length: number, text: string): string {
    return this.layout.with({ offset, length, text });
  }

  private items(indentation: string): string {
    return this.entries
      .map((entry) =>
        Object.entries(entry).map(
          ([key, value], i) =>
            `${indentation}${i === 0 ? '- ' : INDENTATION}${key}: ${yamlScalar(value as string)}\n`,
        ),
      )
      .flat()
      .join('');
  }

  private list(indentation: string): string {
    const inner = indentation + (indentation || INDENTATION);
    const items = this.entries.map((entry) => `\n${inner}${this.flow(entry)}`).join(',');
    return `[${items}\n${indentation}]`;
  }

  private flow(entry: AcknowledgementEntry): string {
    const pairs = Object.entries(entry).map(
      ([key, value]) => `${this.quoted(key)}: ${JSON.stringify(value)}`,
    );
    return `{ ${pairs.join(', ')} }`;
  }

  private quoted(key: string): string {
    return this.isJson ? JSON.stringify(key) : key;
  }
}
