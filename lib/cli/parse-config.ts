import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';
import type { Acknowledgement } from '../checker/acknowledgements';
import { type Threshold, THRESHOLDS } from '../report/severity';
import { type Config, type SeverityOption, SEVERITY_OPTIONS } from './config';
import { UsageError } from './errors';
import { type ConfiguredRates, isRequestRate, type NamedRate, requestRateInWords } from './request-rates';
import { didYouMean, noSuchRule, ruleNamed } from './rule-names';

/**
 * Reads the text of a configuration file.
 *
 * @throws UsageError with all that is wrong with it, each with its place
 */
export function parseConfig(text: string, file: string): Config {
  return new ConfigParser(text, file).parse();
}

type Value = Node | null | undefined;
/** What to do with the value of a key. */
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
    if (this.problems.length === 0 && !this.isNothing(this.document.contents)) {
      this.readKeys(this.document.contents, 'the configuration', {
        rules: (value) => this.isNothing(value) || this.readRules(value, severities),
        acknowledge: (value) => this.isNothing(value) || this.readAcknowledgements(value, acknowledgements),
        failOn: (value) => {
          failOn = this.oneOf(value, 'failOn', THRESHOLDS);
        },
        requestsPerSecond: (value) => {
          requestsPerSecond = this.isNothing(value) ? undefined : this.figures(value);
        },
      });
    }
    if (this.problems.length > 0) throw new UsageError(...this.problems);
    return { severities, acknowledgements, failOn, requestsPerSecond, file: this.file };
  }

  private readRules(value: Value, severities: Record<string, SeverityOption>): void {
    this.readEntries(value, 'rules', (name, key, level) => {
      const rule = ruleNamed(name);
      if (!rule) return this.report(key, noSuchRule(name));
      const severity = this.oneOf(level, name, SEVERITY_OPTIONS);
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
    const given: { -readonly [K in keyof Acknowledgement]?: string } = {};
    const reader = (key: string, as: keyof Acknowledgement) => (value: Value) => {
      given[as] = this.text(value, key);
    };
    const isMapping = this.readKeys(item, 'an acknowledgement', {
      rule: (value) => {
        const name = this.text(value, 'rule') ?? '';
        given.ruleId = ruleNamed(name)?.id ?? name;
        if (name !== '' && !ruleNamed(name)) this.report(value, noSuchRule(name));
      },
      reason: reader('reason', 'reason'),
      logicalId: reader('logicalId', 'logicalId'),
      path: reader('path', 'constructPath'),
      template: reader('template', 'template'),
    });
    if (!isMapping) return undefined;

    const { ruleId, reason = '' } = given;
    if (ruleId === undefined) this.report(item, 'An acknowledgement needs a rule: the ID of what it is for.');
    if (reason.trim() === '') {
      this.report(item, 'An acknowledgement needs a reason: say why the finding is accepted.');
    }
    return ruleId === undefined ? undefined : { ...given, ruleId, reason };
  }

  /** One for all functions, or several by name. */
  private figures(value: Value): ConfiguredRates {
    const named: NamedRate[] = [];
    let forAll: number | undefined;
    if (isScalar(this.resolved(value))) {
      forAll = this.figure(value, 'requestsPerSecond');
      return { default: forAll, named };
    }
    this.readEntries(value, 'requestsPerSecond', (name, key, inner) => {
      const requestsPerSecond = this.figure(inner, name);
      if (requestsPerSecond === undefined) return;
      if (name === 'default') forAll = requestsPerSecond;
      else named.push({ name, requestsPerSecond, location: this.placeOf(key) });
    });
    return { default: forAll, named };
  }

  private figure(value: Value, what: string): number | undefined {
    const scalar = this.resolved(value);
    const number = isScalar(scalar) && typeof scalar.value === 'number' ? scalar.value : NaN;
    if (isRequestRate(number)) return number;
    this.report(value, `${what} must be ${requestRateInWords(number)}.`);
    return undefined;
  }

  /** @returns whether there are keys at all */
  private readKeys(value: Value, what: string, readers: Readers): boolean {
    const names = Object.keys(readers);
    return this.readEntries(value, what, (name, key, inner) => {
      if (Object.hasOwn(readers, name)) return void readers[name](inner);
      const advice = didYouMean(name, names) || ` It may have ${names.join(', ')}.`;
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

  /** A key may stand there with all of its value commented out. */
  private isNothing(value: Value): boolean {
    const scalar = this.resolved(value);
    return !scalar || (isScalar(scalar) && scalar.value === null);
  }

  private resolved(value: Value): Value {
    return isAlias(value) ? value.resolve(this.document) : value;
  }

  /** @param at a node, or how far into the text */
  private report(at: Value | number, message: string): void {
    this.problems.push(`${this.placeOf(at)}: ${message}`);
  }

  private placeOf(at: Value | number): string {
    const offset = typeof at === 'number' ? at : (at?.range?.[0] ?? 0);
    const { line, col } = this.lines.linePos(offset);
    return `${this.file}:${line}:${col}`;
  }
}
