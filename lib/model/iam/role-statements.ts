import { isIntrinsic, isObject, type JsonObject } from '../json';
import { ALWAYS, type Assumptions, certainly, type Possible, under } from '../possible';
import type { Resolver } from '../resolver';
import type { Resource, Template } from '../template';
import { statementsOf } from './policy-document';
import type { Roles } from './role-policies';
import { samPolicyStatement } from './sam-policy-templates';

/** A statement of a policy that a role has. */
export interface AttachedStatement {
  readonly statement: JsonObject;
  /** Where the statement is written. */
  readonly template: Template;
  /** What holds the policy: the role itself, a policy that is a resource of its own, or a SAM function. */
  readonly policy: Resource;
  readonly when: Assumptions;
}

/** Lists what the policies of roles say, as far as it can be read. */
export class RoleStatements {
  constructor(
    private readonly roles: Roles,
    private readonly resolver: Resolver,
  ) {}

  /** The statements of all policies of a role. */
  public of(role: Resource): readonly AttachedStatement[] {
    const inline = this.resolver
      .itemsAt(role.properties, 'Policies', role.template)
      .flatMap(({ value, when }) =>
        isObject(value) ? this.inDocument(value.PolicyDocument, role, when) : [],
      );
    return [...inline, ...this.inPolicies(this.roles.attachedTo(role))];
  }

  /** The statements that `Policies` of a SAM function make for the role that SAM makes for it. */
  public ofSamPolicies(policies: unknown, fn: Resource): AttachedStatement[] {
    const { template } = fn;
    return this.resolver.items(policies, template).flatMap(({ value, when }) => {
      if (isObject(value) && value.Statement !== undefined) return this.inDocument(value, fn, when);
      if (!isObject(value) || isIntrinsic(value)) {
        return this.inPolicies(under(when, this.roles.ownManaged(certainly(value), template)));
      }
      return Object.entries(value).flatMap(([name, parameters]) => {
        const statement = samPolicyStatement(name, parameters);
        return statement ? [{ statement, template, policy: fn, when }] : [];
      });
    });
  }

  private inPolicies(policies: readonly Possible<Resource>[]): AttachedStatement[] {
    return policies.flatMap(({ value: policy, when }) =>
      this.inDocument(policy.properties.PolicyDocument, policy, when),
    );
  }

  private inDocument(
    document: unknown,
    policy: Resource,
    assumed: Assumptions = ALWAYS,
  ): AttachedStatement[] {
    const { template } = policy;
    return under(assumed, statementsOf(document, template, this.resolver)).flatMap(
      ({ value: statement, when }) => (statement ? [{ statement, template, policy, when }] : []),
    );
  }
}
