import { isIntrinsic, isObject } from '../../cloudformation/json';
import type { Connections, Services } from '../service';
import { NOT_INTEGRATED } from '../service-facts';
import { samEventsOfType, samEventTargets } from './sam';

/** "Customizing user pool workflows with Lambda triggers" (Amazon Cognito Developer Guide). */
const CONNECTIONS: Connections = {
  'AWS::Cognito::UserPool': (resource, map) => {
    const pool = map.node(resource)!;
    for (const triggers of map.valuesAt(resource, ['LambdaConfig'])) {
      if (!isObject(triggers)) continue;
      for (const trigger of Object.values(triggers)) {
        // Some triggers are an object with the version of the event.
        const fn = isObject(trigger) && !isIntrinsic(trigger) ? trigger.LambdaArn : trigger;
        // `KMSKeyID` is among the triggers. It resolves to no node.
        map.call(pool, fn, { source: resource });
      }
    }
  },

  'AWS::Serverless::Function': (resource, map) => {
    for (const { UserPool: pool } of samEventsOfType('Cognito', resource)) {
      for (const { node } of map.resolve(pool, resource.template)) {
        if (node.kind === 'user-pool')
          map.callOneOf(node, samEventTargets(resource, map), { source: resource });
      }
    }
  },
};

export const COGNITO = {
  'user-pool': {
    title: 'Amazon Cognito user pool',
    source: NOT_INTEGRATED,
    types: ['AWS::Cognito::UserPool'],
    arn: { service: 'cognito-idp', prefix: 'userpool/' },
    propagation: 'breaks',
    invocation: 'synchronous',
    connections: CONNECTIONS,
  },
} satisfies Services;
