import type { LoadedTemplate } from '../../load/loaded';
import type { TraceNode } from '../../model/paths/trace-map';
import type { JudgedFinding } from '../../rules/judge';
import { placeOf } from '../place';
import type { FindingsByNode } from './findings-by-node';
import type { MapFinding } from './map-document';
import { mapPlace } from './map-place';

export function findingOf(
  finding: JudgedFinding,
  places: FindingsByNode,
  templates: ReadonlyMap<string, LoadedTemplate>,
): MapFinding {
  const { resource, logicalId, property, severity, rule, message, fix, acknowledged, related } = finding;
  return {
    ruleId: rule.id,
    severity,
    ...mapPlace(placeOf(resource, templates, property)),
    logicalId,
    property,
    message,
    fix,
    ...(acknowledged && { acknowledged }),
    related: places.relatedTo(related).map(({ id }) => id),
  };
}

/** By node, the indices of the findings on it. */
export function findingsOnNodes(
  findings: readonly JudgedFinding[],
  places: FindingsByNode,
): ReadonlyMap<TraceNode, readonly number[]> {
  const onNodes = new Map<TraceNode, number[]>();
  findings.forEach((finding, i) => {
    for (const node of places.nodesOf(finding)) {
      const known = onNodes.get(node);
      if (known) known.push(i);
      else onNodes.set(node, [i]);
    }
  });
  return onNodes;
}
