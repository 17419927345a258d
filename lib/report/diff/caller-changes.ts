import { effectiveProperties } from '../../cloudformation/sam-globals';
import type { Estimate } from '../../estimate/estimate';
import { type Bill, billFor } from '../../estimate/pricing';
import type { Service } from '../../trace-map/service';
import { SERVICES } from '../../trace-map/services';
import type { TraceMap, TraceNode } from '../../trace-map/trace-map';
import { type Location, locationOf, type Templates } from '../location';
import { formatNumber, formatUsd } from '../wording';

/** The change of the tracing of a service that invokes functions, such as the stage of an API. */
export interface CallerChange extends Location {
  /** `kept` if its tracing stays on, although the new template leaves the property out. */
  readonly change: 'turned on' | 'turned off' | 'kept';
  /** The name of the service. */
  readonly service: string;
  /** The property that turns tracing on. */
  readonly property: string;
}

/** Returns the callers whose tracing a deployment turns on or off. */
export function callerChanges(before: TraceMap, after: TraceMap, templates: Templates): CallerChange[] {
  const previous = new Map(before.nodes.map((node) => [node.id, node]));
  return after.nodes.flatMap((node) => {
    const change = changeOf(previous.get(node.id), node);
    if (!change || !node.tracingProperty) return [];
    const { resource, property } = node.tracingProperty;
    const service: Service = SERVICES[node.kind];
    return [{ ...locationOf(resource, templates, property), change, service: service.title, property }];
  });
}

function changeOf(before: TraceNode | undefined, after: TraceNode): CallerChange['change'] | undefined {
  if (!before || after.kind === 'function') return undefined;
  if (before.recording === 'no' && after.recording === 'yes') return 'turned on';
  if (before.recording !== 'yes' || after.recording !== 'no') return undefined;
  return keepsTracing(after) ? 'kept' : 'turned off';
}

/** True if tracing that was on stays on, because the new template leaves the property out. */
function keepsTracing({ kind, tracingProperty }: TraceNode): boolean {
  const { keepsOmittedTracing }: Service = SERVICES[kind];
  if (!keepsOmittedTracing || !tracingProperty) return false;
  const [section] = tracingProperty.property.split('.');
  return effectiveProperties(tracingProperty.resource)[section] === undefined;
}

/** The estimated traces of both sides. */
export interface CostChange {
  readonly before: Bill;
  readonly after: Bill;
}

/** Returns the estimated cost of the traces before and after a deployment. */
export function costChange(before: Estimate, after: Estimate): CostChange {
  return { before: billFor(before.samplingPoints), after: billFor(after.samplingPoints) };
}

/** Describes a caller: `turned on`, or why it stays on. */
export function callerChangeText({ change, property }: CallerChange): string {
  return change === 'kept' ? `stays on: an update without ${property} does not turn it off` : change;
}

/** Returns a sentence such as `Estimated cost: USD 1.20 → USD 3.40 per month, 300,000 → 700,000 traces.` */
export function costChangeText(cost: CostChange | undefined): string {
  if (!cost) {
    return 'To see the change in cost, set requestsPerSecond in the configuration.';
  }
  const { before, after } = cost;
  const usd = [before, after].map((bill) =>
    bill.usd === undefined ? 'unknown' : `USD ${formatUsd(bill.usd)}`,
  );
  const traces = [before, after].map(({ recorded }) => formatNumber(recorded));
  return `Estimated cost: ${usd.join(' → ')} per month, ${traces.join(' → ')} traces.`;
}
