import { nameOf } from '../cloudformation/template';
import type { LambdaFunction } from '../lambda/lambda-function';
import { listAll } from '../text/printable';
import { type Finding, findingOn, type Rule } from './rule';
import { permissionFix } from './fixes';
import { permissionFixes } from './template-fixes';
import { activePhrase, canBeActiveWhen, rolePhrase } from './wording';

export const WRITE_PERMISSIONS: Rule = {
  id: 'LambdaXRay-WritePermissions',
  title: 'Functions with active tracing must be allowed to write to X-Ray',
  problem: 'Active function without permission to write to X-Ray',
  severity: 'error',
  rationale:
    "Lambda sends a function's segments with the permissions of its execution role. Without " +
    'xray:PutTraceSegments and xray:PutTelemetryRecords, the traces are lost. Neither the deployment nor the ' +
    'function reports an error.',
  fix:
    'Attach the AWS managed policy AWSXRayDaemonWriteAccess to the role, or allow both actions on *. With ' +
    'CDK, use TracedFunction or LambdaTracing.',
  source: {
    title: 'Visualize Lambda function invocations using AWS X-Ray',
    url: 'https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html',
  },
  examples: {
    incorrect: `Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      Role: !GetAtt Role.Arn
      TracingConfig: { Mode: Active }
  Role:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns:
        - arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole`,
    correct: `Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      Role: !GetAtt Role.Arn
      TracingConfig: { Mode: Active }
  Role:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns:
        - arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole
        - arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess`,
    typescript: `new TracedFunction(this, 'Fn', { ...props, role });`,
    sam: `Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Tracing: Active
      Policies: [AWSXRayDaemonWriteAccess]`,
  },
  repairs: ['safe'],
  check: (model) => model.functions.flatMap(findingsFor),
};

/** Reports a role that lacks an action under conditions that also make the function Active. */
function findingsFor(fn: LambdaFunction): Finding[] {
  const { writePermissions, resource } = fn;
  const lacking = writePermissions.find(
    ({ value, when }) => value.state === 'missing' && canBeActiveWhen(fn, when),
  )?.value;
  if (!lacking) return [];
  const name = nameOf(resource);
  return [
    findingOn(resource, {
      property: 'Role',
      message: `Function '${name}' ${activePhrase(fn)}, but ${rolePhrase(fn.roles, resource)} does not allow ${listAll(lacking.missing)}, so its traces are lost.`,
      fix: permissionFix(lacking, resource),
      fixes: permissionFixes(lacking, resource, fn.roles),
    }),
  ];
}
