import { nameOf } from '../cloudformation/template';
import { isUnsupported } from '../lambda/event-sources';
import type { LambdaFunction } from '../lambda/lambda-function';
import type { TracingModel } from '../model/tracing-model';
import { andCases } from '../trace-map/cases';
import { nearestRecording, type Reach } from '../trace-map/reachability';
import type { TraceNode } from '../trace-map/trace-map';
import type { Finding, Rule } from './rule';
import { untracedPhrase, alwaysHasMode } from './wording';

export const BROKEN_TRACE: Rule = {
  id: 'LambdaXRay-BrokenTrace',
  title: 'A function on the path of a trace is Active',
  severity: 'warning',
  rationale:
    'A trace is as good as its path. A function that is PassThrough, or has no mode, records nothing even when its ' +
    "caller's trace is sampled: its nodes are missing in the middle of the trace, and what it calls hangs in the air.",
  fix:
    'Set the tracing mode of the function to Active. Where it must stay PassThrough, because an event source feeds it ' +
    'that X-Ray does not support, give the traced callers a function of their own.',
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
  },
  check: (model: TracingModel) => {
    // Of most applications nothing is to be found, and to draw the map costs as much as to judge by all other rules.
    if (model.functions.every((fn) => alwaysHasMode(fn, 'Active'))) return [];
    const { traceMap } = model;
    const before = nearestRecording(traceMap, 'incoming');
    const after = nearestRecording(traceMap, 'outgoing');
    return traceMap.nodes.flatMap((node) => {
      const to = before.get(node)?.find(({ recording }) => recording === 'no');
      if (!to || !node.function) return [];
      const from = after.get(node)?.find(({ when }) => andCases(to.when, when));
      return [findingOf(node, node.function, [...pathTo(to), node, ...pathFrom(from)])];
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

function findingOf({ name }: TraceNode, fn: LambdaFunction, path: readonly TraceNode[]): Finding {
  const { resource, modeProperty, eventSourceMappings } = fn;
  const mustStay = eventSourceMappings.some(({ sources }) =>
    sources.some(({ value }) => isUnsupported(value.kind)),
  );
  return {
    resource,
    logicalId: resource.logicalId,
    property: modeProperty,
    message: `The function '${name}' ${untracedPhrase(fn)} on the path of traces ${path.map((node) => `'${node.name}'`).join(' → ')}: it records nothing there.`,
    fix: mustStay
      ? `Give what is traced and calls '${nameOf(resource)}' a function of its own: with its other event source, this one must stay PassThrough.`
      : `Set ${modeProperty} of '${nameOf(resource)}' to Active.`,
    related: path.flatMap((node) => (node.resource && node.resource !== resource ? [node.resource] : [])),
  };
}
