import type { Acknowledged } from '../checker/acknowledgements';
import type { CheckedFinding } from '../checker/check';
import type { Loaded, LoadError } from '../input/loaded-template';
import type { TracingModel } from '../model/tracing-model';
import { type Rule, SEVERITIES, type Severity, type TemplateFix } from '../rules/rule';
import { countBy, groupBy, sortedBy } from './collections';
import type { Configuration } from './configuration';
import { type FunctionSummary, MODES, type ReportedMode, summaryOf } from './function-summary';
import {
  lacksSource,
  type Location,
  locationOf,
  locationOfFinding,
  NO_SOURCES,
  type SourceRoot,
  type Templates,
  templatesById,
} from './location';

/** A finding with its location. */
export interface ReportedFinding extends Location {
  readonly rule: Rule;
  readonly severity: Severity;
  readonly property: string;
  readonly message: string;
  readonly fix: string;
  /** The edits that resolve it, all together. */
  readonly fixes?: readonly TemplateFix[];
  readonly acknowledged?: Omit<Acknowledged, 'location'> & { readonly location?: Location };
  readonly related: readonly Location[];
  /** The findings with the same cause that it stands for, in the order of the rules. */
  readonly sameCause?: readonly (Pick<CheckedFinding, 'rule' | 'severity'> & {
    readonly acknowledged?: Pick<Acknowledged, 'reason'>;
  })[];
}

export interface Summary {
  readonly templates: number;
  readonly functions: number;
  readonly byMode: Readonly<Record<ReportedMode, number>>;
  /** The number of findings that are not acknowledged, by severity. */
  readonly findings: Readonly<Record<Severity, number>>;
  readonly acknowledged: number;
  readonly errors: number;
}

export interface Tool {
  readonly name: string;
  readonly version: string;
  readonly homepage: string;
}

/** The content of a report in every format, in the order of the report. */
export interface Report {
  readonly tool: Tool;
  readonly summary: Summary;
  /** The IDs of the checked templates. */
  readonly templates: readonly string[];
  /** The input files, including those that could not be read. */
  readonly files: readonly string[];
  /** The templates by their ID, with the texts of those that can be edited. */
  readonly texts: Templates;
  readonly functions: readonly FunctionSummary[];
  /** The checked model. */
  readonly model: TracingModel;
  /** By template, then severity, then line. */
  readonly findings: readonly ReportedFinding[];
  readonly errors: readonly LoadError[];
  /** Mistakes in the templates that CloudFormation accepts. */
  readonly warnings: readonly LoadError[];
  /** Notes for the reader, one or more sentences each. */
  readonly notes: readonly string[];
  /** The applied rules. */
  readonly rules: readonly Rule[];
  readonly configuration: Configuration;
  readonly sourceRoot: SourceRoot;
  readonly runName: string;
}

/** The input that the reports of all commands are made from. */
export interface Run {
  readonly tool: Tool;
  readonly loaded: Loaded;
  readonly model: TracingModel;
}

/** The results of a run. */
export interface ReportInput extends Run {
  readonly findings: readonly CheckedFinding[];
  readonly rules: readonly Rule[];
  readonly configuration: Configuration;
  readonly sourceRoot: SourceRoot;
  /** The name of the run among the runs on the same revision: the command and its paths, unless the user names it. */
  readonly runName: string;
}

/** Creates the report on a run. */
export function reportOn({ loaded, model, findings, ...others }: ReportInput): Report {
  const templates = templatesById(loaded);
  const functions = model.functions.map(summaryOf);
  const reported = sortFindings(
    findings.map((finding) => reportedFinding(finding, templates)),
    [...templates.keys()],
  );
  return {
    ...others,
    model,
    texts: templates,
    templates: [...templates.keys()],
    files: [...new Set([...loaded.templates, ...loaded.errors].map(({ file }) => file))],
    functions,
    findings: reported,
    errors: loaded.errors,
    warnings: loaded.warnings ?? [],
    notes: [
      ...(loaded.notes ?? []),
      ...(reported.some((finding) => lacksSource(finding, templates)) ? [NO_SOURCES] : []),
    ],
    summary: {
      templates: loaded.templates.length,
      functions: functions.length,
      byMode: countBy(MODES, ({ mode }) => mode, functions),
      findings: countBy(SEVERITIES, ({ severity }) => severity, reported.filter(isOpen)),
      acknowledged: reported.filter((finding) => !isOpen(finding)).length,
      errors: loaded.errors.length,
    },
  };
}

/** True if the finding is not acknowledged. */
export function isOpen({ acknowledged }: ReportedFinding): boolean {
  return acknowledged === undefined;
}

/** Groups items by the ID of their template, in the order of the items. */
export function byTemplate<T extends Location>(items: readonly T[]): Map<string, T[]> {
  return groupBy(({ template }) => template, items);
}

function reportedFinding(finding: CheckedFinding, templates: Templates): ReportedFinding {
  const { logicalId, property, severity, rule, message, fix } = finding;
  const { acknowledged, related, sameCause, fixes = [] } = finding;
  return {
    ...locationOfFinding(finding, templates),
    logicalId,
    rule,
    severity,
    property,
    message,
    fix,
    ...(fixes.length > 0 && { fixes }),
    ...(acknowledged && { acknowledged: reportedAcknowledgement(acknowledged, templates) }),
    related: related.map((other) => locationOf(other, templates)),
    ...(sameCause && {
      sameCause: sameCause.map((other) => ({
        rule: other.rule,
        severity: other.severity,
        ...(other.acknowledged && { acknowledged: { reason: other.acknowledged.reason } }),
      })),
    }),
  };
}

function reportedAcknowledgement(
  { location, ...others }: Acknowledged,
  templates: Templates,
): ReportedFinding['acknowledged'] {
  return {
    ...others,
    ...(location && { location: locationOfFinding({ property: '', ...location }, templates) }),
  };
}

/** Sorts findings by template, severity and line. Findings outside of the templates, such as on the configuration, come last. */
function sortFindings(findings: readonly ReportedFinding[], templates: readonly string[]): ReportedFinding[] {
  const rank = new Map(templates.map((id, i) => [id, i]));
  return sortedBy(findings, ({ template, severity, position }) => [
    rank.get(template) ?? rank.size,
    SEVERITIES.indexOf(severity),
    position?.line ?? Number.MAX_SAFE_INTEGER,
  ]);
}
