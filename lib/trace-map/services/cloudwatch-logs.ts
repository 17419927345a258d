import type { Services } from '../service';
import { NOT_INTEGRATED } from '../service-facts';

export const CLOUDWATCH_LOGS = {
  'log-group': {
    title: 'Amazon CloudWatch Logs',
    source: NOT_INTEGRATED,
    types: ['AWS::Logs::LogGroup'],
    arn: { service: 'logs', prefix: 'log-group:', endsWith: /:.*$/s },
    nameProperty: 'LogGroupName',
    propagation: 'breaks',
    invocation: 'asynchronous',
    connections: {
      'AWS::Logs::SubscriptionFilter': (resource, map) => {
        const { LogGroupName: group, DestinationArn: destination } = resource.properties;
        const targets = map.resolve(destination, resource.template);
        map.callByOneOf(map.resolveAs('log-group', group, resource), targets, { source: resource });
      },
    },
    samEvents: { CloudWatchLogs: { property: 'LogGroupName' } },
  },
} satisfies Services;
