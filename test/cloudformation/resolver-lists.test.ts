import { Resolver } from '../../lib/cloudformation/resolver';
import { stack } from '../rules/templates';
import { lines, valueLines } from './resolved';

const NOTHING = { Ref: 'AWS::NoValue' };
const OPAQUE = '{"Fn::Opaque":true}';
const IS_PROD = '${t#Stage}=prod';

const resolver = Resolver.of([
  stack(
    't',
    {
      Queue: { Type: 'AWS::SQS::Queue' },
      Always: { Type: 'AWS::SQS::Queue', Condition: 'Holds' },
      InProd: { Type: 'AWS::SQS::Queue', Condition: 'C' },
      Never: { Type: 'AWS::SQS::Queue', Condition: 'Fails' },
    },
    {
      sections: {
        Conditions: {
          C: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
          Holds: { 'Fn::Equals': ['a', 'a'] },
          Fails: { 'Fn::Equals': ['a', 'b'] },
        },
        Parameters: {
          Stage: { Type: 'String' },
          Names: { Type: 'CommaDelimitedList', Default: 'a, b' },
          None: { Type: 'CommaDelimitedList', Default: '' },
          Unknown: { Type: 'CommaDelimitedList' },
          Text: { Type: 'String', Default: 'a,b' },
        },
      },
    },
  ),
]);
const [template] = resolver.templates;
const choice = (then: unknown, otherwise: unknown) => ({ 'Fn::If': ['C', then, otherwise] });

describe('at a path', () => {
  test.each<[root: unknown, path: string[], ...values: string[]]>([
    [{ a: 1 }, ['a'], '1'],
    [{ a: { b: [1] } }, ['a', 'b'], '[1]'],
    [{ a: 1 }, [], '{"a":1}'],
    [{ a: 1 }, ['b'], 'nothing'],
    [{ a: 1 }, ['b', 'c'], 'nothing'],
    [{ a: null }, ['a'], 'nothing'],
    [{ a: NOTHING }, ['a'], 'nothing'],
    [{ a: choice({ b: 1 }, { b: 2 }) }, ['a', 'b'], `1 if ${IS_PROD}`, `2 if not ${IS_PROD}`],
    [{ a: choice({ b: 1 }, NOTHING) }, ['a', 'b'], `1 if ${IS_PROD}`, `nothing if not ${IS_PROD}`],
    [choice({ a: 1 }, {}), ['a'], `1 if ${IS_PROD}`, `nothing if not ${IS_PROD}`],
    // A path can't be followed in a value that is not an object, or is known only at deployment.
    [{ a: 'text' }, ['a', 'b'], OPAQUE],
    [{ a: [{ b: 1 }] }, ['a', 'b'], OPAQUE],
    [{ a: { Ref: 'Queue' } }, ['a', 'Ref'], OPAQUE],
    [{ a: { 'Fn::GetAtt': ['Queue', 'Arn'] } }, ['a', 'b'], OPAQUE],
    [{ 'Fn::If': 'wrong' }, ['a'], OPAQUE],
    // A macro or a loop can add any key.
    [{ a: { 'Fn::Transform': { Name: 'Macro' }, c: 1 } }, ['a', 'b'], OPAQUE],
    [{ a: { 'Fn::Transform': { Name: 'Macro' }, c: 1 } }, ['a', 'c'], '1'],
    [{ a: { 'Not::Fn::': 1, c: 1 } }, ['a', 'b'], 'nothing'],
    // An object with several keys is not an intrinsic function.
    [{ 'Fn::If': ['C', { a: 1 }, { a: 2 }], a: 3 }, ['a'], '3'],
  ])('%j, %j', (root, path, ...values) => {
    expect(valueLines(resolver.at(root, path, template))).toEqual(values);
  });
});

describe('items of a list', () => {
  test.each<[list: unknown, ...items: string[]]>([
    [['a', 'b'], '"a"', '"b"'],
    [[]],
    [['a', NOTHING, null, 'b'], '"a"', '"b"'],
    [['a', choice('b', NOTHING)], '"a"', `"b" if ${IS_PROD}`],
    [choice(['a'], ['b', 'c']), `"a" if ${IS_PROD}`, `"b" if not ${IS_PROD}`, `"c" if not ${IS_PROD}`],
    [choice(['a'], NOTHING), `"a" if ${IS_PROD}`],
    [[{ Ref: 'Queue' }], '{"Ref":"Queue"}'],
    [undefined],
    [NOTHING],
    // A single item can replace the list.
    ['a', '"a"'],
    [{ Ref: 'Queue' }, '{"Ref":"Queue"}'],
    [{ Ref: ['Names'] }, '{"Ref":["Names"]}'],
    [{ a: 1 }, '{"a":1}'],
    [{ Ref: 'Text' }, '{"Ref":"Text"}'],
    [
      { Ref: 'Names' },
      '"a" if ${t#Names}=a, b',
      '"b" if ${t#Names}=a, b',
      `${OPAQUE} if not \${t#Names}=a, b`,
    ],
    [{ Ref: 'None' }, `${OPAQUE} if not \${t#None}=`],
    [{ Ref: 'Unknown' }, OPAQUE],
  ])('%j', (list, ...items) => {
    expect(valueLines(resolver.items(list, template))).toEqual(items);
    expect(valueLines(resolver.itemsAt({ list }, 'list', template))).toEqual(items);
  });
});

test.each<[list: unknown, ...items: string[]]>([
  // A part that is known only at deployment makes its own item unknown, and no other.
  [{ Ref: 'Passed' }, 'a', 'b<AWS::Partition>', '<Queue>'],
  [{ Ref: 'Empty' }],
  [{ 'Fn::Split': [';', 'a;b'] }, 'a', 'b'],
  [{ 'Fn::Split': [';', { 'Fn::Sub': 'a;b${AWS::Partition}' }] }, 'a', 'b<AWS::Partition>'],
  [{ 'Fn::Split': 'a' }, '?'],
])('resolves the items of %j', (list, ...items) => {
  const nested = stack(
    'nested',
    { Queue: { Type: 'AWS::SQS::Queue' } },
    {
      nestedIn: { id: 'parent', logicalId: 'Nested' },
      sections: { Parameters: { Passed: { Type: 'CommaDelimitedList' }, Empty: { Type: 'List<String>' } } },
    },
  );
  const passed = { 'Fn::Join': [',', ['a', { 'Fn::Sub': ' b${AWS::Partition} ' }, { Ref: 'Queue' }]] };
  const parent = stack('parent', {
    Queue: { Type: 'AWS::SQS::Queue' },
    Nested: {
      Type: 'AWS::CloudFormation::Stack',
      Properties: { Parameters: { Passed: passed, Empty: '' } },
    },
  });
  const deployment = Resolver.of([nested, parent]);
  const [from] = deployment.templates;
  const found = deployment.items(list, from).flatMap(({ value }) => deployment.strings(value, from));
  expect(lines(found)).toEqual(items);
});

test('resolves the strings at a path', () => {
  const root = { a: choice({ 'Fn::Sub': '${Queue}' }, NOTHING) };
  expect(lines(resolver.stringsAt(root, ['a'], template))).toEqual([
    `<Queue> if ${IS_PROD}`,
    `nothing if not ${IS_PROD}`,
  ]);
});

test.each<[resource: string, ...values: string[]]>([
  ['Queue', '1 if A', '2 if not A'],
  ['Always', '1 if A', '2 if not A'],
  ['InProd', `1 if ${IS_PROD}, A`, `2 if ${IS_PROD}, not A`],
  ['Never'],
])('keeps the possibilities of %s under which it is created', (name, ...values) => {
  const possible = [
    { value: 1, when: { A: true } },
    { value: 2, when: { A: false } },
  ];
  expect(valueLines(resolver.whereCreated(template.resources.get(name)!, possible))).toEqual(values);
});
