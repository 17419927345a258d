import { Resolver } from '../../lib/cloudformation/resolver';
import {
  CONDITIONAL_POLICIES,
  DENYING_POLICIES,
  GRANTING_POLICIES,
  PARTIAL_POLICIES,
  TRACING_ACTIONS,
  type TracingAction,
} from '../../lib/iam/managed-policies';
import {
  certainEffect,
  type Contribution,
  contributionsOf,
  templateValues,
} from '../../lib/iam/policy-document';
import { type XRayPermission, permissionsFor } from '../../lib/iam/xray-permissions';
import { describeWithPython, runPython } from '../python/run-python';

const ALLOWED = certainEffect('Allow', {});

/** Returns the permission of a role with policies and no permissions boundary. */
function permissionBy(
  contributions: readonly Contribution[],
  actions: readonly TracingAction[] = TRACING_ACTIONS,
): XRayPermission {
  const [{ value }] = permissionsFor(actions, { contributions, boundary: [ALLOWED] }, () => true);
  return value;
}

describeWithPython('the AWS managed policies', () => {
  const policies = Object.entries(runPython('managed_policies.py') as Record<string, unknown>)
    // Only roles of AWS services can have these.
    .filter(([name]) => !name.startsWith('aws-service-role/'));

  const resolver = Resolver.of([{ id: 't', template: {} }]);
  const decided = policies.map(([name, document]) => {
    const contributions = contributionsOf(document, templateValues(resolver.templates[0], resolver));
    const { state: alone } = permissionBy(contributions);
    const denied = permissionBy([ALLOWED, ...contributions]);
    return {
      name,
      isGranted: alone === 'granted',
      isDenied: denied.missing.length === TRACING_ACTIONS.length,
      allowed: TRACING_ACTIONS.filter((action) => permissionBy(contributions, [action]).state === 'granted'),
      mayAllow: contributions.some(
        ({ effect, actions }) => effect === 'Allow' && actions.includes('unknown'),
      ),
    };
  });
  const names = (chosen: typeof decided) => chosen.map(({ name }) => name).sort();

  test('are many', () => {
    expect(policies.length).toBeGreaterThan(1000);
  });

  test('that allow all actions are in the table', () => {
    expect(names(decided.filter(({ isGranted }) => isGranted))).toEqual([...GRANTING_POLICIES].sort());
  });

  test('that allow some actions are in the table', () => {
    const some = decided.filter(({ isGranted, allowed }) => !isGranted && allowed.length > 0);
    expect(new Map(some.map(({ name, allowed }) => [name, allowed]))).toEqual(PARTIAL_POLICIES);
  });

  test('that allow actions under a condition are in the table', () => {
    const some = decided.filter(({ isGranted, mayAllow }) => !isGranted && mayAllow);
    expect(names(some)).toEqual([...CONDITIONAL_POLICIES].sort());
  });

  test('that deny them to everyone are in the table', () => {
    expect(names(decided.filter(({ isDenied }) => isDenied))).toEqual([...DENYING_POLICIES].sort());
  });
});
