import {
  classifyEventSource,
  type EventSourceArn,
  type EventSourceVerdict,
  TELLING_PROPERTIES,
} from './event-source-kind';
import type { JsonObject } from './json';
import { certainly, chain, MAX_POSSIBILITIES, type Possible } from './possible';
import type { Resolver } from './resolver';
import type { Resource } from './template';
import { literal, soleReference, split, type Text } from './text';

/** The kinds of source that an event source mapping can have. */
export function eventSourcesOf(resource: Resource, resolver: Resolver): Possible<EventSourceVerdict>[] {
  const { properties, template } = resource;
  const arns = resolver.textsAt(properties, ['EventSourceArn'], template);
  return chain(telling(resource, resolver), (known) =>
    chain(arns, (text) => certainly(classifyEventSource(known, text && describeArn(text)))),
  );
}

/** The properties that tell the kind, in every combination that their conditions allow. */
function telling({ properties, template }: Resource, resolver: Resolver): Possible<JsonObject>[] {
  let combinations: Possible<JsonObject>[] = certainly({});
  for (const name of TELLING_PROPERTIES.filter((candidate) => properties[candidate] !== undefined)) {
    combinations = chain(combinations, (known) =>
      chain(resolver.at(properties, [name], template), (value) => certainly({ ...known, [name]: value })),
    );
    if (combinations.length > MAX_POSSIBILITIES) return certainly({});
  }
  return combinations;
}

function describeArn(text: Text): EventSourceArn {
  const reference = soleReference(text);
  if (reference) return { resourceType: reference.resource.type };
  const [arn, , service] = split(text, ':').map(literal);
  return arn === 'arn' ? { service } : {};
}
