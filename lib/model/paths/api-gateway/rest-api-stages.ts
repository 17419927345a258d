import type { Possible } from '../../possible';
import type { Resolver } from '../../resolver';
import { addressOf, type Resource, type Template } from '../../template';
import { keyOf, literal, soleReference, type Text } from '../../text';
import type { MapBuilder } from '../map-builder';
import type { TraceNode } from '../trace-map';

const SAM_API = 'AWS::Serverless::Api';

/** What makes the stages of REST APIs, by the API. */
interface StageMakers {
  readonly stages: ReadonlyMap<string, readonly Resource[]>;
  /** Deployments that make a stage by themselves. */
  readonly deployments: ReadonlyMap<string, readonly Resource[]>;
}

/**
 * The nodes of a REST API: its stages, since it is stages that trace. An API of which the templates have no stage is
 * one node.
 *
 * @param api the ID of the API
 */
export function stagesOf(api: unknown, template: Template, map: MapBuilder): TraceNode[] {
  return map.resolver
    .texts(api, template)
    .flatMap(({ value: id }) => (id ? stagesById(id, template, map) : []));
}

function stagesById(id: Text, { source }: Template, map: MapBuilder): TraceNode[] {
  const { stages, deployments } = map.shared(stageMakers);
  const reference = soleReference(id)?.resource;
  const known = stages.get(keyOfApi(id)) ?? [];
  const all = reference?.type === SAM_API ? [reference, ...known] : known;
  const makers = all.length > 0 ? all : (deployments.get(keyOfApi(id)) ?? []);
  if (makers.length > 0) return makers.flatMap((maker) => map.node(maker, 'rest-api') ?? []);
  if (reference?.type === 'AWS::ApiGateway::RestApi') return [map.node(reference, 'rest-api')!];
  const name = literal(id);
  return name ? [map.outside('rest-api', name, source)] : [];
}

function stageMakers(resolver: Resolver): StageMakers {
  const stages = new Map<string, Resource[]>();
  const deployments = new Map<string, Resource[]>();
  for (const { resources } of resolver.templates) {
    for (const resource of resources.values()) {
      const { type, properties } = resource;
      if (type === 'AWS::ApiGateway::Stage') add(resource, stages);
      if (type === 'AWS::ApiGateway::Deployment' && properties.StageName !== undefined) {
        add(resource, deployments);
      }
    }
  }
  return { stages, deployments };

  function add(maker: Resource, makers: Map<string, Resource[]>): void {
    const ids: Possible<Text | undefined>[] = resolver.texts(maker.properties.RestApiId, maker.template);
    for (const { value: id } of ids) {
      if (!id) continue;
      const known = makers.get(keyOfApi(id)) ?? [];
      makers.set(keyOfApi(id), known);
      known.push(maker);
    }
  }
}

/** The same for `Ref` and for the attribute that is the ID, too. */
function keyOfApi(id: Text): string {
  const reference = soleReference(id)?.resource;
  return reference ? addressOf(reference) : keyOf(id);
}
