import type { Severity } from '../../../rules/rule';
import { SEVERITIES } from '../../severities';
import type { MapDocument, MapFinding } from '../map-document';
import type { Unit } from './units';

/** The severity of the gravest finding on a unit; nothing where it has none, or where all are acknowledged. */
export function gravestFinding(unit: Unit, document: MapDocument): Severity | undefined {
  const found = new Set(openFindings(unit, document).map(({ severity }) => severity));
  return SEVERITIES.find((severity) => found.has(severity));
}

/** The findings on a unit that nobody has acknowledged. */
export function openFindings({ node }: Unit, { findings }: MapDocument): MapFinding[] {
  return node.findings
    .map((index) => findings[index])
    .filter(({ acknowledged }) => acknowledged === undefined);
}
