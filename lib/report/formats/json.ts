import type { CodePosition, LoadError } from '../../input/loaded-template';
import { linesWithoutUnprintable } from '../../text/printable';
import type { Location } from '../location';
import type { Report, ReportedFinding, Tool } from '../report';
import type { TemplateFix } from '../../rules/rule';
import { helpUrlOf } from '../../version';

/** Returns a report for programs, as defined by docs/check-report.schema.json. */
export function json(report: Report): string {
  const { templates, functions, byMode, findings, acknowledged } = report.summary;
  return contractJson(report.tool, {
    configuration: report.configuration,
    summary: { templates, functions, byMode, findings, acknowledged },
    functions: report.functions,
    findings: report.findings.map(findingOf),
    errors: report.errors.map(errorOf),
    warnings: report.warnings.map(errorOf),
    notes: report.notes,
  });
}

/** Returns JSON that a schema in docs defines. */
export function contractJson({ name, version }: Tool, content: object): string {
  return `${plainJson({ schemaVersion: 1, tool: { name, version }, ...content }, 2)}\n`;
}

/** Returns a finding as the schemas define it. */
export function findingOf(finding: ReportedFinding): object {
  const { rule, severity, template, logicalId, constructPath, property, position, source } = finding;
  const { message, fix, fixes, acknowledged, related, sameCause } = finding;
  return {
    ruleId: rule.id,
    severity,
    template,
    logicalId,
    constructPath,
    property,
    line: position?.line,
    source: source && sourceOf(source),
    message,
    fix,
    fixes: fixes?.map(fixOf),
    helpUrl: helpUrlOf(rule),
    acknowledged: acknowledged && {
      ...acknowledged,
      location: acknowledged.location && resourceOf(acknowledged.location),
    },
    related: related.map(resourceOf),
    sameCause: sameCause?.map((other) => ({
      ruleId: other.rule.id,
      severity: other.severity,
      acknowledged: other.acknowledged,
    })),
  };
}

/** Returns an edit as the schemas define it. */
function fixOf({ template, path, safety, code, globals: _, ...action }: TemplateFix): object {
  return { template: template.id, path, ...action, safety, code };
}

/** Returns a resource with its positions as the schemas define it. */
export function resourceOf({ template, logicalId, constructPath, position, source }: Location): object {
  return { template, logicalId, constructPath, line: position?.line, source: source && sourceOf(source) };
}

/** Returns a position in the code of a CDK app as the schemas define it. */
function sourceOf({ file, position, calledFrom }: CodePosition): object {
  return { file, ...position, calledFrom: calledFrom && sourceOf(calledFrom) };
}

/** Returns an error as the schemas define it. */
export function errorOf({ file, line, column, message }: LoadError): object {
  return { template: file, line, column, message };
}

/** Returns JSON in which characters that affect an editor or a terminal are escaped. */
export function plainJson(data: unknown, indent?: number): string {
  // Control characters in strings are escaped already, so only the line breaks between values are left.
  return linesWithoutUnprintable(JSON.stringify(data, undefined, indent), escaped);
}

/** Escapes a character. JSON escapes the two halves of a surrogate pair separately. */
function escaped(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
