import { nameOf } from '../cloudformation/template';
import type { FunctionVersion } from '../lambda/lambda-function';
import { type Finding, findingOn, type Rule } from './rule';

export const UNCHANGED_VERSION: Rule = {
  id: 'LambdaXRay-UnchangedVersion',
  title: 'A new version must come with a change of its function',
  problem: 'New version without a change of its function',
  severity: 'error',
  rationale:
    'Lambda publishes a version only if the code or the configuration of the function changed since the last one. ' +
    'Otherwise CloudFormation fails with "A version for this Lambda function exists". A new description of the ' +
    'version is no such change, and neither is a tracing mode of PassThrough instead of none, which is the same to ' +
    'Lambda. This rule compares the templates with a baseline, the previous templates. Findings are warnings if a ' +
    'change that the templates do not show, such as that of local code, can come with the deployment.',
  fix: 'Change the function in the same deployment, such as its Description, or leave the version as it is.',
  source: {
    title: 'Manage Lambda function versions',
    url: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html',
  },
  examples: {
    baseline: `Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      TracingConfig: { Mode: Active }
  Version:
    Type: AWS::Lambda::Version
    Properties: { FunctionName: !Ref Fn }`,
    incorrect: `Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      TracingConfig: { Mode: Active }
  Version:
    Type: AWS::Lambda::Version
    Properties: { FunctionName: !Ref Fn, Description: 'X-Ray tracing: Active' }`,
    correct: `Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      MemorySize: 256
      TracingConfig: { Mode: Active }
  Version:
    Type: AWS::Lambda::Version
    Properties: { FunctionName: !Ref Fn, Description: 'X-Ray tracing: Active' }`,
    typescript: `const fn = new TracedFunction(this, 'Fn', { ...props, memorySize: 256 });
new lambda.Alias(this, 'Live', { aliasName: 'live', version: fn.currentVersion });`,
    sam: `Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      MemorySize: 256
      Tracing: Active
      AutoPublishAlias: live
      AutoPublishAliasAllProperties: true`,
  },
  comparesWithBaseline: true,
  check: (model) => model.functions.flatMap(({ versions }) => versions.flatMap(findingsFor)),
};

const EXCEPTIONS = {
  code: ', unless the code of the function changes in the same deployment',
  parameter: ', unless a parameter of the function changes in the same deployment',
  mode: ', unless the tracing mode of the function changes in the same deployment',
} as const;

function findingsFor({ resource, function: fn, withoutChange }: FunctionVersion): Finding[] {
  if (!withoutChange) return [];
  const { unless } = withoutChange;
  const isSam = resource === fn.resource;
  const name = nameOf(fn.resource);
  const publisher = isSam ? 'SAM publishes a new version' : `'${nameOf(resource)}' is a new version`;
  return [
    findingOn(resource, {
      property: isSam ? 'AutoPublishAlias' : 'FunctionName',
      severity: unless && 'warning',
      message: `${publisher} of function '${name}', but neither the code nor the configuration of the function changes. The deployment fails because the version exists already${unless ? EXCEPTIONS[unless] : ''}.`,
      fix: `Change '${name}' in the same deployment, such as its Description, or leave the version as it is.`,
      related: isSam ? [] : [fn.resource],
    }),
  ];
}
