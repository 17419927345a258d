import { CfnLambdaHook, Duration, Stack } from 'aws-cdk-lib';
import type { CustomRule, MaximumExecutionFrequency } from 'aws-cdk-lib/aws-config';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, type Code, type FunctionProps, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { guardCode } from './private/guard-code';
import { createConfigRule } from './private/guard-config-rule';
import { validateGuardProps } from './private/guard-props';
import { validateCdkCopy } from './private/validate-props';
import { TracedFunction } from './traced-function';
import { TracingPermissions } from './tracing-props';

/**
 * The effect of a failed check.
 *
 * @see https://docs.aws.amazon.com/cloudformation-cli/latest/hooks-userguide/hooks-concepts.html
 */
export enum GuardMode {
  /** Warn in the events of the stack, and continue. */
  WARN = 'WARN',

  /** Stop the operation before CloudFormation changes a resource. */
  FAIL = 'FAIL',
}

/** The lowest severity of new findings that fail a check. */
export enum GuardThreshold {
  /** New errors fail. */
  ERROR = 'error',

  /** New warnings and errors fail. */
  WARNING = 'warning',

  /** All new findings fail. */
  INFO = 'info',

  /** Findings are only reported. */
  NEVER = 'never',
}

/** The answer to an operation that can't be checked, such as one whose template can't be read in time. */
export enum GuardErrorMode {
  /** Allow the operation. The result of the Hook has the reason. */
  ALLOW = 'ALLOW',

  /** Fail the check. With `GuardMode.FAIL`, this stops the operation. */
  DENY = 'DENY',
}

/**
 * Stacks that are not checked.
 */
export interface GuardExemption {
  /** A stack name, or a glob such as `legacy-*`. */
  readonly stackName: string;

  /** The reason. The result of the Hook has it. */
  readonly reason: string;
}

/**
 * The stacks that CloudFormation calls a guard for. All filters must match.
 *
 * @see https://docs.aws.amazon.com/cloudformation-cli/latest/hooks-userguide/hooks-stack-level-filtering.html
 */
export interface GuardStackFilters {
  /**
   * The names of the stacks, up to 50, or patterns of them with `*` and `?`.
   *
   * @default - all stacks
   */
  readonly includeStackNames?: string[];

  /**
   * The names of stacks to leave out, up to 49, or patterns of them with `*` and `?`. The stack of the guard itself is always left out.
   *
   * @default - only the stack of the guard
   */
  readonly excludeStackNames?: string[];

  /**
   * The ARNs of IAM roles, up to 50. Only operations with one of these roles are checked.
   *
   * @default - all roles
   */
  readonly includeStackRoles?: string[];

  /**
   * The ARNs of IAM roles, up to 50. Operations with one of these roles are not checked.
   *
   * @default - no roles
   */
  readonly excludeStackRoles?: string[];
}

/**
 * Properties of the AWS Config rule of `TracingGuard`.
 */
export interface GuardConfigRuleProps {
  /**
   * The name of the rule.
   *
   * @default - CloudFormation generates a name
   */
  readonly configRuleName?: string;

  /**
   * The interval at which all functions are evaluated. Each function is also evaluated when it changes.
   *
   * @default MaximumExecutionFrequency.TWENTY_FOUR_HOURS
   */
  readonly maximumExecutionFrequency?: MaximumExecutionFrequency;
}

/**
 * Properties of `TracingGuard`.
 */
export interface TracingGuardProps {
  /**
   * The effect of a failed check.
   *
   * @default GuardMode.WARN
   */
  readonly mode?: GuardMode;

  /**
   * The lowest severity of new findings that fail a check. Findings that a stack had before an operation never do.
   *
   * @default - `failOn` of the configuration file, otherwise GuardThreshold.ERROR
   */
  readonly failOn?: GuardThreshold;

  /**
   * The answer to an operation that can't be checked.
   *
   * @default GuardErrorMode.ALLOW
   */
  readonly onError?: GuardErrorMode;

  /**
   * The path of a configuration file in the format of `.cdk-lambda-xray.yaml`.
   *
   * The guard uses its `rules`, `acknowledge`, `parameters`, `failOn`, `includeCdkFunctions` and `transactionSearch`. Its
   * `template` selects stacks by their names. An acknowledgement that matches no finding is not reported, because all stacks share the file.
   *
   * @default - no configuration file
   */
  readonly configFile?: string;

  /**
   * Severities that replace those of rules, by rule ID with or without the prefix `LambdaXRay-`: `error`, `warning`, `info` or
   * `off`. They take precedence over the configuration file.
   *
   * @default - each rule has its default severity, or that of the configuration file
   */
  readonly severities?: { [ruleId: string]: string };

  /**
   * Stacks that are not checked, with the reasons.
   *
   * @default - all stacks are checked
   */
  readonly exemptStacks?: GuardExemption[];

  /**
   * The stacks that CloudFormation calls the guard for.
   *
   * @default - all stacks of the account and region, except the stack of the guard
   */
  readonly stackFilters?: GuardStackFilters;

  /**
   * Also check change sets when they are created. Otherwise, CloudFormation calls the guard when it executes them.
   *
   * @default true
   */
  readonly checkChangeSets?: boolean;

  /**
   * The name of the Hook in the account and region: three parts of 2 to 64 letters and digits, separated by `::`. The first one
   * must not start with `AWS`.
   *
   * @default 'Private::LambdaXRay::Guard'
   */
  readonly alias?: string;

  /**
   * Also evaluate the functions that are deployed, by an AWS Config rule. `{}` is a rule with the defaults.
   *
   * A function is not compliant if a finding on it has the severity `failOn` or higher: its tracing mode, event source
   * mappings that X-Ray does not support, a role without permission to write traces, or an alias on a version with a different mode.
   * The account must have a recorder of AWS Config that records Lambda functions.
   *
   * @default - no rule
   * @see https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules.html
   */
  readonly configRule?: GuardConfigRuleProps;

  /**
   * The memory of the functions, in megabytes, 512 or more.
   *
   * @default 1024
   */
  readonly memorySize?: number;

  /**
   * The number of concurrent invocations that are reserved for the function of the Hook, and its maximum. A Hook fails if its function is
   * throttled, so set at least the number of stacks that are deployed at a time, 1 or more.
   *
   * @default - the concurrency of the account
   */
  readonly reservedConcurrentExecutions?: number;

  /**
   * The time to keep the logs of the functions.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;

  /**
   * The KMS key that encrypts the logs of the functions. Its policy must allow CloudWatch Logs to use it.
   *
   * CloudFormation encrypts the results of the Hook with its own key. Only the AWS CLI can set another one for them.
   *
   * @default - CloudWatch Logs uses its own key
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
   * @see https://docs.aws.amazon.com/cloudformation-cli/latest/hooks-userguide/hooks-kms-key-policy.html
   */
  readonly encryptionKey?: IKey;
}

/**
 * A CloudFormation Hook that checks the X-Ray tracing of the stacks of an account and region before they are created or
 * updated. The findings are those of `cdk-lambda-xray check`, with the previous template as the baseline.
 *
 * Only findings that an operation adds or makes more severe fail it. All findings are annotations of the result of the Hook.
 * CloudFormation sends neither the values of parameters nor the templates of nested stacks with a stack. A change set comes
 * with its changed resources instead of the previous template: the baseline is the template without these changes.
 *
 * @see https://docs.aws.amazon.com/cloudformation-cli/latest/hooks-userguide/lambda-hooks.html
 */
export class TracingGuard extends Construct {
  /** The function that checks the stacks. */
  public readonly handler: TracedFunction;

  /** The Hook. Its `ref` is its ARN. */
  public readonly hook: CfnLambdaHook;

  /** The AWS Config rule that evaluates the functions that are deployed. Undefined unless the props have `configRule`. */
  public readonly configRule?: CustomRule;

  /**
   * @param scope the parent construct
   * @param id the construct ID
   * @param props the mode, the configuration and the filters
   * @throws if the configuration file can't be read or is invalid, or if an option is invalid
   */
  constructor(scope: Construct, id: string, props: TracingGuardProps = {}) {
    super(scope, id);
    const { path } = this.node;
    validateCdkCopy(scope, path);
    const { alias = 'Private::LambdaXRay::Guard', checkChangeSets = true } = props;
    validateGuardProps(props, path, enclosingStacks(this).length);
    const { configFile, severities, failOn, onError = GuardErrorMode.ALLOW, exemptStacks } = props;
    const code = guardCode(path, { configFile, severities, failOn, onError, exemptStacks });
    this.handler = this.createFunction('', code, props, {
      description: 'Checks the X-Ray tracing of stacks for a CloudFormation Hook',
      handler: 'index.handler',
      // CloudFormation waits 30 seconds. The handler answers before.
      timeout: Duration.seconds(30),
      reservedConcurrentExecutions: props.reservedConcurrentExecutions,
    });
    this.hook = new CfnLambdaHook(this, 'Hook', {
      alias,
      executionRole: this.createHookRole().roleArn,
      failureMode: props.mode ?? GuardMode.WARN,
      hookStatus: 'ENABLED',
      lambdaFunction: this.handler.functionArn,
      targetOperations: checkChangeSets ? ['STACK', 'CHANGE_SET'] : ['STACK'],
      stackFilters: stackFilters(this, props.stackFilters),
    });
    // CDK's type requires `targets`, which a filter by actions does not need ("AWS::CloudFormation::LambdaHook").
    this.hook.addPropertyOverride('TargetFilters', { Actions: ['CREATE', 'UPDATE'] });
    if (props.configRule) {
      const evaluator = this.createFunction('Config', code, props, {
        description: 'Evaluates the X-Ray tracing of Lambda functions for AWS Config',
        handler: 'index.configHandler',
        // To evaluate thousands of functions.
        timeout: Duration.minutes(15),
      });
      this.configRule = createConfigRule(this, evaluator, props.configRule);
    }
  }

  /** @param prefix the start of the construct IDs */
  private createFunction(
    prefix: string,
    code: Code,
    { logRetention, encryptionKey, memorySize = 1024 }: TracingGuardProps,
    own: Pick<FunctionProps, 'description' | 'handler' | 'timeout' | 'reservedConcurrentExecutions'>,
  ): TracedFunction {
    const logGroup = new LogGroup(this, `${prefix}Logs`, {
      retention: logRetention ?? RetentionDays.ONE_MONTH,
      encryptionKey,
    });
    // CDK's default role may create log groups of any name.
    const role = new Role(this, `${prefix}HandlerRole`, {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    logGroup.grantWrite(role);
    return new TracedFunction(this, `${prefix}Handler`, {
      ...own,
      code,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize,
      tracingPermissions: TracingPermissions.LEAST_PRIVILEGE,
      logGroup,
      role,
    });
  }

  /** "Prepare to create a Lambda Hook" (AWS CloudFormation Hooks User Guide). */
  private createHookRole(): Role {
    const invoke = new PolicyStatement({
      actions: ['lambda:InvokeFunction'],
      resources: [this.handler.functionArn],
    });
    return new Role(this, 'HookRole', {
      description: 'Invokes the function that checks the X-Ray tracing of stacks',
      assumedBy: new ServicePrincipal('hooks.cloudformation.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      // As part of the role, so that CloudFormation creates the Hook after it.
      inlinePolicies: { InvokeHandler: new PolicyDocument({ statements: [invoke] }) },
    });
  }
}

function stackFilters(
  scope: Construct,
  { includeStackNames, excludeStackNames = [], includeStackRoles, excludeStackRoles }: GuardStackFilters = {},
): CfnLambdaHook.StackFiltersProperty {
  const hasRoles = includeStackRoles !== undefined || excludeStackRoles !== undefined;
  return {
    filteringCriteria: 'ALL',
    stackNames: {
      include: includeStackNames,
      // A guard that is broken must not prevent its own repair, also as part of a nested stack.
      exclude: [...enclosingStacks(scope).map(({ stackName }) => stackName), ...excludeStackNames],
    },
    stackRoles: hasRoles ? { include: includeStackRoles, exclude: excludeStackRoles } : undefined,
  };
}

function enclosingStacks(scope: Construct): Stack[] {
  return scope.node.scopes.filter((one) => Stack.isStack(one)).reverse();
}
