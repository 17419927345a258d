import { scalarText } from '../../cloudformation/json';
import { effectiveProperties } from '../../cloudformation/sam-globals';
import { nameOf } from '../../cloudformation/template';
import type { LambdaFunction } from '../../lambda/lambda-function';
import { listNames } from '../../text/printable';
import { type Drift, type Fix, type FunctionUnderVerification, stackToDeploy, versionOf } from '../drift';
import {
  type Decision,
  LATEST,
  type ObservedRole,
  type ObservedVersion,
  roleName,
} from '../deployed-functions';

/** Reports roles of an Active function that are not allowed to write to X-Ray. */
export function rolePermissions(target: FunctionUnderVerification): Drift[] {
  return target.roles.flatMap((role) => {
    if (!role.exists) return [missingRole(role, target)];
    const denied = role.decisions.filter(isDenied);
    return denied.length > 0 ? [missingPermissions(role, denied, target)] : [];
  });
}

/**
 * True if an action is not allowed. A denial that depends on conditions counts, and its message says so: the simulator
 * names the keys of all conditions, including many that do not concern the action.
 */
export function isDenied({ isAllowed, deniedBy }: Decision): boolean {
  return !isAllowed && deniedBy !== 'organization';
}

function missingRole(role: ObservedRole, target: FunctionUnderVerification): Drift {
  const { arn } = role;
  const name = nameOf(target.function.resource);
  if (!isRoleOfLatest(role, target)) {
    const versions = activeVersions(role, target).map(({ number }) => number);
    return {
      kind: 'permissions',
      message: `The role '${roleName(arn)}' of published versions of '${name}' does not exist, so these versions cannot run: ${listNames(versions)}. Versions keep their role.`,
      fix: `Create a role with this name, or publish a version of '${name}' with its current role and move the aliases to it.`,
      commands: [],
      about: arn,
    };
  }
  return {
    kind: 'permissions',
    message: `The role '${roleName(arn)}' of '${name}' does not exist, so the function cannot run.`,
    fix: `Create a role with this name, or deploy '${name}' with a different role.`,
    commands: [],
    about: arn,
  };
}

function missingPermissions(
  role: ObservedRole,
  denied: readonly Decision[],
  target: FunctionUnderVerification,
): Drift {
  const { function: fn } = target;
  const actions = denied.map(({ action }) => action).join(' and ');
  const cause = CAUSES.find(({ deniedBy }) => denied.some((decision) => decision.deniedBy === deniedBy));
  const { reason, fix } = cause ?? IMPLICIT_DENY;
  const denial = { role, actions, policies: policyNames(denied), target };
  const [state, consequence] =
    activeVersions(role, target).length > 0
      ? ['is Active', 'are lost']
      : ['is Active in the template', 'would be lost'];
  return {
    kind: 'permissions',
    message: `Function '${nameOf(fn.resource)}' ${state}, but its role '${roleName(role.arn)}' does not allow ${actions}, so its traces ${consequence}. ${reason(denial)}${conditionsIn(denied)}`,
    ...((isRoleOfLatest(role, target) && restoreRole(role, target)) || turnOff(target) || fix(denial)),
    about: role.arn,
  };
}

function policyNames(denied: readonly Decision[]): string {
  return [...new Set(denied.flatMap(({ policies }) => policies))].map((name) => `'${name}'`).join(' and ');
}

function conditionsIn(denied: readonly Decision[]): string {
  const keys = [...new Set(denied.flatMap(({ dependsOn }) => dependsOn))];
  return keys.length === 0 ? '' : ` A condition on ${listNames(keys)} can change this result.`;
}

/** Returns the Active versions with a role, among `$LATEST` and the versions that an alias points to. */
function activeVersions({ arn }: ObservedRole, target: FunctionUnderVerification): ObservedVersion[] {
  const aliased = (target.observed.aliases ?? []).flatMap(({ versions }) => versions);
  return [...new Set([LATEST, ...aliased])]
    .flatMap((number) => versionOf(target, number) ?? [])
    .filter(({ mode, role }) => mode === 'Active' && role === arn);
}

/** Returns the fix for a function that the template turns off: in that mode, it needs no permission. */
function turnOff({ function: fn, expectedMode }: FunctionUnderVerification): Fix | undefined {
  if (expectedMode !== 'PassThrough') return undefined;
  return {
    fix: `The template sets '${nameOf(fn.resource)}' to PassThrough, which needs no permission. Correct the mode, and leave the role as it is.`,
    commands: [],
  };
}

/** True if a role is the role of `$LATEST`. Deployments change only that one, versions keep their role. */
function isRoleOfLatest({ arn }: ObservedRole, target: FunctionUnderVerification): boolean {
  return versionOf(target, LATEST)?.role === arn;
}

interface Denial {
  readonly role: ObservedRole;
  readonly actions: string;
  /** The names of the policies that explicitly deny the actions. Empty if they are not known. */
  readonly policies: string;
  readonly target: FunctionUnderVerification;
}

interface Cause {
  readonly deniedBy: Decision['deniedBy'];
  readonly reason: (denial: Denial) => string;
  readonly fix: (denial: Denial) => Fix;
}

const IMPLICIT_DENY: Cause = {
  deniedBy: 'implicit-deny',
  reason: () => 'None of the policies of the role allows this.',
  fix: grantPermissions,
};

/** The causes to fix first come first ("Policy evaluation logic", IAM User Guide). */
const CAUSES: readonly Cause[] = [
  {
    deniedBy: 'boundary',
    reason: () => 'The permissions boundary of the role does not allow this.',
    fix: ({ role, actions }) => ({
      fix: `Allow ${actions} on * in the permissions boundary of '${roleName(role.arn)}', or set a different boundary.`,
      commands: [],
    }),
  },
  {
    deniedBy: 'explicit-deny',
    reason: ({ policies }) => (policies === '' ? 'A policy denies this.' : `This is denied by ${policies}.`),
    fix: ({ role, policies }) => ({
      fix: `Remove the Deny statement from ${policies || `the policies of '${roleName(role.arn)}'`}.`,
      commands: [],
    }),
  },
  IMPLICIT_DENY,
];

/** Returns a change of the template if that lacks the permission, or else a command. */
function grantPermissions({ role, actions, target }: Denial): Fix {
  const { function: fn, iamCommand } = target;
  const isFromTemplate = isRoleOfLatest(role, target);
  const name = nameOf(fn.resource);
  if (isFromTemplate && templatePermissions(fn) === 'missing') {
    return {
      fix: `The template does not allow it either. Attach the AWS managed policy AWSXRayDaemonWriteAccess to the role of '${name}' in the template, or allow ${actions} on *, and deploy.`,
      commands: [],
    };
  }
  const isGranted = isFromTemplate && templatePermissions(fn) === 'granted';
  if (isGranted && fn.previous && templatePermissions(fn.previous) === 'missing') {
    return {
      fix: `Deploy the stack '${stackToDeploy(fn.resource.template, target)}'. Its template allows it.`,
      commands: [],
    };
  }
  if (isFromTemplate && isRoleUnread(fn, target)) {
    return {
      fix: `None of the stacks that were read contains the role that the template gives '${name}'. Check whether it is '${roleName(role.arn)}', and attach the AWS managed policy AWSXRayDaemonWriteAccess to the role of the template.`,
      commands: [],
    };
  }
  const attach = 'Attach the AWS managed policy AWSXRayDaemonWriteAccess.';
  const isDeployed = fn.previous && templatePermissions(fn.previous) === 'granted';
  const origin = isDeployed
    ? 'The template allows it, so the permission was removed outside of the stack.'
    : `The template allows it. Deploy the stack '${stackToDeploy(fn.resource.template, target)}'. If it is already deployed, the permission was removed outside of the stack.`;
  return {
    fix: isGranted ? `${origin} ${attach}` : attach,
    commands: [
      iamCommand('iam attach-role-policy', {
        'role-name': roleName(role.arn),
        'policy-arn': `arn:${role.arn.split(':')[1]}:iam::aws:policy/AWSXRayDaemonWriteAccess`,
      }),
    ],
  };
}

/** Returns the state of the permissions in the template if it is the same under all conditions. */
function templatePermissions({ writePermissions }: LambdaFunction): 'granted' | 'missing' | 'unknown' {
  const states = new Set(writePermissions.map(({ value }) => value.state));
  const [state] = states;
  return states.size === 1 ? state : 'unknown';
}

/** The name and path in the account of the role that a template gives a function. */
interface TemplateRole {
  readonly name: string;
  /** Undefined if it is known only at deployment. */
  readonly path?: string;
}

/**
 * Returns the fix for a function that was given a different role outside of the stack. That role can be a shared one,
 * which should not get more permissions.
 *
 * @returns undefined if the function has the role of its template, or that role is not known
 */
function restoreRole({ arn }: ObservedRole, target: FunctionUnderVerification): Fix | undefined {
  const { function: fn, observed, lambdaCommand } = target;
  const expected = templateRole(fn, target);
  if (!expected || expected.name === roleName(arn)) return undefined;
  const name = nameOf(fn.resource);
  const stack = stackToDeploy(fn.resource.template, target);
  const deployed = fn.previous && templateRole(fn.previous, target);
  if (deployed?.name === roleName(arn)) {
    return {
      fix: `Deploy the stack '${stack}', which gives '${name}' the role '${expected.name}'.`,
      commands: [],
    };
  }
  const [, partition, , , account] = arn.split(':');
  const role = `arn:${partition}:iam::${account}:role${expected.path}${expected.name}`;
  return {
    fix: deployed
      ? `The role of '${name}' in the stack is '${expected.name}'. It was changed outside of the stack. Set the role back.`
      : `The role of '${name}' in the template is '${expected.name}'. Deploy the stack '${stack}'. If it is already deployed, set the role back.`,
    commands:
      expected.path === undefined
        ? []
        : [lambdaCommand('lambda update-function-configuration', { 'function-name': observed.name, role })],
  };
}

/** True if a template declares the role, but none of the stacks that were read contains it. */
function isRoleUnread(fn: LambdaFunction, target: FunctionUnderVerification): boolean {
  return fn.roles.some(({ value }) => value.resource) && templateRole(fn, target) === undefined;
}

function templateRole(fn: LambdaFunction, { stacks }: FunctionUnderVerification): TemplateRole | undefined {
  const { resource: owner } = fn;
  const physicalName = (template: string, logicalId: string) =>
    stacks
      .find((stack) => stack.template === template)
      ?.resources.find((resource) => resource.logicalId === logicalId && resource.type === 'AWS::IAM::Role')
      ?.physicalId;
  if (owner.type === 'AWS::Serverless::Function' && effectiveProperties(owner).Role === undefined) {
    // The role that SAM generates ("Generated CloudFormation resources", AWS SAM Developer Guide).
    const name = physicalName(owner.template.id, `${owner.logicalId}Role`);
    return name === undefined ? undefined : { name, path: '/' };
  }
  const [role, ...others] = fn.roles.map(({ value }) => value);
  if (!role || others.some(({ resource, arn }) => resource !== role.resource || arn !== role.arn)) {
    return undefined;
  }
  if (role.resource) {
    const { template, logicalId, properties } = role.resource;
    const name = physicalName(template.id, logicalId);
    const path = properties.Path === undefined ? '/' : scalarText(properties.Path);
    return name === undefined ? undefined : { name, path };
  }
  const [, path = ''] = /:role(\/.*)$/s.exec(role.arn ?? '') ?? [];
  const start = path.lastIndexOf('/') + 1;
  return start === path.length ? undefined : { name: path.slice(start), path: path.slice(0, start) };
}
