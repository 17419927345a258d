import { RoleStatements } from '../iam/role-statements';
import { certainly, type Possible } from '../possible';
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
  public of(fn: Resource): Possible<Grants>[] {
    const { Role: role, Policies: policies } = effectiveProperties(fn);
    // SAM makes a role for a function that isn't given one.
    if (role === undefined) {
      return certainly(new Grants(this.statements.ofSamPolicies(policies, fn), this.map));
    }
    return this.map.roles
      .meant(role, fn.template)
      .flatMap(({ value, when }) => (value ? [{ value: this.ofRole(value), when }] : []));
  }

  private ofRole(role: Resource): Grants {
    const known = this.known.get(role) ?? new Grants(this.statements.of(role), this.map, role);
    this.known.set(role, known);
    return known;
  }
}
