import { isIntrinsic, isObject, type JsonObject } from '../cloudformation/json';
import {
  ALWAYS,
  type Assumptions,
  certainly,
  type Possible,
  withCondition,
} from '../cloudformation/possible';
import type { Resolver } from '../cloudformation/resolver';
import { effectiveProperties } from '../cloudformation/sam-globals';
import type { Resource, Template } from '../cloudformation/template';
import { statementsOf, templateValues } from './policy-document';
import type { Roles } from './roles';
import { samPolicyStatement } from './sam-policy-templates';

/** A statement of a policy of a role. */
export interface AttachedStatement {
  readonly statement: JsonObject;
  /** The template that contains the statement. */
  readonly template: Template;
  /** The resource that contains the policy: the role, a separate policy resource or a SAM function. */
  readonly policy: Resource;
  readonly when: Assumptions;
}

/** Lists the readable statements of the policies of roles. */
export class RoleStatements {
  constructor(
    private readonly roles: Roles,
    private readonly resolver: Resolver,
  ) {}

  /** Returns the statements of all policies of a role. */
  public of(role: Resource): readonly AttachedStatement[] {
    const inline = this.resolver
      .itemsAt(role.properties, 'Policies', role.template)
      .flatMap(({ value, when }) =>
        isObject(value) ? this.inDocument(value.PolicyDocument, role, when) : [],
      );
    const { generatedFor: owner } = role;
    const generated = owner ? this.ofSamPolicies(effectiveProperties(owner).Policies, owner) : [];
    return [...generated, ...inline, ...this.inPolicies(this.roles.attachedTo(role))];
  }

  /** Returns the statements that SAM adds to a function's generated role for its `Policies`. */
  private ofSamPolicies(policies: unknown, fn: Resource): AttachedStatement[] {
    const { template } = fn;
    return this.resolver.items(policies, template).flatMap(({ value, when }) => {
      if (isObject(value) && value.Statement !== undefined) return this.inDocument(value, fn, when);
      if (!isObject(value) || isIntrinsic(value)) {
        return this.inPolicies(withCondition(when, this.roles.ownManaged(certainly(value), template)));
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
    return withCondition(assumed, statementsOf(document, templateValues(template, this.resolver))).flatMap(
      ({ value: statement, when }) => (statement ? [{ statement, template, policy, when }] : []),
    );
  }
}
