import { certainly, flatMap, type Possible } from '../cloudformation/possible';
import type { Resolver } from '../cloudformation/resolver';
import { effectiveProperties } from '../cloudformation/sam-globals';
import { generatedRoleOf, type Resource } from '../cloudformation/template';
import { certainEffect, fromPolicy } from '../iam/policy-document';
import type { RolePolicies, RoleReference, Roles } from '../iam/roles';
import { UNKNOWN_PERMISSION, type WritePermission, writePermissions } from '../iam/xray-permissions';
import { functionSettings } from '../lambda/function-settings';
import type { ConfiguredMode } from '../lambda/tracing-mode';

/** The policy that SAM attaches to the generated role of a traced function. Its name differs in other partitions. */
const SAM_POLICY = 'AWSXrayWriteOnlyAccess';

/** Evaluates the permissions of functions to write to X-Ray. */
export class FunctionPermissions {
  private readonly byRole = new Map<Resource, Possible<WritePermission>[]>();

  constructor(
    private readonly roles: Roles,
    private readonly resolver: Resolver,
  ) {}

  /**
   * Returns the permission of a function in each case. SAM generates a role for a function without one, with the X-Ray
   * policy if the function has a mode.
   *
   * @param roles the roles that the function can have
   * @param modes the modes that the function can have
   */
  public of(
    fn: Resource,
    roles: readonly Possible<RoleReference>[],
    modes: readonly Possible<ConfiguredMode>[],
  ): Possible<WritePermission>[] {
    if (generatedRoleOf(fn)) return this.evaluate(this.generatedPolicies(fn, modes));
    if (roles.length === 0) return certainly(UNKNOWN_PERMISSION);
    return flatMap(roles, ({ resource }) =>
      resource ? this.ofRole(resource) : certainly(UNKNOWN_PERMISSION),
    );
  }

  private ofRole(role: Resource): Possible<WritePermission>[] {
    const known = this.byRole.get(role) ?? this.evaluate(this.policiesOf(role));
    this.byRole.set(role, known);
    return known;
  }

  private policiesOf(role: Resource): RolePolicies {
    const { generatedFor: fn } = role;
    return fn?.type === 'AWS::Serverless::Function'
      ? this.generatedPolicies(fn, functionSettings(fn, this.resolver).modes)
      : this.roles.policiesOf(role);
  }

  /** Returns the policies of the role that SAM generates for a function. */
  private generatedPolicies(fn: Resource, modes: readonly Possible<ConfiguredMode>[]): RolePolicies {
    const { Policies: policies, PermissionsBoundary: boundary } = effectiveProperties(fn);
    const role = generatedRoleOf(fn);
    const withMode = modes.filter(({ value }) => value !== 'unset');
    return {
      contributions: [
        ...fromPolicy(
          SAM_POLICY,
          withMode.map(({ when }) => certainEffect('Allow', when)),
        ),
        ...this.roles.samPolicies(policies, fn.template),
        ...(role ? this.roles.policiesOf(role).contributions : []),
      ],
      boundary: this.roles.boundary({ PermissionsBoundary: boundary }, fn.template),
    };
  }

  private evaluate(policies: RolePolicies): Possible<WritePermission>[] {
    return writePermissions(policies, (assumed) => this.resolver.isPossible(assumed));
  }
}
