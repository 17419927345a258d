import { isObject } from '../cloudformation/json';
import { literal } from '../cloudformation/partial-string';
import { ALWAYS, type Assumptions, certainly, flatMap, type Possible } from '../cloudformation/possible';
import type { Resolver } from '../cloudformation/resolver';
import { effectiveProperties, isKnownToSam } from '../cloudformation/sam-globals';
import {
  generatedRoleOf,
  mayChange,
  partitionOf,
  type Resource,
  type Template,
} from '../cloudformation/template';
import { certainEffect, fromPolicy, unknownGrant } from '../iam/policy-document';
import type { RolePolicies, RoleReference, Roles } from '../iam/roles';
import { mayWriteLogs } from '../iam/log-permissions';
import {
  POLICIES_WITHOUT_LOGS,
  TRACING_ACTIONS,
  type TracingAction,
  WRITE_ACTIONS,
} from '../iam/managed-policies';
import { APPLICATION_SIGNALS_LOG_GROUP } from '../iam/resource-policy';
import { permissionsFor, UNKNOWN_PERMISSION, type XRayPermission } from '../iam/xray-permissions';

/** Returns the policy that SAM attaches to the generated role of a traced resource (`samtranslator/model/xray_utils.py`). */
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
   * Returns the permission of a function to write traces in each case. SAM generates a role for a function without one.
   *
   * @param roles the roles that the function can have
   */
  public ofFunction(fn: Resource, roles: readonly Possible<RoleReference>[]): Possible<XRayPermission>[] {
    const generated = generatedRoleOf(fn);
    if (generated) return this.ofRole(generated, WRITE_ACTIONS);
    if (roles.length === 0) return certainly(UNKNOWN_PERMISSION);
    return this.ofRoles(roles, WRITE_ACTIONS);
  }

  /**
   * Returns the permission of a state machine to trace its executions, in each case that its roles make. SAM generates
   * a role for a state machine without one.
   *
   * @param roles the roles that the state machine can have
   */
  public ofStateMachine(
    machine: Resource,
    roles: readonly Possible<RoleReference>[],
  ): Possible<XRayPermission>[] {
    const generated = generatedRoleOf(machine);
    return generated ? this.ofRole(generated, TRACING_ACTIONS) : this.ofRoles(roles, TRACING_ACTIONS);
  }

  /** Returns the roles that surely can't write the log group of Application Signals. */
  public withoutApplicationSignals(roles: readonly Possible<RoleReference>[]): Possible<RoleReference>[] {
    return roles.filter(({ value: { resource } }) => {
      const documents = resource && this.roles.documentsOf(resource, POLICIES_WITHOUT_LOGS);
      return (
        documents && !documents.some((document) => mayWriteLogs(document, APPLICATION_SIGNALS_LOG_GROUP))
      );
    });
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
    const { generatedFor: owner } = role;
    if (!owner) return this.roles.policiesOf(role);
    const { Policies: policies, PermissionsBoundary: boundary } = effectiveProperties(owner);
    return {
      contributions: [
        ...fromPolicy(
          samPolicy(owner.template),
          this.casesOfSamPolicy(owner).map((when) => certainEffect('Allow', when)),
        ),
        ...this.roles.samPolicies(policies, owner.template),
        ...(mayChange(owner) ? [unknownGrant(ALWAYS)] : []),
        ...this.roles.policiesOf(role).contributions,
      ],
      boundary: this.roles.boundary({ PermissionsBoundary: boundary }, owner.template),
    };
  }

  /**
   * Returns the cases in which SAM attaches its X-Ray policy. SAM runs before CloudFormation evaluates functions: it
   * knows literal values, and for functions also parameters (`samtranslator/model/sam_resources.py` and
   * `samtranslator/model/stepfunctions/generators.py`).
   */
  private casesOfSamPolicy(owner: Resource): Assumptions[] {
    const { template, type } = owner;
    const properties = effectiveProperties(owner);
    const { Tracing: tracing } = properties;
    if (type === 'AWS::Serverless::StateMachine') {
      return isObject(tracing) && tracing.Enabled === true ? [ALWAYS] : [];
    }
    if (!isKnownToSam(tracing, template)) return [ALWAYS];
    return this.resolver
      .stringsAt(properties, ['Tracing'], template)
      .flatMap(({ value: text, when }) => (text && literal(text) !== 'Disabled' ? [when] : []));
  }

  private evaluate(policies: RolePolicies, actions: readonly TracingAction[]): Possible<XRayPermission>[] {
    return permissionsFor(actions, policies, (assumed) => this.resolver.isPossible(assumed));
  }
}
