import { macroOf, nameOf } from '../cloudformation/template';
import type { LambdaFunction } from '../lambda/lambda-function';
import { indexingPercentage, type TracingModel } from '../model/tracing-model';
import { rolePermissions } from './checks/permissions';
import { pinnedAliases, pinnedVersions, splitAliases } from './checks/versions';
import {
  activeRoles,
  type Decision,
  deployedFunctions,
  expectedModeOf,
  functionKey,
  LATEST,
  type ObservedAccount,
  type ObservedTransactionSearch,
  publishedResources,
  type RoleName,
  roleName,
} from './deployed-functions';
import {
  awsCommands,
  type Drift,
  type FunctionUnderVerification,
  regionOfIam,
  stackToDeploy,
  versionOf,
} from './drift';

/** A deployed function of the templates and its drift. */
export interface VerificationResult extends FunctionUnderVerification {
  readonly drift: readonly Drift[];
  readonly notCompared: readonly NotCompared[];
}

/** The checks, in the order in which reports list their results. */
const CHECKS: readonly ((target: FunctionUnderVerification) => Drift[])[] = [
  missingFunction,
  latestMode,
  pinnedVersions,
  pinnedAliases,
  splitAliases,
  rolePermissions,
];

/**
 * Compares the functions of the templates with the account.
 *
 * @param model the model of the templates; its baseline contains the deployed templates
 * @param profile the AWS profile that the commands name
 */
export function verify(
  model: TracingModel,
  account: ObservedAccount,
  profile?: string,
): VerificationResult[] {
  return functionsUnderVerification(model, account, profile).map((target) => ({
    ...target,
    drift: CHECKS.flatMap((check) => check(target)),
    notCompared: notCompared(target),
  }));
}

function functionsUnderVerification(
  model: TracingModel,
  { stacks, functions, roles }: ObservedAccount,
  profile?: string,
): FunctionUnderVerification[] {
  const observedByKey = new Map(functions.map((fn) => [functionKey(fn), fn]));
  const publishedByKey = publishedResources(stacks);
  const rolesByKey = new Map(roles.map((role) => [roleKey(role), role]));
  const templatesWithBaseline = new Set(model.baseline?.resources.map(({ template }) => template.id));
  return deployedFunctions(model, stacks).map(({ function: fn, stack, name, region }) => {
    const key = functionKey({ name, region });
    const observed = observedByKey.get(key) ?? { name, region };
    const expectedMode = expectedModeOf(fn);
    return {
      function: fn,
      stack,
      stacks,
      templatesWithBaseline,
      observed,
      expectedMode,
      expectedVersionMode: expectedMode ?? versionOf({ observed }, LATEST)?.mode,
      deployedTemplateMode: fn.previous && expectedModeOf(fn.previous),
      published: publishedByKey.get(key) ?? [],
      roles: activeRoles(observed, expectedMode === 'Active').flatMap(
        (role) => rolesByKey.get(roleKey(role)) ?? [],
      ),
      lambdaCommand: awsCommands(region, profile),
      iamCommand: awsCommands(regionOfIam(observed), profile),
    };
  });
}

function roleKey({ arn, region }: RoleName): string {
  return `${region} ${arn}`;
}

/** A part of a function that could be read but not compared with the template. */
export interface NotCompared {
  readonly what: 'mode' | 'permissions';
  /** One or more sentences. */
  readonly reason: string;
}

/** Returns the parts of a function that could not be compared, so that a report does not count them as compared. */
function notCompared(target: FunctionUnderVerification): NotCompared[] {
  return [...modeNotCompared(target), ...permissionsNotCompared(target)];
}

function modeNotCompared({ function: fn, expectedMode, observed }: FunctionUnderVerification): NotCompared[] {
  if (expectedMode !== undefined || !observed.versions?.length) return [];
  return [{ what: 'mode', reason: reasonForUnknownMode(fn) }];
}

function reasonForUnknownMode({ modes, resource }: LambdaFunction): string {
  const macro = macroOf(resource);
  if (macro !== undefined) return `The macro '${macro}' can set a different mode.`;
  const [invalid] = modes.flatMap(({ value }) => (typeof value === 'object' ? value.invalid : []));
  return invalid === undefined
    ? 'Neither the template nor the parameters of the stack determine it.'
    : `The template sets '${invalid}', which is not a tracing mode.`;
}

function permissionsNotCompared({ roles }: FunctionUnderVerification): NotCompared[] {
  return roles
    .filter(({ decisions }) => decisions.some(isUncertain))
    .map(({ arn }) => ({
      what: 'permissions',
      reason: `The IAM policy simulator reports that service control policies do not allow the role '${roleName(arn)}' to write traces, but it does not evaluate all of their conditions. Check whether the function's traces arrive.`,
    }));
}

/**
 * True if the simulator's result can differ from IAM's: for conditions of service control policies, it does not report
 * which context keys it has no values for ("EvaluationResult", IAM API Reference).
 */
function isUncertain({ isAllowed, deniedBy }: Decision): boolean {
  return !isAllowed && deniedBy === 'organization';
}

/** Reports a function that the stack contains but Lambda does not. */
function missingFunction({ function: fn, stack, observed }: FunctionUnderVerification): Drift[] {
  if (observed.versions?.length !== 0) return [];
  return [
    {
      kind: 'missing',
      message: `Function '${nameOf(fn.resource)}' does not exist, although the stack '${stack.name}' contains it. It was deleted outside of the stack.`,
      fix: 'CloudFormation does not recreate the function by itself. Remove it from the template and deploy, then add it again and deploy.',
      commands: [],
    },
  ];
}

/** Reports a function whose `$LATEST` has a different mode than the template. Deployments change only `$LATEST`. */
function latestMode(target: FunctionUnderVerification): Drift[] {
  const { function: fn, expectedMode } = target;
  const mode = versionOf(target, LATEST)?.mode;
  if (mode === undefined || expectedMode === undefined || mode === expectedMode) return [];
  const difference = `The tracing mode of '${nameOf(fn.resource)}' is ${mode}, but ${expectedMode} in the template.`;
  return [{ kind: 'mode', ...explainMode(mode, difference, target) }];
}

function explainMode(
  mode: string,
  difference: string,
  {
    function: fn,
    observed,
    expectedMode,
    deployedTemplateMode,
    lambdaCommand,
    stacks,
  }: FunctionUnderVerification,
): Omit<Drift, 'kind'> {
  const stack = stackToDeploy(fn.resource.template, { stacks });
  if (deployedTemplateMode === mode) {
    return {
      message: `${difference} This change is not deployed yet.`,
      fix: `Deploy the stack '${stack}'.`,
      commands: [],
    };
  }
  const commands = [
    lambdaCommand('lambda update-function-configuration', {
      'function-name': observed.name,
      'tracing-config': `Mode=${expectedMode}`,
    }),
  ];
  return deployedTemplateMode === expectedMode
    ? {
        message: `${difference} The template is deployed, so the mode was changed outside of the stack.`,
        fix: 'Set the mode back. Deploying the unchanged template does not restore it.',
        commands,
      }
    : {
        message: difference,
        fix: `Deploy the stack '${stack}'. If it is already deployed, set the mode back.`,
        commands,
      };
}

/** Returns the differences between Transaction Search in the templates and in the account, a sentence or more each. */
export function transactionSearchNotes(
  model: TracingModel,
  { transactionSearch: observed = [], stacks }: ObservedAccount,
): string[] {
  return observed.flatMap((state) => {
    const { region, error } = state;
    const templates = new Set(
      stacks.filter((stack) => stack.region === region).map(({ template }) => template),
    );
    const configs = model.transactionSearch
      .map(({ resource }) => resource)
      .filter(({ template }) => templates.has(template.id));
    // Only the deployment decides whether a resource with a condition exists.
    const config = configs.find(({ condition }) => condition === undefined);
    if (error !== undefined) {
      return configs.length > 0
        ? [`Transaction Search in ${region} could not be compared with the templates. ${error}`]
        : [];
    }
    if (!config) return configs.length === 0 && state.isOn === true ? [notInTemplates(region)] : [];
    const expected = indexingPercentage(config, model);
    return differences(nameOf(config), expected, state);
  });
}

function notInTemplates(region: string): string {
  return (
    `Transaction Search is on in ${region}, and these templates do not turn it on. Lambda captures spans without sampling. ` +
    'Set transactionSearch: true in .cdk-lambda-xray.yaml, or pass --transaction-search to check, diff and estimate.'
  );
}

function differences(
  name: string,
  expected: number,
  { region, isOn, isPending, indexingPercentage: actual = expected }: ObservedTransactionSearch,
): string[] {
  if (isOn !== true) {
    return [
      `'${name}' turns on Transaction Search, but X-Ray does not send spans to CloudWatch Logs in ${region}. Deploy the stack, or turn Transaction Search on again.`,
    ];
  }
  return [
    ...(isPending === true ? [`X-Ray is still turning on Transaction Search in ${region}.`] : []),
    ...(actual === expected
      ? []
      : [
          `X-Ray indexes ${actual} percent of the spans in ${region}, and '${name}' sets ${expected} percent. Deploy the stack, or change IndexingPercentage.`,
        ]),
  ];
}
