import { nameOf } from '../cloudformation/template';
import {
  type FunctionAlias,
  type FunctionVersion,
  type LambdaFunction,
  soleEffectiveMode,
} from '../lambda/lambda-function';
import { pinnedVersions } from '../lambda/versions';
import { type Finding, findingOn, type Rule } from './rule';
import { republishFix } from './fixes';
import { versionFixes } from './template-fixes';
import { canModeVary, samAliasName } from './wording';

export const UNPUBLISHED_MODE: Rule = {
  id: 'LambdaXRay-UnpublishedMode',
  title: 'Changing the tracing mode should publish a new version',
  problem: 'Version that keeps its mode when the tracing mode changes',
  severity: 'warning',
  skipsCdkFunctions: true,
  rationale:
    'A version keeps the tracing mode that it was published with. CloudFormation does not replace an ' +
    "AWS::Lambda::Version when the function's mode changes. SAM's AutoPublishAlias compares only the code, " +
    'environment, memory and SnapStart. Callers of the version or its alias would stay on the old mode after ' +
    'the next change. A function that sets no mode, and did not in the baseline, is not reported.',
  fix:
    'Make the version depend on the mode. With CDK, use currentVersion or set tieVersions. In a SAM function, ' +
    "set AutoPublishAliasAllProperties to true. Otherwise, add the mode to the version's Description, as in " +
    '"X-Ray tracing: Active". Do this in a deployment that also changes the function. If the function is unchanged, Lambda publishes no ' +
    'version, and CloudFormation fails with "A version for this Lambda function exists".',
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
    typescript: `const fn = new TracedFunction(this, 'Fn', props);
new lambda.Alias(this, 'Live', { aliasName: 'live', version: fn.currentVersion });`,
    cloudFormation: `Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      TracingConfig: { Mode: Active }
  Version:
    Type: AWS::Lambda::Version
    Properties: { FunctionName: !Ref Fn, Description: 'X-Ray tracing: Active' }`,
  },
  repairs: ['suggested'],
  check: (model) =>
    // LambdaXRay-DeployTimeMode reports modes known only at deployment, and functions at the edge are never traced.
    model.functions
      .filter((fn) => !fn.isEdgeFunction && hasOrHadMode(fn))
      .flatMap(({ versions, aliases }) => [
        ...versions
          .filter((version) => version.publishesOnModeChange === 'no' && !canModeVary(version))
          .map(unpublishedVersion),
        ...aliases.filter((alias) => !canModeVary(alias)).flatMap(pinnedAlias),
      ]),
};

/** True if a function sets a mode or did so in the baseline. Otherwise, its versions have no mode that they could keep. */
function hasOrHadMode({ modes, previous }: LambdaFunction): boolean {
  return [...modes, ...(previous?.modes ?? [])].some(({ value }) => value !== 'unset');
}

function unpublishedVersion(version: FunctionVersion): Finding {
  const { resource, function: fn } = version;
  const name = nameOf(fn.resource);
  const isSam = resource === fn.resource;
  const mode = soleEffectiveMode(fn.modes.map(({ value }) => value));
  return findingOn(resource, {
    property: isSam ? 'AutoPublishAlias' : 'Description',
    message: isSam
      ? `Changing only the tracing mode of '${name}' does not make SAM publish a new version. The ${samAliasName(fn)} would keep the old mode.`
      : `Changing the tracing mode of '${name}' does not publish a new version. Version '${nameOf(resource)}' would keep the old mode.`,
    fix: `${republishFix(version)} Do this in a deployment that also changes the function.`,
    // Without another change of the function, Lambda has no version to publish, and the deployment fails.
    fixes: mode === undefined ? [] : versionFixes(version, mode),
    related: isSam ? [] : [fn.resource],
  });
}

function pinnedAlias({ resource, function: fn, versions }: FunctionAlias): Finding[] {
  const numbers = [...pinnedVersions({ versions }).keys()];
  if (numbers.length === 0) return [];
  return [
    findingOn(resource, {
      property: 'FunctionVersion',
      message: `Alias '${nameOf(resource)}' is pinned to version ${numbers.join(' or ')} of '${nameOf(fn.resource)}'. If the tracing mode changes, it keeps the old mode.`,
      fix: 'Refer to a version that the template publishes and replaces when the mode changes.',
      related: [fn.resource],
    }),
  ];
}
