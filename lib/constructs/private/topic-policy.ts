import { Aws, type CfnResource, Lazy, type Stack } from 'aws-cdk-lib';
import { CfnResourcePolicy } from 'aws-cdk-lib/aws-xray';
import type { IConstruct } from 'constructs';
import { addAcknowledgeableWarning } from './acknowledgements';
import { outermost } from './creation-order';
import { haveSameEnvironment, type ResourcePolicies } from './xray-resource-policies';

/** The maximum number of policies per account and region: "PutResourcePolicy" (AWS X-Ray API Reference). */
const MAX_POLICIES = 5;

/** The number of topic ARNs of maximum length that fit into 5 KB, the maximum size of a policy on the same page. */
const MAX_TOPICS = 15;

/** The ID of the warning on a policy that exceeds the limit of X-Ray. */
const TOO_MANY_POLICIES = 'cdk-lambda-xray:tooManyResourcePolicies';

/**
 * Allows SNS to write the traces of a topic with active tracing, unless a policy of the app can already allow it.
 * Neither CloudFormation nor CDK creates such a policy.
 *
 * The topics of a stack and its nested stacks share one policy, because an account can have only a few. The policy
 * references the topics, so the topics are created first. This is safe: without a policy, a topic is only missing from
 * traces.
 *
 * @param topic the topic with active tracing
 * @param policies the policies of the app
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-active-tracing.html
 */
export function permitTopic(topic: CfnResource, policies: ResourcePolicies): void {
  const stack = outermost(topic.stack);
  const own = TopicPolicy.of(stack);
  if (own?.topics.has(topic)) return;
  const userPolicies = policies.inEnvironmentOf(stack).filter((policy) => !(policy instanceof TopicPolicy));
  if (userPolicies.some((policy) => policies.mayCover(policy, topic))) return;
  (own ?? createPolicy(stack, userPolicies.length)).topics.add(topic);
}

/** The policies that were created for each app. */
const CREATED = new WeakMap<IConstruct, TopicPolicy[]>();

/** @param userPolicyCount the number of policies in the account and region that the user defines */
function createPolicy(stack: Stack, userPolicyCount: number): TopicPolicy {
  const policy = new TopicPolicy(stack);
  const created = [...(CREATED.get(stack.node.root) ?? []), policy];
  CREATED.set(stack.node.root, created);
  const count = userPolicyCount + created.filter((one) => haveSameEnvironment(one.stack, stack)).length;
  if (count > MAX_POLICIES) {
    addAcknowledgeableWarning(
      policy,
      TOO_MANY_POLICIES,
      `'${policy.node.path}' is resource policy ${count} of the app in its account and region, but X-Ray allows ` +
        `${MAX_POLICIES}. Add one AWS::XRay::ResourcePolicy for all topics to one of the stacks, with the aws:SourceArn ` +
        'arn:<partition>:sns:<region>:<account>:*. LambdaTracing creates no policy for topics that it covers. If such ' +
        'a policy exists outside of the app, set topicPolicies: false in the options of LambdaTracing.',
    );
  }
  return policy;
}

const ID = 'LambdaTracingTopics';

/** The resource policy for the topics of a stack. */
class TopicPolicy extends CfnResourcePolicy {
  public static of(stack: Stack): TopicPolicy | undefined {
    const policy = stack.node.tryFindChild(ID);
    return policy instanceof TopicPolicy ? policy : undefined;
  }

  public readonly topics = new Set<CfnResource>();

  constructor(stack: Stack) {
    super(stack, ID, {
      // A stack name is unique in an account and region, and its maximum length is that of a policy name.
      policyName: Aws.STACK_NAME,
      policyDocument: stack.toJsonString({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'sns.amazonaws.com' },
            Action: ['xray:PutTraceSegments', 'xray:GetSamplingRules', 'xray:GetSamplingTargets'],
            Resource: '*',
            Condition: {
              StringEquals: { 'aws:SourceAccount': stack.account },
              StringLike: { 'aws:SourceArn': Lazy.uncachedAny({ produce: () => this.topicArns() }) },
            },
          },
        ],
      }),
    });
  }

  /** Returns the ARNs of the topics, or a pattern for all topics of the account and region if they can't be listed. */
  private topicArns(): string[] {
    const topics = [...this.topics];
    const areListable = topics.length <= MAX_TOPICS && !topics.some(isConditional);
    return areListable
      ? topics.map(({ ref }) => ref)
      : [this.stack.formatArn({ service: 'sns', resource: '*' })];
  }
}

/** Returns true if a topic has a condition, or is in a nested stack that has one. */
function isConditional({ cfnOptions, stack }: CfnResource): boolean {
  const { nestedStackResource } = stack;
  return (
    cfnOptions.condition !== undefined ||
    (nestedStackResource !== undefined && isConditional(nestedStackResource))
  );
}
