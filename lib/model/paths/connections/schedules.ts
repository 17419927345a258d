import { isObject, type JsonObject } from '../../json';
import type { Resource } from '../../template';
import type { Connections } from '../connection';
import type { MapBuilder } from '../map-builder';
import { universalTarget } from '../universal-target';

/** Schedules of EventBridge Scheduler; those of rules are with the rules. */
export const SCHEDULES: Connections = {
  'AWS::Scheduler::Schedule': (resource, map) => {
    for (const target of map.valuesAt(resource, ['Target'])) {
      if (isObject(target)) callTarget(target, resource, map);
    }
  },
};

function callTarget({ Arn: arn, Input: input }: JsonObject, by: Resource, map: MapBuilder): void {
  const { template } = by;
  const schedule = map.node(by)!;
  map.call(schedule, arn, { by });
  for (const { value: action } of map.resolver.texts(arn, template)) {
    for (const { value: parameters } of map.resolver.texts(input, template)) {
      const target = action && parameters && universalTarget(action, parameters);
      if (!target) continue;
      const { kind, name, invocation } = target;
      map.callByOneOf([schedule], map.meantByText(name, template, kind), { by, invocation });
    }
  }
}
