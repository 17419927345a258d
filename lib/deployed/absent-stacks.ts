import type { DeployedStack } from '../load/deployed-stacks';
import { listed } from '../model/listed';

/** What is said of stacks that aren't there. */
export interface OnAbsent {
  /** A sentence each. */
  readonly failures: readonly string[];
  /** A sentence each. */
  readonly notes: readonly string[];
}

/**
 * Stacks that aren't there may be yet to come. One that was asked for by its name is meant to be there, and if there
 * is none at all, it is the wrong region or account, as a rule: nobody is to take that for a verdict.
 *
 * @param absent each with its region
 * @param areNamed whether those that are in no other have been asked for by their names
 * @param isAnyThere whether any of the run is
 */
export function onAbsent(absent: readonly DeployedStack[], areNamed: boolean, isAnyThere: boolean): OnAbsent {
  const nested = absent.filter(({ template }) => template.nestedIn);
  const outermost = absent.filter(({ template }) => !template.nestedIn);
  if (areNamed) return { failures: outermost.map(notThere), notes: nested.map(notYetThere) };
  if (isAnyThere || outermost.length === 0) return { failures: [], notes: absent.map(notYetThere) };
  return { failures: [noneThere(outermost)], notes: nested.map(notYetThere) };
}

function notYetThere({ name, region }: DeployedStack): string {
  return `The stack '${name}' isn't deployed in ${region} yet: there is nothing to verify.`;
}

function notThere({ name, region }: DeployedStack): string {
  return `The stack '${name}' isn't deployed in ${region}: name one that is, or its region by --region.`;
}

function noneThere(absent: readonly DeployedStack[]): string {
  const names = listed(absent.map(({ name }) => `'${name}'`).sort());
  const regions = [...new Set(absent.map(({ region }) => region))].sort().join(', ');
  const which = absent.length === 1 ? `The stack ${names} isn't` : `None of the stacks ${names} is`;
  return `${which} deployed in ${regions}, so that nothing was verified: name the region by --region, or a profile of the account by --profile.`;
}
