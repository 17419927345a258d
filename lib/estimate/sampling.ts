import { isObject, type JsonObject, objectAt, scalarText } from '../cloudformation/json';
import { effectiveProperties } from '../cloudformation/sam-globals';
import type { Resource, TemplateSource } from '../cloudformation/template';
import { matchesPattern } from '../iam/policy-document';
import type { SamplingRule } from '../model/tracing-model';
import type { NodeKind, TraceNode } from '../trace-map/trace-map';

/** The requests to record: a number per second, and a share of additional requests. */
export interface Sampling {
  /** Requests per second. */
  readonly reservoir: number;
  /** Share of additional requests, from 0 to 1. */
  readonly rate: number;
}

/**
 * "The sampling rate is 1 request per second and 5 percent of additional requests" ("Visualize Lambda function invocations
 * using AWS X-Ray", AWS Lambda Developer Guide). No page says whether it applies to a function or to each of its
 * execution environments. The estimate assumes the function.
 */
export const LAMBDA_SAMPLING: Sampling = { reservoir: 1, rate: 0.05 };

/** "The first request each second, and five percent of any additional requests" ("Configure sampling rules", AWS X-Ray Developer Guide). */
export const DEFAULT_RULE: Sampling = { reservoir: 1, rate: 0.05 };

/** Returns the recorded requests per second. Assumes that requests are evenly distributed. */
export function recordedRequests(requests: number, { reservoir, rate }: Sampling): number {
  return Math.min(requests, reservoir) + rate * Math.max(0, requests - reservoir);
}

/** Returns the share of requests that is recorded. */
export function recordedShare(requests: number, sampling: Sampling): number {
  if (requests > 0) return recordedRequests(requests, sampling) / requests;
  return sampling.reservoir > 0 ? 1 : sampling.rate;
}

/** An origin of sampling decisions. Nodes with the same sampler share its reservoir. */
export interface Sampler extends Sampling {
  readonly kind: 'lambda' | 'default-rule' | 'sampling-rule';
  /** The sampling rule. Undefined for the other kinds. */
  readonly rule?: Resource;
}

/** Selects the sampler of each node. */
export class Samplers {
  private readonly rules: readonly RuleMatcher[];
  private readonly samplers = new Map<unknown, Sampler>();
  private readonly ignored = new Set<Resource>();

  /** @param rules the rules of the templates; other rules in the account are not known */
  constructor(rules: readonly SamplingRule[]) {
    // "Services evaluate rules in ascending order of priority, and make a sampling decision with the first rule that
    // matches" ("Configure AWS X-Ray sampling rules for API Gateway APIs", Amazon API Gateway Developer Guide).
    this.rules = rules
      .map(matcherOf)
      .sort((a, b) => (a.priority === b.priority ? 0 : a.priority - b.priority));
  }

  /** Returns the sampler for requests to a node that have no sampling decision yet. */
  public of(node: TraceNode): Sampler {
    if (node.function) return this.shared(node, { kind: 'lambda', ...LAMBDA_SAMPLING });
    const rule = this.ruleFor(node);
    return rule
      ? this.shared(rule, { kind: 'sampling-rule', rule: rule.resource, ...rule.sampling })
      : this.shared(scopeOf(node.resource), { kind: 'default-rule', ...DEFAULT_RULE });
  }

  /** The rules that can apply to one of the nodes so far, but were not considered. */
  public get ignoredRules(): readonly Resource[] {
    return [...this.ignored];
  }

  private ruleFor(node: TraceNode): RuleMatcher | undefined {
    const identity = identityOf(node);
    if (!identity) return undefined;
    for (const rule of this.rules) {
      const applies = scopeOf(rule.resource) === scopeOf(node.resource) && rule.appliesTo(identity);
      if (applies) return rule;
      if (applies === undefined) this.ignored.add(rule.resource);
    }
    return undefined;
  }

  /** Returns the sampler that all nodes with a key share. */
  private shared(key: unknown, sampler: Sampler): Sampler {
    const existing = this.samplers.get(key) ?? sampler;
    this.samplers.set(key, existing);
    return existing;
  }
}

/**
 * Returns the scope of a rule: a region of an account if these are known. In this scope, its reservoir "applies to all
 * services using the rule collectively" ("SamplingRule", AWS X-Ray API Reference).
 */
function scopeOf(resource: Resource | undefined): string {
  const { account, region, group = '' }: Partial<TemplateSource> = resource?.template.source ?? {};
  return account && region ? `${account}/${region}` : group;
}

/** The values of a sampling rule that are literals in the template. */
export interface RuleMatcher {
  readonly resource: Resource;
  /** Rules with lower numbers are evaluated first. */
  readonly priority: number;
  readonly sampling: Sampling;
  /**
   * True if the rule applies to all requests to a service. Undefined if it can apply to some of them, or if the values of
   * the rule or the name of the service are known only at deployment.
   */
  appliesTo(service: ServiceIdentity): boolean | undefined;
}

/** Criteria that select some of the requests to a service. Request rates do not distinguish these requests. */
const REQUEST_CRITERIA = ['Host', 'HTTPMethod', 'URLPath', 'ResourceARN'];

function matcherOf({ resource, path }: SamplingRule): RuleMatcher {
  const rule = path.reduce<JsonObject>(objectAt, resource.properties);
  const [priority, rate, reservoir] = [rule.Priority, rule.FixedRate, rule.ReservoirSize].map(numberOf);
  const [type, name] = [rule.ServiceType, rule.ServiceName].map(patternOf);
  const selectsRequests =
    REQUEST_CRITERIA.some((key) => patternOf(rule[key]) !== '*') || isObject(rule.Attributes);
  const isKnown = !selectsRequests && ![priority, rate, reservoir].includes(undefined);
  return {
    resource,
    priority: priority ?? Infinity,
    sampling: { reservoir: reservoir ?? 0, rate: Math.min(rate ?? 0, 1) },
    appliesTo: (service) => {
      const matches = [matchesCriterion(service.type, type), matchesCriterion(service.name, name)];
      if (matches.includes(false)) return false;
      return isKnown && !matches.includes(undefined) ? true : undefined;
    },
  };
}

/** Returns the pattern of a criterion, which defaults to `*`. Undefined if it is known only at deployment. */
function patternOf(value: unknown): string | undefined {
  return value === undefined ? '*' : scalarText(value);
}

function numberOf(value: unknown): number | undefined {
  const text = scalarText(value)?.trim();
  const number = text === undefined || text === '' ? NaN : Number(text);
  return number >= 0 && number < Infinity ? number : undefined;
}

/** True if a text matches a pattern with the wildcards `*` and `?`. Undefined if one of them is not known. */
function matchesCriterion(text: string | undefined, pattern: string | undefined): boolean | undefined {
  if (pattern === '*') return true;
  if (text === undefined || pattern === undefined) return undefined;
  return matchesPattern(pattern.toLowerCase(), text.toLowerCase());
}

/** The attributes of a service that sampling rules match. */
interface ServiceIdentity {
  readonly type: string;
  /** Undefined if it is known only at deployment. */
  readonly name?: string;
}

/** The origins of segments, which rules match as service types ("Configure sampling rules", AWS X-Ray Developer Guide). */
const TYPES: Partial<Readonly<Record<NodeKind, string>>> = {
  'rest-api': 'AWS::ApiGateway::Stage',
  'graphql-api': 'AWS::AppSync::GraphQLAPI',
  'state-machine': 'AWS::StepFunctions::StateMachine',
};

/** Service names by resource type. The name of a stage is `{api-name}/{stage-name}`. */
const NAMES: Readonly<Record<string, (properties: JsonObject, resource: Resource) => unknown>> = {
  'AWS::ApiGateway::Stage': (properties, resource) =>
    stageName(apiOf(properties.RestApiId, resource)?.properties.Name, properties.StageName),
  'AWS::Serverless::Api': ({ Name: name, StageName: stage }) => stageName(name, stage),
  'AWS::StepFunctions::StateMachine': ({ StateMachineName: name }) => name,
  'AWS::Serverless::StateMachine': ({ Name: name }) => name,
};

/** Returns the service identity of a node. Undefined if sampling rules do not apply to its kind. */
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
