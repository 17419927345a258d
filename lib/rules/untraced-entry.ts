import type { Resource } from '../cloudformation/template';
import type { TracingModel } from '../model/tracing-model';
import { listNames } from '../text/list-names';
import { nearestRecording } from '../trace-map/reachability';
import type { Service } from '../trace-map/service';
import { SERVICES } from '../trace-map/services';
import { isGeneratedBySam } from '../trace-map/services/api-gateway/sam-api';
import type { TraceEdge, TraceNode } from '../trace-map/trace-map';
import type { Finding, Rule } from './rule';

export const UNTRACED_ENTRY: Rule = {
  id: 'LambdaXRay-UntracedEntry',
  title: 'What alone calls an Active function is traced, where it can be',
  severity: 'info',
  rationale:
    'Where nothing that calls a function is traced, its traces begin at the function: the time that the request has ' +
    'spent before is not in them, and Lambda samples by its own fixed rate instead of the rules of the caller. REST APIs, state ' +
    'machines, SNS topics and GraphQL APIs can be traced.',
  fix:
    'Turn tracing on for the caller. The role of a state machine also needs AWSXRayDaemonWriteAccess, and a topic a ' +
    'resource policy of X-Ray. With CDK, LambdaTracing.of(scope).active({ callers: true }) does all that for the ' +
    'callers that an app makes.',
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
  },
  check: (model) => {
    // To draw the map costs as much as to judge by all other rules.
    if (!model.resources.some(({ type }) => TRACEABLE_TYPES.has(type))) return [];
    const { traceMap } = model;
    const reached = nearestRecording(traceMap, 'incoming');
    const isReached: IsReached = (node) => reached.has(node) || node.incoming.some(mayBringTrace);
    const untraced = traceMap.nodes.filter((node) => isUntraced(node, isReached));
    const entries = new Map<TraceNode, TraceNode[]>(untraced.map((node) => [node, []]));
    for (const node of traceMap.nodes) {
      if (node.kind !== 'function' || node.recording !== 'yes') continue;
      const callers = new Set(node.incoming.map(({ from }) => from).filter((from) => from !== node));
      if (![...callers].every((caller) => entries.has(caller))) continue;
      for (const caller of callers) entries.get(caller)!.push(node);
    }
    return [...entries].flatMap(([caller, called]) =>
      called.length > 0 && hasWhatToRecord(caller, isReached)
        ? findingOf(caller, called, isReached(caller), model)
        : [],
    );
  },
};

/** The types of resource that are, or belong to, callers that can be traced; and that of which SAM makes an API. */
const TRACEABLE_TYPES: ReadonlySet<string> = new Set([
  ...Object.entries(SERVICES).flatMap(([kind, service]) =>
    kind === 'function' ? [] : Object.keys(service.tracingProperty ?? {}),
  ),
  'AWS::Serverless::Function',
]);

/** Whether a trace comes to what can be traced, as far as that can be told, or may come. */
type IsReached = (node: TraceNode) => boolean;

function mayBringTrace({ propagation, from, to }: TraceEdge): boolean {
  return propagation !== 'breaks' && from.recording === 'yes' && from !== to;
}

/** A caller that could be traced and surely isn't: not by the traces of what calls it, either. */
function isUntraced(node: TraceNode, isReached: IsReached): boolean {
  const { kind, recording } = node;
  const { joinsTraces }: Service = SERVICES[kind];
  if (joinsTraces && isReached(node)) return false;
  return kind !== 'function' && recording === 'no';
}

/** Whether it would record more if it were told to: a topic to which alarms alone publish has nothing to record. */
function hasWhatToRecord(node: TraceNode, isReached: IsReached): boolean {
  const { recordsSampledOnly }: Service = SERVICES[node.kind];
  if (!recordsSampledOnly || node.incoming.length === 0) return true;
  return node.incoming.some((call) => canBringTrace(call, isReached));
}

/** "SQS and SNS […] won't appear in your trace or trace map when triggered by S3" ("Amazon S3 and AWS X-Ray"). */
function canBringTrace({ propagation, from }: TraceEdge, isReached: IsReached): boolean {
  if (propagation === 'breaks' || from.kind === 'bucket') return false;
  return from.kind !== 'function' || from.recording !== 'no' || isReached(from);
}

const MAX_NAMED = 3;

function findingOf(
  { kind, name, tracingProperty: property }: TraceNode,
  called: readonly TraceNode[],
  isReached: boolean,
  model: TracingModel,
): Finding[] {
  if (!property) return [];
  const names = called.map((node) => `'${node.name}'`);
  const whom = listNames(names, MAX_NAMED);
  const service: Service = SERVICES[kind];
  // What hands on the trace that it got is missing in it, and no more.
  const isMissing = service.recordsSampledOnly || (isReached && service.propagation !== 'breaks');
  const consequence = isMissing ? 'it is missing in their traces' : 'their traces begin at the function';
  const place = locationOf(property, name, called[0], alsoNeeded(property.resource, model));
  return [
    {
      ...place,
      message: `'${name}' (${service.title}) could be traced and is not, and nothing that is traced calls ${whom}: ${consequence}.`,
      related: called.flatMap(({ resource }) => (resource && resource !== place.resource ? [resource] : [])),
    },
  ];
}

type TracingProperty = NonNullable<TraceNode['tracingProperty']>;

/** "IAM policies for using AWS X-Ray in Step Functions" (AWS Step Functions Developer Guide). */
const STATE_MACHINES: readonly string[] = Object.keys(SERVICES['state-machine'].tracingProperty ?? {});

/** Where the switch is; for an API that SAM makes, the events of a function for which it does so. */
function locationOf(
  { resource, property, value }: TracingProperty,
  name: string,
  called: TraceNode,
  also: string,
): Pick<Finding, 'resource' | 'logicalId' | 'property' | 'fix'> {
  const { logicalId } = resource;
  return isGeneratedBySam(resource) && called.resource
    ? {
        resource: called.resource,
        logicalId: called.resource.logicalId,
        property: 'Events',
        fix: `Set ${property} to ${value} in Globals.Api, by which SAM makes '${name}'.`,
      }
    : { resource, logicalId, property, fix: `Set ${property} of '${name}' to ${value}${also}.` };
}

/** What else it takes for the traces to arrive, where that is not there already, or SAM sees to it. */
function alsoNeeded(resource: Resource, { topics }: TracingModel): string {
  const { type, properties } = resource;
  const hasRole = type === 'AWS::StepFunctions::StateMachine' || properties.Role !== undefined;
  if (STATE_MACHINES.includes(type) && hasRole) {
    return ', and attach AWSXRayDaemonWriteAccess to its role, unless that may write to X-Ray already';
  }
  const topic = topics.find((known) => known.resource === resource);
  return topic?.resourcePolicies.length === 0
    ? ', and add an AWS::XRay::ResourcePolicy that allows sns.amazonaws.com xray:PutTraceSegments for it'
    : '';
}
