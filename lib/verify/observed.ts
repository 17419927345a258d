import type { EffectiveMode } from '../lambda/lambda-function';

/** The state of the account, without the parts that could not be read. */
export interface ObservedAccount {
  readonly stacks: readonly ObservedStack[];
  readonly functions: readonly ObservedFunction[];
  readonly roles: readonly ObservedRole[];
  /** The state of Transaction Search in each region that was read. */
  readonly transactionSearch?: readonly ObservedTransactionSearch[];
}

/** The state of Transaction Search in a region. */
export interface ObservedTransactionSearch {
  readonly region: string;
  /** True if X-Ray sends spans to CloudWatch Logs. Undefined if it could not be read. */
  readonly isOn?: boolean;
  /** True if X-Ray is still turning it on. */
  readonly isPending?: boolean;
  /** The percentage of spans that X-Ray indexes. Undefined if it is off or not known. */
  readonly indexingPercentage?: number;
  /** The reason why it could not be read. */
  readonly error?: string;
}

/** A deployed stack. */
export interface ObservedStack {
  /** The ID of the template that is, or is about to be, deployed to the stack. */
  readonly template: string;
  readonly name: string;
  /** For a nested stack, the name of the outermost stack. Deploying that one deploys the nested stack. */
  readonly nestedIn?: string;
  readonly region: string;
  readonly resources: readonly ObservedResource[];
}

export interface ObservedResource {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
}

/** The name of a function in Lambda. */
export interface FunctionName {
  readonly name: string;
  readonly region: string;
}

/** A function in the account. Parts that could not be read are undefined. */
export interface ObservedFunction extends FunctionName {
  /** All versions, `$LATEST` included. Empty if the function does not exist. */
  readonly versions?: readonly ObservedVersion[];
  readonly aliases?: readonly ObservedAlias[];
}

/** The version number of the unpublished code and configuration. */
export const LATEST = '$LATEST';

export interface ObservedVersion {
  readonly number: string;
  readonly mode: EffectiveMode;
  /** The ARN of the execution role. */
  readonly role: string;
}

export interface ObservedAlias {
  readonly name: string;
  /** The versions that receive traffic, the main version first. */
  readonly versions: readonly string[];
}

/** The ARN of a role, and the region that it writes traces to. */
export interface RoleName {
  readonly arn: string;
  readonly region: string;
}

/** A role as IAM describes it. */
export interface ObservedRole extends RoleName {
  /** False if the role was deleted. */
  readonly exists: boolean;
  /** A decision for each action that is required to write traces. */
  readonly decisions: readonly Decision[];
}

/** A decision of the IAM policy simulator about an action. */
export interface Decision {
  readonly action: string;
  readonly isAllowed: boolean;
  /** The reason why the action is not allowed ("Policy evaluation logic", IAM User Guide). */
  readonly deniedBy?: 'organization' | 'boundary' | 'explicit-deny' | 'implicit-deny';
  /** The names of the policies that explicitly deny the action. */
  readonly policies: readonly string[];
  /** Condition keys in policies whose values only a real request has. The decision can depend on them. */
  readonly dependsOn: readonly string[];
}

/** Returns the name of a role, which is the end of its ARN. The ARN can contain a path before the name. */
export function roleName(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
