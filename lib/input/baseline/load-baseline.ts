import { existsSync } from 'node:fs';
import { ClientFactory, ConcurrencyLimit, Connections } from '../../aws/clients';
import { CloudFormationStacks } from '../../aws/cloudformation';
import {
  alignBaseline,
  comparisonError,
  noStacksError,
  pairMessages,
  unmatchedMessages,
} from '../../baseline/align';
import { objectAt } from '../../cloudformation/json';
import { nearestOf } from '../../text/printable';
import { load } from '../load';
import type { LoadedTemplate } from '../loaded-template';
import {
  type DeployedTemplate,
  type MissingStack,
  namedStackMissing,
  parseDeployedTemplate,
  readDeployedStacks,
  selectStacks,
  type StackContent,
} from '../read-deployed-stacks';
import { STDIN } from '../text-files';
import { asBaselineError, type Baseline, type BaselineOptions, baselineSpec } from './baseline-spec';
import { readGitBaseline } from './git-baseline';
import { GitError, GitRevision } from './git-repository';

/**
 * Reads the previous templates. Templates that can't be read are reported, and the others are still used.
 *
 * - `PATH`: a template, a directory, a cloud assembly.
 * - `git:REV[:PATH]`: files of a revision, by default at the checked paths. All paths are relative to the working
 *   directory.
 * - `deployed`: the templates that the checked stacks were last deployed with.
 * - `deployed:STACK`: the template of one stack, for a template without a stack name.
 *
 * @param spec one of these, as the user gives it
 * @param current the checked templates
 * @param paths the checked paths
 */
export async function loadBaseline(
  spec: string,
  current: readonly LoadedTemplate[],
  paths: readonly string[],
  options: BaselineOptions = {},
): Promise<Baseline> {
  const { templates, errors, notes, isBefore } = await read(spec, current, paths, options);
  const isDeployed = baselineSpec(spec).kind === 'deployed';
  const aligned = alignBaseline(templates, current);
  const isEmpty = !isDeployed && !isBefore && templates.length === 0 && errors.length === 0;
  const problem = isEmpty ? noStacksError('The baseline') : comparisonError(aligned, 'The baseline');
  if (problem) return { templates: [], errors: [...errors, { file: spec, message: problem }], notes };
  // Stacks that are not deployed, and templates that can't be read, are already reported.
  const isReported = isDeployed || templates.length === 0 || current.length === 0;
  const others = isReported ? [] : unmatchedMessages(aligned, spec);
  return { templates: aligned.templates, errors, notes: [...notes, ...pairMessages(aligned), ...others] };
}

function read(
  spec: string,
  current: readonly LoadedTemplate[],
  paths: readonly string[],
  options: BaselineOptions,
): Baseline | Promise<Baseline> {
  const source = baselineSpec(spec);
  switch (source.kind) {
    case 'path':
      return readPath(source.path, paths, options);
    case 'git':
      return readGitBaseline(spec, source, paths, options);
    case 'deployed':
      return readDeployedBaseline(spec, source.stack, current, options);
  }
}

function readPath(
  path: string,
  checked: readonly string[],
  { onProgress, exclude }: BaselineOptions,
): Baseline {
  if (path === STDIN && checked.includes(STDIN)) {
    const message =
      'Standard input is already checked and can be read only once. Pass a file as the baseline.';
    return { templates: [], errors: [{ file: path, message }], notes: [] };
  }
  const intended = existsSync(path) ? undefined : intendedSpec(path);
  if (intended !== undefined) {
    const message = `No such file or directory. Did you mean ${intended}?`;
    return { templates: [], errors: [{ file: path, message }], notes: [] };
  }
  const { templates, errors } = load([path], {
    onProgress: (files) => onProgress?.(`Reading the baseline, file ${files}`),
    exclude,
  });
  return { templates, errors: errors.map(asBaselineError), notes: [] };
}

/** Returns the spec that the user probably meant by a missing path: with a misspelled kind, or a revision without its kind. */
function intendedSpec(path: string): string | undefined {
  if (path === STDIN) return undefined;
  const [, kind, rest] = /^([^:./]+)(:.*)?$/s.exec(path) ?? [];
  const known =
    kind === undefined ? undefined : nearestOf(kind, rest === undefined ? ['deployed'] : ['git', 'deployed']);
  if (known !== undefined) return `${known}${rest ?? ''}`;
  try {
    return `git:${new GitRevision(rest?.slice(1) ?? path).name}`;
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return undefined;
  }
}

/** The maximum number of concurrent requests. CloudFormation throttles at a few per second. */
const MAX_CONCURRENCY = 4;

const ACTIONS =
  'cloudformation:DescribeStacks, cloudformation:GetTemplate and cloudformation:DescribeStackResource';

/**
 * Reads the templates that stacks were last deployed with.
 *
 * @param spec the baseline as the user gives it, for errors
 * @param stackName the stack to read; by default, all stacks of the templates
 * @param current the templates to deploy next
 */
async function readDeployedBaseline(
  spec: string,
  stackName: string | undefined,
  current: readonly LoadedTemplate[],
  { profile, region: defaultRegion, onProgress }: BaselineOptions,
): Promise<Baseline> {
  const { stacks, areNamed, errors: misnamed } = selectBaselineStacks(stackName, current);
  const connections = new Connections();
  const clients = new ClientFactory(profile);
  const limit = new ConcurrencyLimit(MAX_CONCURRENCY);
  const connect = (region = defaultRegion) =>
    connections.get(String(region), () => CloudFormationStacks.connect(region, clients, limit, ACTIONS));
  const { found, missing, failures } = await readDeployedStacks(
    stacks,
    current,
    connect,
    TEMPLATES,
    (stacksRead) => onProgress?.(`Reading the baseline, stack ${stacksRead} of ${current.length}`),
  );
  await connections.close();
  // A stack that the user did not name may be new, and so may a nested one.
  const isError = ({ template }: MissingStack) => areNamed && !template.nestedIn;
  const unknown = missing.filter(isError).map(namedStackMissing);
  return {
    templates: found.flatMap(({ template }) => template ?? []),
    errors: [
      ...[...misnamed, ...unknown, ...failures].map((message) => ({ file: spec, message })),
      ...found.flatMap((stack) => stack.errors).map(asBaselineError),
    ],
    notes: missing.filter((stack) => !isError(stack)).map(withoutBaseline),
  };
}

function selectBaselineStacks(stackName: string | undefined, current: readonly LoadedTemplate[]) {
  if (stackName === '') {
    const errors = ['The stack name is missing. Use `deployed:STACK`, or `deployed` for all stacks.'];
    return { stacks: [], areNamed: true, errors };
  }
  const names = stackName === undefined || current.length === 0 ? [] : [stackName];
  return selectStacks(names, current, 'deployed:STACK');
}

/** Reads the template of a stack. */
const TEMPLATES: StackContent<DeployedTemplate> = {
  async read(stack, cloudFormation, caller) {
    if (!stack.template.nestedIn) {
      const description = await cloudFormation.descriptionOf(stack.stack);
      if (!description) return undefined;
      caller.learn(description.account);
      caller.assertAccount(stack.account);
    }
    const content = parseDeployedTemplate((await cloudFormation.templateOf(stack.stack)) ?? '{}', stack);
    // The template of a stack that exists only for a change set is empty.
    if (!content.template) return content.errors.length > 0 ? { content } : undefined;
    const resources = objectAt(content.template.template, 'Resources');
    return {
      content,
      nestedArn: (logicalId) =>
        Object.hasOwn(resources, logicalId) ? cloudFormation.nestedStack(stack.stack, logicalId) : undefined,
    };
  },
  nameOfNested: (parent, _, logicalId) => `${parent.name}/${logicalId}`,
};

function withoutBaseline({ name, region }: MissingStack): string {
  return `The stack '${name}' is not deployed in ${region}, so it has no baseline.`;
}
