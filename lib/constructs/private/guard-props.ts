import { Token } from 'aws-cdk-lib';
import { stackPatternProblem } from '../../text/globs';
import { listNames } from '../../text/printable';
import { misspelling } from './validate-props';

/** The props of the guard that are validated here. JavaScript can pass other types. */
interface Props {
  readonly mode?: unknown;
  readonly onError?: unknown;
  readonly alias?: string;
  readonly memorySize?: number;
  readonly reservedConcurrentExecutions?: number;
  readonly exemptStacks?: readonly { readonly stackName?: unknown; readonly reason?: unknown }[];
  readonly stackFilters?: {
    readonly includeStackNames?: readonly string[];
    readonly excludeStackNames?: readonly string[];
    readonly includeStackRoles?: readonly string[];
    readonly excludeStackRoles?: readonly string[];
  };
}

/** The names of the props of the guard and of its filters. */
const PROPS: readonly string[] = [
  ...['alias', 'checkChangeSets', 'configFile', 'configRule', 'encryptionKey', 'exemptStacks', 'failOn'],
  ...['logRetention', 'memorySize', 'mode', 'onError', 'reservedConcurrentExecutions', 'severities'],
  'stackFilters',
];
const FILTERS: readonly string[] = [
  ...['includeStackNames', 'excludeStackNames', 'includeStackRoles', 'excludeStackRoles'],
];

/** "AWS::CloudFormation::LambdaHook" (AWS CloudFormation Template Reference). */
const ALIAS = /^(?!aws)[a-z0-9]{2,64}::[a-z0-9]{2,64}::[a-z0-9]{2,64}$/i;

/** In megabytes. With less, the largest templates can't be checked. */
const MIN_MEMORY = 512;

/** The most entries of a list of a filter, and their forms, by the same page. */
const MAX_FILTERS = 50;
const STACK_NAME = /^[a-z*?][-a-z0-9*?]*$/i;
const ROLE_ARN = /^(arn:[^:]+:iam::[0-9*?]{1,12}:role\/.+|\*)$/;

/**
 * Rejects props that CloudFormation would reject, or that would make the guard block all stacks or exempt none.
 *
 * @param path the construct path that errors start with
 * @param ownStacks the number of stacks that the guard itself leaves out
 * @throws if a prop is invalid
 */
export function validateGuardProps(props: Props, path: string, ownStacks: number): void {
  const problem =
    misspelling(props, PROPS, 'a property of the guard') ??
    misspelling(props.stackFilters ?? {}, FILTERS, 'a property of the guard') ??
    enumProblem('mode', props.mode, ['WARN', 'FAIL']) ??
    enumProblem('onError', props.onError, ['ALLOW', 'DENY']) ??
    aliasProblem(props.alias) ??
    memoryProblem(props.memorySize) ??
    concurrencyProblem(props.reservedConcurrentExecutions) ??
    (props.exemptStacks ?? []).map(exemptionProblem).find((one) => one !== undefined) ??
    filterProblem(props.stackFilters, ownStacks);
  if (problem !== undefined) throw new Error(`${path}: ${problem}`);
}

function enumProblem(name: string, value: unknown, allowed: readonly string[]): string | undefined {
  // A token can be a parameter of the template.
  if (value === undefined || Token.isUnresolved(value) || allowed.includes(value as string)) return undefined;
  return `${name} is ${JSON.stringify(value)}, but must be ${allowed.join(' or ')}.`;
}

function aliasProblem(alias: string | undefined): string | undefined {
  if (alias === undefined || Token.isUnresolved(alias) || ALIAS.test(alias)) return undefined;
  return `'${alias}' is not a valid alias of a Hook. Use three parts of 2 to 64 letters and digits, such as Private::LambdaXRay::Guard, and a first part that does not start with AWS.`;
}

function memoryProblem(memory: number | undefined): string | undefined {
  if (memory === undefined || Token.isUnresolved(memory) || memory >= MIN_MEMORY) return undefined;
  return `memorySize is ${memory}, but must be ${MIN_MEMORY} or more to check large templates.`;
}

function concurrencyProblem(reserved: number | undefined): string | undefined {
  if (reserved === undefined || Token.isUnresolved(reserved) || reserved >= 1) return undefined;
  return `reservedConcurrentExecutions is ${reserved}, but must be 1 or more: without invocations, the Hook fails for all stacks. To turn the guard off, remove it.`;
}

function exemptionProblem({
  stackName,
  reason,
}: {
  stackName?: unknown;
  reason?: unknown;
}): string | undefined {
  if (typeof stackName !== 'string') {
    return 'an entry of exemptStacks has no stackName. Give a stack name or a pattern, and the reason.';
  }
  const problem = stackPatternProblem(stackName);
  if (problem !== undefined) return `'${stackName}' in exemptStacks is not a valid pattern: ${problem}`;
  if (typeof reason === 'string' && reason.trim() !== '') return undefined;
  return `the exemption of '${stackName}' has no reason. Give the reason.`;
}

function filterProblem(filters: Props['stackFilters'] = {}, ownStacks: number): string | undefined {
  const lists = [
    ['includeStackNames', STACK_NAME, 'stack names', 0],
    ['excludeStackNames', STACK_NAME, 'stack names', ownStacks],
    ['includeStackRoles', ROLE_ARN, 'ARNs of roles', 0],
    ['excludeStackRoles', ROLE_ARN, 'ARNs of roles', 0],
  ] as const;
  for (const [name, form, content, others] of lists) {
    const list = filters[name];
    if (list === undefined || Token.isUnresolved(list)) continue;
    const max = MAX_FILTERS - others;
    // CloudFormation rejects an empty list, unless the guard adds its own stack.
    if (list.length > max || (list.length === 0 && others === 0)) {
      return `${name} of stackFilters has ${list.length} entries, but must have 1 to ${max}. Use patterns with * and ?, or exemptStacks.`;
    }
    const wrong = list.filter((entry) => !Token.isUnresolved(entry) && !form.test(entry));
    if (wrong.length > 0) {
      return `${name} of stackFilters has ${listNames(wrong)}, but must have ${content}, or patterns of them with * and ?.`;
    }
  }
  return undefined;
}
