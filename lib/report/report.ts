import type { Loaded, LoadedTemplate, LoadError, Position } from '../load/loaded';
import type { Resource } from '../model/template';
import type { TracingModel } from '../model/tracing-model';
import type { JudgedFinding } from '../rules/judge';
import type { Rule, Severity } from '../rules/rule';
import { type FunctionSummary, MODES, type ReportedMode, summaryOf } from './function-summary';
import { SEVERITIES } from './severities';

/** A resource, and where it is to be found. */
export interface Place {
  /** The template's ID. */
  readonly template: string;
  /** The template's file. */
  readonly file: string;
  readonly position?: Position;
  readonly logicalId: string;
  readonly constructPath?: string;
}

/** A finding with its whereabouts. */
export interface ReportedFinding extends Place {
  readonly rule: Rule;
  readonly severity: Severity;
  readonly property: string;
  readonly message: string;
  readonly fix: string;
  readonly acknowledged?: { readonly reason: string };
  readonly related: readonly Place[];
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
export interface Judged {
  readonly tool: Report['tool'];
  readonly loaded: Loaded;
  readonly model: TracingModel;
  readonly findings: readonly JudgedFinding[];
  readonly rules: readonly Rule[];
}

/** Puts together what there is to tell of a run. */
export function reportOn({ tool, loaded, model, findings, rules }: Judged): Report {
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
      byMode: counted(MODES, ({ mode }) => mode, functions),
      findings: counted(SEVERITIES, ({ severity }) => severity, reported.filter(isOpen)),
      acknowledged: reported.filter((finding) => !isOpen(finding)).length,
      errors: loaded.errors.length,
    },
  };
}

/** Whether nobody has acknowledged the finding. */
export function isOpen({ acknowledged }: ReportedFinding): boolean {
  return acknowledged === undefined;
}

/** The findings of every template that has any, in order. */
export function byTemplate(findings: readonly ReportedFinding[]): Map<string, ReportedFinding[]> {
  const groups = new Map<string, ReportedFinding[]>();
  for (const finding of findings) {
    const group = groups.get(finding.template);
    if (group) group.push(finding);
    else groups.set(finding.template, [finding]);
  }
  return groups;
}

type Templates = ReadonlyMap<string, LoadedTemplate>;

function reportedFinding(finding: JudgedFinding, templates: Templates): ReportedFinding {
  const { resource, logicalId, property, severity, rule, message, fix, acknowledged, related } = finding;
  return {
    ...placeOf(resource, templates, property),
    logicalId,
    rule,
    severity,
    property,
    message,
    fix,
    ...(acknowledged && { acknowledged }),
    related: related.map((other) => placeOf(other, templates)),
  };
}

function placeOf(resource: Resource, templates: Templates, property = ''): Place {
  const { logicalId, constructPath } = resource;
  const { id } = resource.template;
  const template = templates.get(id);
  const below = property === '' ? [] : ['Properties', ...property.split('.')];
  const position = logicalId === '' ? undefined : template?.locate?.(['Resources', logicalId, ...below]);
  return {
    template: id,
    file: template?.file ?? id,
    ...(position && { position }),
    logicalId,
    ...(constructPath !== undefined && { constructPath }),
  };
}

/** Findings that are not in any of the templates, such as those on the configuration, come last. */
function inOrder(findings: readonly ReportedFinding[], templates: readonly string[]): ReportedFinding[] {
  const rank = new Map(templates.map((id, i) => [id, i]));
  const keyed = findings.map((finding) => ({
    finding,
    keys: [
      rank.get(finding.template) ?? rank.size,
      SEVERITIES.indexOf(finding.severity),
      finding.position?.line ?? Number.MAX_SAFE_INTEGER,
    ],
  }));
  return keyed
    .sort((a, b) => {
      const differing = a.keys.findIndex((key, i) => key !== b.keys[i]);
      return differing === -1 ? 0 : a.keys[differing] - b.keys[differing];
    })
    .map(({ finding }) => finding);
}

function counted<K extends string, T>(
  keys: readonly K[],
  keyOf: (item: T) => K,
  items: readonly T[],
): Record<K, number> {
  const counts = Object.fromEntries(keys.map((key) => [key, 0])) as Record<K, number>;
  for (const item of items) counts[keyOf(item)]++;
  return counts;
}
