import { CfnResource, type Stack, Stage, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { isIntrinsic, isObject } from '../../cloudformation/json';
import { mayMatchTopic, topicGrantsOf } from '../../iam/resource-policy';
import { cfnProperty } from './cfn-properties';
import { resolvedProperty, LinkedResources, resolvedValue, textOf } from './resolve-references';

/** The `AWS::XRay::ResourcePolicy` resources of an app. */
export class ResourcePolicies {
  private readonly policies: readonly CfnResource[];
  private readonly linked: LinkedResources;

  /** @param constructs all constructs of the app */
  constructor(constructs: readonly IConstruct[]) {
    this.policies = constructs
      .filter((construct) => CfnResource.isCfnResource(construct))
      .filter(({ cfnResourceType }) => cfnResourceType === 'AWS::XRay::ResourcePolicy');
    this.linked = new LinkedResources(constructs);
  }

  /** Returns the policies in the account and region of a stack. */
  public inEnvironmentOf(stack: Stack): readonly CfnResource[] {
    return this.policies.filter((policy) => haveSameEnvironment(policy.stack, stack));
  }

  /** Returns true if a policy can allow SNS to write the traces of a topic. Values known only at deployment match. */
  public mayCover(policy: CfnResource, topic: CfnResource): boolean {
    const references: CfnResource[][] = [];
    const mark = (value: unknown) => {
      const resources = this.linked.referencedBy(value, policy.stack);
      return resources.length > 0 ? `\uE000${references.push(resources) - 1}\uE001` : '*';
    };
    const document = parsePolicyDocument(resolvedProperty(policy, 'PolicyDocument'), mark);
    return topicGrantsOf(document).some(
      ({ sourceArns }) =>
        sourceArns.length === 0 || sourceArns.some((arn) => mayBeArnOf(topic, arn, references)),
    );
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
    try {
      return JSON.parse(textOf(value, mark));
    } catch {
      return undefined;
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

/** Returns true if an ARN, which can contain wildcards and marks, can be the ARN of a topic. */
function mayBeArnOf(
  topic: CfnResource,
  arn: string,
  references: readonly (readonly CfnResource[])[],
): boolean {
  const reference = /\uE000(\d+)\uE001/.exec(arn);
  if (reference) return references[Number(reference[1])].includes(topic);
  const { account, region } = topic.stack;
  const known = (value: string) => (Token.isUnresolved(value) ? undefined : value);
  return mayMatchTopic(arn, { account: known(account), region: known(region), names: topicNames(topic) });
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
export function haveSameEnvironment(a: Stack, b: Stack): boolean {
  const isSameStage = Stage.of(a) === Stage.of(b);
  return [
    [a.account, b.account],
    [a.region, b.region],
  ].every(([one, other]) =>
    Token.isUnresolved(one) || Token.isUnresolved(other) ? isSameStage : one === other,
  );
}
