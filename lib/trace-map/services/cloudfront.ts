import { edgeFunctions } from '../../lambda/edge-functions';
import type { Connections } from '../trace-map-builder';

/** "Customize at the edge with Lambda@Edge" (Amazon CloudFront Developer Guide). */
export const DISTRIBUTIONS: Connections = {
  'AWS::CloudFront::Distribution': (resource, map) => {
    const distribution = map.node(resource)!;
    for (const { value: fn } of edgeFunctions(resource, map.resolver)) {
      map.call(distribution, fn, { source: resource });
    }
  },
};
