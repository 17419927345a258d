import { Stage } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { buildTracingModel } from '../model/model-builder';
import type { TracingModel } from '../model/tracing-model';
import { judge, type JudgedFinding, type Settings } from '../rules/judge';
import { readBaseline } from './app-baseline';
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
  /** What kept the baseline from being read, a sentence each. */
  readonly baselineProblems: readonly string[];
}

/** How an app is to be judged. */
export interface AppSettings {
  /** Severities other than the rules' own, by rule ID. */
  readonly severities?: Settings['severities'];
  /** Where what it was synthesized to before is. */
  readonly baseline?: string;
}

/**
 * Judges the whole app, so that what belongs together is seen together.
 *
 * @param root the app or stage, synthesized
 */
export function judgeApp(root: IConstruct, { severities, baseline }: AppSettings = {}): JudgedApp {
  const templates = new AppTemplates(root);
  const before =
    baseline === undefined ? undefined : readBaseline(baseline, templates.sources, outdirOf(root));
  const model = buildTracingModel(templates.sources, before?.templates);
  const findings = judge(model, { severities })
    .filter(({ acknowledged }) => !acknowledged)
    .map((finding) => ({ finding, construct: templates.constructOf(finding.resource) }));
  return { templates, model, findings, baselineProblems: before?.problems ?? [] };
}

/** Whether a construct is the scope or in it. */
export function isWithin(construct: IConstruct, scope: IConstruct): boolean {
  return construct.node.scopes.includes(scope);
}

function outdirOf(root: IConstruct): string {
  return Stage.isStage(root) ? root.outdir : '';
}
