import type { EffectiveMode } from '../lambda/tracing-mode';

/** What is in the account, as far as it could be read. */
export interface ObservedAccount {
  readonly stacks: readonly ObservedStack[];
  readonly functions: readonly ObservedFunction[];
  readonly roles: readonly ObservedRole[];
}

/** A stack that is deployed. */
export interface ObservedStack {
  /** The ID of the template that is, or was, deployed to it. */
  readonly template: string;
  readonly name: string;
  /** The name of the outermost stack that it is nested in: what it is deployed by. */
  readonly nestedIn?: string;
  readonly region: string;
  readonly resources: readonly ObservedResource[];
}

export interface ObservedResource {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
}

/** A function by what Lambda calls it. */
export interface FunctionName {
  readonly name: string;
  readonly region: string;
}

/** A function, or that there is none. What could not be read is left out. */
export interface ObservedFunction extends FunctionName {
  /** With `$LATEST` among them; none where there is no such function. */
  readonly versions?: readonly ObservedVersion[];
  readonly aliases?: readonly ObservedAlias[];
}

/** The number of what isn't published. */
export const LATEST = '$LATEST';

export interface ObservedVersion {
  readonly number: string;
  readonly mode: EffectiveMode;
  /** The ARN. */
  readonly role: string;
}

export interface ObservedAlias {
  readonly name: string;
  /** The versions that it is on: the main one, and those that get a part of its traffic. */
  readonly versions: readonly string[];
}

/** A role by its ARN, and where it writes to X-Ray. */
export interface RoleName {
  readonly arn: string;
  readonly region: string;
}

/** What IAM says of a role, or that there is none. */
export interface ObservedRole extends RoleName {
  readonly isThere: boolean;
  /** For each of the actions that writing traces takes. */
  readonly decisions: readonly Decision[];
}

/** What IAM's policy simulator says of an action. */
export interface Decision {
  readonly action: string;
  readonly isAllowed: boolean;
  /** What doesn't allow it. */
  readonly by?: 'organization' | 'boundary' | 'denial' | 'nothing';
  /** The names of the policies that deny it. */
  readonly policies: readonly string[];
  /** Condition keys that policies ask for, and only a request has: the decision may depend on them. */
  readonly dependsOn: readonly string[];
}

/** The name at the end of a role's ARN, which may have a path before it. */
export function roleName(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
