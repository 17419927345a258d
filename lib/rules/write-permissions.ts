import { nameOf } from '../cloudformation/template';
import type { Obstacle } from '../iam/xray-permissions';
import type { LambdaFunction } from '../lambda/lambda-function';
import type { Finding, Rule } from './rule';
import { canBeActiveWhen, activePhrase } from './wording';

export const WRITE_PERMISSIONS: Rule = {
  id: 'LambdaXRay-WritePermissions',
  title: 'An Active function may write to X-Ray',
  severity: 'error',
  rationale:
    "Lambda sends a function's segments in the name of its execution role. Without " +
    'xray:PutTraceSegments and xray:PutTelemetryRecords nothing arrives, and neither the ' +
    'deployment nor the function says so.',
  fix:
    'Attach the AWS managed policy AWSXRayDaemonWriteAccess to the role, or allow both ' +
    'actions on *. With CDK, use TracedFunction or LambdaTracing.',
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
  },
  check: (model) => model.functions.flatMap(findingOf),
};

/** "Policy evaluation logic" (IAM User Guide): no policy allows what another denies, or what the boundary leaves out. */
const FIXES: Readonly<Record<Obstacle, (name: string, actions: string) => string>> = {
  'nothing allows it': (name, actions) =>
    `Attach the AWS managed policy AWSXRayDaemonWriteAccess to the role of '${name}', or allow ${actions} on *.`,
  denied: (name, actions) =>
    `Leave ${actions} out of what a policy of the role of '${name}' denies: no other policy can allow it then.`,
  'out of bounds': (name, actions) =>
    `Let the permissions boundary of the role of '${name}' allow ${actions} on *.`,
};

/** A case in which the function is Active and its role lacks an action, both at once. */
function findingOf(fn: LambdaFunction): Finding[] {
  const { writePermissions, resource } = fn;
  const lacking = writePermissions.find(
    ({ value, when }) => value.state === 'missing' && canBeActiveWhen(fn, when),
  );
  if (!lacking) return [];
  const actions = lacking.value.missing.join(' and ');
  return [
    {
      resource,
      logicalId: resource.logicalId,
      property: 'Role',
      message: `The function '${nameOf(resource)}' ${activePhrase(fn)}, but its role is not allowed ${actions}, so that its traces are lost.`,
      fix: lacking.value.obstacles.map((obstacle) => FIXES[obstacle](nameOf(resource), actions)).join(' '),
      related: [],
    },
  ];
}
