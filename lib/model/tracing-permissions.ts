import { certainly, flatMap, type Possible } from '../cloudformation/possible';
import type { Resolver } from '../cloudformation/resolver';
import { effectiveProperties } from '../cloudformation/sam-globals';
import { generatedRoleOf, partitionOf, type Resource, type Template } from '../cloudformation/template';
import { certainEffect, fromPolicy } from '../iam/policy-document';
import type { RolePolicies, RoleReference, Roles } from '../iam/roles';
import { TRACING_ACTIONS, type TracingAction, WRITE_ACTIONS } from '../iam/managed-policies';
import { permissionsFor, UNKNOWN_PERMISSION, type XRayPermission } from '../iam/xray-permissions';
import { functionSettings } from '../lambda/function-settings';
import type { ConfiguredMode } from '../lambda/tracing-mode';

/** Returns the policy that SAM attaches to the generated role of a traced function (`samtranslator/model/xray_utils.py`). */
function samPolicy({ source: { region } }: Template): string {
  return region === undefined || partitionOf(region) === 'aws'
    ? 'AWSXrayWriteOnlyAccess'
    : 'AWSXRayDaemonWriteAccess';
}

/** Evaluates the permissions of functions and state machines for X-Ray. */
export class TracingPermissions {
  private readonly byRole = new Map<readonly TracingAction[], Map<Resource, Possible<XRayPermission>[]>>();

  constructor(
    private readonly roles: Roles,
    private readonly resolver: Resolver,
  ) {}

  /**
   * Returns the permission of a function to write traces in each case. SAM generates a role for a function without one, with the X-Ray
   * policy if the function has a mode.
   *
   * @param roles the roles that the function can have
   * @param modes the modes that the function can have
   */
  public ofFunction(
    fn: Resource,
    roles: readonly Possible<RoleReference>[],
    modes: readonly Possible<ConfiguredMode>[],
  ): Possible<XRayPermission>[] {
    if (generatedRoleOf(fn)) return this.evaluate(this.generatedPolicies(fn, modes), WRITE_ACTIONS);
    if (roles.length === 0) return certainly(UNKNOWN_PERMISSION);
    return this.ofRoles(roles, WRITE_ACTIONS);
  }

  /** Returns the permission of a state machine to trace its executions, in each case that its roles make. */
  public ofStateMachine(roles: readonly Possible<RoleReference>[]): Possible<XRayPermission>[] {
    return this.ofRoles(roles, TRACING_ACTIONS);
  }

  private ofRoles(
    roles: readonly Possible<RoleReference>[],
    actions: readonly TracingAction[],
  ): Possible<XRayPermission>[] {
    return flatMap(roles, ({ resource }) =>
      resource ? this.ofRole(resource, actions) : certainly(UNKNOWN_PERMISSION),
    );
  }

  private ofRole(role: Resource, actions: readonly TracingAction[]): Possible<XRayPermission>[] {
    const byRole = this.byRole.get(actions) ?? new Map<Resource, Possible<XRayPermission>[]>();
    this.byRole.set(actions, byRole);
    const known = byRole.get(role) ?? this.evaluate(this.policiesOf(role), actions);
    byRole.set(role, known);
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
          samPolicy(fn.template),
          withMode.map(({ when }) => certainEffect('Allow', when)),
        ),
        ...this.roles.samPolicies(policies, fn.template),
        ...(role ? this.roles.policiesOf(role).contributions : []),
      ],
      boundary: this.roles.boundary({ PermissionsBoundary: boundary }, fn.template),
    };
  }

  private evaluate(policies: RolePolicies, actions: readonly TracingAction[]): Possible<XRayPermission>[] {
    return permissionsFor(actions, policies, (assumed) => this.resolver.isPossible(assumed));
  }
}
