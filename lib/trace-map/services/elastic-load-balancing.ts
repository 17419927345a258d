import { isObject } from '../../cloudformation/json';
import { soleReference, type PartialString } from '../../cloudformation/partial-string';
import { flatMap, type Possible } from '../../cloudformation/possible';
import type { Resolver } from '../../cloudformation/resolver';
import type { Resource } from '../../cloudformation/template';
import type { Connections, Services } from '../service';
import type { TraceNode } from '../trace-map';
import type { TraceMapBuilder } from '../trace-map-builder';

/** "Use Lambda functions as targets of an Application Load Balancer" (Elastic Load Balancing documentation). */
const CONNECTIONS: Connections = {
  'AWS::ElasticLoadBalancingV2::TargetGroup': (resource, map) => {
    const { template, properties } = resource;
    if (properties.TargetType !== 'lambda') return;
    for (const { value: target } of map.resolver.itemsAt(properties, 'Targets', template)) {
      if (!isObject(target)) continue;
      for (const caller of callersOf(resource, map)) map.call(caller, target.Id, { source: resource });
    }
  },
};

/** Returns the load balancers that forward to a target group; the group itself if the templates have none. */
function callersOf(group: Resource, map: TraceMapBuilder): TraceNode[] {
  const listeners = map.shared(listenersByTargetGroup).get(group) ?? [];
  const balancers = listeners.flatMap(({ properties, template }) =>
    map.resolve(properties.LoadBalancerArn, template).map(({ node }) => node),
  );
  return balancers.length > 0 ? [...new Set(balancers)] : [map.node(group, 'load-balancer')!];
}

function listenersByTargetGroup(resolver: Resolver): ReadonlyMap<Resource, readonly Resource[]> {
  const listeners = new Map<Resource, Resource[]>();
  for (const { resources } of resolver.templates) {
    for (const resource of resources.values()) {
      for (const listener of listenersOf(resource, resolver)) {
        for (const group of targetGroupsOf(resource, resolver)) {
          listeners.set(group, [...(listeners.get(group) ?? []), listener]);
        }
      }
    }
  }
  return listeners;
}

function listenersOf(resource: Resource, resolver: Resolver): Resource[] {
  const { type, properties, template } = resource;
  if (type === 'AWS::ElasticLoadBalancingV2::Listener') return [resource];
  if (type !== 'AWS::ElasticLoadBalancingV2::ListenerRule') return [];
  return referencedResources(resolver.strings(properties.ListenerArn, template));
}

/** Returns the target groups that the actions of a listener or listener rule forward to. */
function targetGroupsOf({ properties, template }: Resource, resolver: Resolver): Resource[] {
  const actions = ['DefaultActions', 'Actions'].flatMap((name) =>
    resolver.itemsAt(properties, name, template),
  );
  const forwarded = flatMap(actions, (action) =>
    flatMap(resolver.at(action, ['ForwardConfig'], template), (config) =>
      resolver.itemsAt(config, 'TargetGroups', template),
    ),
  );
  return [...actions, ...forwarded].flatMap(({ value }) =>
    referencedResources(resolver.stringsAt(value, ['TargetGroupArn'], template)),
  );
}

function referencedResources(strings: readonly Possible<PartialString | undefined>[]): Resource[] {
  return strings.flatMap(({ value }) => (value && soleReference(value)?.resource) ?? []);
}

export const ELASTIC_LOAD_BALANCING = {
  'load-balancer': {
    title: 'Elastic Load Balancing',
    source: {
      title: 'Request tracing for your Application Load Balancer',
      url: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-request-tracing.html',
    },
    types: ['AWS::ElasticLoadBalancingV2::LoadBalancer'],
    arn: { service: 'elasticloadbalancing', prefix: 'loadbalancer/app/' },
    nameProperty: 'Name',
    aliases: { 'AWS::ElasticLoadBalancingV2::Listener': ['LoadBalancerArn'] },
    propagation: 'propagates',
    isCalledByClients: true,
    invocation: 'synchronous',
    callActions: [],
    connections: CONNECTIONS,
  },
} satisfies Services;
