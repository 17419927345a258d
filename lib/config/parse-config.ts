import { isScalar, isSeq } from 'yaml';
import type { Acknowledgement } from '../checker/acknowledgements';
import type { Position } from '../input/loaded-template';
import { type ConfiguredSeverity, type Threshold, THRESHOLDS } from '../report/configuration';
import { findRule, unknownRuleMessage } from '../rules';
import { globProblem } from '../text/globs';
import {
  type Config,
  type ConfiguredParameters,
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
    const exclude: string[] = [];
    const parameters: ConfiguredParameters[] = [];
    let failOn: Threshold | undefined;
    let requestsPerSecond: ConfiguredRates | undefined;
    let includeCdkFunctions: boolean | undefined;
    let transactionSearch: boolean | undefined;

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
        exclude: (value) => this.reader.isEmpty(value) || this.readExclusions(value, exclude),
        parameters: (value) => this.reader.isEmpty(value) || this.readParameters(value, parameters),
        includeCdkFunctions: (value) => {
          includeCdkFunctions = this.reader.boolean(value, 'includeCdkFunctions');
        },
        transactionSearch: (value) => {
          transactionSearch = this.reader.boolean(value, 'transactionSearch');
        },
        // Editors read it.
        $schema: (value) => this.reader.text(value, '$schema'),
      });
    }
    this.reader.finish();
    return {
      severities,
      acknowledgements,
      failOn,
      requestsPerSecond,
      exclude,
      parameters,
      includeCdkFunctions,
      transactionSearch,
      file: this.file,
    };
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
    for (const item of this.reader.list(value, 'acknowledge')) {
      const acknowledgement = this.acknowledgement(item);
      if (acknowledgement) acknowledgements.push(acknowledgement);
    }
  }

  private acknowledgement(item: Value): Acknowledgement | undefined {
    const fields: { -readonly [K in keyof Omit<Acknowledgement, 'position'>]?: string } = {};
    const reader =
      (
        key: string,
        as: keyof typeof fields,
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
      logicalId: reader('logicalId', 'logicalId', globProblem),
      path: reader('path', 'constructPath', globProblem),
      template: reader('template', 'template', globProblem),
      expires: (value) => {
        fields.expires = this.reader.text(value, 'expires');
        if (fields.expires !== undefined && !isDay(fields.expires)) {
          this.reader.report(value, 'expires must be a day, such as 2027-01-31.');
        }
      },
    });
    if (!isMapping) return undefined;

    const { ruleId, reason = '' } = fields;
    if (ruleId === undefined)
      this.reader.report(item, 'An acknowledgement requires a rule: the ID of a rule.');
    if (reason.trim() === '') {
      this.reader.report(item, 'An acknowledgement requires a reason: why the finding is acceptable.');
    }
    return ruleId === undefined
      ? undefined
      : { ...fields, ruleId, reason, position: this.reader.positionOf(item) };
  }

  private readExclusions(value: Value, exclude: string[]): void {
    for (const item of this.reader.list(value, 'exclude')) {
      const text = this.reader.text(item, 'exclude');
      if (text === undefined) continue;
      const glob = text.replace(/^\.\//, '').replace(/\/$/, '');
      const problem = glob === '' ? 'it is empty. Write the path of a file or a folder.' : globProblem(glob);
      if (problem === undefined) exclude.push(glob);
      else this.reader.report(item, `exclude has an invalid pattern: ${problem}`);
    }
  }

  /** Reads the values of parameters by template. */
  private readParameters(value: Value, parameters: ConfiguredParameters[]): void {
    this.reader.readEntries(value, 'parameters', (template, key, inner) => {
      const problem = globProblem(template);
      if (problem !== undefined) this.reportPattern(key, template, problem);
      if (this.reader.isEmpty(inner)) return;
      if (isScalar(this.reader.resolved(inner))) {
        const example = `parameters: { '*': { ${template}: ... } }`;
        return this.reader.report(key, `The keys of parameters are templates. Write ${example}.`);
      }
      const values: Record<string, string> = {};
      const positions: Record<string, Position> = {};
      this.reader.readEntries(inner, `the parameters of ${template}`, (name, nameKey, written) => {
        const text = this.parameterValue(written, name);
        if (text === undefined) return;
        values[name] = text;
        positions[name] = this.reader.positionOf(nameKey);
      });
      parameters.push({ template, values, positions });
    });
  }

  /** Returns the text that CloudFormation gets. The items of a list are separated by commas. */
  private parameterValue(value: Value, name: string): string | undefined {
    const resolved = this.reader.resolved(value);
    const items = isSeq(resolved) ? (resolved.items as Value[]) : [value];
    const texts = items.map((item) => {
      const scalar = this.reader.resolved(item);
      if (!isScalar(scalar) || scalar.value === null) return undefined;
      return typeof scalar.value === 'string' ? scalar.value : scalar.source;
    });
    if (texts.every((text) => text !== undefined)) return texts.join(',');
    this.reader.report(value, `${name} must be a string, a number, true, false, or a list of them.`);
    return undefined;
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
      const problem = globProblem(name);
      if (name === 'default') defaultRate = requestsPerSecond;
      else if (problem !== undefined) this.reportPattern(key, name, problem);
      else named.push({ name, requestsPerSecond, location: this.reader.locationOf(key) });
    });
    return { default: defaultRate, named };
  }

  private reportPattern(key: Value, glob: string, problem: string): void {
    this.reader.report(key, `${JSON.stringify(glob)} is not a valid pattern: ${problem}`);
  }

  private requestRate(value: Value, what: string): number | undefined {
    const scalar = this.reader.resolved(value);
    const number = isScalar(scalar) && typeof scalar.value === 'number' ? scalar.value : NaN;
    if (isRequestRate(number)) return number;
    this.reader.report(value, `${what} must be ${requestRateInWords(number)}.`);
    return undefined;
  }
}

/** True for a day of the calendar, such as `2027-01-31`. */
function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !isNaN(date.valueOf()) && date.toISOString().startsWith(text);
}
