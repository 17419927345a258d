import { PACK_NAME, type Resource, type Template } from '../cloudformation/template';
import type { TemplateEdit } from '../cloudformation/template-edit';
import type { TracingModel } from '../model/tracing-model';

/** The start of every rule ID. */
export const RULE_PREFIX = `${PACK_NAME}-`;

export type Severity = 'error' | 'warning' | 'info';

/** All severities, starting with the highest. */
export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];

/** Returns the highest severity of some findings. Undefined if there are none. */
export function highestSeverity(findings: readonly { readonly severity: Severity }[]): Severity | undefined {
  return SEVERITIES.find((severity) => findings.some((finding) => finding.severity === severity));
}

/** A violation of a rule by a resource. */
export interface Finding {
  readonly resource: Resource;
  /** The logical ID to report: the resource's, or that of a resource which SAM generates from it. */
  readonly logicalId: string;
  /** The property that is wrong, as a path below the resource's properties. */
  readonly property: string;
  /** @default - the severity of the rule */
  readonly severity?: Severity;
  /** One or two sentences that say what is wrong and why it matters, with the names of the resources. */
  readonly message: string;
  /** The change that resolves the finding. */
  readonly fix: string;
  /**
   * The edits that do so, all together.
   *
   * @default - the fix needs a decision
   */
  readonly fixes?: readonly TemplateFix[];
  /** The other resources that the finding is about. */
  readonly related: readonly Resource[];
  /** The position in the configuration file, for a finding on an entry of it. Lines and columns start at 1. */
  readonly position?: { readonly line: number; readonly column: number };
}

/** An edit that a rule offers to resolve a finding. */
export type TemplateFix = TemplateEdit & {
  readonly template: Template;
  /**
   * `safe` edits never publish a version for nothing, replace a resource, change a mode that somebody wrote on purpose, or
   * widen permissions beyond those to write traces. Others are `suggested`.
   */
  readonly safety: 'safe' | 'suggested';
  /** The property with the same effect in the code of a CDK app. */
  readonly code?: string;
  /** For a property that `Globals` can set: its path there, and the functions that take it from there. */
  readonly globals?: { readonly path: readonly string[]; readonly logicalIds: readonly string[] };
};

/** Short examples for the documentation of a rule. Templates are in YAML. */
export interface RuleExamples {
  /** A template that the rule reports. */
  readonly incorrect: string;
  /** The fixed template. */
  readonly correct: string;
  /** The previous template, if the rule compares. */
  readonly baseline?: string;
  /** Code in TypeScript for the constructor of a stack, which the rule does not report. `props` are those of a function. */
  readonly typescript: string;
  /** A SAM template that the rule does not report. @default - SAM templates use the resources of the correct example */
  readonly sam?: string;
  /** A template without SAM that the rule does not report. @default - the correct example */
  readonly cloudFormation?: string;
}

/** A rule and its documentation. The pack, the reports and the docs are generated from it. */
export interface Rule {
  /** `LambdaXRay-<Name>`. */
  readonly id: string;
  /** The requirement, in one sentence without a period. */
  readonly title: string;
  /** The problem in short, as the title of an alert: a noun phrase without a period. */
  readonly problem: string;
  readonly severity: Severity;
  /** The reason for the rule. */
  readonly rationale: string;
  /** The usual fix of its findings. */
  readonly fix: string;
  /** The AWS page that the rule is based on. */
  readonly source: { readonly title: string; readonly url: string };
  readonly examples: RuleExamples;
  /** The safety of the fixes that its findings can have. @default - they have none */
  readonly repairs?: readonly TemplateFix['safety'][];
  /** Set when the rule needs the previous templates for some or all of its findings. */
  readonly comparesWithBaseline?: boolean;
  /** Set when some findings need the code of functions. */
  readonly readsCode?: boolean;
  /**
   * The IDs of the rules that report the same cause on the same property, with less to say about it. The checker reports
   * only this rule then.
   */
  readonly standsFor?: readonly string[];
  /** Set when the rule does not report functions that CDK makes for itself, unless they are included. */
  readonly skipsCdkFunctions?: boolean;
  check(model: TracingModel): Finding[];
}

type FindingDetails = Omit<Finding, 'resource' | 'logicalId' | 'related'> &
  Partial<Pick<Finding, 'logicalId' | 'related'>>;

/** Creates a finding on a resource, under the resource's own logical ID unless the details have another. */
export function findingOn(resource: Resource, details: FindingDetails): Finding {
  return { resource, logicalId: resource.logicalId, related: [], ...details };
}
