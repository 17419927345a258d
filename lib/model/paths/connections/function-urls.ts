import { effectiveProperties } from '../../sam-globals';
import { concat } from '../../text';
import type { Connections } from '../connection';
import { calledByEvents } from '../sam-events';

/** "Creating and managing Lambda function URLs" (AWS Lambda Developer Guide). */
export const FUNCTION_URLS: Connections = {
  'AWS::Lambda::Url': (resource, map) => {
    const { template, properties } = resource;
    const { resolver } = map;
    const url = map.node(resource)!;
    const qualifiers = resolver.texts(properties.Qualifier, template);
    const called = resolver.texts(properties.TargetFunctionArn, template).flatMap(({ value: fn }) =>
      qualifiers.flatMap(({ value: qualifier }) => {
        if (!fn) return [];
        const qualified = qualifier ? concat(fn, [':'], qualifier) : fn;
        return map.meantByText(qualified, template, 'function');
      }),
    );
    map.callOneOf(url, called, { by: resource });
  },

  'AWS::Serverless::Function': (resource, map) => {
    if (effectiveProperties(resource).FunctionUrlConfig === undefined) return;
    const url = map.generated('function-url', `${resource.logicalId}Url`, resource);
    map.callOneOf(url, calledByEvents(resource, map), { by: resource });
  },
};
