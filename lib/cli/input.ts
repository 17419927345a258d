import { existsSync } from 'node:fs';
import { dirname, normalize, relative, resolve } from 'node:path';
import { objectAt } from '../cloudformation/json';
import { nameOf, type Resource } from '../cloudformation/template';
import {
  declaredParameters,
  isFile,
  isNamedBy,
  selectedFrom,
  withParameterValues,
} from '../cloudformation/template-selection';
import {
  type Config,
  type ConfiguredRates,
  isRequestRate,
  type NamedRate,
  requestRateInWords,
} from '../config/config';
import { CONFIG_FILES, readConfigText } from '../config/config-file';
import type { KnownRates } from '../estimate/request-rates';
import { type Baseline, baselineSpec, overlapOf } from '../input/baseline/baseline-spec';
import type { Exclusions } from '../input/find-files';
import { copyNotes, load } from '../input/load';
import { type Loaded, type LoadedTemplate, type LoadError, TextPositions } from '../input/loaded-template';
import { parseJson } from '../input/parse-json';
import { displayed, isNetworkPath, STDIN } from '../input/text-files';
import type { LambdaFunction } from '../lambda/lambda-function';
import { count } from '../report/wording';
import { didYouMean } from '../text/printable';
import { UsageError } from './errors';
import type { ProgressLine } from './terminal';

/** The options for reading input, as commander passes them. */
export interface InputOptions {
  readonly baseline?: string;
  /** True if input without templates is no error. Undefined if the command has no such option. */
  readonly allowEmpty?: boolean;
  readonly region?: string;
  readonly profile?: string;
  /** False with `--no-code`. */
  readonly code?: boolean;
}

/** The input of a command. */
export interface Input {
  readonly loaded: Loaded;
  /** The previous templates, if a baseline was requested. */
  readonly baseline?: Baseline;
}

/** The input if no path is given and `cdk.json` has no `output`. */
const DEFAULT_PATH = 'cdk.out';

const EMPTY_ADVICE = 'If this is expected, pass --allow-empty.';

/** The configuration of the CDK command, which reads it from the working directory. */
const CDK_CONFIG = 'cdk.json';

/**
 * Reads the input of a command.
 *
 * @param paths the arguments of the command; without any, the output of CDK
 * @param config the configuration, which excludes files and sets parameters
 * @param texts texts to read instead of the content of files, by the identity of the file
 * @throws UsageError if the options contradict each other, or there are neither paths nor an output of CDK
 */
export async function readInput(
  paths: readonly string[],
  { baseline: spec, region, profile, allowEmpty, code }: InputOptions,
  config: Config,
  progress: ProgressLine,
  texts?: ReadonlyMap<string, string>,
): Promise<Input> {
  if (region !== undefined) refuseUnlessDeployed('--region', spec);
  if (profile !== undefined) refuseUnlessDeployed('--profile', spec);
  const inputPaths = inputPathsOf(paths);
  const except = spec === undefined ? undefined : baselineBelow(spec, inputPaths);
  const exclude = exclusionsOf(config);
  const read = load(inputPaths, {
    onProgress: (files) => progress.show(`Read ${count(files, 'file')}`),
    except,
    exclude,
    named: paths,
    allowEmpty,
    texts,
    emptyAdvice: allowEmpty === undefined ? undefined : EMPTY_ADVICE,
    code,
  });
  const found = read.templates.map((template) => selectedByPath(template, config));
  const warnings = [...(read.warnings ?? []), ...unknownParameters(config, found)];
  const templates = withParameterValues(found, config.parameters);
  const isEmpty = templates.length === 0 && read.errors.length === 0;
  const errors = isEmpty && !allowEmpty ? emptyAssemblies(inputPaths, allowEmpty !== undefined) : read.errors;
  const loaded = { ...read, templates, errors, warnings, notes: copyNotes(read.templates) };
  if (spec === undefined || (isEmpty && allowEmpty)) return { loaded };
  const { loadBaseline } = await import('../input/baseline/load-baseline.js');
  const baseline = await loadBaseline(spec, loaded.templates, inputPaths, {
    region,
    profile,
    exclude,
    onProgress: (text) => progress.show(text),
  });
  const excluded = except === undefined ? [] : [`${spec} is the baseline. It is not checked itself.`];
  return {
    loaded,
    baseline: {
      ...baseline,
      templates: withParameterValues(
        baseline.templates.map((template) => selectedByPath(template, config)),
        config.parameters,
      ),
      notes: [...excluded, ...baseline.notes],
    },
  };
}

/** Returns the errors of cloud assemblies that are the only input, and have no stacks. */
function emptyAssemblies(paths: readonly string[], canAllow: boolean): LoadError[] {
  const message = 'This cloud assembly contains no stack, so there is nothing to read.';
  return paths.map((file) => ({ file, message: canAllow ? `${message} ${EMPTY_ADVICE}` : message }));
}

/** Makes a configuration select templates by the end of their whole path, regardless of the working directory. */
function selectedByPath<T extends LoadedTemplate>(template: T, { file = CONFIG_FILES[0] }: Config): T {
  const [path] = template.id.split('#');
  if (path === STDIN) return template;
  const folder = dirname(resolve(file));
  return selectedFrom({ ...template, selectedBy: [path, displayed(resolve(path))] }, (from) =>
    displayed(relative(folder, resolve(from))),
  );
}

function exclusionsOf({ exclude, file }: Config): Exclusions | undefined {
  return file === undefined ? undefined : { folder: dirname(resolve(file)), globs: exclude };
}

/** Returns a warning for each configured parameter that no template declares, if templates are selected. */
function unknownParameters(
  { parameters, file = '' }: Config,
  templates: readonly LoadedTemplate[],
): LoadError[] {
  return parameters.flatMap(({ template: selection, values, positions }) => {
    const selected = templates.filter((template) => isFile(template, selection));
    const names = declaredParameters(selected);
    const unknown = selected.length === 0 ? [] : Object.keys(values).filter((name) => !names.includes(name));
    return unknown.map((name) => {
      const message = `No template that matches "${selection}" has a parameter "${name}".${didYouMean(name, names)}`;
      return { file, ...positions[name], message };
    });
  });
}

/** Returns the path of the baseline if it is below an input folder. */
function baselineBelow(spec: string, paths: readonly string[]): string | undefined {
  const source = baselineSpec(spec);
  const overlap = source.kind === 'path' ? overlapOf(source.path, paths) : undefined;
  return overlap?.kind === 'below' ? overlap.path : undefined;
}

function refuseUnlessDeployed(option: string, spec: string | undefined): void {
  if (spec !== undefined && baselineSpec(spec).kind === 'deployed') return;
  throw new UsageError(
    `${option} requires deployed or deployed:STACK as the baseline. Pass one of them, or omit ${option}.`,
  );
}

/**
 * Returns the paths to read: the arguments of a command or, without any, the output of CDK.
 *
 * @throws UsageError if there are neither, or if `cdk.json` is invalid
 */
export function inputPathsOf(paths: readonly string[]): readonly string[] {
  if (paths.length > 0) return paths;
  const output = outputOfCdk();
  const path = output ?? DEFAULT_PATH;
  if (existsSync(path)) return [path];
  const origin = output === undefined ? '' : `, the output in ${CDK_CONFIG},`;
  throw new UsageError(`${path}${origin} does not exist in this folder. ${adviceOnTemplates()}`);
}

/** Returns the way to templates, by the files of CDK and other frameworks in the working directory. */
function adviceOnTemplates(): string {
  if (!existsSync(CDK_CONFIG)) {
    if (existsSync('.serverless')) return 'Pass .serverless.';
    if (['yml', 'yaml', 'ts', 'js', 'json'].some((extension) => existsSync(`serverless.${extension}`))) {
      return 'Run serverless package, and pass .serverless.';
    }
    const template = ['yaml', 'yml', 'json'].map((extension) => `template.${extension}`).find(existsSync);
    if (template !== undefined) return `Pass ${template}.`;
  }
  return 'Run cdk synth first, or pass the path of a template.';
}

/** Returns the `output` in `cdk.json`, which `cdk synth` writes to unless `--output` is set. It is relative to the folder. */
function outputOfCdk(): string | undefined {
  if (!existsSync(CDK_CONFIG)) return undefined;
  const advice = 'Pass the path of the cloud assembly.';
  const text = readConfigText(CDK_CONFIG, advice);
  const { value, faults, offsetOf } = parseJson(text);
  const invalid = (offset: number, problem: string) => {
    const { line, column } = new TextPositions(text).at(offset);
    return new UsageError(`${CDK_CONFIG}:${line}:${column}: ${problem} Correct it, or pass a path.`);
  };
  if (value === undefined) throw invalid(faults[0].offset, faults[0].message);
  const { output } = objectAt({ value }, 'value');
  if (output === undefined) return undefined;
  if (typeof output !== 'string' || output === '') {
    throw invalid(offsetOf(['output']), 'output must be the path of a folder.');
  }
  if (isNetworkPath(output)) {
    throw invalid(offsetOf(['output']), 'output is a path of another computer, which is not read.');
  }
  return displayed(normalize(output)).replace(/(?<=.)\/$/, '');
}

/**
 * Combines the configured rates with `--rps`, which overrides the configured default.
 *
 * @throws UsageError if there are no rates, or `--rps` is invalid
 */
export function configuredRates(
  { named = [], ...config }: Partial<ConfiguredRates> = {},
  rps?: string,
): ConfiguredRates {
  const rates = { named, default: rps === undefined ? config.default : parseRps(rps) };
  if (rates.default === undefined && named.length === 0) {
    throw new UsageError(
      'The templates do not contain request rates. Set the rate of each function that is called from outside: --rps 10',
      'Or set rates in .cdk-lambda-xray.yaml, by construct path or logical ID: requestsPerSecond: { default: 2, Orders/Intake: 50 }',
    );
  }
  return rates;
}

function parseRps(rps: string): number {
  const number = rps.trim() === '' ? NaN : Number(rps);
  if (isRequestRate(number)) return number;
  throw new UsageError(`--rps ${rps}: expected ${requestRateInWords(number)}.`);
}

/**
 * Resolves the names of configured rates. The exact name of a function takes precedence. Of the other names that select
 * the function, such as globs and constructs around it, the last counts.
 */
export function requestRates({ named, default: defaultRate }: ConfiguredRates): KnownRates {
  const byName = new Map(named.map(({ name, requestsPerSecond }) => [name, requestsPerSecond]));
  return {
    default: defaultRate,
    of: ({ resource }) => {
      const exact = namesOf(resource).find((candidate) => byName.has(candidate));
      return exact === undefined
        ? named.filter(({ name }) => isNamedBy(resource, name)).at(-1)?.requestsPerSecond
        : byName.get(exact);
    },
  };
}

/** Returns a message for each configured rate whose function does not exist. */
export function unknownNames(named: readonly NamedRate[], functions: readonly LambdaFunction[]): string[] {
  const isKnown = (name: string) =>
    functions.some(({ resource }) => namesOf(resource).includes(name) || isNamedBy(resource, name));
  const names = [...new Set(functions.map(({ resource }) => nameOf(resource)))];
  return named
    .filter(({ name }) => !isKnown(name))
    .map(
      ({ name, location }) =>
        `${location}: There is no function ${JSON.stringify(name)}.${didYouMean(name, names)}`,
    );
}

function namesOf(resource: Resource): string[] {
  return [nameOf(resource), resource.constructPath ?? resource.logicalId, resource.logicalId];
}
