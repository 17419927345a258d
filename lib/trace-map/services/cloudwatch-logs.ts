import type { Connections } from '../trace-map-builder';

/** Subscription filters hand what is logged to a destination. */
export const LOG_SUBSCRIPTIONS: Connections = {
  'AWS::Logs::SubscriptionFilter': (resource, map) => {
    const { LogGroupName: group, DestinationArn: destination } = resource.properties;
    const called = map.resolve(destination, resource.template);
    map.callByOneOf(map.resolveAs('log-group', group, resource), called, { source: resource });
  },
};
