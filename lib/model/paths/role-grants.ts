import { RoleStatements } from '../iam/role-statements';
import { effectiveProperties } from '../sam-globals';
import type { Resource } from '../template';
import { Grants } from './grants';
import type { MapBuilder } from './map-builder';

/** What the roles of functions let them call. */
export class RoleGrants {
  private readonly known = new Map<Resource, Grants>();
  private readonly statements: RoleStatements;

  constructor(private readonly map: MapBuilder) {
    this.statements = new RoleStatements(map.roles, map.resolver);
  }

  /** The grants of each role that a function can have. */
  public of(fn: Resource): Grants[] {
    const { Role: role, Policies: policies } = effectiveProperties(fn);
    // SAM makes a role for a function that isn't given one.
    if (role === undefined) return [new Grants(this.statements.ofSamPolicies(policies, fn), this.map)];
    const roles = this.map.roles.meant(role, fn.template).flatMap(({ value }) => value ?? []);
    return [...new Set(roles)].map((meant) => this.ofRole(meant));
  }

  private ofRole(role: Resource): Grants {
    const known = this.known.get(role) ?? new Grants(this.statements.of(role), this.map);
    this.known.set(role, known);
    return known;
  }
}
