import { matchesPattern } from '../model/iam/policy-document';
import { isObject, objectAt, scalarText } from '../model/json';
import type { Resource } from '../model/template';
import type { Sampling } from './sampling';
import type { ServiceIdentity } from './service-identity';

/** What a sampling rule says, as far as the template writes it out. */
export interface RuleTerms {
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

export function termsOf(resource: Resource): RuleTerms {
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
