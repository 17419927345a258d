import { macroOf } from '../cloudformation/template';
import type { LambdaFunction } from '../lambda/lambda-function';
import type { TracingModel } from '../model/tracing-model';
import { latestMode, missingFunction } from './checks/function';
import { rolePermissions } from './checks/permissions';
import { pinnedAliases, pinnedVersions, splitAliases } from './checks/versions';
import {
  activeRoles,
  deployedFunctions,
  expectedModeOf,
  functionKey,
  publishedResources,
} from './deployed-functions';
import { awsCommands, type Drift, type FunctionUnderVerification, regionOfIam, versionOf } from './drift';
import { type Decision, LATEST, type ObservedAccount, type RoleName, roleName } from './observed';

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
