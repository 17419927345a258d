import { scalarText } from '../../cloudformation/json';
import { effectiveProperties } from '../../cloudformation/sam-globals';
import { nameOf } from '../../cloudformation/template';
import type { LambdaFunction } from '../../lambda/lambda-function';
import { listNames } from '../../text/list-names';
import { type Drift, stackToDeploy, type FunctionUnderVerification, versionOf } from '../deviation';
import { type Decision, LATEST, type ObservedRole, roleName } from '../observed';

/** Roles of an Active function that may not write to X-Ray in fact. */
export function rolePermissions(subject: FunctionUnderVerification): Drift[] {
  return subject.roles.flatMap((role) => {
    if (!role.isThere) return [missingRole(role, subject)];
    const lacking = role.decisions.filter(isLacking);
    return lacking.length > 0 ? [lackingPermissions(role, lacking, subject)] : [];
  });
}

/**
 * Whether an action is not allowed. Where a condition may decide otherwise, it is all the same, and that is told: the
 * simulator names the keys of all conditions, and those of others than this action's are many.
 */
export function isLacking({ isAllowed, by }: Decision): boolean {
  return !isAllowed && by !== 'organization';
}

function missingRole({ arn }: ObservedRole, { function: fn }: FunctionUnderVerification): Drift {
  return {
    kind: 'permissions',
    message: `The role '${roleName(arn)}' of '${nameOf(fn.resource)}' isn't there, so that the function can't run.`,
    fix: `Make the role again, by its name, or deploy '${nameOf(fn.resource)}' with another.`,
    commands: [],
    about: arn,
  };
}

function lackingPermissions(
  role: ObservedRole,
  lacking: readonly Decision[],
  subject: FunctionUnderVerification,
): Drift {
  const { function: fn } = subject;
  const actions = lacking.map(({ action }) => action).join(' and ');
  // What stands above the others is to be mended first.
  const cause = CAUSES.find(({ by }) => lacking.some((decision) => decision.by === by)) ?? NOTHING;
  const facts = { role, actions, policies: namesOf(lacking), subject };
  const [is, are] = isActive(subject) ? ['is Active', 'are'] : ['is to be Active', 'would be'];
  return {
    kind: 'permissions',
    message: `The function '${nameOf(fn.resource)}' ${is}, but its role '${roleName(role.arn)}' is not allowed ${actions}, since ${cause.why(facts)}: its traces ${are} lost${unless(lacking)}.`,
    ...((isLatest(role, subject) && resetRole(role, subject)) || cause.mending(facts)),
    about: role.arn,
  };
}

/** What may decide otherwise. */
function unless(lacking: readonly Decision[]): string {
  const keys = [...new Set(lacking.flatMap(({ dependsOn }) => dependsOn))];
  return keys.length === 0 ? '' : `, unless a condition on ${listNames(keys)} decides otherwise`;
}

/** Whether anything of it is: what isn't published, or what an alias is on. */
function isActive(subject: FunctionUnderVerification): boolean {
  const aliased = (subject.observed.aliases ?? []).flatMap(({ versions }) => versions);
  return [LATEST, ...aliased].some((number) => versionOf(subject, number)?.mode === 'Active');
}

interface Facts {
  readonly role: ObservedRole;
  readonly actions: string;
  /** The policies that deny it. */
  readonly policies: string;
  readonly subject: FunctionUnderVerification;
}

interface Cause {
  readonly by: Decision['by'];
  /** The end of a sentence. */
  readonly why: (facts: Facts) => string;
  readonly mending: (facts: Facts) => Pick<Drift, 'fix' | 'commands'>;
}

const NOTHING: Cause = {
  by: 'nothing',
  why: () => 'none of its policies allows it',
  mending: granting,
};

/** "Policy evaluation logic" (IAM User Guide), from the outside to the inside. */
const CAUSES: readonly Cause[] = [
  {
    by: 'boundary',
    why: () => 'its permissions boundary does not allow it',
    mending: ({ role, actions }) => ({
      fix: `Allow ${actions} on * in the permissions boundary of '${roleName(role.arn)}', or give it another.`,
      commands: [],
    }),
  },
  {
    by: 'denial',
    why: ({ policies }) => (policies === '' ? 'a policy denies it' : `it is denied by ${policies}`),
    mending: ({ role, policies }) => ({
      fix: `Take the denial out of ${policies || `the policies of '${roleName(role.arn)}'`}.`,
      commands: [],
    }),
  },
  NOTHING,
];

/** Whether it is the role of what isn't published, which deployments change: a version keeps its own. */
function isLatest({ arn }: ObservedRole, subject: FunctionUnderVerification): boolean {
  return versionOf(subject, LATEST)?.role === arn;
}

/** By the template where that lacks the permission, otherwise by hand. */
function granting({ role, actions, subject }: Facts): Pick<Drift, 'fix' | 'commands'> {
  const { function: fn, iam } = subject;
  const isOfTemplate = isLatest(role, subject);
  const name = nameOf(fn.resource);
  if (isOfTemplate && permissionsIn(fn) === 'missing') {
    return {
      fix: `The template lacks it too: attach the AWS managed policy AWSXRayDaemonWriteAccess to the role of '${name}' there, or allow ${actions} on *, and deploy.`,
      commands: [],
    };
  }
  if (
    isOfTemplate &&
    permissionsIn(fn) === 'granted' &&
    fn.previous &&
    permissionsIn(fn.previous) === 'missing'
  ) {
    return {
      fix: `Deploy the stack '${stackToDeploy(fn.resource.template, subject)}', whose template has it.`,
      commands: [],
    };
  }
  if (isOfTemplate && isRoleUnread(fn, subject)) {
    return {
      fix: `The template gives '${name}' a role that none of the stacks that were read has: see whether it is '${roleName(role.arn)}', and attach the AWS managed policy AWSXRayDaemonWriteAccess to that of the template.`,
      commands: [],
    };
  }
  return {
    fix:
      isOfTemplate && permissionsIn(fn) === 'granted'
        ? 'The template has it: it was taken away outside of the stack. Attach the AWS managed policy.'
        : 'Attach the AWS managed policy.',
    commands: [
      iam('iam attach-role-policy', {
        'role-name': roleName(role.arn),
        'policy-arn': `arn:${role.arn.split(':')[1]}:iam::aws:policy/AWSXRayDaemonWriteAccess`,
      }),
    ],
  };
}

/** What the role of the template permits, where that is the same in every case. */
function permissionsIn({ writePermissions }: LambdaFunction): 'granted' | 'missing' | 'unknown' {
  const states = new Set(writePermissions.map(({ value }) => value.state));
  const [only] = states;
  return states.size === 1 ? only : 'unknown';
}

function namesOf(lacking: readonly Decision[]): string {
  return [...new Set(lacking.flatMap(({ policies }) => policies))].map((name) => `'${name}'`).join(' and ');
}

/** The role that a template gives a function, as it is in the account. */
interface RoleOfTemplate {
  readonly name: string;
  /** Nothing where a part of it isn't known. */
  readonly path?: string;
}

/**
 * How a function comes back to the role of its template, from one that it was given outside of the stack: that may be
 * everybody's, and is not to be given permissions.
 *
 * @returns nothing if the function has the role of its template, as far as is known
 */
function resetRole(
  { arn }: ObservedRole,
  subject: FunctionUnderVerification,
): Pick<Drift, 'fix' | 'commands'> | undefined {
  const { function: fn, observed, lambda } = subject;
  const due = roleOfTemplate(fn, subject);
  if (!due || due.name === roleName(arn)) return undefined;
  const name = nameOf(fn.resource);
  const stack = stackToDeploy(fn.resource.template, subject);
  const before = fn.previous && roleOfTemplate(fn.previous, subject);
  if (before?.name === roleName(arn)) {
    return {
      fix: `Deploy the stack '${stack}', which gives '${name}' the role '${due.name}'.`,
      commands: [],
    };
  }
  const [, partition, , , account] = arn.split(':');
  const role = `arn:${partition}:iam::${account}:role${due.path}${due.name}`;
  return {
    fix: before
      ? `The role of '${name}' is '${due.name}' in the stack: it was changed outside of it. Set it back.`
      : `The role of '${name}' is '${due.name}' in the template: deploy the stack '${stack}', or if it is deployed already, set the role back.`,
    commands:
      due.path === undefined
        ? []
        : [lambda('lambda update-function-configuration', { 'function-name': observed.name, role })],
  };
}

/** Whether templates make the role, and none of the stacks that were read has it. */
function isRoleUnread(fn: LambdaFunction, subject: FunctionUnderVerification): boolean {
  return fn.roles.some(({ value }) => value.resource) && roleOfTemplate(fn, subject) === undefined;
}

function roleOfTemplate(
  fn: LambdaFunction,
  { stacks }: FunctionUnderVerification,
): RoleOfTemplate | undefined {
  const { resource: owner } = fn;
  const physical = (template: string, logicalId: string) =>
    stacks
      .find((stack) => stack.template === template)
      ?.resources.find((one) => one.logicalId === logicalId && one.type === 'AWS::IAM::Role')?.physicalId;
  if (owner.type === 'AWS::Serverless::Function' && effectiveProperties(owner).Role === undefined) {
    // The one that SAM makes ("Generated CloudFormation resources", AWS SAM Developer Guide).
    const name = physical(owner.template.id, `${owner.logicalId}Role`);
    return name === undefined ? undefined : { name, path: '/' };
  }
  const [meant, ...others] = fn.roles.map(({ value }) => value);
  if (!meant || others.some(({ resource, arn }) => resource !== meant.resource || arn !== meant.arn)) {
    return undefined;
  }
  if (meant.resource) {
    const { template, logicalId, properties } = meant.resource;
    const name = physical(template.id, logicalId);
    const path = properties.Path === undefined ? '/' : scalarText(properties.Path);
    return name === undefined ? undefined : { name, path };
  }
  const [, path, name] = /:role(\/(?:.*\/)?)([^/]+)$/.exec(meant.arn ?? '') ?? [];
  return name === undefined ? undefined : { name, path };
}
