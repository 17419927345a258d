import type { JsonObject } from '../cloudformation/json';
import { keyOf, literal, type PartialString } from '../cloudformation/partial-string';
import { casesWithout, certainly, flatMap, type Possible } from '../cloudformation/possible';
import type { Resolver } from '../cloudformation/resolver';
import type { Resource } from '../cloudformation/template';
import {
  applicability,
  hasCondition,
  type PolicyValues,
  statementsOf,
  templateValues,
} from '../iam/policy-document';
import { conditionPatterns, documentsIn, principalsIn, SOURCE_ARN, textsOf } from '../iam/resource-policy';

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
    invocationsIn(
      statementsOf(document, values).flatMap(({ value, when }) => (value ? [{ value, when }] : [])),
      values,
    ),
  );
  return resolver.whereCreated(resource, permissions);
}

const INVOKE = ['lambda:InvokeFunction', 'lambda:InvokeFunctionUrl'];

/** Returns the permissions to invoke a function that the statements of a policy give, without what they deny. */
export function invocationsIn(
  statements: readonly Possible<JsonObject>[],
  values: PolicyValues,
): Possible<InvokePermission>[] {
  const denials = statements.filter(({ value }) => value.Effect === 'Deny' && !hasCondition(value));
  return statements.flatMap(({ value: statement, when }) => {
    const isInvocation =
      statement.Effect === 'Allow' &&
      applicability(statement, 'Action', INVOKE, values).some((applies) => applies !== 'no');
    if (!isInvocation) return [];
    const permission = permissionIn(statement, values);
    const denying = denials.filter(({ value: denial }) => covers(denial, statement, permission, values));
    if (denying.length === 0 || permission.principals.length === 0) return [{ value: permission, when }];
    return permission.principals.flatMap((principal) => {
      const excluded = denying.filter(({ value: denial }) => isDenied(principal, denial, values));
      return casesWithout(
        [when],
        excluded.map((denial) => denial.when),
      ).map((remaining) => ({
        value: { ...permission, principals: [principal] },
        when: remaining,
      }));
    });
  });
}

/** True if a denial is surely about the actions and the resource of a permission. */
function covers(
  denial: JsonObject,
  statement: JsonObject,
  { isForUrl }: InvokePermission,
  values: PolicyValues,
): boolean {
  const [direct, viaUrl] = applicability(denial, 'Action', INVOKE, values);
  const isSameResource = JSON.stringify(denial.Resource) === JSON.stringify(statement.Resource);
  return (
    (direct === 'yes' || (isForUrl && viaUrl === 'yes')) &&
    (isSameResource || applicability(denial, 'Resource', ['*'], values)[0] === 'yes')
  );
}

/** True if a denial surely is for a principal. */
function isDenied(principal: PartialString, denial: JsonObject, values: PolicyValues): boolean {
  return principalsIn(denial.Principal, values).some(
    ({ texts, isCertain }) =>
      isCertain &&
      texts.every(({ value: text }) => text && (literal(text) === '*' || keyOf(text) === keyOf(principal))),
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
    Condition: { ArnLike: { [SOURCE_ARN]: arn }, Bool: { [VIA_URL]: isViaUrl } },
  };
}

/** The condition key, in lower case, as IAM ignores its case. */
const VIA_URL = 'lambda:invokedviafunctionurl';

function permissionIn(statement: JsonObject, values: PolicyValues): InvokePermission {
  const [direct] = applicability(statement, 'Action', INVOKE, values);
  const viaUrl = conditionPatterns(VIA_URL, statement, values);
  const isViaUrl =
    viaUrl.length > 0 &&
    viaUrl.every(({ texts }) => texts.every(({ value: text }) => text && literal(text) === 'true'));
  return {
    principals: textsOf(principalsIn(statement.Principal, values)),
    sourceArns: textsOf(conditionPatterns(SOURCE_ARN, statement, values)),
    isForUrl: direct === 'no' || isViaUrl,
  };
}
