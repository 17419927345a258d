import type { CheckedFinding } from '../checker/check';
import type { Loaded, LoadedTemplate, LoadError } from '../input/loaded-template';
import type { TracingModel } from '../model/tracing-model';
import type { Rule, Severity } from '../rules/rule';
import { countBy, sortedBy } from './collections';
import { type FunctionSummary, MODES, type ReportedMode, summaryOf } from './function-summary';
import { type Location, locationOf } from './location';
import { SEVERITIES } from './severity';

/** A finding with its whereabouts. */
export interface ReportedFinding extends Location {
  readonly rule: Rule;
  readonly severity: Severity;
  readonly property: string;
  readonly message: string;
  readonly fix: string;
  readonly acknowledged?: { readonly reason: string };
  readonly related: readonly Location[];
}

export interface Summary {
  readonly templates: number;
  readonly functions: number;
  readonly byMode: Readonly<Record<ReportedMode, number>>;
  /** Those that are not acknowledged. */
  readonly findings: Readonly<Record<Severity, number>>;
  readonly acknowledged: number;
  readonly errors: number;
}

/** What every format is made from, in the order in which it is told. */
export interface Report {
  readonly tool: { readonly name: string; readonly version: string; readonly homepage: string };
  readonly summary: Summary;
  /** The IDs of the templates that were judged. */
  readonly templates: readonly string[];
  /** The files that were read, or were to be. */
  readonly files: readonly string[];
  readonly functions: readonly FunctionSummary[];
  /** By template, then severity, then line. */
  readonly findings: readonly ReportedFinding[];
  readonly errors: readonly LoadError[];
  /** The rules that were applied. */
  readonly rules: readonly Rule[];
}

/** What came of a run. */
export interface CheckedSystem {
  readonly tool: Report['tool'];
  readonly loaded: Loaded;
  readonly model: TracingModel;
  readonly findings: readonly CheckedFinding[];
  readonly rules: readonly Rule[];
}

/** Puts together what there is to tell of a run. */
export function reportOn({ tool, loaded, model, findings, rules }: CheckedSystem): Report {
  const templates = new Map(loaded.templates.map((template) => [template.id, template]));
  const functions = model.functions.map(summaryOf);
  const reported = inOrder(
    findings.map((finding) => reportedFinding(finding, templates)),
    [...templates.keys()],
  );
  return {
    tool,
    templates: [...templates.keys()],
    files: [...new Set([...loaded.templates, ...loaded.errors].map(({ file }) => file))],
    functions,
    findings: reported,
    errors: loaded.errors,
    rules,
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

/** Whether nobody has acknowledged the finding. */
export function isOpen({ acknowledged }: ReportedFinding): boolean {
  return acknowledged === undefined;
}

/** What there is of every template that has any, in order. */
export function byTemplate<T extends Location>(places: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const place of places) {
    const group = groups.get(place.template);
    if (group) group.push(place);
    else groups.set(place.template, [place]);
  }
  return groups;
}

function reportedFinding(
  finding: CheckedFinding,
  templates: ReadonlyMap<string, LoadedTemplate>,
): ReportedFinding {
  const { resource, logicalId, property, severity, rule, message, fix, acknowledged, related } = finding;
  return {
    ...locationOf(resource, templates, property),
    logicalId,
    rule,
    severity,
    property,
    message,
    fix,
    ...(acknowledged && { acknowledged }),
    related: related.map((other) => locationOf(other, templates)),
  };
}

/** Findings that are not in any of the templates, such as those on the configuration, come last. */
function inOrder(findings: readonly ReportedFinding[], templates: readonly string[]): ReportedFinding[] {
  const rank = new Map(templates.map((id, i) => [id, i]));
  return sortedBy(findings, ({ template, severity, position }) => [
    rank.get(template) ?? rank.size,
    SEVERITIES.indexOf(severity),
    position?.line ?? Number.MAX_SAFE_INTEGER,
  ]);
}
