import { nameOf } from '../cloudformation/template';
import type { LambdaFunction } from '../lambda/lambda-function';
import { type Finding, findingOn, type Rule } from './rule';
import { canModeVary } from './wording';

export const DEPLOY_TIME_MODE: Rule = {
  id: 'LambdaXRay-DeployTimeMode',
  title: 'The tracing mode of a published function should be known before deployment',
  problem: 'Tracing mode of a published function known only at deployment',
  severity: 'warning',
  rationale:
    'A version keeps the tracing mode that it was published with. If the mode depends on a parameter or a ' +
    'condition, it can change while the template stays the same. CloudFormation then publishes no new ' +
    'version, and the alias stays on the old version and its mode.',
  fix:
    'Set the mode to a literal value. To use different modes, use a separate template or stack for each ' +
    'environment.',
  source: {
    title: 'Manage Lambda function versions',
    url: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html',
  },
  examples: {
    incorrect: `Parameters:
  Mode: { Type: String, AllowedValues: [Active, PassThrough] }
Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      TracingConfig: { Mode: !Ref Mode }
  Version:
    Type: AWS::Lambda::Version
    Properties: { FunctionName: !Ref Fn }`,
    correct: `Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      TracingConfig: { Mode: Active }
  Version:
    Type: AWS::Lambda::Version
    Properties: { FunctionName: !Ref Fn }`,
    typescript: `const fn = new TracedFunction(this, 'Fn', props);
new lambda.Alias(this, 'Live', { aliasName: 'live', version: fn.currentVersion });`,
    sam: `Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Tracing: Active
      AutoPublishAlias: live
      AutoPublishAliasAllProperties: true`,
  },
  check: (model) => model.functions.flatMap(findingsFor),
};

function findingsFor(fn: LambdaFunction): Finding[] {
  const { resource, modeProperty, versions, aliases } = fn;
  const stale = versions.filter(({ publishesOnModeChange }) => publishesOnModeChange !== 'at deployment');
  const canBeStale = versions.length > 0 ? stale : aliases;
  if (!canBeStale.some(canModeVary)) return [];
  const name = nameOf(resource);
  const published = new Set([...stale, ...aliases].map((versionOrAlias) => versionOrAlias.resource));
  return [
    findingOn(resource, {
      property: modeProperty,
      message: `The tracing mode of function '${name}' is known only at deployment, but the function is published. If the mode changes, its versions keep the old mode.`,
      fix: `Set ${modeProperty} of '${name}' to the literal value Active or PassThrough.`,
      related: [...published].filter((versionOrAlias) => versionOrAlias !== resource),
    }),
  ];
}
