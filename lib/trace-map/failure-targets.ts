import { objectAt } from '../cloudformation/json';
import { effectiveProperties } from '../cloudformation/sam-globals';
import type { Resource } from '../cloudformation/template';
import type { ServiceEntries } from './service-index';
import type { TraceNode } from './trace-map';
import type { TraceMapBuilder } from './trace-map-builder';

/** Paths in the events of SAM functions and state machines ("EventSource", AWS SAM Developer Guide). */
const SAM_EVENT_PATHS: readonly string[] = [
  'DeadLetterConfig.Arn',
  'DestinationConfig.OnFailure.Destination',
  'RedrivePolicy.deadLetterTargetArn',
];

/** "Create custom provisioning logic with custom resources" (AWS CloudFormation User Guide). */
const CUSTOM_RESOURCE = /^(?:Custom::|AWS::CloudFormation::CustomResource$)/;

/**
 * Returns the nodes that are called outside of requests: with failed events, by the `failureTargets` of the services,
 * or by CloudFormation in deployments.
 */
export function failureTargets(resources: readonly Resource[], map: TraceMapBuilder): ReadonlySet<TraceNode> {
  const pathsByType = map.index.table(failureTargetsByType);
  return new Set(
    resources.flatMap((resource) => {
      const { type, template } = resource;
      const paths = CUSTOM_RESOURCE.test(type) ? ['ServiceToken'] : (pathsByType.get(type) ?? []);
      const eventPaths = type.startsWith('AWS::Serverless::') ? pathsInEvents(resource) : [];
      if (paths.length + eventPaths.length === 0) return [];
      const effective = { ...resource, properties: effectiveProperties(resource) };
      const all = [...paths.map((path) => path.split('.')), ...eventPaths];
      const values = all.flatMap((path) => map.valuesAt(effective, path));
      return values.flatMap((value) => map.resolve(value, template)).map(({ node }) => node);
    }),
  );
}

function failureTargetsByType(services: ServiceEntries): ReadonlyMap<string, readonly string[]> {
  return new Map(services.flatMap(([, { failureTargets: byType = {} }]) => Object.entries(byType)));
}

function pathsInEvents({ properties }: Resource): string[][] {
  return Object.keys(objectAt(properties, 'Events')).flatMap((event) =>
    SAM_EVENT_PATHS.map((path) => ['Events', event, 'Properties', ...path.split('.')]),
  );
}
