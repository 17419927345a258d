import type { Service } from '../model/paths/service';
import { SERVICES } from '../model/paths/services';
import type { TraceNode } from '../model/paths/trace-map';

/** Whether a function records what is decided to be recorded; where only deployment tells, it is taken to. */
export function records({ recording, function: fn }: TraceNode): boolean {
  return fn !== undefined && !fn.isAtEdge && (recording === 'yes' || recording === 'unknown');
}

/** Whether a node decides where nobody has before; of what isn't a function, it must be known. */
export function decides(node: TraceNode): boolean {
  if (node.function) return records(node);
  const { isPassive }: Service = SERVICES[node.kind];
  return node.recording === 'yes' && !isPassive;
}
