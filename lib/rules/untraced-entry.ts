import { casesWithout, combineCases } from '../cloudformation/possible';
import { effectiveProperties } from '../cloudformation/sam-globals';
import type { Resource } from '../cloudformation/template';
import { valueAt } from '../cloudformation/template-edit';
import type { TracingModel } from '../model/tracing-model';
import { listNames } from '../text/printable';
import { nearestRecording } from '../trace-map/reachability';
import type { Service } from '../trace-map/service';
import { SERVICES } from '../trace-map/services';
import { isGeneratedBySam } from '../trace-map/services/sam';
import type { TraceEdge, TraceNode } from '../trace-map/trace-map';
import { callerFix, cdkCallerCode, sentence, sourceKindOf } from './fixes';
import { type Finding, findingOn, type Rule, type TemplateFix } from './rule';
import { globalFixes, propertyFixes, topicPolicyFixes } from './template-fixes';
import { policyForTopic } from './topic-resource-policy';

export const UNTRACED_ENTRY: Rule = {
  id: 'LambdaXRay-UntracedEntry',
  title: 'Services that invoke an Active function should have tracing on',
  problem: 'Untraced caller of an Active function',
  severity: 'info',
  rationale:
    "If no service that invokes a function is traced, its traces start at the function. They don't include " +
    "the time that the request spent before, and Lambda samples at its own fixed rate instead of the caller's " +
    'sampling rules. REST APIs, state machines, SNS topics and GraphQL APIs can be traced.',
  fix:
    'Turn on tracing for the caller. The role of a state machine also needs AWSXRayDaemonWriteAccess, and a ' +
    'topic needs an X-Ray resource policy. With CDK, LambdaTracing.of(scope).active({ callers: true }) does ' +
    'all of this for the callers in the app.',
  source: {
    title: 'Integrating AWS X-Ray with other AWS services',
    url: 'https://docs.aws.amazon.com/xray/latest/devguide/xray-services.html',
  },
  examples: {
    incorrect: `Resources:
  Orders:
    Type: AWS::SNS::Topic
    Properties:
      Subscription: [{ Protocol: lambda, Endpoint: !GetAtt Fn.Arn }]
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      TracingConfig: { Mode: Active }`,
    correct: `Resources:
  Orders:
    Type: AWS::SNS::Topic
    Properties:
      TracingConfig: Active
      Subscription: [{ Protocol: lambda, Endpoint: !GetAtt Fn.Arn }]
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      TracingConfig: { Mode: Active }`,
    typescript: `const orders = new Topic(this, 'Orders');
orders.addSubscription(new LambdaSubscription(new lambda.Function(this, 'Fn', props)));
LambdaTracing.of(this).active({ callers: true });`,
    sam: `Globals:
  Api: { TracingEnabled: true }
Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Tracing: Active
      Events:
        Orders: { Type: Api, Properties: { Path: /orders, Method: post } }`,
  },
  repairs: ['safe', 'suggested'],
  check: (model) => {
    // Building the trace map takes as long as all other rules together.
    if (!model.resources.some(({ type }) => TRACEABLE_TYPES.has(type))) return [];
    const { traceMap } = model;
    const reached = nearestRecording(traceMap, 'incoming');
    const receivesTrace: ReceivesTrace = (node) => reached.has(node) || node.incoming.some(mayBringTrace);
    return [...functionsByUntracedCaller(traceMap.nodes, receivesTrace)].flatMap(([caller, functions]) =>
      functions.length > 0 && hasAnythingToRecord(caller, receivesTrace)
        ? findingsFor(caller, functions, receivesTrace(caller), model)
        : [],
    );
  },
};

/** The types of resources that are, or belong to, traceable callers, and the type from which SAM creates an API. */
const TRACEABLE_TYPES: ReadonlySet<string> = new Set([
  ...Object.entries(SERVICES).flatMap(([kind, service]) =>
    kind === 'function' ? [] : Object.keys(service.tracingProperty ?? {}),
  ),
  'AWS::Serverless::Function',
]);

/** True if a node receives a trace, or if that is unknown. */
type ReceivesTrace = (node: TraceNode) => boolean;

function mayBringTrace({ propagation, from, to }: TraceEdge): boolean {
  return propagation !== 'breaks' && from.recording === 'yes' && from !== to;
}

/** Returns the untraced callers, each with the Active functions that, in some case, only untraced callers invoke. */
function functionsByUntracedCaller(
  nodes: readonly TraceNode[],
  receivesTrace: ReceivesTrace,
): Map<TraceNode, TraceNode[]> {
  const functions = new Map<TraceNode, TraceNode[]>(
    nodes.filter((node) => isUntraced(node, receivesTrace)).map((node) => [node, []]),
  );
  for (const node of nodes) {
    if (node.kind !== 'function' || node.recording !== 'yes') continue;
    const calls = node.incoming.filter(({ from }) => from !== node);
    const traced = calls.filter(({ from }) => !functions.has(from));
    const cases = casesWithout(
      node.recordings.map(({ when }) => when),
      traced.flatMap(({ when }) => when),
    );
    const untraced = calls.filter(({ when }) => combineCases(cases, when).length > 0);
    for (const caller of new Set(untraced.map(({ from }) => from))) functions.get(caller)!.push(node);
  }
  return functions;
}

/** True if a service other than Lambda can be traced but records nothing, not even traces that it joins. */
function isUntraced(node: TraceNode, receivesTrace: ReceivesTrace): boolean {
  const { kind, recording } = node;
  const { joinsTraces }: Service = SERVICES[kind];
  if (joinsTraces && receivesTrace(node)) return false;
  return kind !== 'function' && recording === 'no';
}

/** False for a service that records only sampled traces and receives none, such as a topic with only alarms. */
function hasAnythingToRecord(node: TraceNode, receivesTrace: ReceivesTrace): boolean {
  const { recordsSampledOnly }: Service = SERVICES[node.kind];
  if (!recordsSampledOnly || node.incoming.length === 0) return true;
  return node.incoming.some((call) => canBringTrace(call, receivesTrace));
}

/** "SQS and SNS […] won't appear in your trace or trace map when triggered by S3" ("Amazon S3 and AWS X-Ray"). */
function canBringTrace({ propagation, from }: TraceEdge, receivesTrace: ReceivesTrace): boolean {
  if (propagation === 'breaks' || from.kind === 'bucket') return false;
  return from.kind !== 'function' || from.recording !== 'no' || receivesTrace(from);
}

const MAX_NAMES = 3;

function findingsFor(
  { kind, name, tracingProperty }: TraceNode,
  functions: readonly TraceNode[],
  isReached: boolean,
  model: TracingModel,
): Finding[] {
  if (!tracingProperty) return [];
  const names = listNames(
    functions.map((node) => `'${node.name}'`),
    MAX_NAMES,
  );
  const service: Service = SERVICES[kind];
  // Traces that such a service propagates start before it.
  const isMissing = service.recordsSampledOnly || (isReached && service.propagation !== 'breaks');
  const effect = isMissing ? `traces don't include '${name}'` : 'traces start at the function';
  const { resource, ...location } = locationOf(tracingProperty, name, functions[0], model);
  return [
    findingOn(resource, {
      ...location,
      message: `Tracing is off for '${name}' (${service.title}), and no traced service invokes ${names}, so ${effect}.`,
      related: functions.flatMap((node) =>
        node.resource && node.resource !== resource ? [node.resource] : [],
      ),
    }),
  ];
}

type TracingProperty = NonNullable<TraceNode['tracingProperty']>;

/** Returns the property that turns tracing on. For an API that SAM creates, that is in Globals: the function is reported. */
function locationOf(
  { resource, property, value }: TracingProperty,
  name: string,
  fn: TraceNode,
  model: TracingModel,
): Pick<Finding, 'resource' | 'property' | 'fix' | 'fixes'> {
  if (resource.type === 'AWS::ApiGateway::Deployment') {
    // CloudFormation creates a stage by its StageName, but rejects a StageDescription once the stage exists.
    return {
      resource,
      property: 'StageName',
      fix:
        sourceKindOf(resource) === 'Serverless Framework'
          ? FRAMEWORK_STAGE_FIX
          : `Create the stage by an AWS::ApiGateway::Stage with TracingEnabled: true instead of by StageName of '${name}'. CloudFormation can't change StageDescription of a stage that exists already. Use another stage name, or delete the old stage first.`,
    };
  }
  return isGeneratedBySam(resource) && fn.resource
    ? {
        resource: fn.resource,
        property: 'Events',
        fix: `Set ${property} to ${value} in Globals.Api, from which SAM creates '${name}'.`,
        fixes: globalFixes(resource.template, ['Api', property], value === 'true'),
      }
    : {
        resource,
        property,
        fix: sentence(callerFix(resource, property, value, furtherSteps(resource, model))),
        fixes: callerFixes(resource, property, value, model),
      };
}

/** Returns the fixes that turn on the tracing of a caller. A topic without permission to write traces gets a policy too. */
function callerFixes(
  resource: Resource,
  property: string,
  value: string,
  { topics }: TracingModel,
): TemplateFix[] {
  const topic = topics.find((known) => known.resource === resource);
  const isPermitted = !topic?.permissions.some((permission) => permission.value.state === 'missing');
  const policies = topic && !isPermitted ? topicPolicyFixes(topic) : [];
  if (!isPermitted && policies.length === 0) return [];
  const path = property.split('.');
  const isOmitted = valueAt(effectiveProperties(resource), path) === undefined;
  const safety = isOmitted && isPermitted ? 'safe' : 'suggested';
  // The property of a topic without permission is not enough.
  const code = isPermitted ? cdkCallerCode(resource) : undefined;
  const fixes = propertyFixes(resource, path, { set: value === 'true' || value }, safety);
  return [...fixes.map((fix) => ({ ...fix, ...(code !== undefined && { code }) })), ...policies];
}

/** `update-stage.js` of the Serverless Framework calls API Gateway to turn the tracing of a stage on or off. */
const FRAMEWORK_STAGE_FIX =
  'Set provider.tracing.apiGateway to true in serverless.yml. If it is true already, acknowledge this finding: the ' +
  'framework turns tracing on after the deployment, and not in the template.';

/** "IAM policies for using AWS X-Ray in Step Functions" (AWS Step Functions Developer Guide). */
const STATE_MACHINES: readonly string[] = Object.keys(SERVICES['state-machine'].tracingProperty ?? {});

/** Returns the permissions to add for the traces to arrive, unless the templates or SAM add them. */
function furtherSteps(resource: Resource, { topics }: TracingModel): string {
  const { type, properties } = resource;
  const hasRole = type === 'AWS::StepFunctions::StateMachine' || properties.Role !== undefined;
  if (STATE_MACHINES.includes(type) && hasRole) {
    return ', and attach AWSXRayDaemonWriteAccess to its role, unless the role already allows writing to X-Ray';
  }
  const topic = topics.find((known) => known.resource === resource);
  return topic?.permissions.some(({ value }) => value.state === 'missing')
    ? `, and add ${policyForTopic('it')}`
    : '';
}
