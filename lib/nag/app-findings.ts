import type { IConstruct } from 'constructs';
import { buildTracingModel, type TracingModel } from '../model/tracing-model';
import { RULES } from '../rules/catalogue';
import type { Finding, Rule } from '../rules/rule';
import { AppTemplates } from './app-templates';

/** What a rule found, and the construct that it is about: the stack where no construct stands for the resource. */
export interface AppFinding {
  readonly rule: Rule;
  readonly finding: Finding;
  readonly construct: IConstruct;
}

/** An app's templates, the model of them, and what the rules find. */
export interface JudgedApp {
  readonly templates: AppTemplates;
  readonly model: TracingModel;
  readonly findings: readonly AppFinding[];
}

/**
 * Judges the whole app, so that what belongs together is seen together.
 *
 * @param root the app or stage, synthesized
 */
export function judgeApp(root: IConstruct): JudgedApp {
  const templates = new AppTemplates(root);
  const model = buildTracingModel(templates.sources);
  const findings = RULES.flatMap((rule) =>
    rule.check(model).map((finding) => ({
      rule,
      finding,
      construct: templates.constructOf(finding.resource) ?? templates.stackOf(finding.resource),
    })),
  );
  return { templates, model, findings };
}

/** Whether a construct is the scope or in it. */
export function isWithin(construct: IConstruct, scope: IConstruct): boolean {
  return construct.node.scopes.includes(scope);
}
