import { Aws, type CfnResource, Lazy, type Stack } from 'aws-cdk-lib';
import { CfnResourcePolicy } from 'aws-cdk-lib/aws-xray';
import type { IConstruct } from 'constructs';
import { addAcknowledgeableWarning } from './acknowledgements';
import { haveSameEnvironment, type ResourcePolicies } from './xray-resource-policies';

/** "PutResourcePolicy" (AWS X-Ray API Reference): an account has no more, in a region. */
const MAX_POLICIES = 5;

/** The same page allows 5 KB, in which so many ARNs of topics fit, however long they are. */
const MAX_TOPICS = 15;

/** The ID of the warning that the app has more resource policies than X-Ray allows. */
const TOO_MANY_POLICIES = 'cdk-lambda-xray:tooManyResourcePolicies';

/**
 * Lets SNS write the traces of a topic with active tracing, which neither CloudFormation nor CDK does, unless a policy
 * of the app may do so already.
 *
 * The topics of a stack, and of those nested in it, share one policy, since an account can have few. A topic without it
 * is missing from traces, and nothing fails that AWS would write of: so the topic doesn't wait for the policy, which
 * can refer to it.
 *
 * @param policies those that there were before
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-active-tracing.html
 */
export function permitTopic(topic: CfnResource, policies: ResourcePolicies): void {
  const stack = outermost(topic.stack);
  const own = TopicPolicy.of(stack);
  if (own?.topics.has(topic)) return;
  const others = policies.inEnvironmentOf(stack).filter((policy) => !(policy instanceof TopicPolicy));
  if (others.some((policy) => policies.mayCover(policy, topic))) return;
  (own ?? makePolicy(stack, others.length)).topics.add(topic);
}

/** The policies that were made for an app. */
const MADE = new WeakMap<IConstruct, TopicPolicy[]>();

/** @param others how many there are in the account and region besides those that were made */
function makePolicy(stack: Stack, others: number): TopicPolicy {
  const policy = new TopicPolicy(stack);
  const made = [...(MADE.get(stack.node.root) ?? []), policy];
  MADE.set(stack.node.root, made);
  const count = others + made.filter((one) => haveSameEnvironment(one.stack, stack)).length;
  if (count > MAX_POLICIES) {
    addAcknowledgeableWarning(
      policy,
      TOO_MANY_POLICIES,
      `'${policy.node.path}' is resource policy ${count} of the app in its account and region, and X-Ray allows ` +
        `${MAX_POLICIES}. Make one AWS::XRay::ResourcePolicy for all topics there, with the aws:SourceArn ` +
        'arn:<partition>:sns:<region>:<account>:*, in one of the stacks: LambdaTracing makes none for topics that it ' +
        'covers. If there is one outside of the app, give LambdaTracing topicPolicies: false.',
    );
  }
  return policy;
}

const ID = 'LambdaTracingTopics';

/** The policy of a stack for its topics. */
class TopicPolicy extends CfnResourcePolicy {
  public static of(stack: Stack): TopicPolicy | undefined {
    const policy = stack.node.tryFindChild(ID);
    return policy instanceof TopicPolicy ? policy : undefined;
  }

  public readonly topics = new Set<CfnResource>();

  constructor(stack: Stack) {
    super(stack, ID, {
      // No other stack of the account and region has the name, and it is as long as a policy's may be at most.
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

  /** Those of the topics, or of all topics of the account and region where these can't be listed. */
  private topicArns(): string[] {
    const topics = [...this.topics];
    const areListable = topics.length <= MAX_TOPICS && !topics.some(isConditional);
    return areListable
      ? topics.map(({ ref }) => ref)
      : [this.stack.formatArn({ service: 'sns', resource: '*' })];
  }
}

function outermost(stack: Stack): Stack {
  return stack.nestedStackParent ? outermost(stack.nestedStackParent) : stack;
}

/** Whether a topic may not be there, by its own condition or that of a stack that it is nested in. */
function isConditional({ cfnOptions, stack }: CfnResource): boolean {
  const { nestedStackResource } = stack;
  return (
    cfnOptions.condition !== undefined ||
    (nestedStackResource !== undefined && isConditional(nestedStackResource))
  );
}
