import { nameOf } from '../cloudformation/template';
import type { FunctionAlias, FunctionVersion } from '../lambda/lambda-function';
import { pinnedVersion } from '../lambda/versions';
import type { Finding, Rule } from './rule';
import { isModeKnownOnlyAtDeployment, republishFix } from './wording';

export const UNPUBLISHED_MODE: Rule = {
  id: 'LambdaXRay-UnpublishedMode',
  title: 'A version is tied to the mode of its function',
  severity: 'warning',
  rationale:
    'A version keeps the tracing mode that it was published with. Nothing publishes a new AWS::Lambda::Version when ' +
    "the function's mode changes, and SAM's AutoPublishAlias goes by code, environment, memory and SnapStart " +
    'only: the next change of the mode would be lost on all that call the version or its alias.',
  fix:
    'Tie the version to the mode, in a deployment that changes the function too: Lambda publishes nothing when ' +
    'nothing has changed, and CloudFormation then fails with "Version already exists". With CDK publish by currentVersion, ' +
    'or set tieVersions; elsewhere give the version a Description that states the mode, and a SAM function ' +
    'AutoPublishAliasAllProperties: true.',
  source: {
    title: 'Manage Lambda function versions',
    url: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html',
  },
  examples: {
    incorrect: `Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Tracing: Active
      AutoPublishAlias: live`,
    correct: `Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Tracing: Active
      AutoPublishAlias: live
      AutoPublishAliasAllProperties: true`,
  },
  check: (model) =>
    // What only deployment decides is LambdaXRay-DeployTimeMode's; and functions at the edge are never traced.
    model.functions
      .filter((fn) => !isModeKnownOnlyAtDeployment(fn) && !fn.isEdgeFunction)
      .flatMap(({ versions, aliases }) => [
        ...versions
          .filter(({ publishesOnModeChange }) => publishesOnModeChange === 'no')
          .map(unpublishedVersion),
        ...aliases.flatMap(pinnedAlias),
      ]),
};

function unpublishedVersion(version: FunctionVersion): Finding {
  const { resource, function: fn } = version;
  const isSam = resource === fn.resource;
  return {
    resource,
    logicalId: resource.logicalId,
    property: isSam ? 'AutoPublishAlias' : 'Description',
    message: isSam
      ? `SAM publishes no version of '${nameOf(fn.resource)}' when its tracing mode alone changes: its alias would keep the old mode.`
      : `The version '${nameOf(resource)}' isn't tied to the tracing mode of '${nameOf(fn.resource)}': when that changes, it keeps the old one.`,
    fix: `${republishFix(version)} Do so in a deployment that changes the function too.`,
    related: isSam ? [] : [fn.resource],
  };
}

function pinnedAlias({ resource, function: fn, versions }: FunctionAlias): Finding[] {
  const number = pinnedVersion({ versions });
  if (number === undefined) return [];
  return [
    {
      resource,
      logicalId: resource.logicalId,
      property: 'FunctionVersion',
      message: `The alias '${nameOf(resource)}' is pinned to version ${number} of '${nameOf(fn.resource)}': when the tracing mode changes, it keeps the old one.`,
      fix: 'Refer to a version that the template publishes, and that is tied to the mode.',
      related: [fn.resource],
    },
  ];
}
