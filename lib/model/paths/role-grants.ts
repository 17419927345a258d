import { RoleStatements } from '../iam/role-statements';
import { certainly, type Possible } from '../possible';
import type { Resolver } from '../resolver';
import { effectiveProperties } from '../sam-globals';
import type { Resource } from '../template';
import { Grants } from './grants';
import type { MapBuilder } from './map-builder';

/** Worked out once for a map. */
export function roleGrants(_: Resolver, map: MapBuilder): RoleGrants {
  return new RoleGrants(map);
}

/** What the roles of functions and state machines let them call. */
export class RoleGrants {
  private readonly known = new Map<Resource, Grants>();
  private readonly statements: RoleStatements;

  constructor(private readonly map: MapBuilder) {
    this.statements = new RoleStatements(map.roles, map.resolver);
  }

  /** The grants of each role that a function or a state machine can have. */
  public of(holder: Resource): Possible<Grants>[] {
    const { Role: own, RoleArn: role = own, Policies: policies } = effectiveProperties(holder);
    // SAM makes a role for what isn't given one.
    if (role === undefined) {
      return certainly(new Grants(this.statements.ofSamPolicies(policies, holder), this.map));
    }
    return this.map.roles
      .meant(role, holder.template)
      .flatMap(({ value, when }) => (value ? [{ value: this.ofRole(value), when }] : []));
  }

  private ofRole(role: Resource): Grants {
    const known = this.known.get(role) ?? new Grants(this.statements.of(role), this.map, role);
    this.known.set(role, known);
    return known;
  }
}
