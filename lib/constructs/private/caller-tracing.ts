import type { LambdaTracingActiveOptions } from '../lambda-tracing-options';
import { TracingPermissions } from '../tracing-props';
import { addAcknowledgeableWarning } from './acknowledgements';
import type { CallerLinks } from './caller-links';
import type { CallerResource } from './caller-resource';
import { grantTracing, STEP_FUNCTIONS_ACTIONS } from './execution-role';
import { permitTopic } from './topic-policy';
import { validatePermissions } from './validate-props';
import type { ResourcePolicies } from './xray-resource-policies';

/** The ID of the warning on a caller whose tracing is not turned on. */
const CALLER_NOT_TRACED = 'cdk-lambda-xray:callerNotTraced';

/** Applies the options of one `LambdaTracing` call to the callers of functions. */
export class CallerTracing {
  private readonly permissions: TracingPermissions;
  private readonly override: boolean;
  private readonly permitsTopics: boolean;

  /**
   * @param options the options given by the user
   * @param source the name of the call in errors, such as `LambdaTracing.of('Stack')`
   * @throws if an option is invalid
   */
  constructor(options: LambdaTracingActiveOptions, source: string) {
    this.permissions = validatePermissions(options.tracingPermissions, source);
    this.override = options.override ?? false;
    this.permitsTopics = (options.topicPolicies ?? true) && this.permissions !== TracingPermissions.NONE;
  }

  /** Turns on tracing and grants permissions, unless tracing is already set and `override` is not. */
  public apply(caller: CallerResource, { resourcePolicies }: CallerLinks): void {
    if (!caller.isOn) {
      if (caller.isSet && !this.override) return;
      if (caller.mayRejectChange) {
        warn(caller);
        return;
      }
      caller.turnOn();
    }
    this.permit(caller, resourcePolicies);
  }

  private permit(caller: CallerResource, policies: ResourcePolicies): void {
    const { cfn, construct, role, roleProperty, isServerless } = caller;
    if (roleProperty) {
      const user = { cfn, construct, role, roleProperty, isServerless };
      grantTracing(user, this.permissions, STEP_FUNCTIONS_ACTIONS);
    }
    if (cfn.cfnResourceType === 'AWS::SNS::Topic' && this.permitsTopics) permitTopic(cfn, policies);
  }
}

function warn({ construct }: CallerResource): void {
  addAcknowledgeableWarning(
    construct,
    CALLER_NOT_TRACED,
    `'${construct.node.path}' creates the stage of an API that calls functions with active tracing, but tracing of ` +
      'the stage was not turned on, because CloudFormation may reject a changed description of an existing stage. If ' +
      'the stage is new, set TracingEnabled in the StageDescription. Otherwise, define the stage as an ' +
      'AWS::ApiGateway::Stage.',
  );
}
