import { isScalar, isSeq } from 'yaml';
import type { Acknowledgement } from '../checker/acknowledgements';
import { type ConfiguredSeverity, type Threshold, THRESHOLDS } from '../report/configuration';
import { findRule, unknownRuleMessage } from '../rules';
import { globProblem } from '../text/globs';
import {
  type Config,
  type ConfiguredRates,
  isRequestRate,
  type NamedRate,
  requestRateInWords,
  SEVERITY_OPTIONS,
} from './config';
import { ConfigReader, type Value } from './config-reader';

/**
 * Parses the text of a configuration file, in YAML or JSON.
 *
 * @throws ConfigError with all problems and their locations
 */
export function parseConfig(text: string, file: string): Config {
  return new ConfigParser(text, file).parse();
}

class ConfigParser {
  private readonly reader: ConfigReader;

  constructor(
    text: string,
    private readonly file: string,
  ) {
    this.reader = new ConfigReader(text, file);
  }

  public parse(): Config {
    const severities: Record<string, ConfiguredSeverity> = {};
    const acknowledgements: Acknowledgement[] = [];
    let failOn: Threshold | undefined;
    let requestsPerSecond: ConfiguredRates | undefined;

    const { contents } = this.reader;
    if (contents) {
      this.reader.readKeys(contents, 'the configuration', {
        rules: (value) => this.reader.isEmpty(value) || this.readRules(value, severities),
        acknowledge: (value) =>
          this.reader.isEmpty(value) || this.readAcknowledgements(value, acknowledgements),
        failOn: (value) => {
          failOn = this.reader.oneOf(value, 'failOn', THRESHOLDS);
        },
        requestsPerSecond: (value) => {
          requestsPerSecond = this.reader.isEmpty(value) ? undefined : this.requestRates(value);
        },
        // Editors read it.
        $schema: (value) => this.reader.text(value, '$schema'),
      });
    }
    this.reader.finish();
    return { severities, acknowledgements, failOn, requestsPerSecond, file: this.file };
  }

  private readRules(value: Value, severities: Record<string, ConfiguredSeverity>): void {
    this.reader.readEntries(value, 'rules', (name, key, inner) => {
      const rule = findRule(name);
      if (!rule) return this.reader.report(key, unknownRuleMessage(name));
      const severity = this.reader.oneOf(inner, name, SEVERITY_OPTIONS);
      if (severity) severities[rule.id] = severity;
    });
  }

  private readAcknowledgements(value: Value, acknowledgements: Acknowledgement[]): void {
    const list = this.reader.resolved(value);
    if (!isSeq(list)) return this.reader.report(value, 'acknowledge must be a list.');
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
        fields[as] = this.reader.text(value, key);
        const problem = problemOf(fields[as] ?? '');
        if (problem !== undefined) this.reader.report(value, `${key} is not a valid pattern: ${problem}`);
      };
    const isMapping = this.reader.readKeys(item, 'an acknowledgement', {
      rule: (value) => {
        const name = this.reader.text(value, 'rule') ?? '';
        fields.ruleId = findRule(name)?.id ?? name;
        if (name !== '' && !findRule(name)) this.reader.report(value, unknownRuleMessage(name));
      },
      reason: reader('reason', 'reason'),
      logicalId: reader('logicalId', 'logicalId'),
      path: reader('path', 'constructPath', globProblem),
      template: reader('template', 'template', globProblem),
    });
    if (!isMapping) return undefined;

    const { ruleId, reason = '' } = fields;
    if (ruleId === undefined)
      this.reader.report(item, 'An acknowledgement requires a rule: the ID of a rule.');
    if (reason.trim() === '') {
      this.reader.report(item, 'An acknowledgement requires a reason: why the finding is acceptable.');
    }
    return ruleId === undefined ? undefined : { ...fields, ruleId, reason };
  }

  /** Reads one rate for all functions, or rates by function name. */
  private requestRates(value: Value): ConfiguredRates {
    const named: NamedRate[] = [];
    let defaultRate: number | undefined;
    if (isScalar(this.reader.resolved(value))) {
      defaultRate = this.requestRate(value, 'requestsPerSecond');
      return { default: defaultRate, named };
    }
    this.reader.readEntries(value, 'requestsPerSecond', (name, key, inner) => {
      const requestsPerSecond = this.requestRate(inner, name);
      if (requestsPerSecond === undefined) return;
      if (name === 'default') defaultRate = requestsPerSecond;
      else named.push({ name, requestsPerSecond, location: this.reader.locationOf(key) });
    });
    return { default: defaultRate, named };
  }

  private requestRate(value: Value, what: string): number | undefined {
    const scalar = this.reader.resolved(value);
    const number = isScalar(scalar) && typeof scalar.value === 'number' ? scalar.value : NaN;
    if (isRequestRate(number)) return number;
    this.reader.report(value, `${what} must be ${requestRateInWords(number)}.`);
    return undefined;
  }
}
