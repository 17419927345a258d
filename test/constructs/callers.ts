import { type App, CfnResource, type Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { LambdaTracing } from '../../lib/constructs/lambda-tracing';
import type { LambdaTracingActiveOptions } from '../../lib/constructs/tracing-props';
import { LambdaXRayChecks } from '../../lib/nag/lambda-xray-checks';
import { app, lambda, stackIn } from '../apps/app';
import { include } from '../apps/include';

/** The tracing property of each type of caller, with its values. */
export const TRACING_PROPERTIES: Readonly<
  Record<string, readonly [property: string, on: unknown, off: unknown]>
> = {
  'AWS::ApiGateway::Stage': ['TracingEnabled', true, false],
  'AWS::AppSync::GraphQLApi': ['XrayEnabled', true, false],
  'AWS::SNS::Topic': ['TracingConfig', 'Active', 'PassThrough'],
  'AWS::Serverless::Api': ['TracingEnabled', true, false],
  'AWS::Serverless::GraphQLApi': ['XrayEnabled', true, false],
  'AWS::Serverless::StateMachine': ['Tracing.Enabled', true, false],
  'AWS::StepFunctions::StateMachine': ['TracingConfiguration.Enabled', true, false],
};

/** The tracing setting of a caller: on, off or not set. */
export type Setting = boolean | undefined;

/** Creates a caller of a function. */
export type Make = (stack: Stack, fn: LambdaFunction, setting?: Setting) => unknown;

export const mode = (setting: Setting) =>
  setting === undefined ? undefined : setting ? 'Active' : 'PassThrough';
export const enabled = (setting: Setting) => (setting === undefined ? undefined : { enabled: setting });
export const ROLE_ARN = 'arn:aws:iam::111122223333:role/orders';
const STATES = new ServicePrincipal('states.amazonaws.com');

export function role(stack: Stack, id = 'StatesRole'): Role {
  return new Role(stack, id, { assumedBy: STATES });
}

export function uri(fn: LambdaFunction): string {
  return `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${fn.functionArn}/invocations`;
}

export function asl(resource: unknown) {
  return { StartAt: 'Call', States: { Call: { Type: 'Task', Resource: resource, End: true } } };
}

export function openApi(fn: LambdaFunction) {
  return {
    openapi: '3.0.1',
    info: { title: 'orders' },
    paths: {
      '/': { get: { 'x-amazon-apigateway-integration': { type: 'aws_proxy', uri: uri(fn) } } },
    },
  };
}

export function bare(
  stack: Stack,
  id: string,
  type: string,
  properties: Record<string, unknown>,
): CfnResource {
  return new CfnResource(stack, id, { type, properties });
}

/** Returns a resource of an included template, without undefined properties. */
export function included(stack: Stack, resources: Record<string, { Type: string; Properties: object }>) {
  include(stack, JSON.parse(JSON.stringify({ Resources: resources })) as object);
}

export const MACHINE = 'AWS::StepFunctions::StateMachine';

export interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
}

function resourcesOf(stack: Stack): [string, Resource][] {
  return Object.entries(Template.fromStack(stack).toJSON().Resources as Record<string, Resource>);
}

/** Returns the tracing settings of the callers in a stack. */
export function tracing(stack: Stack): unknown[] {
  return resourcesOf(stack)
    .filter(([, { Type: type }]) => type in TRACING_PROPERTIES)
    .map(([, { Type: type, Properties: properties }]) =>
      TRACING_PROPERTIES[type][0]
        .split('.')
        .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], properties),
    );
}

/** Synthesizes the template of a stack again. */
export function synthesized(stack: Stack): string {
  const assembly = (stack.node.root as App).synth({ force: true });
  return JSON.stringify(assembly.getStackByName(stack.stackName).template);
}

/** Returns the resource of the only caller in a scope. */
export function callerIn(scope: IConstruct): CfnResource {
  const [found] = scope.node
    .findAll()
    .filter((construct) => CfnResource.isCfnResource(construct))
    .filter(({ cfnResourceType: type }) => type in TRACING_PROPERTIES);
  return found;
}

export function active(scope: IConstruct, options: LambdaTracingActiveOptions = {}): void {
  LambdaTracing.of(scope).active({ callers: true, ...options });
}

/** Creates a stack with a function and its caller. */
export function calling(make: Make, setting?: Setting): Stack {
  const stack = stackIn(app());
  make(stack, lambda(stack), setting);
  return stack;
}

export function warnings(stack: Stack): unknown[] {
  return Annotations.fromStack(stack)
    .findWarning('*', Match.anyValue())
    .map(({ entry }) => entry.data);
}

export function findings(scope: IConstruct, rule = 'LambdaXRay-TopicResourcePolicy'): unknown[] {
  return new LambdaXRayChecks()
    .validateScope(scope)
    .violations.filter(({ ruleName }) => ruleName === rule)
    .map(({ description }) => description);
}
