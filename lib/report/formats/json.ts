import type { LoadError } from '../../input/loaded-template';
import { linesWithoutUnprintable } from '../../text/printable';
import type { Location } from '../location';
import type { Report, ReportedFinding } from '../report';
import { helpUrlOf } from '../rule-docs';

/** For programs, as docs/check-report.schema.json has it. */
export function json(report: Report): string {
  const { name, version } = report.tool;
  const { templates, functions, byMode, findings, acknowledged } = report.summary;
  const contract = {
    schemaVersion: 1,
    tool: { name, version },
    summary: { templates, functions, byMode, findings, acknowledged },
    functions: report.functions,
    findings: report.findings.map(findingOf),
    errors: report.errors.map(errorOf),
  };
  return `${plainJson(contract, 2)}\n`;
}

/** A finding, as the schemas have it. */
export function findingOf(finding: ReportedFinding): object {
  const { rule, severity, template, logicalId, constructPath, property, position } = finding;
  const { message, fix, acknowledged, related } = finding;
  return {
    ruleId: rule.id,
    severity,
    template,
    logicalId,
    constructPath,
    property,
    line: position?.line,
    message,
    fix,
    helpUrl: helpUrlOf(rule),
    acknowledged,
    related: related.map((place: Location) => ({ template: place.template, logicalId: place.logicalId })),
  };
}

/** What could not be read, as the schemas have it. */
export function errorOf({ file, line, column, message }: LoadError): object {
  return { template: file, line, column, message };
}

/** JSON in which every character shows as what it is: it has none that an editor or a terminal acts on. */
export function plainJson(data: unknown, indent?: number): string {
  // Line breaks between values are all that is left of the controls: those in strings are escaped already.
  return linesWithoutUnprintable(JSON.stringify(data, undefined, indent), escaped);
}

/** JSON escapes the halves of a pair each. */
function escaped(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
