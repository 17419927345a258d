import { CfnResource, type Stack, Stage, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { mayBeInPlace } from '../../cloudformation/arn';
import { isIntrinsic, isObject, type JsonObject, scalarText } from '../../cloudformation/json';
import { cfnProperty } from './cfn-properties';
import { resolvedProperty, LinkedResources, resolvedValue, textOf } from './resolve-references';

/** What lets SNS write the traces of a topic ("Active tracing in Amazon SNS", Amazon SNS Developer Guide). */
const WRITING_ACTIONS = ['*', 'xray:*', 'xray:put*', 'xray:puttracesegments'];

/** The resource policies of X-Ray that an app has. */
export class ResourcePolicies {
  private readonly policies: readonly CfnResource[];
  private readonly linked: LinkedResources;

  /** @param constructs all of the app */
  constructor(constructs: readonly IConstruct[]) {
    this.policies = constructs
      .filter((construct) => CfnResource.isCfnResource(construct))
      .filter(({ cfnResourceType }) => cfnResourceType === 'AWS::XRay::ResourcePolicy');
    this.linked = new LinkedResources(constructs);
  }

  /** Those in the account and region of a stack, as far as that is known. */
  public inEnvironmentOf(stack: Stack): readonly CfnResource[] {
    return this.policies.filter((policy) => haveSameEnvironment(policy.stack, stack));
  }

  /** Whether a policy lets SNS write the traces of a topic. What of it only deployment tells, may. */
  public mayCover(policy: CfnResource, topic: CfnResource): boolean {
    const referred: CfnResource[][] = [];
    const mark = (value: unknown) => {
      const found = this.linked.referencedBy(value, policy.stack);
      return found.length > 0 ? `\uE000${referred.push(found) - 1}\uE001` : '*';
    };
    const document = documentOf(resolvedProperty(policy, 'PolicyDocument'), mark);
    if (!isObject(document)) return true;
    return [document.Statement].flat().some((statement) => {
      if (!isObject(statement) || !letsWrite(statement)) return false;
      const sources = sourceArnsIn(statement.Condition);
      return sources.length === 0 || sources.some((arn) => isArnOf(topic, arn, referred));
    });
  }
}

/** The document with a mark in the place of what isn't literal; it is a text, as a rule. */
function documentOf(value: unknown, mark: (value: unknown) => string): unknown {
  if (typeof value === 'string' || (isObject(value) && isIntrinsic(value))) {
    try {
      return JSON.parse(textOf(value, mark));
    } catch {
      return undefined;
    }
  }
  return marked(value, mark);
}

function marked(value: unknown, mark: (value: unknown) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => marked(item, mark));
  if (!isObject(value)) return value;
  if (isIntrinsic(value)) return textOf(value, mark);
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, marked(child, mark)]));
}

function letsWrite({ Effect: effect, Action: action, Principal: principal }: JsonObject): boolean {
  return (
    effect === 'Allow' &&
    [action].flat().some((name) => WRITING_ACTIONS.includes(String(name).toLowerCase())) &&
    /"(sns\.[^"]*|\*)"/.test(JSON.stringify(principal) ?? '')
  );
}

function sourceArnsIn(condition: unknown): string[] {
  if (!isObject(condition)) return [];
  return Object.entries(condition).flatMap(([key, value]) =>
    key.toLowerCase() === 'aws:sourcearn'
      ? [value].flat().flatMap((arn) => scalarText(arn) ?? [])
      : sourceArnsIn(value),
  );
}

/** Whether an ARN, with wildcards perhaps, may be that of the topic. */
function isArnOf(topic: CfnResource, arn: string, referred: readonly (readonly CfnResource[])[]): boolean {
  const reference = /\uE000(\d+)\uE001/.exec(arn);
  if (reference) return referred[Number(reference[1])].includes(topic);
  const { account, region } = topic.stack;
  const known = (value: string) => (Token.isUnresolved(value) ? undefined : value);
  if (!mayBeInPlace(arn, { account: known(account), region: known(region) })) return false;
  const pattern = arn.slice(arn.lastIndexOf(':') + 1);
  const name = resolvedValue(cfnProperty(topic, 'TopicName'), topic);
  return /[*?]/.test(pattern) || (typeof name === 'string' ? name === pattern : name !== undefined);
}

/** Whether stacks have the same account and region. Where that is left to deployment, those of one stage do. */
export function haveSameEnvironment(a: Stack, b: Stack): boolean {
  const isSameStage = Stage.of(a) === Stage.of(b);
  return [
    [a.account, b.account],
    [a.region, b.region],
  ].every(([one, other]) =>
    Token.isUnresolved(one) || Token.isUnresolved(other) ? isSameStage : one === other,
  );
}
