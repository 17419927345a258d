import { mayAddResources, nameOf } from '../cloudformation/template';
import type { LambdaFunction } from '../lambda/lambda-function';
import { isSearched } from '../model/tracing-model';
import { listNames } from '../text/printable';
import { neverSampled } from '../trace-map/reachability';
import type { TraceNode } from '../trace-map/trace-map';
import { type Finding, findingOn, type Rule } from './rule';
import { canHaveMode, hasUnsupportedSource } from './wording';

export const NEVER_SAMPLED: Rule = {
  id: 'LambdaXRay-NeverSampled',
  title: 'Active functions should have a caller that can start a trace',
  problem: 'Active function that may record nothing',
  severity: 'info',
  rationale:
    'The first function that receives a request decides whether to sample it. A function that is not Active ' +
    'decides not to, and the AWS SDKs forward that decision to the functions that it invokes, which follow it. An ' +
    'Active function with only such callers may therefore record nothing. The Lambda Developer Guide describes this ' +
    'behavior. However, AWS test results for the newer PassThrough mode show sampled requests behind such a caller. ' +
    'To verify the finding, log the environment variable _X_AMZN_TRACE_ID in the function: Sampled=0 confirms it. With ' +
    'Transaction Search, in the templates or by --transaction-search, Lambda captures spans without sampling, and the ' +
    'rule reports nothing.',
  fix: 'Set the tracing mode of the first function of the path to Active.',
  source: {
    title: 'Visualize Lambda function invocations using AWS X-Ray',
    url: 'https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html',
  },
  examples: {
    incorrect: `Resources:
  Clicks:
    Type: AWS::Kinesis::Stream
  Filter:
    Type: AWS::Serverless::Function
    Properties:
      Tracing: PassThrough
      Policies: [{ LambdaInvokePolicy: { FunctionName: !Ref Worker } }]
      Environment: { Variables: { WORKER: !Ref Worker } }
      Events:
        Clicks: { Type: Kinesis, Properties: { Stream: !GetAtt Clicks.Arn, StartingPosition: LATEST } }
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Tracing: Active`,
    correct: `Resources:
  Clicks:
    Type: AWS::Kinesis::Stream
  Filter:
    Type: AWS::Serverless::Function
    Properties:
      Tracing: Active
      Policies: [{ LambdaInvokePolicy: { FunctionName: !Ref Worker } }]
      Environment: { Variables: { WORKER: !Ref Worker } }
      Events:
        Clicks: { Type: Kinesis, Properties: { Stream: !GetAtt Clicks.Arn, StartingPosition: LATEST } }
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Tracing: Active`,
    typescript: `const filter = new lambda.Function(this, 'Filter', props);
const worker = new lambda.Function(this, 'Worker', props);
worker.grantInvoke(filter);
LambdaTracing.of(this).active(); // both functions`,
    cloudFormation: `Resources:
  Filter:
    Type: AWS::Lambda::Function
    Properties:
      TracingConfig: { Mode: Active }
      Role: !GetAtt Role.Arn
      Environment: { Variables: { WORKER: !Ref Worker } }
  Role:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns: [arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess]
      Policies:
        - PolicyName: invoke
          PolicyDocument:
            Statement: [{ Effect: Allow, Action: lambda:InvokeFunction, Resource: !GetAtt Worker.Arn }]
  Worker:
    Type: AWS::Lambda::Function
    Properties:
      TracingConfig: { Mode: Active }`,
  },
  check: (model) => {
    const { functions } = model;
    // Building the trace map takes as long as all other rules together.
    const isMixed =
      functions.some((fn) => canHaveMode(fn, 'Active')) &&
      functions.some((fn) => canHaveMode(fn, 'PassThrough') || canHaveMode(fn, 'unset'));
    if (!isMixed) return [];
    // A macro can add other callers.
    if (model.templates.some(mayAddResources)) return [];
    return [...neverSampled(model.traceMap)].flatMap(([node, deciding]) =>
      node.function && !isSearched(node.function.resource, model)
        ? [findingFor(node.function, deciding)]
        : [],
    );
  },
};

const MAX_NAMES = 3;

function findingFor({ resource, modeProperty }: LambdaFunction, deciding: readonly TraceNode[]): Finding {
  const name = nameOf(resource);
  const names = listNames(
    deciding.map((node) => `'${node.name}'`),
    MAX_NAMES,
  );
  const canBeActive = deciding.every((node) => node.function && canRecord(node.function));
  return findingOn(resource, {
    property: modeProperty,
    message: `Function '${name}' is Active, but may record nothing. In these templates, its requests come only from ${names}, without active tracing. Lambda likely decides there not to sample them.`,
    fix:
      (canBeActive
        ? `Set the tracing mode of ${names} to Active, so that the trace starts there.`
        : `X-Ray does not support ${names}. Invoke '${name}' through a service that starts a trace of its own, or accept the gap.`) +
      ` To verify the finding, log _X_AMZN_TRACE_ID in '${name}': Sampled=0 confirms it.`,
    related: deciding.flatMap((node) => node.resource ?? []),
  });
}

/** False for a function that must not be Active. */
function canRecord(fn: LambdaFunction): boolean {
  return !fn.isEdgeFunction && !hasUnsupportedSource(fn);
}
