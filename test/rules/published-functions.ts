import { lambda, type Resources } from './templates';

export function version(properties: object = {}) {
  return { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Fn' }, ...properties } };
}

export function alias(FunctionVersion: unknown, more: object = {}) {
  return {
    Type: 'AWS::Lambda::Alias',
    Properties: { FunctionName: { Ref: 'Fn' }, Name: 'live', FunctionVersion, ...more },
  };
}

/** A SAM function with an alias. */
export function sam(Tracing: unknown, properties: object = {}): Resources {
  return {
    Fn: {
      Type: 'AWS::Serverless::Function',
      Properties: { AutoPublishAlias: 'live', CodeUri: 's3://code/1.zip', Tracing, ...properties },
    },
  };
}

/** A function with a mode, and more resources. */
export function inMode(mode: unknown, more: Resources, properties: object = {}): Resources {
  return { Fn: lambda(mode, properties), ...more };
}

/** A value that depends on a condition. */
export const IF = (then: unknown, otherwise: unknown) => ({ 'Fn::If': ['Prod', then, otherwise] });
