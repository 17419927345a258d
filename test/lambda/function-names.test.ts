import { buildTracingModel } from '../../lib/model/build-model';
import { lambda, mapping, type Resources, stack, stacks } from '../rules/templates';
import { alias, version, when } from './published';

/** Returns the function that a mapping invokes, with the versions and aliases in between, outermost first. */
function fed(name: unknown, resources: Resources): string[] {
  const sections = { Conditions: { Prod: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } } };
  const [source] = stacks([stack('t', { ...resources, M: mapping({}, name) }, { sections })]);
  const [{ targets }] = buildTracingModel([source]).eventSourceMappings;
  return targets.map(({ value: { function: fn, through } }) =>
    [fn.resource, ...through].map(({ logicalId }) => logicalId).join(':'),
  );
}

const NAMED: Resources = {
  Orders: lambda('Active', { FunctionName: 'orders' }),
  Live: alias('3', { FunctionName: 'orders' }),
  V1: version({ FunctionName: { Ref: 'Orders' } }),
};

/** The part of an ARN, or of another value with colons. */
const piece = (index: number, of: unknown) => ({ 'Fn::Select': [index, { 'Fn::Split': [':', of] }] });
const ORDERS_ARN = { 'Fn::GetAtt': ['Orders', 'Arn'] };

test.each<[string, unknown, string[]]>([
  ['a name', 'orders', ['Orders']],
  ['a name with an alias', 'orders:live', ['Orders:Live']],
  ['a name with a version', 'orders:7', ['Orders']],
  ["a name with another's alias", 'orders:function', ['Orders']],
  ['a partial ARN', '111122223333:function:orders', ['Orders']],
  ['a partial ARN with an alias', '111122223333:function:orders:live', ['Orders:Live']],
  ['an ARN', 'arn:aws:lambda:eu-west-1:111122223333:function:orders', ['Orders']],
  ['an ARN with an alias', 'arn:aws:lambda:eu-west-1:111122223333:function:orders:live', ['Orders:Live']],
  ['the ARN of a layer', 'arn:aws:lambda:eu-west-1:111122223333:layer:orders', []],
  ['the ARN of another service', 'arn:aws:states:eu-west-1:111122223333:function:orders', []],
  ['an ARN that ends too early', 'arn:aws:lambda:eu-west-1:111122223333:function', []],
  ['a partial ARN of something else', '111122223333:layer:orders', []],
  ['too many pieces', 'orders:live:3', []],
  ['a reference', { Ref: 'Orders' }, ['Orders']],
  ['a reference to a version', { Ref: 'V1' }, ['Orders:V1']],
  ['a reference to an alias', { Ref: 'Live' }, ['Orders:Live']],
  ['an ARN with an alias, put together', { 'Fn::Join': [':', [ORDERS_ARN, 'live']] }, ['Orders:Live']],
  ['a reference to something else of the function', { Ref: 'Allowed' }, []],
  ['nothing', { Ref: 'AWS::NoValue' }, []],
  ['the name in an ARN', piece(6, ORDERS_ARN), ['Orders']],
  ["the name in an alias's ARN", piece(6, { Ref: 'Live' }), ['Orders']],
  ["the name in a version's ARN", piece(6, { Ref: 'V1' }), ['Orders']],
  ['the name in a name', piece(0, { Ref: 'Orders' }), ['Orders']],
  [
    'a name with the number in a version',
    { 'Fn::Join': [':', ['orders', piece(7, { Ref: 'V1' })]] },
    ['Orders'],
  ],
  ["the name in something else's ARN", piece(6, { 'Fn::GetAtt': ['Queue', 'Arn'] }), []],
])('resolves a function by %s', (_, name, expected) => {
  const resources = {
    ...NAMED,
    Queue: { Type: 'AWS::SQS::Queue' },
    Allowed: { Type: 'AWS::Lambda::Permission', Properties: { FunctionName: { Ref: 'Orders' } } },
  };
  expect(fed(name, resources)).toEqual(expected);
});

describe('a part of an ARN', () => {
  test.each<[string, number, string]>([
    ['the partition', 1, 'AWS::Partition'],
    ['the region', 3, 'AWS::Region'],
    ['the account', 4, 'AWS::AccountId'],
  ])('%s is that of the stack', (_, index, pseudo) => {
    const resources = {
      Orders: lambda('Active', { FunctionName: { 'Fn::Sub': `orders-\${${pseudo}}` } }),
      Other: lambda(),
    };
    const name = { 'Fn::Join': ['-', ['orders', piece(index, { 'Fn::GetAtt': ['Other', 'Arn'] })]] };
    expect(fed(name, resources)).toEqual(['Orders']);
  });

  test.each<[string, number, string]>([
    ['the region', 3, 'orders-eu-west-1'],
    ['the account', 4, 'orders-111122223333'],
  ])('%s can be known', (_, index, FunctionName) => {
    const name = { 'Fn::Join': ['-', ['orders', piece(index, { 'Fn::GetAtt': ['Other', 'Arn'] })]] };
    const source = stack(
      't',
      { Orders: lambda('Active', { FunctionName }), Other: lambda(), M: mapping({}, name) },
      { region: 'eu-west-1', account: '111122223333' },
    );
    const [{ targets }] = buildTracingModel([source]).eventSourceMappings;
    expect(targets.map(({ value }) => value.function.resource.logicalId)).toEqual(['Orders']);
  });
});

describe('the function of a reference', () => {
  const either = when('Prod', { Ref: 'A' }, { Ref: 'B' });
  const two = { A: lambda(), B: lambda() };

  test.each<[string, unknown, Resources, string[]]>([
    ['depends on a case', either, two, ['A', 'B']],
    [
      'is not known, by a version of one or the other',
      { Ref: 'V' },
      { ...two, V: version({ FunctionName: either }) },
      [],
    ],
    [
      'is known, by a version of the same in each case',
      { Ref: 'V' },
      { ...two, V: version({ FunctionName: when('Prod', { Ref: 'A' }, { 'Fn::GetAtt': ['A', 'Arn'] }) }) },
      ['A:V'],
    ],
    [
      'is not known, by versions of each other',
      { Ref: 'V' },
      { V: version({ FunctionName: { Ref: 'W' } }), W: version({ FunctionName: { Ref: 'V' } }) },
      [],
    ],
    [
      'does not depend on aliases of we do not know what',
      'orders:live',
      {
        ...NAMED,
        Lost: alias('1', { FunctionName: { Ref: 'Gone' } }),
        Nameless: alias('1', { FunctionName: 'orders', Name: undefined }),
        Neither: alias('1', { FunctionName: { Ref: 'Gone' }, Name: undefined }),
        Custom: { Type: 'Custom::Alias', Properties: { FunctionName: 'orders', Name: 'live' } },
      },
      ['Orders:Live'],
    ],
  ])('%s', (_, name, resources, expected) => {
    expect(fed(name, resources)).toEqual(expected);
  });
});
