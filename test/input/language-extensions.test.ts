import { expandLanguageExtensions } from '../../lib/cloudformation/language-extensions';
import { lines, loaded, template } from './temporary';

const TRANSFORM = { Transform: 'AWS::LanguageExtensions' };

/** Returns the resources of a template with the transform, with expanded loops. */
function resources(written: object, sections: object = {}): unknown {
  const { template, exceedsLimit } = expandLanguageExtensions({
    ...TRANSFORM,
    ...sections,
    Resources: written,
  });
  expect(exceedsLimit).toBeUndefined();
  return (template as { Resources: unknown }).Resources;
}

/** Returns a loop that copies a resource for each item of a collection. */
function loopOver(collection: unknown): object {
  return { 'Fn::ForEach::Loop': ['X', collection, { 'R&{X}': { Is: '${X}' } }] };
}

test('expands a fragment for each item, in keys and values', () => {
  expect(
    resources({
      Before: 1,
      'Fn::ForEach::Functions': [
        'Name',
        ['Orders', 'Users'],
        {
          '${Name}Fn': {
            Type: 'AWS::Serverless::Function',
            Properties: {
              CodeUri: './${Name}',
              FunctionName: { Ref: 'Name' },
              Role: { 'Fn::GetAtt': [{ 'Fn::Sub': '${Name}Role' }, 'Arn'] },
              Table: { Ref: { 'Fn::Sub': '${Name}Table' } },
              Url: { 'Fn::Sub': 'https://${Api}/${Name}/${!Name}' },
              Tags: { 'Fn::Sub': ['${Name}-${Stage}', { Stage: { Ref: 'Stage' } }] },
            },
          },
          '${Name}Role': { Type: 'AWS::IAM::Role' },
        },
      ],
      After: 2,
    }),
  ).toEqual({
    Before: 1,
    ...Object.fromEntries(
      ['Orders', 'Users'].flatMap((name) => [
        [
          `${name}Fn`,
          {
            Type: 'AWS::Serverless::Function',
            Properties: {
              CodeUri: `./${name}`,
              FunctionName: name,
              Role: { 'Fn::GetAtt': [`${name}Role`, 'Arn'] },
              Table: { Ref: `${name}Table` },
              Url: { 'Fn::Sub': `https://\${Api}/${name}/\${!Name}` },
              Tags: { 'Fn::Sub': [`${name}-\${Stage}`, { Stage: { Ref: 'Stage' } }] },
            },
          },
        ],
        [`${name}Role`, { Type: 'AWS::IAM::Role' }],
      ]),
    ),
    After: 2,
  });
});

describe('collections', () => {
  const sections = {
    Parameters: {
      List: { Type: 'CommaDelimitedList', Default: 'a, b' },
      Ids: { Type: 'List<AWS::EC2::Subnet::Id>', Default: 'a,b' },
      One: { Type: 'String', Default: 'a' },
      Open: { Type: 'CommaDelimitedList' },
    },
    Mappings: { Map: { live: { Items: ['a', 'b'], One: 'a' } } },
  };
  const a = { Ra: { Is: 'a' } };
  const ab = { ...a, Rb: { Is: 'b' } };

  test.each<[string, unknown, object]>([
    ['a list', ['a', 'b'], ab],
    ['numbers', [1, 2], { R1: { Is: '1' }, R2: { Is: '2' } }],
    ['nothing', [], {}],
    ['what is no letter or digit, left out by &{}', ['10.0.0.0/16'], { R1000016: { Is: '10.0.0.0/16' } }],
    ['the default of a parameter', { Ref: 'List' }, ab],
    ['the default of a parameter of another list type', { Ref: 'Ids' }, ab],
    ['parameters in a list', [{ Ref: 'One' }, 'b'], ab],
    ['a mapping', { 'Fn::FindInMap': ['Map', 'live', 'Items'] }, ab],
    ['a mapping, of one item', { 'Fn::FindInMap': ['Map', 'live', 'One'] }, a],
    ['the default of a mapping', { 'Fn::FindInMap': ['Map', 'test', 'Items', { DefaultValue: ['a'] }] }, a],
  ])('%s', (_, collection, expected) => {
    expect(resources(loopOver(collection), sections)).toEqual(expected);
  });

  test.each<[string, unknown]>([
    ['a parameter without a default', { Ref: 'Open' }],
    ['a list with such a one in it', ['a', { Ref: 'Open' }]],
    ['a parameter that is not there', { Ref: 'Gone' }],
    ['a mapping by the region', { 'Fn::FindInMap': ['Map', { Ref: 'AWS::Region' }, 'Items'] }],
    ['another function', { 'Fn::Split': [',', 'a,b'] }],
    ['nothing', null],
  ])('%s is unknown, and the loop stays', (_, collection) => {
    expect(resources(loopOver(collection), sections)).toEqual(loopOver(collection));
  });
});

test('expands loops in loops, properties, conditions and outputs', () => {
  const inner = { 'Fn::ForEach::Inner': ['Y', [{ Ref: 'X' }, 'c'], { '${X}${Y}': { Is: '${X}-${Y}' } }] };
  const written = { 'Fn::ForEach::Outer': ['X', ['a', 'b'], inner] };
  const expanded = {
    aa: { Is: 'a-a' },
    ac: { Is: 'a-c' },
    bb: { Is: 'b-b' },
    bc: { Is: 'b-c' },
  };
  const inProperties = (fragment: object) => ({ Fn: { Type: 'X', Properties: { Variables: [fragment] } } });
  expect(
    expandLanguageExtensions({
      Transform: ['AWS::Serverless-2016-10-31', { Name: 'AWS::LanguageExtensions' }],
      Conditions: written,
      Resources: inProperties(written),
      Outputs: written,
      Metadata: written,
    }).template,
  ).toMatchObject({
    Conditions: expanded,
    Resources: inProperties(expanded),
    Outputs: expanded,
    Metadata: written,
  });
});

test('gives each copy its condition from a mapping, or none', () => {
  const condition = {
    'Fn::FindInMap': ['Map', 'On', { Ref: 'X' }, { DefaultValue: { Ref: 'AWS::NoValue' } }],
  };
  const written = { 'Fn::ForEach::Loop': ['X', ['A', 'B'], { 'R${X}': { Condition: condition } }] };
  expect(resources(written, { Mappings: { Map: { On: { B: 'IsB' } } } })).toEqual({
    RA: { Condition: { Ref: 'AWS::NoValue' } },
    RB: { Condition: 'IsB' },
  });
});

test.each<[what: string, sections: object]>([
  ['a transform', {}],
  ['the transform', { Transform: 'AWS::Serverless-2016-10-31' }],
  ['the transform, but with another', { Transform: [{ Name: 'AWS::Include', Parameters: {} }] }],
])('expands no loop without %s', (_, sections) => {
  const written = { ...sections, Resources: loopOver(['a']) };
  expect(template(JSON.stringify(written))).toEqual(written);
});

test('does not change values outside of loops', () => {
  const written = {
    Fn: { Name: { 'Fn::Sub': 'orders' }, Mode: { 'Fn::FindInMap': ['Map', 'On', 'A'] }, Tags: {} },
  };
  expect(resources(written, { Mappings: { Map: { On: { A: 'Active' } } } })).toEqual(written);
});

test('does not change values in loops that only look like functions', () => {
  const written = {
    Empty: {},
    Two: { Ref: 'X', 'Fn::Sub': 'b' },
    List: { Ref: ['X'] },
    Other: { Ref: 'Y' },
  };
  expect(resources({ 'Fn::ForEach::Loop': ['X', ['a'], written] })).toEqual(written);
});

test('does not change invalid loops', () => {
  const written = {
    'Fn::ForEach::A': 'X',
    'Fn::ForEach::B': ['X', ['a']],
    'Fn::ForEach::C': ['X', ['a'], 'fragment'],
    'Fn::ForEach::D': [{ Ref: 'X' }, ['a'], {}],
    'Fn::ForEach::E': ['X', ['a'], { '${X}': {} }, 'more'],
    'Fn::ForEach::F': { Identifier: 'X' },
    'Fn::ForEach::G': null,
  };
  expect(resources(written)).toEqual(written);
});

test('locates values in copies at their fragment', () => {
  const { locate } = loaded(`Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::Outer:
    - X
    - [A, B]
    - Fn::ForEach::Inner:
        - Y
        - [C]
        - Fn\${X}\${Y}:
            Type: AWS::Lambda::Function
            Properties:
              Role: r
  Topic:
    Type: AWS::SNS::Topic
    Properties:
      Subscription:
        - Protocol: email
        - Fn::ForEach::Key:
            - Z
            - [A, B]
            - Key\${Z}: z
`).templates[0];
  expect(locate!(['Resources', 'FnBC'])).toEqual({ line: 9, column: 11 });
  expect(locate!(['Resources', 'FnBC', 'Properties', 'Role'])).toEqual({ line: 12, column: 15 });
  expect(locate!(['Resources', 'Topic', 'Type'])).toEqual({ line: 14, column: 5 });
  const subscription = ['Resources', 'Topic', 'Properties', 'Subscription'];
  expect(locate!([...subscription, '0', 'Protocol'])).toEqual({ line: 17, column: 11 });
  expect(locate!([...subscription, '1', 'KeyA'])).toEqual({ line: 21, column: 15 });
  expect(locate!([...subscription, '1', 'KeyB'])).toEqual({ line: 21, column: 15 });
});

test.each<[string, object]>([
  ['too many copies', loopOver(Array.from({ length: 10_001 }, (_, i) => `${i}`))],
  [
    'copies of copies',
    [...'ABCDEFGHIJ'].reduce(
      (fragment, id) => ({ [`Fn::ForEach::${id}`]: [id, [1, 2, 3, 4], fragment] }),
      {},
    ),
  ],
  ['copies that are too large', { 'Fn::ForEach::A': ['A', ['a', 'b'], { '${A}': 'x'.repeat(60_000_000) }] }],
  [
    'items that are too large',
    { 'Fn::ForEach::A': ['A', ['x'.repeat(1_000_000)], { a: '${A}'.repeat(1_000_000) }] },
  ],
])('reports that %s are not expanded', (_, written) => {
  const text = JSON.stringify({ ...TRANSFORM, Resources: written });
  const { templates, errors } = loaded(text);
  expect(lines(errors)).toEqual([
    '-:1:53: This loop exceeds the limit of 10000 copies or the memory limit, so no loop of the ' +
      'template is expanded. Shorten its collection.',
  ]);
  expect(templates[0].template).toEqual(JSON.parse(text));
});
