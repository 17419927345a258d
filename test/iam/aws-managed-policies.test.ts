import { Resolver } from '../../lib/cloudformation/resolver';
import { CONDITIONAL_POLICIES, DENYING_POLICIES, GRANTING_POLICIES } from '../../lib/iam/managed-policies';
import { certainEffect, type Contribution, contributionsOf } from '../../lib/iam/policy-document';
import { type WritePermission, writePermissions } from '../../lib/iam/xray-permissions';
import { describeWithPython, runPython } from '../python/run-python';

const ALLOWED = certainEffect('Allow', {});

/** Returns the permission of a role with policies and no permissions boundary. */
function permissionBy(contributions: readonly Contribution[]): WritePermission {
  const [{ value }] = writePermissions({ contributions, boundary: [ALLOWED] }, () => true);
  return value;
}

describeWithPython('the AWS managed policies', () => {
  const policies = Object.entries(runPython('managed_policies.py') as Record<string, unknown>)
    // Only roles of AWS services can have these.
    .filter(([name]) => !name.startsWith('aws-service-role/'));

  const resolver = Resolver.of([{ id: 't', template: {} }]);
  const decided = policies.map(([name, document]) => {
    const contributions = contributionsOf(document, resolver.templates[0], resolver);
    const { state: alone } = permissionBy(contributions);
    const { state: denied } = permissionBy([ALLOWED, ...contributions]);
    return {
      name,
      isGranted: alone === 'granted',
      isDenied: denied === 'missing',
      allows: contributions.some(({ effect }) => effect === 'Allow'),
    };
  });
  const names = (chosen: typeof decided) => chosen.map(({ name }) => name).sort();

  test('are many', () => {
    expect(policies.length).toBeGreaterThan(1000);
  });

  test('that allow writing traces are in the table', () => {
    expect(names(decided.filter(({ isGranted }) => isGranted))).toEqual([...GRANTING_POLICIES].sort());
  });

  test('that allow a part of it, or under a condition, are in the table', () => {
    const some = decided.filter(({ isGranted, allows }) => !isGranted && allows);
    expect(names(some)).toEqual([...CONDITIONAL_POLICIES].sort());
  });

  test('that deny it to everyone are in the table', () => {
    expect(names(decided.filter(({ isDenied }) => isDenied))).toEqual([...DENYING_POLICIES].sort());
  });
});
