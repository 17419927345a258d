import { isIntrinsic, isObject } from '../../cloudformation/json';
import { defineServices } from '../service';
import type { Connections } from '../trace-map-builder';
import { targetsOfEvents, samEvents } from './sam-events';

export const IDENTITY = defineServices({
  'user-pool': {
    title: 'Amazon Cognito user pool',
    types: ['AWS::Cognito::UserPool'],
    arn: { service: 'cognito-idp', prefix: 'userpool/' },
    // Cognito isn't among the services that X-Ray is integrated with.
    propagation: 'breaks',
    invocation: 'synchronous',
    source: {
      title: 'Integrating AWS X-Ray with other AWS services',
      url: 'https://docs.aws.amazon.com/xray/latest/devguide/xray-services.html',
    },
  },
});

/** "Customizing user pool workflows with Lambda triggers" (Amazon Cognito Developer Guide). */
export const USER_POOLS: Connections = {
  'AWS::Cognito::UserPool': (resource, map) => {
    const pool = map.node(resource)!;
    for (const triggers of map.valuesAt(resource, ['LambdaConfig'])) {
      if (!isObject(triggers)) continue;
      for (const trigger of Object.values(triggers)) {
        // Some say the version of the event besides.
        const fn = isObject(trigger) && !isIntrinsic(trigger) ? trigger.LambdaArn : trigger;
        // The ARN of the key by which codes are encrypted is among the triggers, too: it means nothing here.
        map.call(pool, fn, { source: resource });
      }
    }
  },

  'AWS::Serverless::Function': (resource, map) => {
    for (const { UserPool: pool } of samEvents(resource, 'Cognito')) {
      for (const { node } of map.resolve(pool, resource.template)) {
        if (node.kind === 'user-pool')
          map.callOneOf(node, targetsOfEvents(resource, map), { source: resource });
      }
    }
  },
};
