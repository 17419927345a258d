import type { Resource } from '../cloudformation/template';
import type { TracingModel } from '../model/tracing-model';

/** The start of every rule ID. */
export const RULE_PREFIX = 'LambdaXRay-';

export type Severity = 'error' | 'warning' | 'info';

/** What a rule found wrong with a resource. */
export interface Finding {
  readonly resource: Resource;
  /** The logical ID to report: the resource's, or the one that SAM will give to what it generates from it. */
  readonly logicalId: string;
  /** The property that is wrong, as a path below the resource's properties. */
  readonly property: string;
  /** Where it is less, or more, than what the rule's findings are by default. */
  readonly severity?: Severity;
  /** One sentence that says what is wrong, with the names in it. */
  readonly message: string;
  /** How to mend it. */
  readonly fix: string;
  /** The other resources that the finding is about. */
  readonly related: readonly Resource[];
}

/** Everything there is to know of a rule; the pack, the reports and the docs are made from it. */
export interface Rule {
  /** `LambdaXRay-<Name>`. */
  readonly id: string;
  /** What the rule demands, in a few words. */
  readonly title: string;
  readonly severity: Severity;
  /** Why it matters. */
  readonly rationale: string;
  /** How to mend what it finds, in general. */
  readonly fix: string;
  /** The AWS page that the rule rests on. */
  readonly source: { readonly title: string; readonly url: string };
  /**
   * Templates in YAML, a resource or two each: one that the rule reports, and how it should be; for a rule that compares,
   * what was before.
   */
  readonly examples: { readonly incorrect: string; readonly correct: string; readonly baseline?: string };
  /** Whether it says nothing, or not all, without the templates of before. */
  readonly comparesWithBaseline?: boolean;
  check(model: TracingModel): Finding[];
}
