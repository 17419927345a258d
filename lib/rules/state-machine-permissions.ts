import { nameOf } from '../cloudformation/template';
import type { StateMachine } from '../model/tracing-model';
import { listAll } from '../text/printable';
import { type Finding, findingOn, type Rule } from './rule';
import { permissionFix } from './fixes';
import { permissionFixes } from './template-fixes';
import { rolePhrase } from './wording';

export const STATE_MACHINE_PERMISSIONS: Rule = {
  id: 'LambdaXRay-StateMachinePermissions',
  title: 'State machines with tracing must be allowed to use X-Ray',
  problem: 'Traced state machine without permission to use X-Ray',
  severity: 'error',
  rationale:
    'Step Functions traces executions with the permissions of the execution role: xray:PutTraceSegments, ' +
    'xray:PutTelemetryRecords, xray:GetSamplingRules and xray:GetSamplingTargets. Without them, the state ' +
    'machine is missing from the traces of the functions that it invokes. Neither the deployment nor the ' +
    'execution reports an error.',
  fix:
    'Attach the AWS managed policy AWSXRayDaemonWriteAccess to the role, or allow the four actions on *. SAM ' +
    'does this for a state machine without a role of its own if Tracing.Enabled is a literal true, and CDK for ' +
    'its own role.',
  source: {
    title: 'Trace Step Functions request data in AWS X-Ray',
    url: 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-xray-tracing.html',
  },
  examples: {
    incorrect: `Resources:
  Orders:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: !GetAtt Role.Arn
      TracingConfiguration: { Enabled: true }
  Role:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns:
        - arn:aws:iam::aws:policy/service-role/AWSLambdaRole`,
    correct: `Resources:
  Orders:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: !GetAtt Role.Arn
      TracingConfiguration: { Enabled: true }
  Role:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns:
        - arn:aws:iam::aws:policy/service-role/AWSLambdaRole
        - arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess`,
    typescript: `new StateMachine(this, 'Orders', {
  definitionBody: DefinitionBody.fromChainable(new Pass(this, 'Done')),
  tracingEnabled: true, // also adds the permissions
});`,
    sam: `Resources:
  Orders:
    Type: AWS::Serverless::StateMachine
    Properties:
      Tracing: { Enabled: true }
      Policies: [AWSXRayDaemonWriteAccess]
      Definition: { StartAt: Done, States: { Done: { Type: Succeed } } }`,
  },
  repairs: ['safe'],
  check: (model) => model.stateMachines.flatMap(findingsFor),
};

/** Reports a role that lacks an action under conditions that also turn tracing on. */
function findingsFor({ resource, roles, roleProperty, isTracedWhen, permissions }: StateMachine): Finding[] {
  const lacking = permissions.find(
    ({ value, when }) => value.state === 'missing' && isTracedWhen(when),
  )?.value;
  if (!lacking) return [];
  const name = nameOf(resource);
  return [
    findingOn(resource, {
      property: roleProperty,
      message: `Tracing is on for state machine '${name}', but ${rolePhrase(roles, resource)} does not allow ${listAll(lacking.missing)}, which Step Functions needs to trace executions.`,
      fix: permissionFix(lacking, resource),
      fixes: permissionFixes(lacking, resource, roles),
    }),
  ];
}
