import { objectAt } from '../cloudformation/json';
import { certainly, flatMap, type Possible } from '../cloudformation/possible';
import type { Resolver } from '../cloudformation/resolver';
import type { Resource } from '../cloudformation/template';

/**
 * Returns the function ARNs in the behaviors of a CloudFront distribution, which runs these functions at the
 * edge ("AWS::CloudFront::Distribution LambdaFunctionAssociation", CloudFormation Template Reference).
 */
export function edgeFunctions({ template, properties }: Resource, resolver: Resolver): Possible<unknown>[] {
  const configs = resolver.at(properties, ['DistributionConfig'], template);
  const behaviors = flatMap(configs, (config) =>
    ['DefaultCacheBehavior', 'CacheBehaviors'].flatMap((name) => resolver.itemsAt(config, name, template)),
  );
  const associations = flatMap(behaviors, (behavior) =>
    resolver.itemsAt(behavior, 'LambdaFunctionAssociations', template),
  );
  return flatMap(associations, (association) =>
    certainly(objectAt({ association }, 'association').LambdaFunctionARN),
  );
}
