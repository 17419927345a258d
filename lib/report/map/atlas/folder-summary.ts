import { counted } from '../../counted';
import { MODES } from '../../function-summary';
import { SEVERITIES } from '../../severities';
import type { FolderSummary } from './folder';
import { gravestFinding } from './gravest-finding';
import type { MapIndex } from './map-index';

/** Sums up what is in a folder, by its units. */
export function summaryOf({
  document,
  units,
  edges,
}: MapIndex): (members: readonly number[]) => FolderSummary {
  const broken = new Uint32Array(units.length);
  for (const { from, edge } of edges) if (edge.isBroken) broken[from]++;
  return (members) => {
    const own = members.map((index) => units[index]);
    const functions = own.flatMap((unit) => unit.function ?? []);
    const gravest = own.flatMap((unit) => gravestFinding(unit, document) ?? []);
    return {
      stacks: new Set(own.flatMap(({ node }) => node.stack ?? [])).size,
      units: own.length,
      functions: functions.length,
      byMode: counted(MODES, ({ mode }) => mode, functions),
      holes: own.filter(({ node }) => node.isHole).length,
      brokenEdges: members.reduce((sum, index) => sum + broken[index], 0),
      findings: counted(SEVERITIES, (severity) => severity, gravest),
    };
  };
}
