import type { TemplateSource } from '../../lib/cloudformation/template';
import type { LambdaFunction } from '../../lib/lambda/lambda-function';
import { buildTracingModel } from '../../lib/model/build-model';
import type { TracingModel } from '../../lib/model/tracing-model';
import { type Resources, stack, stacks } from '../rules/templates';

type Sections = Readonly<Record<string, unknown>>;

/** A resource of the function `Fn` by default. */
export function version(properties: object = {}, more: object = {}) {
  return {
    Type: 'AWS::Lambda::Version',
    Properties: { FunctionName: { Ref: 'Fn' }, ...properties },
    ...more,
  };
}

export function alias(FunctionVersion: unknown, properties: object = {}) {
  return {
    Type: 'AWS::Lambda::Alias',
    Properties: { FunctionName: { Ref: 'Fn' }, Name: 'live', FunctionVersion, ...properties },
  };
}

/** A SAM function with `AutoPublishAlias`; it has code unless it is an image. */
export function sam(properties: object = {}, more: object = {}) {
  const code = 'PackageType' in properties ? {} : { CodeUri: 's3://code/1.zip' };
  return {
    Type: 'AWS::Serverless::Function',
    Properties: { AutoPublishAlias: 'live', ...code, ...properties },
    ...more,
  };
}

export function when(condition: string, then: unknown, otherwise: unknown) {
  return { 'Fn::If': [condition, then, otherwise] };
}

/** Sections with the condition `Prod` and a parameter. */
export const PROD: Sections = {
  Parameters: { Stage: { Type: 'String' } },
  Conditions: { Prod: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
};

/** Returns the model of resources with their baseline. */
export function modelOf(resources: Resources, sections: Sections = {}, before?: Resources): TracingModel {
  const source = (of: Resources) => stack('t', of, { sections });
  return buildTracingModel([source(resources)], before && [source(before)]);
}

/** Returns the function `Fn` of templates that are deployed together. */
export function functionIn(...sources: readonly (TemplateSource | Resources)[]): LambdaFunction {
  const { functions } = buildTracingModel(stacks(sources));
  return functions.find(({ resource }) => resource.logicalId === 'Fn')!;
}
