import {
  classifyEventSource,
  classifySamEvent,
  type EventSourceArn,
  type EventSourceVerdict,
  TELLING_PROPERTIES,
} from './event-source-kind';
import { FunctionReferences, isFunction } from './function-references';
import { isObject, type JsonObject, objectAt } from './json';
import { type Assumptions, certainly, chain, MAX_POSSIBILITIES, type Possible, under } from './possible';
import type { Resource, TemplateSource } from './template';
import { literal, soleReference, split, type Text } from './text';

/**
 * A function's tracing mode: one of Lambda's two, left to the default, not to be told before deployment,
 * or something that Lambda doesn't know.
 */
export type TracingMode = 'Active' | 'PassThrough' | 'unset' | 'unknown' | { readonly invalid: string };

export interface LambdaFunction {
  readonly resource: Resource;
  /** The modes that it can have. */
  readonly modes: readonly Possible<TracingMode>[];
  /** The event source mappings that surely or possibly feed it. */
  readonly eventSourceMappings: readonly EventSourceMapping[];
}

export interface EventSourceMapping {
  readonly resource: Resource;
  /** Its logical ID; for an event in a SAM function the one that SAM gives the mapping it makes. */
  readonly logicalId: string;
  /** Where the mapping stands among the resource's properties, for an event in a SAM function. */
  readonly path: readonly string[];
  readonly sources: readonly Possible<EventSourceVerdict>[];
  readonly feeds: readonly Possible<Feed>[];
}

export interface Feed {
  readonly function: LambdaFunction;
  /** The versions and aliases between the mapping and the function. */
  readonly through: readonly Resource[];
}

/** What a set of templates deploys, as far as tracing goes, with everything that belongs together linked. */
export interface TracingModel {
  readonly functions: readonly LambdaFunction[];
  readonly eventSourceMappings: readonly EventSourceMapping[];
  /** The function that a resource is. */
  functionOf(resource: Resource): LambdaFunction | undefined;
}

/**
 * Builds the model of templates that are deployed together.
 *
 * @param sources the templates; references between them are followed
 */
export function buildTracingModel(sources: readonly TemplateSource[]): TracingModel {
  return new ModelBuilder(sources).build();
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type FunctionDraft = LambdaFunction & { eventSourceMappings: EventSourceMapping[] };

class ModelBuilder {
  private readonly references: FunctionReferences;
  private readonly functions = new Map<Resource, FunctionDraft>();
  private readonly mappings: EventSourceMapping[] = [];

  constructor(sources: readonly TemplateSource[]) {
    this.references = new FunctionReferences(sources);
  }

  public build(): TracingModel {
    const resources = this.references.resolver.templates.flatMap((template) => [
      ...template.resources.values(),
    ]);
    for (const resource of resources.filter(isFunction)) {
      this.functions.set(resource, { resource, modes: this.modesOf(resource), eventSourceMappings: [] });
    }
    for (const resource of resources) {
      if (resource.type === 'AWS::Lambda::EventSourceMapping') this.addMapping(resource);
      if (resource.type === 'AWS::Serverless::Function') this.addSamEvents(resource);
    }
    return {
      functions: [...this.functions.values()],
      eventSourceMappings: this.mappings,
      functionOf: (resource) => this.functions.get(resource),
    };
  }

  private get resolver() {
    return this.references.resolver;
  }

  private modesOf(resource: Resource): Possible<TracingMode>[] {
    const { template, properties } = resource;
    const mode =
      resource.type === 'AWS::Serverless::Function'
        ? this.resolver.at({ ...template.functionGlobals, ...properties }, ['Tracing'], template)
        : this.resolver.at(properties, ['TracingConfig', 'Mode'], template);
    const modes = chain(mode, (value) => this.resolver.texts(value, template));
    return this.whereCreated(resource, modes).map(({ value, when }) => ({
      value: modeOf(value, resource.type),
      when,
    }));
  }

  private addMapping(resource: Resource): void {
    const { template, properties } = resource;
    this.add({
      resource,
      logicalId: resource.logicalId,
      path: [],
      sources: this.whereCreated(resource, this.sourcesOf(properties, resource)),
      feeds: chain(this.references.targets(properties.FunctionName, template), (target) => {
        const fed = target && this.functions.get(target.function);
        return fed ? certainly({ function: fed, through: target.through }) : [];
      }),
    });
  }

  private addSamEvents(resource: Resource): void {
    const fed = this.functions.get(resource);
    if (!fed) return;
    for (const [name, event] of Object.entries(objectAt(resource.properties, 'Events'))) {
      const kind = isObject(event) ? classifySamEvent(event.Type) : undefined;
      if (!kind) continue;
      this.add({
        resource,
        logicalId: `${resource.logicalId}${name}`,
        path: ['Events', name],
        sources: this.whereCreated(resource, certainly({ kind, property: 'Type' })),
        feeds: certainly({ function: fed, through: [] }),
      });
    }
  }

  private add(mapping: EventSourceMapping): void {
    this.mappings.push(mapping);
    const fed = new Set(mapping.feeds.map((feed) => feed.value.function as FunctionDraft));
    for (const draft of fed) draft.eventSourceMappings.push(mapping);
  }

  private sourcesOf(properties: JsonObject, { template }: Resource): Possible<EventSourceVerdict>[] {
    const arns = this.resolver.at(properties, ['EventSourceArn'], template);
    const arnTexts = chain(arns, (value) => this.resolver.texts(value, template));
    return chain(this.alternatives(properties, TELLING_PROPERTIES, { template }), (known) =>
      chain(arnTexts, (text) => certainly(classifyEventSource(known, text && describeArn(text)))),
    );
  }

  /** The properties named, in every combination that their conditions allow. */
  private alternatives(
    properties: JsonObject,
    names: readonly string[],
    { template }: Pick<Resource, 'template'>,
  ): Possible<JsonObject>[] {
    const set = names.filter((name) => properties[name] !== undefined);
    return set.reduce<Possible<Mutable<JsonObject>>[]>(
      (soFar, name) =>
        chain(soFar, (known) =>
          this.resolver
            .at(properties, [name], template)
            .map(({ value, when }) => ({ value: { ...known, [name]: value }, when })),
        ).slice(0, MAX_POSSIBILITIES),
      certainly({}),
    );
  }

  private whereCreated<T>(resource: Resource, values: Possible<T>[]): Possible<T>[] {
    const existence: Assumptions | undefined = this.resolver.existence(resource);
    return existence ? under(existence, values) : [];
  }
}

function modeOf(text: Text | undefined, type: string): TracingMode {
  if (text === undefined) return 'unset';
  const mode = literal(text);
  if (mode === undefined) return 'unknown';
  if (mode === 'Active' || mode === 'PassThrough') return mode;
  // SAM's `Disabled` leaves the mode out.
  return type === 'AWS::Serverless::Function' && mode === 'Disabled' ? 'unset' : { invalid: mode };
}

function describeArn(text: Text): EventSourceArn {
  const reference = soleReference(text);
  if (reference) return { resourceType: reference.resource.type };
  const [arn, , service] = split(text, ':').map(literal);
  return arn === 'arn' ? { service } : {};
}
