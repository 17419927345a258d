import type { LambdaTracingActiveOptions } from '../lambda-tracing-options';
import { TracingPermissions } from '../tracing-props';
import { addAcknowledgeableWarning } from './acknowledgements';
import type { CallerLinks } from './caller-links';
import type { CallerResource } from './caller-resource';
import { grantTracing, STEP_FUNCTIONS_ACTIONS } from './execution-role';
import { permitTopic } from './topic-policy';
import { validatePermissions } from './validate-props';
import type { ResourcePolicies } from './xray-resource-policies';

/** The ID of the warning that tracing couldn't be turned on for a caller. */
const CALLER_NOT_TRACED = 'cdk-lambda-xray:callerNotTraced';

/** What `LambdaTracing` does to what calls functions. */
export class CallerTracing {
  private readonly permissions: TracingPermissions;
  private readonly override: boolean;
  private readonly permitsTopics: boolean;

  /**
   * @param options what was asked for
   * @param where names the caller of LambdaTracing in errors
   * @throws if something was asked for that doesn't exist
   */
  constructor(options: LambdaTracingActiveOptions, where: string) {
    this.permissions = validatePermissions(options.tracingPermissions, where);
    this.override = options.override ?? false;
    this.permitsTopics = (options.topicPolicies ?? true) && this.permissions !== TracingPermissions.NONE;
  }

  /** Turns tracing on with the permissions for it, unless it is turned off, or left to deployment, and that is to stand. */
  public apply(caller: CallerResource, { resourcePolicies }: CallerLinks): void {
    if (!caller.isOn) {
      if (caller.isSet && !this.override) return;
      if (caller.isFixed) {
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
    `'${construct.node.path}' makes the stage of an API that calls functions with active tracing, but its tracing ` +
      'was not turned on: CloudFormation may refuse to change the description of a stage that exists. Set ' +
      'TracingEnabled in its StageDescription if the stage is new, or make the stage by an AWS::ApiGateway::Stage.',
  );
}
