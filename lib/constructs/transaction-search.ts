import { Names, Stack, Stage, Token } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnResourcePolicy } from 'aws-cdk-lib/aws-logs';
import { CfnTransactionSearchConfig } from 'aws-cdk-lib/aws-xray';
import { Construct, type IConstruct } from 'constructs';
import { SPAN_LOG_GROUPS } from '../iam/resource-policy';

/**
 * Properties of `TransactionSearch`.
 */
export interface TransactionSearchProps {
  /**
   * The share of spans that X-Ray indexes as trace summaries, in percent, from 0 to 100. CloudWatch charges for more than
   * 1 percent.
   *
   * @default 1
   */
  readonly indexingPercentage?: number;
}

/**
 * Transaction Search for an account and region: X-Ray sends all spans to the log group `aws/spans`, and indexes a part of
 * them. Lambda then captures the spans of all invocations of Active functions, without sampling. CloudWatch charges for
 * the spans by volume, instead of X-Ray by trace.
 *
 * An account can turn it on once in each region. Turn it off in the account before the first deployment. Deleting the
 * construct turns it off for all apps of the account and region.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Transaction-Search-Cloudformation.html
 * @see https://aws.amazon.com/cloudwatch/pricing/
 */
export class TransactionSearch extends Construct {
  /**
   * @param scope the parent construct
   * @param id the construct ID
   * @param props the share of indexed spans
   * @throws if `indexingPercentage` is out of range. Synthesis fails if the app turns Transaction Search on twice in an
   *   account and region.
   */
  constructor(scope: Construct, id: string, props: TransactionSearchProps = {}) {
    super(scope, id);
    const policy = new CfnResourcePolicy(this, 'Policy', {
      policyName: Names.uniqueResourceName(this, { maxLength: 255 }),
      policyDocument: Stack.of(this).toJsonString(policyDocument(Stack.of(this)).toJSON()),
    });
    const config = new CfnTransactionSearchConfig(this, 'Config', {
      indexingPercentage: validatePercentage(props.indexingPercentage, this.node.path),
    });
    // X-Ray rejects the destination if it can't write to it.
    config.node.addDependency(policy);
    this.node.addValidation({ validate: () => conflictsOf(config, this.node.path) });
  }
}

/** "Enable transaction search" (Amazon CloudWatch User Guide). */
function policyDocument(stack: Stack): PolicyDocument {
  return new PolicyDocument({
    statements: [
      new PolicyStatement({
        sid: 'TransactionSearchXRayAccess',
        principals: [new ServicePrincipal('xray.amazonaws.com')],
        actions: ['logs:PutLogEvents'],
        resources: SPAN_LOG_GROUPS.map((name) =>
          stack.formatArn({ service: 'logs', resource: `log-group:${name}:*` }),
        ),
        conditions: {
          ArnLike: { 'aws:SourceArn': stack.formatArn({ service: 'xray', resource: '*' }) },
          StringEquals: { 'aws:SourceAccount': stack.account },
        },
      }),
    ],
  });
}

function validatePercentage(percentage: number | undefined, path: string): number {
  if (percentage === undefined) return 1;
  if (Token.isUnresolved(percentage) || (percentage >= 0 && percentage <= 100)) return percentage;
  throw new Error(`${path}: indexingPercentage must be from 0 to 100, but is ${percentage}.`);
}

/** Returns an error for each earlier configuration in the same account and region, and for each that has no such construct. */
function conflictsOf(config: CfnTransactionSearchConfig, path: string): string[] {
  const all = config.node.root.node
    .findAll()
    .filter((construct: IConstruct) => CfnTransactionSearchConfig.isCfnTransactionSearchConfig(construct));
  return all
    .filter((other, i) => i < all.indexOf(config) || !(other.node.scope instanceof TransactionSearch))
    .filter((other) => other !== config && areInSamePlace(Stack.of(other), config.stack))
    .map(
      (other) =>
        `'${path}' and '${pathOf(other)}' turn Transaction Search on in the same account and region, where it can be ` +
        'turned on once. Remove one of them.',
    );
}

function pathOf({ node }: CfnTransactionSearchConfig): string {
  return node.scope instanceof TransactionSearch ? node.scope.node.path : node.path;
}

/** Returns true for stacks with the same account and region. Those of a stage that have neither are deployed to one place. */
function areInSamePlace(a: Stack, b: Stack): boolean {
  const places = [a, b].map(({ account, region }) =>
    [account, region].map((value) => (Token.isUnresolved(value) ? '' : value)).join(' '),
  );
  const isKnown = !Token.isUnresolved(a.account) && !Token.isUnresolved(a.region);
  return places[0] === places[1] && (isKnown || Stage.of(a) === Stage.of(b));
}
