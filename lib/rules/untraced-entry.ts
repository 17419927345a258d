import { kinds, SERVICES } from '../model/paths/services';
import type { TraceNode } from '../model/paths/trace-map';
import type { Finding, Rule } from './rule';

export const UNTRACED_ENTRY: Rule = {
  id: 'LambdaXRay-UntracedEntry',
  title: 'What alone calls an Active function is traced, where it can be',
  severity: 'info',
  rationale:
    'Where nothing that calls a function is traced, its traces begin at the function: the time that the request has ' +
    'spent before is not in them, and Lambda samples by its own fixed rate instead of the rules of the caller. REST APIs, state ' +
    'machines, SNS topics and GraphQL APIs can be traced.',
  fix: 'Turn tracing on for the caller. With CDK, LambdaTracing.of(scope).active({ callers: true }) does so for all.',
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
    const untraced = traceMap.nodes.filter(isUntraced);
    const entries = new Map<TraceNode, TraceNode[]>(untraced.map((node) => [node, []]));
    for (const node of traceMap.nodes) {
      const callers = new Set(node.incoming.map(({ from }) => from));
      if (node.kind !== 'function' || node.recording !== 'yes') continue;
      if (![...callers].every((caller) => entries.has(caller))) continue;
      for (const caller of callers) entries.get(caller)!.push(node);
    }
    return [...entries].flatMap(([caller, called]) => (called.length > 0 ? findingOf(caller, called) : []));
  },
};

/** The types of resource that are, or belong to, callers that can be traced; and that of which SAM makes an API. */
const TRACEABLE_TYPES: ReadonlySet<string> = new Set([
  ...kinds().flatMap(([kind, service]) => (kind === 'function' ? [] : Object.keys(service.switch ?? {}))),
  'AWS::Serverless::Function',
]);

/** A caller that could be traced and surely isn't. */
function isUntraced({ kind, recording }: TraceNode): boolean {
  return kind !== 'function' && recording === 'no';
}

const MAX_NAMED = 3;

function findingOf({ kind, name, switch: property }: TraceNode, called: readonly TraceNode[]): Finding[] {
  if (!property) return [];
  const names = called.slice(0, MAX_NAMED).map((node) => `'${node.name}'`);
  const more = called.length - names.length;
  const whom = [...names, ...(more > 0 ? [`${more} more`] : [])].join(', ');
  const service = SERVICES[kind];
  const consequence = service.isPassive
    ? 'it is missing in their traces'
    : 'their traces begin at the function';
  return [
    {
      resource: property.resource,
      logicalId: property.resource.logicalId,
      property: property.property,
      message: `'${name}' (${service.title}) could be traced and is not, and nothing that is traced calls ${whom}: ${consequence}.`,
      fix: `Set ${property.property} of '${name}' to ${property.value}.`,
      related: called.flatMap(({ resource }) => resource ?? []),
    },
  ];
}
