import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';
import type { Acknowledgement } from '../checker/acknowledgements';
import { type Threshold, THRESHOLDS } from '../report/severity';
import { type Config, type SeverityOption, SEVERITY_OPTIONS } from './config';
import { UsageError } from './errors';
import { type ConfiguredRates, isRequestRate, type NamedRate, requestRateInWords } from './request-rates';
import { didYouMean, unknownRuleMessage, findRule } from './rule-names';

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

class ConfigParser {
  private readonly lines = new LineCounter();
  private readonly document;
  private readonly problems: string[] = [];

  constructor(
    text: string,
    private readonly file: string,
  ) {
    this.document = parseDocument(text, { lineCounter: this.lines, prettyErrors: false });
  }

  public parse(): Config {
    const severities: Record<string, SeverityOption> = {};
    const acknowledgements: Acknowledgement[] = [];
    let failOn: Threshold | undefined;
    let requestsPerSecond: ConfiguredRates | undefined;

    for (const { message, pos } of this.document.errors) this.report(pos[0], message);
    visit(this.document, {
      Alias: (_, alias) => {
        if (alias.resolve(this.document)) return;
        this.report(alias, `The alias *${alias.source} has no anchor &${alias.source} before it.`);
      },
    });
    if (this.problems.length === 0 && !this.isEmpty(this.document.contents)) {
      this.readKeys(this.document.contents, 'the configuration', {
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

  private readRules(value: Value, severities: Record<string, SeverityOption>): void {
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
    const reader = (key: string, as: keyof Acknowledgement) => (value: Value) => {
      fields[as] = this.text(value, key);
    };
    const isMapping = this.readKeys(item, 'an acknowledgement', {
      rule: (value) => {
        const name = this.text(value, 'rule') ?? '';
        fields.ruleId = findRule(name)?.id ?? name;
        if (name !== '' && !findRule(name)) this.report(value, unknownRuleMessage(name));
      },
      reason: reader('reason', 'reason'),
      logicalId: reader('logicalId', 'logicalId'),
      path: reader('path', 'constructPath'),
      template: reader('template', 'template'),
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
    for (const { key, value: inner } of map.items as { key: Node; value: Value }[]) {
      read(isScalar(key) ? String(key.value) : String(key), key, inner);
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
    return isAlias(value) ? value.resolve(this.document) : value;
  }

  /** @param at a node, or an offset in the text */
  private report(at: Value | number, message: string): void {
    this.problems.push(`${this.locationOf(at)}: ${message}`);
  }

  private locationOf(at: Value | number): string {
    const offset = typeof at === 'number' ? at : (at?.range?.[0] ?? 0);
    const { line, col } = this.lines.linePos(offset);
    return `${this.file}:${line}:${col}`;
  }
}
