import type { IConstruct } from 'constructs';
import { buildTracingModel, type TracingModel } from '../model/tracing-model';
import { judge, type JudgedFinding, type Settings } from '../rules/judge';
import { AppTemplates } from './app-templates';

/** What a rule found, and the construct that it is about: the stack where no construct stands for the resource. */
export interface AppFinding {
  readonly finding: JudgedFinding;
  readonly construct: IConstruct;
}

/** An app's templates, the model of them, and what the rules find that isn't acknowledged. */
export interface JudgedApp {
  readonly templates: AppTemplates;
  readonly model: TracingModel;
  readonly findings: readonly AppFinding[];
}

/**
 * Judges the whole app, so that what belongs together is seen together.
 *
 * @param root the app or stage, synthesized
 * @param severities severities other than the rules' own, by rule ID
 */
export function judgeApp(root: IConstruct, severities?: Settings['severities']): JudgedApp {
  const templates = new AppTemplates(root);
  const model = buildTracingModel(templates.sources);
  const findings = judge(model, { severities })
    .filter(({ acknowledged }) => !acknowledged)
    .map((finding) => ({ finding, construct: templates.constructOf(finding.resource) }));
  return { templates, model, findings };
}

/** Whether a construct is the scope or in it. */
export function isWithin(construct: IConstruct, scope: IConstruct): boolean {
  return construct.node.scopes.includes(scope);
}
