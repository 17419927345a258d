import { nameOf } from '../cloudformation/template';
import type { LambdaFunction } from '../lambda/lambda-function';
import type { Finding, Rule } from './rule';
import { isModeKnownOnlyAtDeployment } from './wording';

export const DEPLOY_TIME_MODE: Rule = {
  id: 'LambdaXRay-DeployTimeMode',
  title: 'The mode of a published function is known before deployment',
  severity: 'warning',
  rationale:
    'A version keeps the tracing mode that it was published with. Where the mode is a ' +
    'parameter or a condition, its value can change without the template: nothing is ' +
    'published, the alias stays on the old version, and the old mode stays with it.',
  fix:
    'Write the mode out, and choose it before deployment: by a template or a stack for each ' +
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
  },
  check: (model) => model.functions.flatMap(findingOf),
};

function findingOf(fn: LambdaFunction): Finding[] {
  const { resource, modeProperty, versions, aliases } = fn;
  const untied = versions.filter(({ publishesOnModeChange }) => publishesOnModeChange !== 'at deployment');
  const isUntied = untied.length > 0 || (versions.length === 0 && aliases.length > 0);
  if (!isUntied || !isModeKnownOnlyAtDeployment(fn)) return [];
  const publications = [...untied, ...aliases].map((publication) => publication.resource);
  return [
    {
      resource,
      logicalId: resource.logicalId,
      property: modeProperty,
      message: `The tracing mode of the function '${nameOf(resource)}' is decided at deployment, but the function is published: when the mode changes, its versions keep the old one.`,
      fix: `Write ${modeProperty} of '${nameOf(resource)}' out as Active or PassThrough.`,
      related: [...new Set(publications)].filter((publication) => publication !== resource),
    },
  ];
}
