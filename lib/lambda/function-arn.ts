import {
  literal,
  type Part,
  type PartialString,
  soleReference,
  split,
} from '../cloudformation/partial-string';
import type { Resource } from '../cloudformation/template';

/** The parts of a function's name or ARN. */
export interface FunctionReferenceParts {
  readonly name: PartialString;
  /** A version number, an alias or `$LATEST`. */
  readonly qualifier?: PartialString;
  /** The region of an ARN, as written: wildcards and empty parts are kept. */
  readonly region?: string;
  /** The account of an ARN or a partial ARN, as written. */
  readonly account?: string;
}

/**
 * Parses a reference to a function: a name, a partial ARN or an ARN, each with or without a version or alias
 * ("CreateEventSourceMapping", AWS Lambda API Reference).
 *
 * @returns undefined for the ARN of another kind of resource, and for text in none of these forms
 */
export function parseFunctionReference(text: PartialString): FunctionReferenceParts | undefined {
  if (soleReference(text)) return { name: text };
  const segments = split(text, ':');
  const literalAt = (i: number) => (segments[i] ? literal(segments[i]) : undefined);
  if (literalAt(0) === 'arn') {
    if (literalAt(2) !== 'lambda' || literalAt(5) !== 'function') return undefined;
    return { name: segments[6], qualifier: segments[7], region: literalAt(3), account: literalAt(4) };
  }
  if (literalAt(1) === 'function' && segments.length >= 3) {
    return { name: segments[2], qualifier: segments[3], account: literalAt(0) };
  }
  return segments.length <= 2 ? { name: segments[0], qualifier: segments[1] } : undefined;
}

/** Returns the ARN of a function without a qualifier. */
export function functionArn(fn: Resource): PartialString {
  const { region, account } = fn.template.source;
  const pseudoParameter = (name: string): Part => ({ kind: 'unknown', id: name });
  return [
    'arn:',
    pseudoParameter('AWS::Partition'),
    ':lambda:',
    region ?? pseudoParameter('AWS::Region'),
    ':',
    account ?? pseudoParameter('AWS::AccountId'),
    ':function:',
    { kind: 'reference', resource: fn },
  ];
}
