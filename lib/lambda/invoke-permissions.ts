import { isIntrinsic, isObject, type JsonObject } from '../cloudformation/json';
import { literal, type PartialString } from '../cloudformation/partial-string';
import { certainly, flatMap, type Possible } from '../cloudformation/possible';
import type { Resolver } from '../cloudformation/resolver';
import type { Resource } from '../cloudformation/template';
import {
  applicability,
  type Pattern,
  patternsOf,
  type PolicyValues,
  statementsOf,
  templateValues,
} from '../iam/policy-document';
import { documentsIn, principalsIn } from '../iam/resource-policy';

/** The types of resources that permit invocations, and the property of each that names the function. */
export const PERMISSION_TYPES: Readonly<Record<string, string | undefined>> = {
  'AWS::Lambda::Permission': 'FunctionName',
  'AWS::Lambda::ResourcePolicy': 'ResourceArn',
};

/** A permission to invoke a function ("Working with resource-based IAM policies in Lambda", AWS Lambda Developer Guide). */
export interface InvokePermission {
  /** The known services and accounts that may invoke it. */
  readonly principals: readonly PartialString[];
  /** The ARNs that the caller is limited to; empty for any caller of the principal. */
  readonly sourceArns: readonly PartialString[];
  /** True if it allows only calls of the function's URL. */
  readonly isForUrl: boolean;
}

/** Returns the permissions of a resource, in the cases in which it is created. Other actions than invoking are left out. */
export function invokePermissions(resource: Resource, resolver: Resolver): Possible<InvokePermission>[] {
  const { template, properties, type } = resource;
  const documents =
    type === 'AWS::Lambda::Permission'
      ? certainly({
          document: { Statement: asStatement(properties) },
          values: templateValues(template, resolver),
        })
      : documentsIn(properties.PolicyDocument, template, resolver);
  const permissions = flatMap(documents, ({ document, values }) =>
    flatMap(statementsOf(document, values), (statement) =>
      statement && isInvocation(statement, values) ? certainly(permissionIn(statement, values)) : [],
    ),
  );
  return resolver.whereCreated(resource, permissions);
}

const INVOKE = ['lambda:InvokeFunction', 'lambda:InvokeFunctionUrl'];

/** True if a statement can allow to invoke a function. */
export function isInvocation(statement: JsonObject, values: PolicyValues): boolean {
  return (
    statement.Effect === 'Allow' &&
    applicability(statement, 'Action', INVOKE, values).some((applies) => applies !== 'no')
  );
}

/** Returns the properties of an `AWS::Lambda::Permission` as the statement that Lambda adds to the function's policy. */
export function asStatement({
  Action: action = '*',
  Principal: principal,
  SourceArn: arn,
  InvokedViaFunctionUrl: isViaUrl,
}: JsonObject): JsonObject {
  return {
    Effect: 'Allow',
    Action: action,
    Principal: principal,
    Condition: { ArnLike: { [SOURCE]: arn }, Bool: { [VIA_URL]: isViaUrl } },
  };
}

/** The condition keys, in lower case, as IAM ignores their case. */
const SOURCE = 'aws:sourcearn';
const VIA_URL = 'lambda:invokedviafunctionurl';

function permissionIn(statement: JsonObject, values: PolicyValues): InvokePermission {
  const [direct] = applicability(statement, 'Action', INVOKE, values);
  const viaUrl = conditionPatterns(VIA_URL, statement, values);
  const isViaUrl =
    viaUrl.length > 0 &&
    viaUrl.every(({ texts }) => texts.every(({ value: text }) => text && literal(text) === 'true'));
  return {
    principals: textsOf(principalsIn(statement.Principal, values)),
    sourceArns: textsOf(conditionPatterns(SOURCE, statement, values)),
    isForUrl: direct === 'no' || isViaUrl,
  };
}

/** Returns the values that a condition key must match. */
function conditionPatterns(
  key: string,
  { Condition: condition }: JsonObject,
  values: PolicyValues,
): Pattern[] {
  return values
    .items(condition)
    .flatMap(({ value }) => entriesOf(value))
    .filter(([operator]) => !/not/i.test(operator))
    .flatMap(([, keys]) => entriesOf(keys))
    .filter(([name]) => name.toLowerCase() === key)
    .flatMap(([, expected]) => patternsOf(expected, values));
}

function entriesOf(value: unknown): [string, unknown][] {
  return isObject(value) && !isIntrinsic(value) ? Object.entries(value) : [];
}

function textsOf(patterns: readonly Pattern[]): PartialString[] {
  return patterns.flatMap(({ texts }) => texts.flatMap(({ value: text }) => (text ? [text] : [])));
}
