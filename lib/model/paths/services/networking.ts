import { services } from '../service';

export const NETWORKING = services({
  'load-balancer': {
    title: 'Elastic Load Balancing',
    types: ['AWS::ElasticLoadBalancingV2::LoadBalancer'],
    arn: { service: 'elasticloadbalancing', prefix: 'loadbalancer/app/' },
    nameProperty: 'Name',
    passes: 'carries',
    invocation: 'synchronous',
    source: {
      title: 'Request tracing for your Application Load Balancer',
      url: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-request-tracing.html',
    },
  },
  distribution: {
    title: 'Amazon CloudFront',
    types: ['AWS::CloudFront::Distribution'],
    arn: { service: 'cloudfront', prefix: 'distribution/' },
    passes: 'drops',
    invocation: 'synchronous',
    source: {
      title: 'Restrictions on Lambda@Edge',
      url: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html',
    },
  },
});
