import type { JsonObject } from '../cloudformation/json';
import { keyOf, literal, type PartialString } from '../cloudformation/partial-string';
import { casesWithout, certainly, flatMap, type Possible, withCondition } from '../cloudformation/possible';
import type { Resolver } from '../cloudformation/resolver';
import { addressOf, type Resource } from '../cloudformation/template';
import {
  applicability,
  hasCondition,
  patternsOf,
  type PolicyValues,
  statementsOf,
  templateValues,
} from '../iam/policy-document';
import { conditionPatterns, documentsIn, principalsIn, SOURCE_ARN, textsOf } from '../iam/resource-policy';
import { type FunctionReferences, parseFunctionReference } from './function-references';

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

/** A denial of a resource policy without conditions, and the reader of its values. */
export interface Denial {
  readonly statement: JsonObject;
  readonly values: PolicyValues;
}

/** Reads the permissions to invoke functions, without those that another resource policy of the function denies. */
export class InvokePermissions {
  private denials?: ReadonlyMap<string, readonly OwnedDenial[]>;

  constructor(private readonly references: FunctionReferences) {}

  /** Returns the permissions of a resource, in the cases in which it is created. */
  public of(resource: Resource): Possible<InvokePermission>[] {
    const { resolver } = this.references;
    this.denials ??= this.denialsByTarget();
    const [target, ...more] = this.denials.size === 0 ? [] : this.targetsOf(resource);
    // A permission for one of several functions stays as it is.
    const denials = target && more.length === 0 ? (this.denials.get(target.value) ?? []) : [];
    return invokePermissions(
      resource,
      resolver,
      denials.filter(({ owner }) => owner !== resource),
    );
  }

  private denialsByTarget(): ReadonlyMap<string, readonly OwnedDenial[]> {
    const byTarget = new Map<string, OwnedDenial[]>();
    const resources = this.references.resolver.templates.flatMap((template) => [
      ...template.resources.values(),
    ]);
    for (const owner of resources.filter(({ type }) => type === 'AWS::Lambda::ResourcePolicy')) {
      for (const { value: target, when } of this.targetsOf(owner)) {
        const denials = withCondition(when, this.denialsIn(owner)).map((denial) => ({ ...denial, owner }));
        byTarget.set(target, [...(byTarget.get(target) ?? []), ...denials]);
      }
    }
    return byTarget;
  }

  private denialsIn(policy: Resource): Possible<Denial>[] {
    const { resolver } = this.references;
    const { template, properties } = policy;
    const arns = resolver.strings(properties.ResourceArn, template).map(({ value }) => value && keyOf(value));
    const denials = flatMap(
      documentsIn(properties.PolicyDocument, template, resolver),
      ({ document, values }) =>
        statementsOf(document, values).flatMap(({ value: statement, when }) => {
          if (!statement || !isDenial(statement)) return [];
          const isForTarget = textsOf(patternsOf(statement.Resource, values)).some((text) =>
            arns.includes(keyOf(text)),
          );
          return [
            { value: { statement: isForTarget ? { ...statement, Resource: '*' } : statement, values }, when },
          ];
        }),
    );
    return resolver.whereCreated(policy, denials);
  }

  /** Returns keys of what a resource is about: a function, or a version or an alias, each with a policy of its own. */
  private targetsOf({ template, properties, type }: Resource): Possible<string>[] {
    return flatMap(
      this.references.resolver.strings(properties[PERMISSION_TYPES[type]!], template),
      (text) => {
        const target = text && this.references.targetOf(text, template);
        if (!target) return [];
        const { qualifier = [] } = parseFunctionReference(text) ?? {};
        const through = target.through.length > 0 ? target.through.map(addressOf) : [keyOf(qualifier)];
        return certainly([addressOf(target.function), ...through].join('\n'));
      },
    );
  }
}

/** A denial with the resource policy that it is in. */
interface OwnedDenial extends Possible<Denial> {
  readonly owner: Resource;
}

/** True for a statement that denies something in all cases. */
export function isDenial(statement: JsonObject): boolean {
  return statement.Effect === 'Deny' && !hasCondition(statement);
}

/**
 * Returns the permissions of a resource, in the cases in which it is created. Other actions than invoking are left out.
 *
 * @param denials what other resources deny
 */
export function invokePermissions(
  resource: Resource,
  resolver: Resolver,
  denials: readonly Possible<Denial>[] = [],
): Possible<InvokePermission>[] {
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
      denials,
    ),
  );
  return resolver.whereCreated(resource, permissions);
}

const INVOKE = ['lambda:InvokeFunction', 'lambda:InvokeFunctionUrl'];

/**
 * Returns the permissions to invoke a function that the statements of a policy give, without what they deny.
 *
 * @param others what other policies of the function deny
 */
export function invocationsIn(
  statements: readonly Possible<JsonObject>[],
  values: PolicyValues,
  others: readonly Possible<Denial>[] = [],
): Possible<InvokePermission>[] {
  const own = statements.filter(({ value }) => isDenial(value));
  const denials = [
    ...own.map(({ value, when }) => ({ value: { statement: value, values }, when })),
    ...others,
  ];
  return statements.flatMap(({ value: statement, when }) => {
    const isInvocation =
      statement.Effect === 'Allow' &&
      applicability(statement, 'Action', INVOKE, values).some((applies) => applies !== 'no');
    if (!isInvocation) return [];
    const permission = permissionIn(statement, values);
    const denying = denials.filter(({ value: denial }) => covers(denial, statement, permission));
    if (denying.length === 0 || permission.principals.length === 0) return [{ value: permission, when }];
    return permission.principals.flatMap((principal) => {
      const excluded = denying.filter(({ value: denial }) => isDenied(principal, denial));
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
  { statement: denial, values }: Denial,
  statement: JsonObject,
  { isForUrl }: InvokePermission,
): boolean {
  const [direct, viaUrl] = applicability(denial, 'Action', INVOKE, values);
  const isSameResource = JSON.stringify(denial.Resource) === JSON.stringify(statement.Resource);
  return (
    (direct === 'yes' || (isForUrl && viaUrl === 'yes')) &&
    (isSameResource || applicability(denial, 'Resource', ['*'], values)[0] === 'yes')
  );
}

/** True if a denial surely is for a principal. */
function isDenied(principal: PartialString, { statement, values }: Denial): boolean {
  return principalsIn(statement.Principal, values).some(
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
