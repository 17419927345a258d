import { concat } from '../../cloudformation/partial-string';
import { and, type Possible } from '../../cloudformation/possible';
import type { Resolver } from '../../cloudformation/resolver';
import { effectiveProperties } from '../../cloudformation/sam-globals';
import { generatedRoleOf, type Resource } from '../../cloudformation/template';
import { type EventSourceKind, resolveEventSources } from '../../lambda/event-sources';
import {
  nodesInEnvironment,
  type Permission,
  type PermittedCalls,
  rolePermittedCalls,
} from '../permitted-calls';
import {
  certaintyWithFilter,
  type Connection,
  type Connections,
  FILTER_CRITERIA,
  type Services,
} from '../service';
import type { ServiceEntries } from '../service-facts';
import type { NodeKind, TraceNode } from '../trace-map';
import type { ResolvedTarget, TraceMapBuilder } from '../trace-map-builder';
import { samEventTargets } from './sam';
import { selfManagedKafka } from './unsupported-sources';

/** "Creating and managing Lambda function URLs" (AWS Lambda Developer Guide). */
const FUNCTION_URLS: Connections = {
  'AWS::Lambda::Url': (resource, map) => {
    const { template, properties } = resource;
    const { resolver } = map;
    const url = map.node(resource)!;
    const qualifiers = resolver.strings(properties.Qualifier, template);
    const targets = resolver.strings(properties.TargetFunctionArn, template).flatMap(({ value: fn }) =>
      qualifiers.flatMap(({ value: qualifier }) => {
        if (!fn) return [];
        const qualified = qualifier ? concat(fn, [':'], qualifier) : fn;
        return map.resolveString(qualified, template, 'function');
      }),
    );
    map.callOneOf(url, targets, { source: resource });
  },

  'AWS::Serverless::Function': (resource, map) => {
    if (effectiveProperties(resource).FunctionUrlConfig === undefined) return;
    const url = map.generated('function-url', `${resource.logicalId}Url`, resource);
    map.callOneOf(url, samEventTargets(resource, map), { source: resource });
  },
};

/**
 * Destinations of asynchronous invocations ("Capturing records of Lambda asynchronous invocations", AWS Lambda Developer
 * Guide).
 */
const DESTINATIONS: Connections = {
  'AWS::Lambda::EventInvokeConfig': (resource, map) => {
    const { template, properties } = resource;
    for (const { node: fn } of map.resolve(properties.FunctionName, template, 'function')) {
      callDestinations(fn, ASYNCHRONOUS, resource, map);
    }
  },
  'AWS::Lambda::Function': (resource, map) => {
    callDestinations(map.node(resource)!, FUNCTION, resource, map);
  },
  'AWS::Serverless::Function': (resource, map) => {
    callDestinations(map.node(resource)!, SAM_FUNCTION, resource, map);
  },
};

/** The path of a destination, and true if successful invocations call it. */
type Destination = readonly [path: string, isForSuccess: boolean];

const ASYNCHRONOUS: readonly Destination[] = [
  ['DestinationConfig.OnSuccess.Destination', true],
  ['DestinationConfig.OnFailure.Destination', false],
];
const FUNCTION: readonly Destination[] = [['DeadLetterConfig.TargetArn', false]];
const SAM_FUNCTION: readonly Destination[] = [
  ...ASYNCHRONOUS.map(([path, isForSuccess]) => [`EventInvokeConfig.${path}`, isForSuccess] as const),
  ['DeadLetterQueue.TargetArn', false],
];

function callDestinations(
  fn: TraceNode,
  destinations: readonly Destination[],
  source: Resource,
  map: TraceMapBuilder,
): void {
  const { template } = source;
  for (const [path, isForSuccess] of destinations) {
    for (const { value } of map.resolver.at(effectiveProperties(source), path.split('.'), template)) {
      const certainty = isForSuccess ? {} : { isCertain: false };
      const call = { source, invocation: 'asynchronous', ...certainty } as const;
      map.callOneOf(fn, map.resolve(value, template), call);
    }
  }
}

/**
 * Connects a function to the nodes that its code calls, by the evidence in templates: nodes that its role names, and
 * nodes that its environment refers to. A permission for a pattern counts only for nodes in the environment. Calls of a
 * role that other resources use are not certain.
 *
 * Permissions boundaries and AWS managed policies are not read.
 */
const callByCode: Connection = (resource, map) => {
  const caller = map.node(resource)!;
  const permittedCalls = map.shared(rolePermittedCalls).of(resource);
  const inEnvironment = nodesInEnvironment(resource, map);
  const called = new Set<TraceNode>();

  for (const permitted of permittedCalls) {
    const { isShared, isUsedByLambda } = useOf(permitted.value, resource, map);
    for (const { to, ...call } of withAssumptions(permitted, permitted.value.calls)) {
      const reference = inEnvironment.get(to.node);
      // Lambda uses the function's role too, and a shared role allows others to call the function, not itself.
      const isForOthers = isUsedByLambda(to.node) || (isShared && to.node === caller);
      if (isForOthers && !reference) continue;
      const target = to.through.length === 0 && reference ? reference : to;
      map.connect(caller, target, { ...call, ...(isShared && !reference && { isCertain: false }) });
      called.add(to.node);
    }
  }
  for (const to of inEnvironment.values()) {
    if (called.has(to.node) || to.node === caller) continue;
    const permissions = permittedCalls.flatMap((permitted) =>
      withAssumptions(permitted, permitted.value.permissionsFor(to.node)),
    );
    for (const permission of permissions) map.connect(caller, to, permission);
    const isForbidden =
      permittedCalls.length > 0 && permittedCalls.every(({ value }) => value.forbids(to.node));
    if (permissions.length === 0 && !isForbidden)
      map.connect(caller, to, { source: resource, isCertain: false });
  }
};

const FUNCTION_CALLS: Connections = {
  'AWS::Lambda::Function': callByCode,
  'AWS::Serverless::Function': callByCode,
};

/** Returns the other uses of the role that allows calls. */
function useOf({ role }: PermittedCalls, fn: Resource, map: TraceMapBuilder) {
  const users = map.shared(roleUsers);
  const used = users.usedByLambda(role);
  return {
    isShared: users.isShared(role, fn),
    isUsedByLambda: (node: TraceNode) => used.has(node),
  };
}

/** Limits permissions to the conditions under which the function has the role. */
function withAssumptions<T extends Permission>(
  { when: assumed }: Possible<PermittedCalls>,
  permissions: readonly T[],
): T[] {
  return permissions.flatMap((permission) => {
    const when = and(assumed, permission.when);
    return when ? [{ ...permission, when }] : [];
  });
}

function roleUsers(_: Resolver, map: TraceMapBuilder): RoleUsers {
  return new RoleUsers(map);
}

/** The properties in which functions, state machines, rules and pipes name their role. */
const ROLE_PROPERTIES = ['Role', 'RoleArn'];

/** The resources that use each role. A role of several resources can allow calls that only one of them makes. */
class RoleUsers {
  private readonly users = new Map<Resource, Set<Resource>>();
  private readonly used = new Map<Resource, ReadonlySet<TraceNode>>();

  constructor(private readonly map: TraceMapBuilder) {
    for (const template of map.resolver.templates) {
      for (const resource of template.resources.values()) this.add(resource);
    }
  }

  /** Returns true if a resource that can be deployed together with a function uses the same role. */
  public isShared(role: Resource, fn: Resource): boolean {
    return [...(this.users.get(role) ?? [])].some(
      (other) => other !== fn && this.map.resolver.casesOf([fn, other]).length > 0,
    );
  }

  /** Returns the nodes that Lambda itself calls for the functions with a role. */
  public usedByLambda(role: Resource): ReadonlySet<TraceNode> {
    const known = this.used.get(role);
    if (known) return known;
    const nodes = [...(this.users.get(role) ?? [])].flatMap((user) => this.map.node(user) ?? []);
    const used = new Set(nodes.flatMap((node) => [...usedByLambda(node, this.map)]));
    this.used.set(role, used);
    return used;
  }

  private add(resource: Resource): void {
    const properties = effectiveProperties(resource);
    const generated = generatedRoleOf(resource);
    if (generated) this.addUser(generated, resource);
    for (const name of ROLE_PROPERTIES) {
      if (properties[name] === undefined) continue;
      for (const { value: role } of this.map.roles.resolve(properties[name], resource.template)) {
        if (role) this.addUser(role, resource);
      }
    }
  }

  private addUser(role: Resource, user: Resource): void {
    this.users.set(role, (this.users.get(role) ?? new Set()).add(user));
  }
}

/** Returns the nodes that Lambda itself calls with a function's role: destinations, and those of its event sources. */
function usedByLambda({ outgoing, function: fn }: TraceNode, map: TraceMapBuilder): ReadonlySet<TraceNode> {
  const usedByMappings = (fn?.eventSourceMappings ?? []).flatMap(({ resource, path: event }) =>
    USED_BY_MAPPINGS.flatMap((path) => {
      const eventPath = event.length > 0 ? [...event, 'Properties'] : [];
      const values = map.valuesAt(resource, [...eventPath, ...path]);
      return values.flatMap((value): ResolvedTarget[] => map.resolve(value, resource.template));
    }),
  );
  return new Set([...outgoing.map(({ to }) => to), ...usedByMappings.map(({ node }) => node)]);
}

const USED_BY_MAPPINGS = [
  ['DestinationConfig', 'OnFailure', 'Destination'],
  ['SourceAccessConfigurations', 'URI'],
];

export const LAMBDA = {
  function: {
    title: 'AWS Lambda',
    source: {
      title: 'Visualize Lambda function invocations using AWS X-Ray',
      url: 'https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html',
    },
    types: ['AWS::Lambda::Function', 'AWS::Serverless::Function'],
    arn: { service: 'lambda', prefix: 'function:' },
    nameProperty: 'FunctionName',
    propagation: 'propagates',
    invocation: 'synchronous',
    tracingProperty: {
      'AWS::Lambda::Function': ['TracingConfig.Mode', 'Active'],
      'AWS::Serverless::Function': ['Tracing', 'Active'],
    },
    callActions: ['lambda:InvokeAsync', 'lambda:InvokeFunction'],
    stateMachineIntegration: { services: ['lambda'], actions: /^invoke/, paths: [['FunctionName']] },
    universalTarget: { action: 'lambda:invoke', parameter: 'FunctionName' },
    // "Capturing records of Lambda asynchronous invocations" (AWS Lambda Developer Guide), and its pages on queues and
    // streams.
    failureTargets: {
      'AWS::Lambda::EventInvokeConfig': ['DestinationConfig.OnFailure.Destination'],
      'AWS::Lambda::EventSourceMapping': ['DestinationConfig.OnFailure.Destination'],
      'AWS::Lambda::Function': ['DeadLetterConfig.TargetArn'],
      'AWS::Serverless::Function': [
        'DeadLetterQueue.TargetArn',
        'EventInvokeConfig.DestinationConfig.OnFailure.Destination',
      ],
    },
    connections: DESTINATIONS,
    fallbackConnections: FUNCTION_CALLS,
  },
  'function-url': {
    title: 'AWS Lambda function URL',
    source: {
      title: 'Monitoring Lambda function URLs',
      url: 'https://docs.aws.amazon.com/lambda/latest/dg/urls-monitoring.html',
    },
    types: ['AWS::Lambda::Url'],
    // The page does not say what happens to the tracing header of a request.
    propagation: 'breaks',
    invocation: 'synchronous',
    callActions: ['lambda:InvokeFunctionUrl'],
    connections: FUNCTION_URLS,
  },
} satisfies Services;

/**
 * The sources that Lambda polls for functions ("How Lambda processes records from stream and queue-based event
 * sources", AWS Lambda Developer Guide).
 */
export const EVENT_SOURCE_MAPPINGS: Connections = {
  'AWS::Lambda::EventSourceMapping': (resource, map) => {
    const { properties, template } = resource;
    const targets = map.resolve(properties.FunctionName, template);
    const certainty = certaintyWithFilter(FILTER_CRITERIA, properties, template, map);
    map.callByOneOf(sourcesOf(resource, map), targets, { source: resource, ...certainty });
  },
};

/** Returns the nodes that a mapping's source can be; none if the kind of source is unknown. */
function sourcesOf(resource: Resource, map: TraceMapBuilder): TraceNode[] {
  const { properties } = resource;
  const sources = new Set(resolveEventSources(resource, map.resolver).map(({ value: { kind } }) => kind));
  return [...sources].flatMap((source) => {
    if (source === 'kafka') return selfManagedKafka(map.valuesAt(resource, BOOTSTRAP_SERVERS), resource, map);
    const kind = map.index.table(kindsByEventSource).get(source);
    return kind ? map.resolveAs(kind, properties.EventSourceArn, resource) : [];
  });
}

const BOOTSTRAP_SERVERS = ['SelfManagedEventSource', 'Endpoints', 'KafkaBootstrapServers'];

function kindsByEventSource(services: ServiceEntries): ReadonlyMap<EventSourceKind, NodeKind> {
  return new Map(services.flatMap(([kind, { eventSource }]) => (eventSource ? [[eventSource, kind]] : [])));
}
