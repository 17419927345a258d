import { Aws, type CfnResource, Lazy, type Stack, Stage, Token } from 'aws-cdk-lib';
import { CfnResourcePolicy } from 'aws-cdk-lib/aws-xray';
import type { IConstruct } from 'constructs';
import { isIntrinsic, isObject } from '../../cloudformation/json';
import { type PartialString, unknownString } from '../../cloudformation/partial-string';
import type { Tri } from '../../iam/policy-document';
import {
  embeddedValues,
  matchesTopicArn,
  TOPIC_ACTIONS,
  topicContributions,
  topicPolicy,
} from '../../iam/resource-policy';
import { NO_BOUNDARY, permissionsFor } from '../../iam/xray-permissions';
import { addAcknowledgeableWarning } from './acknowledgements';
import { cfnProperty } from './cfn-resources';
import { outermost } from './creation-order';
import type { FunctionLinks } from './function-links';
import { resolvedProperty, resolvedValue, textOf } from './resolve-references';

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
      policyDocument: stack.toJsonString(
        topicPolicy(stack.account, Lazy.uncachedAny({ produce: () => this.topicArns() })),
      ),
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

/** The `AWS::XRay::ResourcePolicy` resources of an app. */
export class ResourcePolicies {
  /**
   * @param policies the resources
   * @param links finds the resources that they reference
   */
  constructor(
    private readonly policies: readonly CfnResource[],
    private readonly links: Pick<FunctionLinks, 'referencedBy'>,
  ) {}

  /** Returns the policies in the account and region of a stack. */
  public inEnvironmentOf(stack: Stack): readonly CfnResource[] {
    return this.policies.filter((policy) => haveSameEnvironment(policy.stack, stack));
  }

  /** Returns true if a policy can allow SNS to write the traces of a topic. Values known only at deployment match. */
  public mayCover(policy: CfnResource, topic: CfnResource): boolean {
    const references: (readonly CfnResource[])[] = [];
    const mark = (value: unknown) =>
      `\uE000${references.push(this.links.referencedBy(value, policy)) - 1}\uE001`;
    const document = parsePolicyDocument(resolvedProperty(policy, 'PolicyDocument'), mark);
    const contributions = topicContributions(
      document,
      embeddedValues(partsOf),
      (arn) => matchesArnOf(topic, arn, references),
      known(topic.stack.account),
    );
    const [permission] = permissionsFor(TOPIC_ACTIONS, { contributions, boundary: NO_BOUNDARY }, () => true);
    return permission.value.state !== 'missing';
  }
}

/**
 * Parses a policy document, which is text or an object, and replaces values that are not literal by marks.
 *
 * The checker parses the text of a template. Here the document is a rendered CDK value that contains constructs, so
 * only the interpretation of the parsed document is shared.
 */
function parsePolicyDocument(value: unknown, mark: (value: unknown) => string): unknown {
  if (typeof value === 'string' || (isObject(value) && isIntrinsic(value))) {
    const text = textOf(value, mark);
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  }
  return replaceIntrinsics(value, mark);
}

function replaceIntrinsics(value: unknown, mark: (value: unknown) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => replaceIntrinsics(item, mark));
  if (!isObject(value)) return value;
  if (isIntrinsic(value)) return textOf(value, mark);
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key, replaceIntrinsics(child, mark)]),
  );
}

/** Splits text at its marks. A mark becomes an unknown part with the index of its references as ID. */
function partsOf(text: string): PartialString {
  return text
    .split(/\uE000(\d+)\uE001/)
    .flatMap((piece, i) => (i % 2 === 1 ? unknownString(piece) : [piece]))
    .filter((part) => part !== '');
}

/** States if an ARN, which can contain wildcards and references, is the ARN of a topic. */
function matchesArnOf(
  topic: CfnResource,
  arn: PartialString,
  references: readonly (readonly CfnResource[])[],
): Tri {
  const referenced = arn.flatMap((part) =>
    typeof part === 'object' && part.kind === 'unknown' ? (references[Number(part.id)] ?? []) : [],
  );
  if (referenced.length > 0) return referenced.includes(topic) ? 'yes' : 'no';
  const { account, region } = topic.stack;
  return matchesTopicArn(arn, {
    account: known(account),
    region: known(region),
    names: topicNames(topic),
  });
}

function known(value: string): string | undefined {
  return Token.isUnresolved(value) ? undefined : value;
}

/** Returns no name if CloudFormation generates it, and `*` if the name is known only at deployment. */
function topicNames(topic: CfnResource): string[] {
  const name = resolvedValue(cfnProperty(topic, 'TopicName'), topic);
  if (name === undefined) return [];
  return [typeof name === 'string' ? name : '*'];
}

/**
 * Returns true if two stacks have the same account and region. An account or region that is known only at deployment
 * is assumed to be the same for all stacks of a stage.
 */
function haveSameEnvironment(a: Stack, b: Stack): boolean {
  const isSameStage = Stage.of(a) === Stage.of(b);
  return [
    [a.account, b.account],
    [a.region, b.region],
  ].every(([one, other]) =>
    Token.isUnresolved(one) || Token.isUnresolved(other) ? isSameStage : one === other,
  );
}
