import type { LambdaFunction } from '../model/lambda-function';
import { listed } from '../model/listed';
import { nameOf } from '../model/template';
import type { Deviation } from './deviation';
import { type Decision, LATEST, type ObservedRole } from './observed';
import { roleName } from './role-name';
import { isRoleUnread, settingRoleBack } from './role-of-template';
import { stackToDeploy } from './stack-to-deploy';
import { type Subject, versionOf } from './subject';

/** Roles of an Active function that may not write to X-Ray in fact. */
export function rolePermissions(subject: Subject): Deviation[] {
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

function missingRole({ arn }: ObservedRole, { function: fn }: Subject): Deviation {
  return {
    kind: 'permissions',
    message: `The role '${roleName(arn)}' of '${nameOf(fn.resource)}' isn't there, so that the function can't run.`,
    fix: `Make the role again, by its name, or deploy '${nameOf(fn.resource)}' with another.`,
    commands: [],
    about: arn,
  };
}

function lackingPermissions(role: ObservedRole, lacking: readonly Decision[], subject: Subject): Deviation {
  const { function: fn } = subject;
  const actions = lacking.map(({ action }) => action).join(' and ');
  // What stands above the others is to be mended first.
  const cause = CAUSES.find(({ by }) => lacking.some((decision) => decision.by === by)) ?? NOTHING;
  const facts = { role, actions, policies: namesOf(lacking), subject };
  const [is, are] = isActive(subject) ? ['is Active', 'are'] : ['is to be Active', 'would be'];
  return {
    kind: 'permissions',
    message: `The function '${nameOf(fn.resource)}' ${is}, but its role '${roleName(role.arn)}' is not allowed ${actions}, since ${cause.why(facts)}: its traces ${are} lost${unless(lacking)}.`,
    ...((isLatest(role, subject) && settingRoleBack(role, subject)) || cause.mending(facts)),
    about: role.arn,
  };
}

/** What may decide otherwise. */
function unless(lacking: readonly Decision[]): string {
  const keys = [...new Set(lacking.flatMap(({ dependsOn }) => dependsOn))];
  return keys.length === 0 ? '' : `, unless a condition on ${listed(keys)} decides otherwise`;
}

/** Whether anything of it is: what isn't published, or what an alias is on. */
function isActive(subject: Subject): boolean {
  const aliased = (subject.observed.aliases ?? []).flatMap(({ versions }) => versions);
  return [LATEST, ...aliased].some((number) => versionOf(subject, number)?.mode === 'Active');
}

interface Facts {
  readonly role: ObservedRole;
  readonly actions: string;
  /** The policies that deny it. */
  readonly policies: string;
  readonly subject: Subject;
}

interface Cause {
  readonly by: Decision['by'];
  /** The end of a sentence. */
  readonly why: (facts: Facts) => string;
  readonly mending: (facts: Facts) => Pick<Deviation, 'fix' | 'commands'>;
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
function isLatest({ arn }: ObservedRole, subject: Subject): boolean {
  return versionOf(subject, LATEST)?.role === arn;
}

/** By the template where that lacks the permission, otherwise by hand. */
function granting({ role, actions, subject }: Facts): Pick<Deviation, 'fix' | 'commands'> {
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
    fn.before &&
    permissionsIn(fn.before) === 'missing'
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
