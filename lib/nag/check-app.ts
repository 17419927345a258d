import { Stage, type StageSynthesisOptions } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { realpathSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { alignBaseline, comparisonError, noStacksError } from '../baseline/align';
import { type CheckConfig, type CheckedFinding, checkModel } from '../checker/check';
import type { TemplateSource } from '../cloudformation/template';
import {
  type ParameterValues,
  selectedFrom,
  withParameterValues,
} from '../cloudformation/template-selection';
import { validateCdkCopy } from '../constructs/private/validate-props';
import { buildTracingModel } from '../model/build-model';
import type { TracingModel } from '../model/tracing-model';
import { RULES } from '../rules';
import type { Severity } from '../rules/rule';
import { AppTemplates } from './app-templates';

/** A finding and its construct. Findings on resources without a construct are on the stack. */
export interface AppFinding {
  readonly finding: CheckedFinding;
  readonly construct: IConstruct;
}

/** The part of a configuration file that the pack uses. */
export interface AppConfig {
  /** The path of the file. */
  readonly file?: string;
  readonly severities: NonNullable<CheckConfig['severities']>;
  readonly acknowledgements: NonNullable<CheckConfig['acknowledgements']>;
  readonly parameters: readonly ParameterValues[];
  readonly includeCdkFunctions?: boolean;
  readonly transactionSearch?: boolean;
  /** True if findings of a severity make synthesis fail. */
  readonly fails: (severity: Severity) => boolean;
}

/** The exports of `lib/config/config-file` that are used here. */
interface ConfigModule {
  readonly readAppConfig: (path?: string) => AppConfig | undefined;
}

/** The configuration without a file. */
export const NO_APP_CONFIG: AppConfig = {
  severities: {},
  acknowledgements: [],
  parameters: [],
  fails: (severity) => severity === 'error',
};

/**
 * Reads the configuration file of the app in the working directory.
 *
 * @param path another file
 * @throws if it can't be read or is invalid; the message has the locations of the problems
 */
export function readAppConfig(path?: string): AppConfig {
  // The build bundles this module with its dependencies.
  // oxlint-disable-next-line typescript/no-require-imports
  const loading = require('../config/config-file') as ConfigModule;
  return loading.readAppConfig(path) ?? NO_APP_CONFIG;
}

/** The templates of an app, their model, and the findings that are not acknowledged. */
export interface CheckedApp {
  readonly templates: AppTemplates;
  readonly model: TracingModel;
  readonly findings: readonly AppFinding[];
  /** The problems with acknowledgements in the configuration file, which have no construct. */
  readonly configFindings: readonly CheckedFinding[];
  /** The problems with reading the baseline; each is a sentence. */
  readonly baselineProblems: readonly string[];
}

/** Options of `checkApp`. */
export interface AppCheckConfig {
  /** Severities that replace the default severities of rules, by rule ID. */
  readonly severities?: CheckConfig['severities'];
  /** The path of the previous cloud assembly or templates. */
  readonly baseline?: string;
  /** Let rules read the code of functions from the assets. @default true */
  readonly readCode?: boolean;
  /** The configuration file. @default - none */
  readonly config?: AppConfig;
  /** True to apply all rules to the functions that CDK makes for itself. @default - as in the configuration file */
  readonly includeCdkFunctions?: boolean;
}

/**
 * Checks all stacks of an app together, because rules follow references between stacks.
 *
 * @param root the synthesized app or stage
 * @param config the severities and the baseline
 */
export function checkApp(
  root: IConstruct,
  {
    severities,
    baseline,
    readCode,
    config = NO_APP_CONFIG,
    includeCdkFunctions = config.includeCdkFunctions,
  }: AppCheckConfig = {},
): CheckedApp {
  validateCdkCopy(root, "Can't check the app");
  const templates = new AppTemplates(root, readCode);
  const previous =
    baseline === undefined ? undefined : readBaseline(baseline, templates.sources, outdirOf(root));
  const model = buildTracingModel(
    withParameterValues(selectable(templates.sources, config), config.parameters),
    previous && withParameterValues(previous.templates, config.parameters),
    { transactionSearch: config.transactionSearch },
  );
  const open = checkModel(model, {
    severities: { ...config.severities, ...severities },
    acknowledgements: config.acknowledgements,
    configuration: config.file,
    includeCdkFunctions,
  }).filter(({ acknowledged }) => !acknowledged);
  const isOnTemplate = ({ resource }: CheckedFinding) => templates.has(resource);
  return {
    templates,
    model,
    findings: open
      .filter(isOnTemplate)
      .map((finding) => ({ finding, construct: templates.constructOf(finding.resource) })),
    configFindings: open.filter((finding) => !isOnTemplate(finding)),
    baselineProblems: previous?.problems ?? [],
  };
}

/** Makes a configuration select templates also by their path from its folder. */
function selectable<T extends TemplateSource>(sources: readonly T[], { file }: AppConfig): readonly T[] {
  if (file === undefined) return sources;
  const folder = dirname(resolve(file));
  return sources.map((source) =>
    selectedFrom(source, (path) => relative(folder, resolve(path)).split(sep).join('/')),
  );
}

/** Returns true if a construct is a scope or is in it. */
export function isWithin(construct: IConstruct, scope: IConstruct): boolean {
  return construct.node.scopes.includes(scope);
}

function outdirOf(root: IConstruct): string {
  return Stage.isStage(root) ? root.outdir : '';
}

/**
 * Synthesizes the app of a construct, unless it is already synthesized. Validation errors of the pack and of traced
 * functions are ignored, because the caller gets them as findings.
 *
 * @param scope the construct
 * @returns the app, or the outermost stage if there is no app
 * @throws if the construct is not in an app or stage, or if synthesis fails for another reason
 */
export function synthesizeApp(scope: IConstruct): Stage {
  const { root } = scope.node;
  validateCdkCopy(scope, `Can't check '${scope.node.path}'`);
  if (!Stage.isStage(root)) {
    throw new Error(
      `Can't check '${scope.node.path}', because it is not in an App or Stage and has no template. ` +
        'Create its stack in an App.',
    );
  }
  try {
    synth(root);
  } catch (error) {
    if (!(error instanceof Error) || !hasOnlyRuleErrors(error)) throw error;
    synth(root, { force: true, skipValidation: true });
    clearAssemblies(root);
  }
  return root;
}

/** Synthesizes a stage and ignores errors of validation plugins, which CDK throws after it has written the templates. */
function synth(root: Stage, options?: StageSynthesisOptions): void {
  try {
    root.synth(options);
  } catch (error) {
    // CDK's name of the error.
    if (!(error instanceof Error) || error.name !== 'ValidationFailed') throw error;
  }
}

/** Returns true if synthesis failed only because of construct validations that correspond to rules. */
function hasOnlyRuleErrors({ message }: Error): boolean {
  const failures = message.split('\n').filter((line) => /^\s*\[/.test(line));
  return failures.length > 0 && failures.every((line) => RULES.some(({ id }) => line.includes(id)));
}

/** Clears the private field in which CDK caches an assembly, so the next synthesis runs and validates again. */
function clearAssemblies(root: Stage): void {
  for (const stage of root.node.findAll().filter((construct) => Stage.isStage(construct))) {
    (stage as unknown as { assembly?: unknown }).assembly = undefined;
  }
}

/** The previous templates of an app, and the problems with reading them. */
export interface AppBaseline {
  readonly templates: readonly TemplateSource[];
  /** Each problem is a sentence. */
  readonly problems: readonly string[];
}

/** The exports of `lib/input/load` that are used here. */
interface InputModule {
  readonly load: (paths: readonly string[]) => {
    readonly templates: readonly TemplateSource[];
    readonly errors: readonly { readonly file: string; readonly line?: number; readonly message: string }[];
  };
}

/**
 * Reads the previous templates of an app.
 *
 * @param path a cloud assembly, a template or a folder of templates
 * @param current the templates of the app
 * @param outdir the output folder of the current synthesis
 */
function readBaseline(path: string, current: readonly TemplateSource[], outdir: string): AppBaseline {
  if (areOverlapping(path, outdir)) {
    const problem = `${path} is the output of this synthesis. Copy the previous output to another folder, and pass that folder.`;
    return { templates: [], problems: [problem] };
  }
  // Loaded only for a baseline: the build bundles this module with its dependencies.
  // oxlint-disable-next-line typescript/no-require-imports
  const { load } = require('../input/load') as InputModule;
  const { templates, errors } = load([path]);
  const problems = errors.map(({ file, line, message }) => `${line ? `${file}:${line}` : file}: ${message}`);
  if (templates.length === 0 && problems.length === 0) return { templates, problems: [noStacksError(path)] };
  const aligned = alignBaseline(templates, current);
  const problem = comparisonError(aligned, path);
  return problem === undefined
    ? { templates: aligned.templates, problems }
    : { templates: [], problems: [...problems, problem] };
}

/** Returns true if one path is the same as the other or contains it, after following symbolic links. */
function areOverlapping(path: string, outdir: string): boolean {
  const [a, b] = [realPath(path), realPath(outdir)];
  return withParents(a).includes(b) || withParents(b).includes(a);
}

function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return resolve(path);
  }
}

/** Returns a path and all of its parent folders. */
function withParents(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [path] : [path, ...withParents(parent)];
}
