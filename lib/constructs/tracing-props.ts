import type { Tracing } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import type { InstrumentationProps } from './instrumentation';

/**
 * Properties that all traced functions have in addition to CDK's own.
 */
export interface TracingProps {
  /**
   * Permission of the execution role to write to X-Ray.
   *
   * `TracedFunction` grants it in both modes, because the code of a PassThrough function can send segments too.
   * `LambdaTracing` grants it to functions that it does not make Active only if this option is set, because turning
   * tracing off must not add permissions.
   *
   * @default - TracingPermissions.MANAGED_POLICY for Active functions and `TracedFunction`, otherwise none
   */
  readonly tracingPermissions?: TracingPermissions;

  /**
   * Publish all versions of the function again when its tracing mode changes.
   *
   * A version keeps the mode that it was published with. When the mode changes, CDK republishes `currentVersion` and
   * the aliases that `addAlias` points to it. Versions made by `new Version`, `CfnVersion`, a bare
   * `AWS::Lambda::Version` or SAM's `AutoPublishAlias` are not republished, and stay on the old mode.
   *
   * With `tieVersions`, the description of these versions states the mode: `X-Ray tracing: Active`. It follows the
   * version's own text, or replaces the function's description. CloudFormation replaces a version when its description
   * changes. SAM functions get `AutoPublishAliasAllProperties`. Where that property has no effect, the mode is added to
   * `VersionDescription`. Versions made by `currentVersion` are not changed.
   *
   * A function without a tracing mode has Lambda's default, PassThrough. Its versions do not change.
   *
   * If the function has a mode already, turn this option on or off in a deployment that also changes the code or the
   * configuration of the function. Changing the option replaces the versions. Lambda does not publish a version if the
   * function is unchanged since the last one, and the deployment fails with "A version for this Lambda function
   * exists". For SAM functions, later deployments fail the same way if they change only properties that are not part of
   * a version, such as tags (aws/serverless-application-model#3281).
   *
   * @see https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-version.html
   * @default false
   */
  readonly tieVersions?: boolean;
}

/**
 * Ways to allow an execution role to write to X-Ray. They apply to the role of a traced function, and to the role of
 * a state machine that calls it.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
 */
export enum TracingPermissions {
  /**
   * Attach the AWS managed policy `AWSXRayDaemonWriteAccess`.
   *
   * An imported role, or a role that already has ten managed policies, gets the inline statement of
   * `LEAST_PRIVILEGE` instead. The policies that all stacks of the stage attach to the role count. If there are other
   * stacks, nine policies are the limit, because another stack can attach one more.
   *
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
   */
  MANAGED_POLICY = 'ManagedPolicy',

  /**
   * Add an inline statement with the two actions that are required to write traces: `xray:PutTraceSegments` and
   * `xray:PutTelemetryRecords`. State machines also get `xray:GetSamplingRules` and `xray:GetSamplingTargets`.
   *
   * An imported role gets an `AWS::IAM::Policy` in the stack of the function. The name of the policy contains the UUID
   * of the stack's ID, so stacks that share the role don't overwrite each other's policies.
   */
  LEAST_PRIVILEGE = 'LeastPrivilege',

  /**
   * Add no permissions to roles, and no resource policies for topics. Use this if they are granted elsewhere.
   */
  NONE = 'None',
}

/**
 * Options of `LambdaTracing` for existing functions.
 */
export interface LambdaTracingOptions extends TracingProps {
  /**
   * Replace a tracing mode that is already set on a function. If a mode that is known only at deployment is not replaced,
   * `active()` and the mixin still give its role the permissions of an Active function.
   *
   * @default false
   */
  readonly overwrite?: boolean;

  /**
   * Constructs to exclude, including everything in them. With `LambdaTracing.of(scope)`, an exclusion that matches no
   * construct of the scope causes a warning, which can be acknowledged.
   *
   * @default - no construct is excluded
   */
  readonly exclude?: IConstruct[];

  /**
   * Construct paths to exclude, including everything below them. In a pattern, `*` matches any characters within an
   * ID, `?` one character, `**` as a whole ID any number of IDs, `{a,b}` one of several texts, and `[abc]`, `[a-c]`
   * and `[^abc]` one character. A backslash before a special character makes it plain text. The results are those of
   * the package picomatch with the option `dot`. Its other syntax is an error.
   *
   * @default - no path is excluded
   */
  readonly excludePaths?: string[];

  /**
   * Types to exclude, including everything in constructs of these types. A type is a class name, with or without its
   * package and module (`aws-cdk-lib.aws_lambda.SingletonFunction`, `SingletonFunction`), or a CloudFormation resource
   * type (`AWS::Serverless::Function`).
   *
   * @default - no type is excluded
   */
  readonly excludeTypes?: string[];
}

/**
 * Properties of the `LambdaTracing` mixin.
 */
export interface LambdaTracingProps extends LambdaTracingOptions, InstrumentationProps {
  /**
   * The tracing mode: `Tracing.ACTIVE` or `Tracing.PASS_THROUGH`.
   *
   * @default Tracing.ACTIVE
   */
  readonly tracing?: Tracing;
}

/**
 * Options of `LambdaTracing.of(scope)`.
 */
export interface LambdaTracingScopeOptions extends LambdaTracingOptions {
  /**
   * The priority of the aspect that visits the functions during synthesis. Aspects with a lower number run earlier.
   *
   * @default - AspectPriority.MUTATING (200), before aspects that only read
   */
  readonly priority?: number;
}

/**
 * Options of `LambdaTracing.of(scope).active()`.
 */
export interface LambdaTracingActiveOptions extends LambdaTracingScopeOptions, InstrumentationProps {
  /**
   * Turn on tracing for the services that call the functions: stages of API Gateway REST APIs, Step Functions state
   * machines, AppSync GraphQL APIs, and SNS topics. APIs that use a function as a Lambda authorizer are included.
   *
   * A caller is traced if it is in the scope and directly calls a function of the scope that is Active after all
   * aspects have run. If tracing of a caller is already turned off, or known only at deployment, it stays as it is
   * unless `overwrite` is set. Exclusions apply to callers too. With nested scopes, the scope closest to a caller
   * decides, and must set `callers`. A call on a scope that doesn't contain the caller never changes the caller.
   *
   * Calls are read from the resources of the app. A caller with a definition in a file is traced only if a definition
   * substitution references the function. The implicit API that SAM creates for events without an API is not traced.
   *
   * - **State machines**: the role gets permissions as set by `tracingPermissions`. A role that can't be changed, or is
   *   prevented from using X-Ray by a policy or its permissions boundary, causes a warning.
   * - **Topics**: the topics of a stack share one `AWS::XRay::ResourcePolicy`; see `topicPolicies`. SNS does not start
   *   traces. A topic sends its segment only if the publisher's trace header is sampled ("SetTopicAttributes", Amazon
   *   SNS API Reference).
   * - **Stages** created by the `StageName` of an `AWS::ApiGateway::Deployment`: a warning, because CloudFormation may
   *   reject a changed description of an existing stage.
   *
   * X-Ray charges for each recorded trace. The first traced service of a request decides whether the request is
   * recorded. If that is Lambda, the sampling rate can't be configured. If it is a caller, X-Ray sampling rules apply:
   * by default 1 request per second and 5 percent of additional requests, or your `AWS::XRay::SamplingRule`.
   *
   * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-services.html
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-xray.html
   * @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-xray-tracing.html
   * @see https://docs.aws.amazon.com/appsync/latest/devguide/x-ray-tracing.html
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-active-tracing.html
   * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-console-sampling.html
   * @see https://aws.amazon.com/xray/pricing/
   * @default false
   */
  readonly callers?: boolean;

  /**
   * Allow the topics found by `callers` to write to X-Ray. The topics of a stack share one
   * `AWS::XRay::ResourcePolicy` that lists them, unless a policy of the app already covers them. Topics that already
   * had active tracing are included, because neither CloudFormation nor CDK creates a policy for them.
   *
   * X-Ray allows five resource policies per account and region, shared by all apps. A deployment that exceeds the
   * limit fails. If you have more stacks with topics, create one policy for all topics yourself. If that policy is
   * outside of the app, set `topicPolicies: false`: topics are traced, and no policy is created.
   * `TracingPermissions.NONE` has the same effect, and also leaves roles without permissions.
   *
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-active-tracing.html
   * @see https://docs.aws.amazon.com/xray/latest/api/API_PutResourcePolicy.html
   * @default true
   */
  readonly topicPolicies?: boolean;
}
