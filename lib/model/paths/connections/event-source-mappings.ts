import type { Connections } from '../connection';

/** "Create event source mappings" (AWS Lambda Developer Guide): what Lambda polls and hands to functions. */
export const EVENT_SOURCE_MAPPINGS: Connections = {
  'AWS::Lambda::EventSourceMapping': (resource, map) => {
    const { template, properties } = resource;
    for (const { node: source } of map.meant(properties.EventSourceArn, template)) {
      map.call(source, properties.FunctionName, { by: resource });
    }
  },
};
