import type { TracingModel } from '../model/tracing-model';
import { latestMode, missingFunction } from './checks/function';
import { rolePermissions } from './checks/permissions';
import { pinnedAliases, pinnedVersions, splitAliases } from './checks/versions';
import {
  activeRoles,
  deployedFunctions,
  expectedMode,
  keyOf,
  type PublishedResource,
  publishedResources,
} from './deployed-functions';
import { awsCommands, type Drift, type FunctionUnderVerification, versionOf } from './deviation';
import { type NotCompared, notCompared } from './not-compared';
import { LATEST, type ObservedAccount, type ObservedFunction } from './observed';

/** A function of the templates that is deployed, and in what it differs from them. */
export interface Verified extends FunctionUnderVerification {
  readonly drift: readonly Drift[];
  readonly notCompared: readonly NotCompared[];
}

/** What is looked for, in the order in which it is told. */
const CHECKS: readonly ((subject: FunctionUnderVerification) => Drift[])[] = [
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
 * @param model of the templates; its baseline is what the stacks were deployed with
 * @param profile that the commands are to name
 */
export function verify(
  model: TracingModel,
  { stacks, functions, roles }: ObservedAccount,
  profile?: string,
): Verified[] {
  const observed = new Map(functions.map((fn) => [keyOf(fn), fn]));
  const published = byFunction(publishedResources(stacks));
  const compared = new Set(model.baseline?.resources.map(({ template }) => template.id));
  const byArn = new Map(roles.map((role) => [`${role.region} ${role.arn}`, role]));
  return deployedFunctions(model, stacks).map(({ function: fn, stack, name, region }) => {
    const found = observed.get(keyOf({ name, region })) ?? { name, region };
    const expected = expectedMode(fn);
    const subject: FunctionUnderVerification = {
      function: fn,
      stack,
      stacks,
      compared,
      observed: found,
      expected,
      newMode: expected ?? versionOf({ observed: found }, LATEST)?.mode,
      deployed: fn.previous && expectedMode(fn.previous),
      publications: published.get(keyOf(found)) ?? [],
      roles: activeRoles(found, expected === 'Active').flatMap(
        ({ arn }) => byArn.get(`${region} ${arn}`) ?? [],
      ),
      lambda: awsCommands(region, profile),
      iam: awsCommands(regionOfIam(found), profile),
    };
    return {
      ...subject,
      drift: CHECKS.flatMap((check) => check(subject)),
      notCompared: notCompared(subject),
    };
  });
}

/** IAM has no regions, but the AWS CLI finds it in a partition other than the first by one of that. */
function regionOfIam({ versions = [], region }: ObservedFunction): string | undefined {
  return versions.every(({ role }) => role.startsWith('arn:aws:')) ? undefined : region;
}

function byFunction(publications: readonly PublishedResource[]): Map<string, PublishedResource[]> {
  const groups = new Map<string, PublishedResource[]>();
  for (const publication of publications) {
    const key = keyOf(publication);
    groups.set(key, [...(groups.get(key) ?? []), publication]);
  }
  return groups;
}
