import { functionWith, verified, type World } from './world';

const BY_ORGANIZATION = { isAllowed: false, by: 'organization' } as const;

test.each<[string, World, string[]]>([
  ['what is as the template says', {}, []],
  [
    'a mode that only deployment tells',
    { template: { Fn: functionWith({ Ref: 'Mode' }) } },
    ["mode: neither the template nor the stack's parameters tell which it is to be"],
  ],
  [
    'a mode that Lambda does not know',
    { template: { Fn: functionWith('active') } },
    ["mode: the template says 'active', which is no mode"],
  ],
  [
    'a function that could not be read',
    { template: { Fn: functionWith('active') }, unread: ['versions'] },
    [],
  ],
  [
    'what service control policies may not allow',
    { decisions: [BY_ORGANIZATION, BY_ORGANIZATION] },
    [
      "permissions: the simulator says of the role 'fn-role' that service control policies of the organization do not allow it, without all that they may go by: look at its traces",
    ],
  ],
])('%s', (_, world, expected) => {
  const [{ deviations, notCompared }] = verified(world);
  expect(deviations).toEqual([]);
  expect(notCompared.map(({ what, reason }) => `${what}: ${reason}`)).toEqual(expected);
});
