import { Annotations, type CfnResource, Token } from 'aws-cdk-lib';
import { Function as LambdaFunction, Version } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { isAcknowledged } from './acknowledgements';
import type { FunctionLinks } from './function-links';
import type { FunctionResource } from './function-resource';
import { giveProperty } from './given-property';
import { stateMode } from './mode-statement';

/** The ID of the warning that a change of the tracing mode doesn't publish a version anew. */
const VERSION_NOT_TIED = 'cdk-lambda-xray:versionNotTied';

/** Ties all versions of a function that there are now, so that a change of its mode publishes them anew. */
export function tieVersions(target: FunctionResource, links: FunctionLinks): void {
  for (const version of links.versionsOf(target)) tieVersion(version, links.publishedBy(version));
  if (target.isServerless) tieAutoPublish(target);
}

/**
 * Has a version state the mode of its function in its description, which CloudFormation changes by replacing the
 * version.
 *
 * @param published the functions that it publishes
 */
export function tieVersion(version: CfnResource, published: readonly FunctionResource[]): void {
  // Its logical ID holds the mode already, and another description would replace it.
  if (isCurrentVersion(version)) return;
  const [target, ...others] = published;
  const obstacle =
    others.length > 0
      ? 'only deployment tells which function it publishes. Make a version for each function'
      : stateMode(version, 'Description', target);
  if (!obstacle) return;
  const { scope } = version.node;
  warn(scope instanceof Version ? scope : version, target, obstacle);
}

/**
 * Has SAM publish a new version when the mode changes.
 *
 * "AWS::Serverless::Function" (AWS SAM Developer Guide): a version is published when the code changes, or with
 * `AutoPublishAliasAllProperties` any property. Where `AutoPublishCodeSha256` is given, that alone tells
 * (`_construct_version` in the SAM translator), and the value of a parameter tells nothing; then the mode is put
 * into the description of the version.
 *
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html
 */
export function tieAutoPublish(target: FunctionResource): void {
  const { cfn, construct, mode } = target;
  if (!target.setting('AutoPublishAlias')) return;
  const isLiteral = mode === undefined || (typeof mode === 'string' && !Token.isUnresolved(mode));
  if (!isLiteral || target.setting('AutoPublishCodeSha256')) {
    const obstacle = stateMode(cfn, 'VersionDescription', target);
    if (obstacle) warn(construct, target, obstacle);
    return;
  }
  const all = target.setting('AutoPublishAliasAllProperties');
  if (all === undefined) giveProperty(cfn, 'AutoPublishAliasAllProperties', true);
  else if (all === false) {
    warn(construct, target, 'AutoPublishAliasAllProperties is false. Remove it, or set it to true');
  }
}

/** Whether CDK made it for `fn.currentVersion`, with a hash of the function in its logical ID. */
function isCurrentVersion(version: CfnResource): boolean {
  const around = version.node.scope;
  const fn = around?.node.scope;
  return (
    around instanceof Version &&
    around.node.defaultChild === version &&
    fn instanceof LambdaFunction &&
    fn.node.tryFindChild('CurrentVersion') === around
  );
}

function warn(construct: IConstruct, target: FunctionResource, obstacle: string): void {
  if (isAcknowledged(construct, VERSION_NOT_TIED)) return;
  const outcome =
    construct === target.construct
      ? 'publishes no version'
      : `does not publish the version '${construct.node.path}' anew`;
  Annotations.of(construct).addWarningV2(
    VERSION_NOT_TIED,
    `A change of the tracing mode of '${target.construct.node.path}' ${outcome}, although tieVersions asks for it: ` +
      `${obstacle}${target.function ? ', or publish by its currentVersion' : ''}.`,
  );
}
