import { nameOf } from '../cloudformation/template';
import type { LambdaFunction } from '../lambda/lambda-function';
import type { TracingModel } from '../model/tracing-model';
import { andCases, nearestRecording, type Reach } from '../trace-map/reachability';
import type { TraceNode } from '../trace-map/trace-map';
import { activationFixes, sentence } from './fixes';
import { activationEdits } from './template-fixes';
import { type Finding, findingOn, type Rule } from './rule';
import { alwaysHasMode, hasUnsupportedSource, untracedPhrase } from './wording';

export const BROKEN_TRACE: Rule = {
  id: 'LambdaXRay-BrokenTrace',
  title: 'Functions on the path of a trace should use active tracing',
  problem: 'Function without active tracing on the path of a trace',
  severity: 'warning',
  standsFor: ['LambdaXRay-ActiveTracing', 'LambdaXRay-ExplicitMode'],
  rationale:
    "A function that is PassThrough, or has no mode, records nothing even when its caller's trace is sampled. " +
    'Its nodes are missing in the middle of the trace, and what it calls is disconnected from the trace.',
  fix:
    'Set the tracing mode of the function to Active. If it must stay PassThrough because X-Ray does not ' +
    'support one of its event sources, use a separate function for the traced callers.',
  source: {
    title: 'Visualize Lambda function invocations using AWS X-Ray',
    url: 'https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html',
  },
  examples: {
    incorrect: `Resources:
  Jobs:
    Type: AWS::SQS::Queue
  Intake:
    Type: AWS::Serverless::Function
    Properties:
      Tracing: Active
      Policies: [{ SQSSendMessagePolicy: { QueueName: !GetAtt Jobs.QueueName } }]
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Tracing: PassThrough
      Events:
        Jobs: { Type: SQS, Properties: { Queue: !GetAtt Jobs.Arn } }`,
    correct: `Resources:
  Jobs:
    Type: AWS::SQS::Queue
  Intake:
    Type: AWS::Serverless::Function
    Properties:
      Tracing: Active
      Policies: [{ SQSSendMessagePolicy: { QueueName: !GetAtt Jobs.QueueName } }]
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Tracing: Active
      Events:
        Jobs: { Type: SQS, Properties: { Queue: !GetAtt Jobs.Arn } }`,
    typescript: `const jobs = new Queue(this, 'Jobs');
const intake = new lambda.Function(this, 'Intake', props);
jobs.grantSendMessages(intake);
const worker = new lambda.Function(this, 'Worker', props);
worker.addEventSource(new SqsEventSource(jobs));
LambdaTracing.of(this).active();`,
    cloudFormation: `Resources:
  Jobs:
    Type: AWS::SQS::Queue
  Intake:
    Type: AWS::Lambda::Function
    Properties:
      TracingConfig: { Mode: Active }
      Role: !GetAtt Role.Arn
  Role:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns: [arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess]
      Policies:
        - PolicyName: send
          PolicyDocument:
            Statement: [{ Effect: Allow, Action: sqs:SendMessage, Resource: !GetAtt Jobs.Arn }]
  Worker:
    Type: AWS::Lambda::Function
    Properties:
      TracingConfig: { Mode: Active }
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties: { FunctionName: !Ref Worker, EventSourceArn: !GetAtt Jobs.Arn }`,
  },
  repairs: ['safe', 'suggested'],
  check: (model: TracingModel) => {
    // Building the trace map takes as long as all other rules together, and most apps have no finding here.
    if (model.functions.every((fn) => alwaysHasMode(fn, 'Active'))) return [];
    const { traceMap } = model;
    const before = nearestRecording(traceMap, 'incoming');
    const after = nearestRecording(traceMap, 'outgoing');
    const activate = activationFixes(model.functions);
    return traceMap.nodes.flatMap((node) => {
      const to = before.get(node)?.find(({ recording }) => recording === 'no');
      if (!to || !node.function) return [];
      const from = after.get(node)?.find(({ when }) => andCases(to.when, when));
      const path = [...pathTo(to), node, ...pathFrom(from)];
      return [findingFor(node, node.function, path, activate(node.function))];
    });
  },
};

function pathTo(last: Reach): TraceNode[] {
  const path: TraceNode[] = [];
  for (let reach: Reach | undefined = last; reach; reach = reach.before) path.unshift(reach.edge.from);
  return path;
}

function pathFrom(first: Reach | undefined): TraceNode[] {
  const path: TraceNode[] = [];
  for (let reach = first; reach; reach = reach.before) path.push(reach.edge.to);
  return path;
}

function findingFor(
  { name }: TraceNode,
  fn: LambdaFunction,
  path: readonly TraceNode[],
  activation: string,
): Finding {
  const { resource, modeProperty } = fn;
  const nodes = path.map((node) => `'${node.name}'`).join(' → ');
  return findingOn(resource, {
    property: modeProperty,
    message: `Function '${name}' ${untracedPhrase(fn)} on the traced path ${nodes}. Without active tracing, it records nothing and breaks the trace.`,
    fix: hasUnsupportedSource(fn)
      ? `Use a separate function for the traced callers of '${nameOf(resource)}'. It must stay PassThrough because X-Ray does not support one of its event sources.`
      : sentence(activation),
    fixes: hasUnsupportedSource(fn) ? [] : activationEdits(fn),
    related: path.flatMap((node) => (node.resource && node.resource !== resource ? [node.resource] : [])),
  });
}
