import { isObject, type JsonObject, objectAt, scalarText } from '../cloudformation/json';
import { effectiveProperties } from '../cloudformation/sam-globals';
import type { Resource, TemplateSource } from '../cloudformation/template';
import { matchesPattern } from '../iam/policy-document';
import type { SamplingRule } from '../model/tracing-model';
import type { NodeKind, TraceNode } from '../trace-map/trace-map';

/** How requests are chosen to be recorded: so many in each second, and a share of the rest. */
export interface Sampling {
  readonly reservoir: number;
  readonly rate: number;
}

/**
 * "The sampling rate is 1 request per second and 5 percent of additional requests" ("Visualize Lambda function invocations
 * using AWS X-Ray", AWS Lambda Developer Guide). No page says of what: it is taken to be of a function, and not of each of
 * its execution environments.
 */
export const LAMBDA_SAMPLING: Sampling = { reservoir: 1, rate: 0.05 };

/** "The first request each second, and five percent of any additional requests" ("Configure sampling rules", AWS X-Ray Developer Guide). */
export const DEFAULT_RULE: Sampling = { reservoir: 1, rate: 0.05 };

/** How many of the requests of a second are recorded, where they come evenly. */
export function recordedRequests(requests: number, { reservoir, rate }: Sampling): number {
  return Math.min(requests, reservoir) + rate * Math.max(0, requests - reservoir);
}

/** The share of requests that is recorded. */
export function recordedShare(requests: number, sampling: Sampling): number {
  if (requests > 0) return recordedRequests(requests, sampling) / requests;
  return sampling.reservoir > 0 ? 1 : sampling.rate;
}

/** Who chooses what is recorded: those that share a sampler share its reservoir. */
export interface Sampler extends Sampling {
  readonly kind: 'lambda' | 'default-rule' | 'sampling-rule';
  /** The sampling rule. */
  readonly rule?: Resource;
}

/** Tells which sampler chooses for a node. */
export class Samplers {
  private readonly rules: readonly RuleMatcher[];
  private readonly made = new Map<unknown, Sampler>();
  private readonly leftOut = new Set<Resource>();

  /** @param rules those of the templates; what else the account has isn't known */
  constructor(rules: readonly SamplingRule[]) {
    // "Services evaluate rules in ascending order of priority, and make a sampling decision with the first rule that
    // matches" ("Configure AWS X-Ray sampling rules for API Gateway APIs", Amazon API Gateway Developer Guide).
    this.rules = rules
      .map(({ resource }) => matcherOf(resource))
      .sort((a, b) => (a.priority === b.priority ? 0 : a.priority - b.priority));
  }

  /** The one that chooses among the requests to a node about which nobody has decided before. */
  public of(node: TraceNode): Sampler {
    if (node.function) return this.only(node, { kind: 'lambda', ...LAMBDA_SAMPLING });
    const rule = this.ruleFor(node);
    return rule
      ? this.only(rule, { kind: 'sampling-rule', rule: rule.resource, ...rule.sampling })
      : this.only(placeOf(node.resource), { kind: 'default-rule', ...DEFAULT_RULE });
  }

  /** The rules that may be for what was asked for, and that nothing has been made of. */
  public get ignoredRules(): readonly Resource[] {
    return [...this.leftOut];
  }

  private ruleFor(node: TraceNode): RuleMatcher | undefined {
    const identity = identityOf(node);
    if (!identity) return undefined;
    for (const rule of this.rules) {
      const isFor = placeOf(rule.resource) === placeOf(node.resource) && rule.isFor(identity);
      if (isFor) return rule;
      if (isFor === undefined) this.leftOut.add(rule.resource);
    }
    return undefined;
  }

  private only(key: unknown, sampler: Sampler): Sampler {
    const known = this.made.get(key) ?? sampler;
    this.made.set(key, known);
    return known;
  }
}

/**
 * Where a rule is in force: in an account's region, as far as that is known. There, its reservoir "applies to all services
 * using the rule collectively" ("SamplingRule", AWS X-Ray API Reference).
 */
function placeOf(resource: Resource | undefined): string {
  const { account, region, group = '' }: Partial<TemplateSource> = resource?.template.source ?? {};
  return account && region ? `${account}/${region}` : group;
}

/** What a sampling rule says, as far as the template writes it out. */
export interface RuleMatcher {
  readonly resource: Resource;
  /** The lowest goes first. */
  readonly priority: number;
  readonly sampling: Sampling;
  /**
   * Whether it is for all requests to a service. That isn't known where it is for some of them, by their path for
   * example, where the rule's values aren't written out, or where the service's name isn't.
   */
  isFor(service: ServiceIdentity): boolean | undefined;
}

/** What tells requests and resources apart, of which requests per second tell nothing. */
const FINER_CRITERIA = ['Host', 'HTTPMethod', 'URLPath', 'ResourceARN'];

function matcherOf(resource: Resource): RuleMatcher {
  const rule = objectAt(resource.properties, 'SamplingRule');
  const [priority, rate, reservoir] = [rule.Priority, rule.FixedRate, rule.ReservoirSize].map(numberOf);
  const [type, name] = [rule.ServiceType, rule.ServiceName].map(patternOf);
  const isForSome = FINER_CRITERIA.some((key) => patternOf(rule[key]) !== '*') || isObject(rule.Attributes);
  const isKnown = !isForSome && ![priority, rate, reservoir].includes(undefined);
  return {
    resource,
    priority: priority ?? Infinity,
    sampling: { reservoir: reservoir ?? 0, rate: Math.min(rate ?? 0, 1) },
    isFor: (service) => {
      const criteria = [isLike(service.type, type), isLike(service.name, name)];
      if (criteria.includes(false)) return false;
      return isKnown && !criteria.includes(undefined) ? true : undefined;
    },
  };
}

/** A criterion, which everything meets where it is left out; nothing where it isn't written out. */
function patternOf(value: unknown): string | undefined {
  return value === undefined ? '*' : scalarText(value);
}

function numberOf(value: unknown): number | undefined {
  const text = scalarText(value)?.trim();
  const number = text === undefined || text === '' ? NaN : Number(text);
  return number >= 0 && number < Infinity ? number : undefined;
}

/** Whether a text is as a pattern has it, in which `*` is any characters and `?` is one; nothing where one isn't known. */
function isLike(text: string | undefined, pattern: string | undefined): boolean | undefined {
  if (pattern === '*') return true;
  if (text === undefined || pattern === undefined) return undefined;
  return matchesPattern(pattern.toLowerCase(), text.toLowerCase());
}

/** By what sampling rules know a service. */
interface ServiceIdentity {
  readonly type: string;
  /** Nothing where the template doesn't write it out. */
  readonly name?: string;
}

/** The origins of their segments, by which rules know services ("Configure sampling rules", AWS X-Ray Developer Guide). */
const TYPES: Partial<Readonly<Record<NodeKind, string>>> = {
  'rest-api': 'AWS::ApiGateway::Stage',
  'graphql-api': 'AWS::AppSync::GraphQLAPI',
  'state-machine': 'AWS::StepFunctions::StateMachine',
};

/** How the names of services are made; a stage's is `{api-name}/{stage-name}`. */
const NAMES: Readonly<Record<string, (properties: JsonObject, resource: Resource) => unknown>> = {
  'AWS::ApiGateway::Stage': (properties, resource) =>
    stageName(apiOf(properties.RestApiId, resource)?.properties.Name, properties.StageName),
  'AWS::Serverless::Api': ({ Name: name, StageName: stage }) => stageName(name, stage),
  'AWS::StepFunctions::StateMachine': ({ StateMachineName: name }) => name,
  'AWS::Serverless::StateMachine': ({ Name: name }) => name,
};

/** What sampling rules see of a node; nothing where they aren't for its kind. */
function identityOf({ kind, resource }: TraceNode): ServiceIdentity | undefined {
  const type = TYPES[kind];
  if (type === undefined) return undefined;
  const name = resource && NAMES[resource.type]?.(effectiveProperties(resource), resource);
  return typeof name === 'string' ? { type, name } : { type };
}

function apiOf(id: unknown, { template }: Resource): Resource | undefined {
  const logicalId = isObject(id) ? id.Ref : undefined;
  return typeof logicalId === 'string' ? template.resources.get(logicalId) : undefined;
}

function stageName(api: unknown, stage: unknown): string | undefined {
  const parts = [scalarText(api), scalarText(stage)];
  return parts.includes(undefined) ? undefined : parts.join('/');
}
