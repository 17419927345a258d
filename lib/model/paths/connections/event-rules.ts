import { isObject } from '../../json';
import type { Resource } from '../../template';
import type { Connections } from '../connection';
import { busesMeant, callByPattern } from '../event-rule';
import type { Call, MapBuilder } from '../map-builder';
import type { TraceNode } from '../trace-map';

/** Rules hand events of a bus to their targets, make events by a schedule, or both. */
export const EVENT_RULES: Connections = {
  'AWS::Events::Rule': (resource, map) => {
    for (const pattern of map.valuesAt(resource, ['EventPattern'])) {
      const buses = busesMeant(resource.properties.EventBusName, resource, map);
      callTargets(buses, resource, callByPattern(pattern), map);
    }
    const hasSchedule = map.valuesAt(resource, ['ScheduleExpression']).length > 0;
    const schedule = hasSchedule ? map.node(resource, 'schedule') : undefined;
    if (schedule) callTargets([schedule], resource, {}, map);
  },
};

function callTargets(
  callers: readonly TraceNode[],
  by: Resource,
  call: Pick<Call, 'effect' | 'isCertain'>,
  map: MapBuilder,
): void {
  for (const target of map.valuesAt(by, ['Targets'])) {
    if (isObject(target)) map.callByOneOf(callers, map.meant(target.Arn, by.template), { by, ...call });
  }
}
