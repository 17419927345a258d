import { edgeFunctions } from '../../lambda/lambda-function';
import type { Services } from '../service';

export const CLOUDFRONT = {
  distribution: {
    title: 'Amazon CloudFront',
    source: {
      title: 'Restrictions on Lambda@Edge',
      url: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html',
    },
    types: ['AWS::CloudFront::Distribution'],
    arn: { service: 'cloudfront', prefix: 'distribution/' },
    propagation: 'breaks',
    invocation: 'synchronous',
    connections: {
      /** "Customize at the edge with Lambda@Edge" (Amazon CloudFront Developer Guide). */
      'AWS::CloudFront::Distribution': (resource, map) => {
        const distribution = map.node(resource)!;
        for (const { value: fn } of edgeFunctions(resource, map.resolver)) {
          map.call(distribution, fn, { source: resource });
        }
      },
    },
  },
} satisfies Services;
