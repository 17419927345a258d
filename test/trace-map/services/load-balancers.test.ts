import { lambda, type Resources, stack } from '../../rules/templates';
import { edgeLines } from '../edge-lines';

const ELB = 'AWS::ElasticLoadBalancingV2::';
const GROUP = {
  Type: `${ELB}TargetGroup`,
  Properties: { TargetType: 'lambda', Targets: [{ Id: { 'Fn::GetAtt': ['Fn', 'Arn'] } }] },
};
const FORWARD = [{ Type: 'forward', TargetGroupArn: { Ref: 'Group' } }];
const WEIGHTED = [
  { Type: 'forward', ForwardConfig: { TargetGroups: [{ TargetGroupArn: { Ref: 'Group' }, Weight: 1 }] } },
];

function listener(actions: unknown, balancer: unknown = { Ref: 'Balancer' }) {
  return { Type: `${ELB}Listener`, Properties: { LoadBalancerArn: balancer, DefaultActions: actions } };
}

function rule(actions: unknown) {
  return { Type: `${ELB}ListenerRule`, Properties: { ListenerArn: { Ref: 'Listener' }, Actions: actions } };
}

const BALANCER = { Balancer: { Type: `${ELB}LoadBalancer` } };
const CALL = ['Balancer -propagates-> Fn (synchronous)'];

test.each<[string, Resources, string[]]>([
  ['a listener', { ...BALANCER, Group: GROUP, Listener: listener(FORWARD) }, CALL],
  ['a listener with weights', { ...BALANCER, Group: GROUP, Listener: listener(WEIGHTED) }, CALL],
  [
    "a listener's rule",
    { ...BALANCER, Group: GROUP, Listener: listener([{ Type: 'fixed-response' }]), Rule: rule(FORWARD) },
    CALL,
  ],
  [
    'several listeners of one load balancer',
    { ...BALANCER, Group: GROUP, Listener: listener(FORWARD), Other: listener(FORWARD) },
    CALL,
  ],
  [
    'listeners of two load balancers',
    {
      ...BALANCER,
      Group: GROUP,
      Listener: listener(FORWARD),
      Inner: { Type: `${ELB}LoadBalancer` },
      InnerListener: listener(FORWARD, { Ref: 'Inner' }),
    },
    [...CALL, 'Inner -propagates-> Fn (synchronous)'],
  ],
  [
    'a load balancer outside of the templates',
    {
      Group: GROUP,
      Listener: listener(
        FORWARD,
        'arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/web/50dc6c495c0c9188',
      ),
    },
    ['web -propagates-> Fn (synchronous)'],
  ],
  ['no listener', { Group: GROUP }, ['Group -propagates-> Fn (synchronous)']],
  [
    'an alias',
    {
      Live: { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { Ref: 'Fn' }, Name: 'live' } },
      Group: {
        Type: `${ELB}TargetGroup`,
        Properties: { TargetType: 'lambda', Targets: [{ Id: { Ref: 'Live' } }] },
      },
    },
    ['Group -propagates-> Fn:Live (synchronous)'],
  ],
  [
    'a load balancer as the target of another',
    {
      ...BALANCER,
      Group: {
        Type: `${ELB}TargetGroup`,
        Properties: { TargetType: 'alb', Targets: [{ Id: { Ref: 'Balancer' } }] },
      },
    },
    [],
  ],
  [
    'a listener with a target group that is known only at deployment',
    {
      ...BALANCER,
      Group: GROUP,
      Listener: listener([
        { Type: 'forward', TargetGroupArn: { Ref: 'GroupArn' } },
        { Type: 'forward', TargetGroupArn: { Ref: 'AWS::NoValue' } },
      ]),
    },
    ['Group -propagates-> Fn (synchronous)'],
  ],
  [
    'ignores targets that are no functions',
    { Group: { Type: `${ELB}TargetGroup`, Properties: { TargetType: 'ip', Targets: [{ Id: '10.0.0.1' }] } } },
    [],
  ],
])('%s', (_, resources, expected) => {
  expect(edgeLines({ Fn: lambda(), ...resources })).toEqual(expected);
});

test('a listener in another stack forwards to the target group', () => {
  const sections = { Outputs: { Arn: { Value: { Ref: 'Group' }, Export: { Name: 'group' } } } };
  const functions = stack('functions', { Fn: lambda(), Group: GROUP }, { sections });
  const imported = listener([{ Type: 'forward', TargetGroupArn: { 'Fn::ImportValue': 'group' } }]);
  expect(edgeLines(functions, { ...BALANCER, Listener: imported })).toEqual(CALL);
});
