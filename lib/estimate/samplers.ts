import type { TraceNode } from '../model/paths/trace-map';
import type { Resource, TemplateSource } from '../model/template';
import type { SamplingRule } from '../model/tracing-model';
import { type RuleTerms, termsOf } from './rule-terms';
import type { Sampler } from './sampler';
import { DEFAULT_RULE, LAMBDA_SAMPLING } from './sampling';
import { identityOf } from './service-identity';

/** Tells which sampler chooses for a node. */
export class Samplers {
  private readonly rules: readonly RuleTerms[];
  private readonly made = new Map<unknown, Sampler>();
  private readonly leftOut = new Set<Resource>();

  /** @param rules those of the templates; what else the account has isn't known */
  constructor(rules: readonly SamplingRule[]) {
    // "Services evaluate rules in ascending order of priority, and make a sampling decision with the first rule that
    // matches" ("Configure AWS X-Ray sampling rules for API Gateway APIs", Amazon API Gateway Developer Guide).
    this.rules = rules
      .map(({ resource }) => termsOf(resource))
      .sort((a, b) => (a.priority === b.priority ? 0 : a.priority - b.priority));
  }

  /** The one that chooses among the requests to a node about which nobody has decided before. */
  public of(node: TraceNode): Sampler {
    if (node.function) return this.only(node, { by: 'lambda', ...LAMBDA_SAMPLING });
    const rule = this.ruleFor(node);
    return rule
      ? this.only(rule, { by: 'sampling-rule', rule: rule.resource, ...rule.sampling })
      : this.only(placeOf(node.resource), { by: 'default-rule', ...DEFAULT_RULE });
  }

  /** The rules that may be for what was asked for, and that nothing has been made of. */
  public get notConsidered(): readonly Resource[] {
    return [...this.leftOut];
  }

  private ruleFor(node: TraceNode): RuleTerms | undefined {
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
