import { type CfnResource, type Stack, Stage, Token } from 'aws-cdk-lib';
import { isIntrinsic, isObject } from '../../cloudformation/json';
import { type PartialString, unknownString } from '../../cloudformation/partial-string';
import {
  embeddedValues,
  matchesTopicArn,
  TOPIC_ACTIONS,
  topicContributions,
} from '../../iam/resource-policy';
import type { Tri } from '../../iam/policy-document';
import { NO_BOUNDARY, permissionsFor } from '../../iam/xray-permissions';
import { cfnProperty } from './cfn-properties';
import type { FunctionLinks } from './function-links';
import { resolvedProperty, resolvedValue, textOf } from './resolve-references';

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
export function haveSameEnvironment(a: Stack, b: Stack): boolean {
  const isSameStage = Stage.of(a) === Stage.of(b);
  return [
    [a.account, b.account],
    [a.region, b.region],
  ].every(([one, other]) =>
    Token.isUnresolved(one) || Token.isUnresolved(other) ? isSameStage : one === other,
  );
}
