import { type Document, isAlias, isMap, isScalar, isSeq, type Node, visit, type YAMLError } from 'yaml';
import type { Acknowledgement } from '../checker/acknowledgements';
import { parseYamlNodes } from '../input/parse-yaml';
import { TextPositions } from '../input/source-text';
import { type ConfiguredSeverity, type Threshold, THRESHOLDS } from '../report/configuration';
import { findRule, unknownRuleMessage } from '../rules';
import { globProblem } from '../text/globs';
import { didYouMean } from '../text/printable';
import { type Config, SEVERITY_OPTIONS } from './config';
import { UsageError } from './errors';
import { type ConfiguredRates, isRequestRate, type NamedRate, requestRateInWords } from './request-rates';

/**
 * Parses the text of a configuration file.
 *
 * @throws UsageError with all problems and their locations
 */
export function parseConfig(text: string, file: string): Config {
  return new ConfigParser(text, file).parse();
}

type Value = Node | null | undefined;
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

class ConfigParser {
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
  }

  public parse(): Config {
    const severities: Record<string, ConfiguredSeverity> = {};
    const acknowledgements: Acknowledgement[] = [];
    let failOn: Threshold | undefined;
    let requestsPerSecond: ConfiguredRates | undefined;

    if (this.document) this.resolveAliases(this.document);
    const contents = this.document?.contents;
    if (this.problems.length === 0 && !this.isEmpty(contents)) {
      this.readKeys(contents, 'the configuration', {
        rules: (value) => this.isEmpty(value) || this.readRules(value, severities),
        acknowledge: (value) => this.isEmpty(value) || this.readAcknowledgements(value, acknowledgements),
        failOn: (value) => {
          failOn = this.oneOf(value, 'failOn', THRESHOLDS);
        },
        requestsPerSecond: (value) => {
          requestsPerSecond = this.isEmpty(value) ? undefined : this.requestRates(value);
        },
      });
    }
    if (this.problems.length > 0) throw new UsageError(...this.problems);
    return { severities, acknowledgements, failOn, requestsPerSecond, file: this.file };
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

  private readRules(value: Value, severities: Record<string, ConfiguredSeverity>): void {
    this.readEntries(value, 'rules', (name, key, inner) => {
      const rule = findRule(name);
      if (!rule) return this.report(key, unknownRuleMessage(name));
      const severity = this.oneOf(inner, name, SEVERITY_OPTIONS);
      if (severity) severities[rule.id] = severity;
    });
  }

  private readAcknowledgements(value: Value, acknowledgements: Acknowledgement[]): void {
    const list = this.resolved(value);
    if (!isSeq(list)) return this.report(value, 'acknowledge must be a list.');
    for (const item of list.items as Value[]) {
      const acknowledgement = this.acknowledgement(item);
      if (acknowledgement) acknowledgements.push(acknowledgement);
    }
  }

  private acknowledgement(item: Value): Acknowledgement | undefined {
    const fields: { -readonly [K in keyof Acknowledgement]?: string } = {};
    const reader =
      (
        key: string,
        as: keyof Acknowledgement,
        problemOf: (text: string) => string | undefined = () => undefined,
      ) =>
      (value: Value) => {
        fields[as] = this.text(value, key);
        const problem = problemOf(fields[as] ?? '');
        if (problem !== undefined) this.report(value, `${key} is not a valid pattern: ${problem}`);
      };
    const isMapping = this.readKeys(item, 'an acknowledgement', {
      rule: (value) => {
        const name = this.text(value, 'rule') ?? '';
        fields.ruleId = findRule(name)?.id ?? name;
        if (name !== '' && !findRule(name)) this.report(value, unknownRuleMessage(name));
      },
      reason: reader('reason', 'reason'),
      logicalId: reader('logicalId', 'logicalId'),
      path: reader('path', 'constructPath', globProblem),
      template: reader('template', 'template', globProblem),
    });
    if (!isMapping) return undefined;

    const { ruleId, reason = '' } = fields;
    if (ruleId === undefined) this.report(item, 'An acknowledgement requires a rule: the ID of a rule.');
    if (reason.trim() === '') {
      this.report(item, 'An acknowledgement requires a reason: why the finding is acceptable.');
    }
    return ruleId === undefined ? undefined : { ...fields, ruleId, reason };
  }

  /** Reads one rate for all functions, or rates by function name. */
  private requestRates(value: Value): ConfiguredRates {
    const named: NamedRate[] = [];
    let defaultRate: number | undefined;
    if (isScalar(this.resolved(value))) {
      defaultRate = this.requestRate(value, 'requestsPerSecond');
      return { default: defaultRate, named };
    }
    this.readEntries(value, 'requestsPerSecond', (name, key, inner) => {
      const requestsPerSecond = this.requestRate(inner, name);
      if (requestsPerSecond === undefined) return;
      if (name === 'default') defaultRate = requestsPerSecond;
      else named.push({ name, requestsPerSecond, location: this.locationOf(key) });
    });
    return { default: defaultRate, named };
  }

  private requestRate(value: Value, what: string): number | undefined {
    const scalar = this.resolved(value);
    const number = isScalar(scalar) && typeof scalar.value === 'number' ? scalar.value : NaN;
    if (isRequestRate(number)) return number;
    this.report(value, `${what} must be ${requestRateInWords(number)}.`);
    return undefined;
  }

  /** @returns true if the value is a mapping */
  private readKeys(value: Value, what: string, readers: Readers): boolean {
    const names = Object.keys(readers);
    return this.readEntries(value, what, (name, key, inner) => {
      if (Object.hasOwn(readers, name)) return void readers[name](inner);
      const advice = didYouMean(name, names) || ` Valid keys: ${names.join(', ')}.`;
      this.report(key, `Unknown key ${JSON.stringify(name)} in ${what}.${advice}`);
    });
  }

  private readEntries(
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

  private oneOf<T extends string>(value: Value, what: string, allowed: readonly T[]): T | undefined {
    const scalar = this.resolved(value);
    const written = isScalar(scalar) ? String(scalar.value) : undefined;
    const found = allowed.find((name) => name === written);
    if (found === undefined) {
      const nearest = written === undefined ? '' : didYouMean(written, allowed);
      this.report(value, `${what} must be one of ${allowed.join(', ')}.${nearest}`);
    }
    return found;
  }

  private text(value: Value, what: string): string | undefined {
    const scalar = this.resolved(value);
    if (isScalar(scalar) && typeof scalar.value === 'string') return scalar.value;
    this.report(value, `${what} must be a string.`);
    return undefined;
  }

  /** True if there is no value, for example because all of it is commented out. */
  private isEmpty(value: Value): boolean {
    const scalar = this.resolved(value);
    return !scalar || (isScalar(scalar) && scalar.value === null);
  }

  private resolved(value: Value): Value {
    return isAlias(value) ? this.targets.get(value) : value;
  }

  private nameOf(key: Value): string | undefined {
    const scalar = this.resolved(key);
    return isScalar(scalar) ? String(scalar.value) : undefined;
  }

  /** @param at a node, or an offset in the text */
  private report(at: Value | number, message: string): void {
    this.problems.push(`${this.locationOf(at)}: ${message}`);
    if (this.problems.length < MAX_PROBLEMS) return;
    throw new UsageError(...this.problems, `${this.file}: There may be more problems. Fix these first.`);
  }

  private locationOf(at: Value | number): string {
    const offset = typeof at === 'number' ? at : (at?.range?.[0] ?? 0);
    const { line, column } = this.positions.at(offset);
    return `${this.file}:${line}:${column}`;
  }
}

function yamlProblem({ code }: YAMLError): string {
  return `This is not valid YAML: ${YAML_PROBLEMS[code] ?? 'this text is not expected here'}.`;
}
