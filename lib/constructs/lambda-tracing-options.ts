import type { Tracing } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import type { TracingProps } from './tracing-props';

/**
 * How `LambdaTracing` goes about functions that exist already.
 */
export interface LambdaTracingOptions extends TracingProps {
  /**
   * Whether to change a mode that is set on a function already.
   *
   * @default false
   */
  readonly override?: boolean;

  /**
   * Constructs to leave alone, with all that is in them.
   *
   * @default - none
   */
  readonly exclude?: IConstruct[];

  /**
   * Patterns of construct paths to leave alone, with all that is below: `*` stands for anything within an ID,
   * `**` for anything, as in CDK's `ConstructSelector.byPath`.
   *
   * @default - none
   */
  readonly excludePaths?: string[];

  /**
   * Types to leave alone, with all that is in such constructs: a class name, with its package and module
   * or without (`aws-cdk-lib.aws_lambda.SingletonFunction`, `SingletonFunction`), or a CloudFormation resource
   * type (`AWS::Serverless::Function`).
   *
   * @default - none
   */
  readonly excludeTypes?: string[];
}

/**
 * Properties of the `LambdaTracing` mixin.
 */
export interface LambdaTracingProps extends LambdaTracingOptions {
  /**
   * The tracing mode: `Tracing.ACTIVE` or `Tracing.PASS_THROUGH`.
   *
   * @default Tracing.ACTIVE
   */
  readonly tracing?: Tracing;
}

/**
 * How `LambdaTracing.of(scope)` goes about the functions of a scope.
 */
export interface LambdaTracingScopeOptions extends LambdaTracingOptions {
  /**
   * When the functions are looked for during synthesis, among the other aspects of the app: lower is earlier.
   *
   * @default - AspectPriority.MUTATING (200), before aspects that only read
   */
  readonly priority?: number;
}

/**
 * How `LambdaTracing.of(scope).active()` goes about the functions of a scope.
 */
export interface LambdaTracingActiveOptions extends LambdaTracingScopeOptions {
  /**
   * Whether to turn tracing on also for what calls the functions and can be traced: stages of API Gateway REST APIs
   * that integrate them, Step Functions state machines that invoke them, AppSync GraphQL APIs with a data source for
   * them, either kind of API with a Lambda authorizer among them, and SNS topics that they subscribe to; and SAM's resources of these kinds.
   *
   * It is turned on for the callers in the scope that directly call a function of the scope which is Active in the
   * end. One that tracing is turned off for, or left to deployment, stays so, unless `override` is given. Exclusions
   * hold for callers too, and of scopes within each other, the closest to a caller decides: it has to ask for `callers`.
   * A call on a scope that the caller isn't in says nothing of it, whatever it does to the function.
   *
   * What calls what is read from the resources of the app. A caller whose definition is in a file is left alone, unless
   * a substitution names the function; and so is the API that SAM makes for events that name none.
   *
   * - **State machines**: the role is permitted as `tracingPermissions` says. One that can't be changed yields a warning.
   * - **Topics**: those of a stack get one `AWS::XRay::ResourcePolicy`, as `topicPolicies` says. A topic starts no trace. It
   *   sends its segments where the publisher's tracing header says "sampled" ("SetTopicAttributes", Amazon SNS API Reference).
   * - **Stages** that a `StageName` of an `AWS::ApiGateway::Deployment` makes: a warning, since CloudFormation may refuse to
   *   change the description of a stage that exists.
   *
   * X-Ray charges for each trace recorded. Which are, the first traced service on the way of a request decides. For
   * Lambda alone that is a rate that can't be set; callers go by the sampling rules of X-Ray: by default, 1 request per
   * second and 5 percent of the rest, and otherwise by those of `AWS::XRay::SamplingRule`.
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
   * Whether the topics that `callers` finds are let write to X-Ray: those of a stack by one `AWS::XRay::ResourcePolicy`,
   * which names them, unless a policy of the app covers them. Topics that had active tracing before are let too, since
   * neither CloudFormation nor CDK does that.
   *
   * X-Ray allows five such policies in an account and region, whichever apps they are of; a deployment that would make
   * one more fails. For more stacks, make one yourself, for all topics. If it is outside of the app, give false: topics
   * are traced, and get no policy. So it is with `TracingPermissions.NONE`, which leaves roles without permissions too.
   *
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-active-tracing.html
   * @see https://docs.aws.amazon.com/xray/latest/api/API_PutResourcePolicy.html
   * @default true
   */
  readonly topicPolicies?: boolean;
}
