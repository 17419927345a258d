import { isIntrinsic, isObject } from '../../json';
import type { Connections } from '../connection';
import { calledByEvents, samEvents } from '../sam-events';

/** "Customizing user pool workflows with Lambda triggers" (Amazon Cognito Developer Guide). */
export const USER_POOLS: Connections = {
  'AWS::Cognito::UserPool': (resource, map) => {
    const { template, properties } = resource;
    const pool = map.node(resource)!;
    for (const { value: triggers } of map.resolver.at(properties, ['LambdaConfig'], template)) {
      if (!isObject(triggers)) continue;
      for (const trigger of Object.values(triggers)) {
        // Some say the version of the event besides.
        const fn = isObject(trigger) && !isIntrinsic(trigger) ? trigger.LambdaArn : trigger;
        const meant = map.meant(fn, template, 'function');
        // The key by which codes are encrypted is among the triggers, too.
        map.callOneOf(
          pool,
          meant.filter(({ node }) => node.kind === 'function'),
          { by: resource },
        );
      }
    }
  },

  'AWS::Serverless::Function': (resource, map) => {
    for (const { UserPool: pool } of samEvents(resource, 'Cognito')) {
      for (const { node } of map.meant(pool, resource.template, 'user-pool')) {
        if (node.kind === 'user-pool') map.callOneOf(node, calledByEvents(resource, map), { by: resource });
      }
    }
  },
};
