import { Roles } from '../../lib/iam/roles';
import { FunctionReferences } from '../../lib/lambda/function-references';
import { buildTraceMap } from '../../lib/trace-map/build-trace-map';
import type { Service } from '../../lib/trace-map/service';
import { SERVICES } from '../../lib/trace-map/services';
import type { TraceMap } from '../../lib/trace-map/trace-map';
import { lambda, type Resources, stacks } from '../rules/templates';
import { edgeLine } from './edge-lines';

/** A service that AWS does not have: the object that a file of `services/` would export. */
const PARROTS: { parrot: Service } = {
  parrot: {
    title: 'Amazon Parrot',
    source: { title: 'Amazon Parrot and AWS X-Ray', url: 'https://docs.aws.amazon.com/parrot/x-ray.html' },
    types: ['AWS::Parrot::Cage'],
    arn: { service: 'parrot', prefix: 'cage/' },
    nameProperty: 'CageName',
    aliases: { 'AWS::Parrot::Perch': ['Cage'] },
    propagation: 'propagates',
    invocation: 'asynchronous',
    tracingProperty: { 'AWS::Parrot::Cage': ['Speech.Tracing', 'On'] },
    callActions: ['parrot:Feed', 'parrot:Look'],
    readActions: ['parrot:Look'],
    isReadByCalls: true,
    stateMachineIntegration: { services: ['parrot'], actions: /^feed$/, paths: [['Cage']] },
    apiIntegration: { actions: /^Feed$/, nameSegment: 1 },
    universalTarget: { action: 'parrot:feed', parameter: 'Cage' },
    failureTargets: { 'AWS::Parrot::Cage': ['DeadLetters'] },
    connections: {
      'AWS::Parrot::Cage': (cage, map) => {
        map.call(map.node(cage)!, cage.properties.Listener, { source: cage });
      },
    },
    fallbackConnections: {
      'AWS::Parrot::Swarm': (swarm, map) => {
        for (const cage of map.resolveAs('parrot' as 'service', swarm.properties.Cage, swarm)) {
          map.call(cage, swarm.properties.Target, { source: swarm, isCertain: false });
        }
      },
    },
    samEvents: { Parrot: { property: 'Cage' }, ParrotChick: 'generated' },
  },
};

const ARN = 'arn:aws:parrot:eu-west-1:111122223333:cage/polly';
const CAGE = { Cage: { Type: 'AWS::Parrot::Cage', Properties: { CageName: 'polly' } } };
const one = (type: string, properties: object) => ({ Type: `AWS::${type}`, Properties: properties });

function mapWithParrots(resources: Resources): TraceMap {
  const references = new FunctionReferences(stacks([resources]));
  const { resolver } = references;
  const all = resolver.templates.flatMap((template) => [...template.resources.values()]);
  return buildTraceMap(all, new Map(), references, new Roles(resolver, all), { ...SERVICES, ...PARROTS });
}

function functionWithPolicy(Action: string, Resource: unknown): Resources {
  const Policies = [{ Statement: [{ Effect: 'Allow', Action, Resource }] }];
  return { Fn: one('Serverless::Function', { Policies }) };
}

test.each<[fact: string, Resources, string[]]>([
  [
    'its types, connections, propagation and invocation',
    {
      Cage: one('Parrot::Cage', { Listener: { 'Fn::GetAtt': ['Fn', 'Arn'] } }),
      Fn: lambda(),
    },
    ['Cage -propagates-> Fn (asynchronous)'],
  ],
  [
    'its tracing property',
    {
      Cage: one('Parrot::Cage', { Speech: { Tracing: 'On' }, Listener: { 'Fn::GetAtt': ['Fn', 'Arn'] } }),
      Fn: lambda(),
    },
    ['Cage -starts-> Fn (asynchronous)'],
  ],
  [
    'its ARN form and name property',
    { ...CAGE, Pipe: one('Pipes::Pipe', { Target: ARN }) },
    ['Pipe -breaks-> Cage'],
  ],
  [
    'its aliases',
    {
      ...CAGE,
      Perch: one('Parrot::Perch', { Cage: { Ref: 'Cage' } }),
      Pipe: one('Pipes::Pipe', { Target: { Ref: 'Perch' } }),
    },
    ['Pipe -breaks-> Cage'],
  ],
  [
    'its call actions',
    { ...CAGE, ...functionWithPolicy('parrot:F*', { Ref: 'Cage' }) },
    ['Fn -propagates-> Cage'],
  ],
  [
    'its read actions',
    { ...CAGE, ...functionWithPolicy('parrot:Look', { Ref: 'Cage' }) },
    ['Fn -breaks-> Cage'],
  ],
  [
    'its reads by SAM connectors',
    {
      ...CAGE,
      Fn: lambda(),
      Link: one('Serverless::Connector', {
        Source: { Id: 'Fn' },
        Destination: { Id: 'Cage' },
        Permissions: ['Read'],
      }),
    },
    ['Fn -breaks-> Cage'],
  ],
  [
    'its state machine integration',
    {
      ...CAGE,
      Flow: one('StepFunctions::StateMachine', {
        Definition: {
          States: {
            S: { Resource: 'arn:aws:states:::aws-sdk:parrot:feed', Parameters: { Cage: 'polly' } },
            T: { Resource: 'arn:aws:states:::aws-sdk:parrot:look', Parameters: { Cage: 'molly' } },
          },
        },
      }),
    },
    ['Flow -propagates-> Cage'],
  ],
  [
    'its API Gateway integration',
    {
      ...CAGE,
      Method: one('ApiGateway::Method', {
        RestApiId: 'abc',
        Integration: {
          Uri: 'arn:aws:apigateway:eu-west-1:parrot:cages/polly',
          RequestParameters: { 'integration.request.querystring.Action': "'Feed'" },
        },
      }),
    },
    ['abc -propagates-> Cage'],
  ],
  [
    'its universal target',
    {
      ...CAGE,
      Daily: one('Scheduler::Schedule', {
        Target: { Arn: 'arn:aws:scheduler:::aws-sdk:parrot:feed', Input: '{"Cage": "polly"}' },
      }),
    },
    ['Daily -breaks-> Cage'],
  ],
  [
    'its SAM events',
    {
      ...CAGE,
      Fn: one('Serverless::Function', {
        Events: { Old: { Type: 'Parrot', Properties: { Cage: 'polly' } }, New: { Type: 'ParrotChick' } },
      }),
    },
    ['Cage -propagates-> Fn (asynchronous)', 'FnNew -propagates-> Fn (asynchronous)'],
  ],
  [
    'its fallback connections',
    {
      Swarm: one('Parrot::Swarm', { Cage: 'polly', Target: { 'Fn::GetAtt': ['Fn', 'Arn'] } }),
      Fn: lambda(),
    },
    ['polly -propagates-> Fn (asynchronous) ?'],
  ],
])('one object adds a service with %s', (_, resources, expected) => {
  expect(mapWithParrots(resources).edges.map(edgeLine)).toEqual(expected);
});

test('one object adds a service with its failure targets', () => {
  const resources = {
    Cage: one('Parrot::Cage', { DeadLetters: { 'Fn::GetAtt': ['Queue', 'Arn'] } }),
    Queue: one('SQS::Queue', {}),
  };
  const { failureTargets } = mapWithParrots(resources);
  expect([...failureTargets].map(({ name }) => name)).toEqual(['Queue']);
});
