import { CfnResource } from 'aws-cdk-lib';
import { isObject } from '../model/json';
import { textOf } from './linked-values';

const FUNCTION_ARN = /arn:[^:\s"]+:lambda:[^:\s"]*:[^:\s"]*:function:[\w*-]+/g;

/** Where a state of a state machine has the name of the function that it calls. */
const NAME = 'FunctionName';

/**
 * The names and ARNs of functions that are written out anywhere in a rendered value, within other texts too; those
 * that are references, `LinkedResources` finds.
 */
export function functionsWrittenIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(functionsWrittenIn);
  if (CfnResource.isCfnResource(value)) return [];
  if (typeof value !== 'string' && !isObject(value)) return [];
  const text = textOf(value);
  const json = parsed(text);
  if (json) return functionsWrittenIn(json);
  const arns = text.match(FUNCTION_ARN) ?? [];
  if (!isObject(value)) return arns;
  const name = value[NAME];
  return [
    ...arns,
    ...(typeof name === 'string' ? [name] : []),
    ...Object.values(value).flatMap(functionsWrittenIn),
  ];
}

function parsed(text: string): object | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}
