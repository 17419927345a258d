import { Stage, type StageSynthesisOptions } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { checkModel, type CheckedFinding, type CheckConfig } from '../checker/check';
import { buildTracingModel } from '../model/build-model';
import type { TracingModel } from '../model/tracing-model';
import { RULES } from '../rules';
import { readBaseline } from './app-baseline';
import { AppTemplates } from './app-templates';

/** What a rule found, and the construct that it is about: the stack where no construct stands for the resource. */
export interface AppFinding {
  readonly finding: CheckedFinding;
  readonly construct: IConstruct;
}

/** An app's templates, the model of them, and what the rules find that isn't acknowledged. */
export interface CheckedApp {
  readonly templates: AppTemplates;
  readonly model: TracingModel;
  readonly findings: readonly AppFinding[];
  /** What kept the baseline from being read, a sentence each. */
  readonly baselineProblems: readonly string[];
}

/** How an app is to be judged. */
export interface AppCheckConfig {
  /** Severities other than the rules' own, by rule ID. */
  readonly severities?: CheckConfig['severities'];
  /** Where what it was synthesized to before is. */
  readonly baseline?: string;
}

/**
 * Judges the whole app, so that what belongs together is seen together.
 *
 * @param root the app or stage, synthesized
 */
export function checkApp(root: IConstruct, { severities, baseline }: AppCheckConfig = {}): CheckedApp {
  const templates = new AppTemplates(root);
  const before =
    baseline === undefined ? undefined : readBaseline(baseline, templates.sources, outdirOf(root));
  const model = buildTracingModel(templates.sources, before?.templates);
  const findings = checkModel(model, { severities })
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

/**
 * Synthesizes the app that a construct is in, if it isn't yet, whatever the pack and the traced functions in it
 * find wrong: whoever asks wants to hear it as findings.
 *
 * @returns the app, or the stage where there is no app around it
 * @throws if the construct isn't in an app, or if the app can't be synthesized for another reason
 */
export function synthesizeApp(scope: IConstruct): Stage {
  const { root } = scope.node;
  if (!Stage.isStage(root)) {
    throw new Error(
      `Can't check '${scope.node.path}': it is not in an App or Stage, so it has no template. ` +
        'Create its stack in an App.',
    );
  }
  try {
    synth(root);
  } catch (error) {
    if (!(error instanceof Error) || !isFailureOfRules(error)) throw error;
    synth(root, { force: true, skipValidation: true });
    forget(root);
  }
  return root;
}

/** Synthesizes, and goes on when plugins have found something: the templates are written by then. */
function synth(root: Stage, options?: StageSynthesisOptions): void {
  try {
    root.synth(options);
  } catch (error) {
    // The name that CDK gives to the error in this case.
    if (!(error instanceof Error) || error.name !== 'ValidationFailed') throw error;
  }
}

/** Whether constructs failed their own validation, each by what is one of the rules. */
function isFailureOfRules({ message }: Error): boolean {
  const failures = message.split('\n').filter((line) => /^\s*\[/.test(line));
  return failures.length > 0 && failures.every((line) => RULES.some(({ id }) => line.includes(id)));
}

/** Has the next synthesis start over, so that it validates. CDK keeps the result in this field. */
function forget(root: Stage): void {
  for (const stage of root.node.findAll().filter((construct) => Stage.isStage(construct))) {
    (stage as unknown as { assembly?: unknown }).assembly = undefined;
  }
}
