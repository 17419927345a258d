import { buildTracingModel } from '../../lib/model/build-model';
import { lambda, type Resources, serverless, stack } from '../rules/templates';

/** Returns the permission of the function `Fn`, and the policies that give it. */
function permissionOf(resources: Resources, source: Parameters<typeof stack>[2] = {}) {
  const [{ writePermissions: permissions }] = buildTracingModel([stack('t', resources, source)]).functions;
  return permissions.map(({ value: { state, policies } }) => [state, ...policies].join(' by '));
}

test.each([
  [undefined, 'AWSXrayWriteOnlyAccess'],
  ['eu-west-1', 'AWSXrayWriteOnlyAccess'],
  ['cn-north-1', 'AWSXRayDaemonWriteAccess'],
  ['us-gov-west-1', 'AWSXRayDaemonWriteAccess'],
])("SAM's policy in the region %s is %s", (region, policy) => {
  expect(permissionOf(serverless({ Tracing: 'Active' }), { region })).toEqual([`granted by ${policy}`]);
});

test('is unknown for a function without a role', () => {
  expect(permissionOf({ Fn: lambda('Active') })).toEqual(['unknown']);
});

test('is unknown where a macro can change the policies of a SAM function', () => {
  const Transform = ['AddPolicies', 'AWS::Serverless-2016-10-31'];
  const tracing = { TracingConfig: { Mode: 'Active' } };
  expect(permissionOf(serverless(tracing))).toEqual(['missing']);
  expect(permissionOf(serverless(tracing), { sections: { Transform } })).toEqual(['unknown']);
});
