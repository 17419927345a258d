import { lines, loaded, template, withWarnings } from './temporary';

/** Parses a value in YAML. */
function value(yaml: string): unknown {
  return (template(`Resources: {}\nValue: ${yaml}\n`) as { Value: unknown }).Value;
}

const EMPTY = 'This file is empty. Write a CloudFormation template to it.';
const NO_MAPPING =
  'Resources must be a mapping of logical IDs to resources, such as `Resources: { Fn: { Type: AWS::Lambda::Function } }`.';

describe('short forms', () => {
  test.each<[string, unknown]>([
    ['!Ref Table', { Ref: 'Table' }],
    ['!Condition IsLive', { Condition: 'IsLive' }],
    ['!GetAtt Fn.Arn', { 'Fn::GetAtt': ['Fn', 'Arn'] }],
    ['!GetAtt Nested.Outputs.Arn', { 'Fn::GetAtt': ['Nested', 'Outputs.Arn'] }],
    ['!GetAtt [Fn, Arn]', { 'Fn::GetAtt': ['Fn', 'Arn'] }],
    ['!GetAtt [!Sub "Fn${X}", Arn]', { 'Fn::GetAtt': [{ 'Fn::Sub': 'Fn${X}' }, 'Arn'] }],
    ['!Sub "${Fn}.x"', { 'Fn::Sub': '${Fn}.x' }],
    ['!Sub ["${A}", {A: !Ref B}]', { 'Fn::Sub': ['${A}', { A: { Ref: 'B' } }] }],
    ['!Join ["", [a, !Ref B]]', { 'Fn::Join': ['', ['a', { Ref: 'B' }]] }],
    ['!Select [0, !GetAZs ""]', { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] }],
    ['!Split [",", a]', { 'Fn::Split': [',', 'a'] }],
    [
      '!If [IsLive, !Ref A, !Ref "AWS::NoValue"]',
      { 'Fn::If': ['IsLive', { Ref: 'A' }, { Ref: 'AWS::NoValue' }] },
    ],
    ['!Equals [!Ref A, b]', { 'Fn::Equals': [{ Ref: 'A' }, 'b'] }],
    [
      '!And [!Condition A, !Not [!Condition B]]',
      { 'Fn::And': [{ Condition: 'A' }, { 'Fn::Not': [{ Condition: 'B' }] }] },
    ],
    ['!Or [!Condition A]', { 'Fn::Or': [{ Condition: 'A' }] }],
    ['!FindInMap [Map, !Ref A, b]', { 'Fn::FindInMap': ['Map', { Ref: 'A' }, 'b'] }],
    ['!ImportValue FnArn', { 'Fn::ImportValue': 'FnArn' }],
    ['!ImportValue {"Fn::Sub": "${A}-Arn"}', { 'Fn::ImportValue': { 'Fn::Sub': '${A}-Arn' } }],
    [
      '!GetStackOutput {StackName: A, OutputName: B}',
      { 'Fn::GetStackOutput': { StackName: 'A', OutputName: 'B' } },
    ],
    ['!Base64 x', { 'Fn::Base64': 'x' }],
    ['!Cidr [10.0.0.0/16, 6, 8]', { 'Fn::Cidr': ['10.0.0.0/16', 6, 8] }],
    ['!Transform {Name: M, Parameters: {A: b}}', { 'Fn::Transform': { Name: 'M', Parameters: { A: 'b' } } }],
    ['!ToJsonString {A: b}', { 'Fn::ToJsonString': { A: 'b' } }],
    ['!Length [a]', { 'Fn::Length': ['a'] }],
    ['!Sub |\n  a\n  ${B}\n', { 'Fn::Sub': 'a\n${B}\n' }],
    [
      '\n  !If\n    - A\n    - !GetAtt B.C\n    - !Sub\n      - ${D}\n      - D: !ImportValue E',
      {
        'Fn::If': [
          'A',
          { 'Fn::GetAtt': ['B', 'C'] },
          { 'Fn::Sub': ['${D}', { D: { 'Fn::ImportValue': 'E' } }] },
        ],
      },
    ],
    ['{Fn::GetAtt: Fn.Arn}', { 'Fn::GetAtt': 'Fn.Arn' }],
  ])('%s', (yaml, json) => expect(value(yaml)).toEqual(json));
});

describe('scalars have the types that CloudFormation gives them', () => {
  test.each<[string, unknown]>([
    ['2012-10-17', '2012-10-17'],
    ['0123', '0123'],
    ['111122223333', 111122223333],
    ['012345678901', '012345678901'],
    ['1.10', '1.10'],
    ['1.5', 1.5],
    ['12:30', '12:30'],
    ['yes', true],
    ['Off', false],
    ['"yes"', 'yes'],
    ['!!str yes', 'yes'],
    ['~', null],
    ['', null],
    ['"a # b" # c', 'a # b'],
    ['>-\n  a\n  b', 'a b'],
  ])('%s', (yaml, json) => expect(value(yaml)).toEqual(json));

  test('keys are text', () => {
    expect(value('{200: a, 2012-10-17: b, true: c, "d": e}')).toEqual({
      '200': 'a',
      '2012-10-17': 'b',
      true: 'c',
      d: 'e',
    });
  });

  test('reads a key that all objects inherit', () => {
    expect(Object.keys(value('{__proto__: {a: b}, constructor: c}') as object)).toEqual([
      '__proto__',
      'constructor',
    ]);
  });
});

describe('anchors and merge keys', () => {
  test('an alias has the value of its anchor', () => {
    expect(value('{a: &a {b: !Ref C}, d: [*a, *a]}')).toEqual({
      a: { b: { Ref: 'C' } },
      d: [{ b: { Ref: 'C' } }, { b: { Ref: 'C' } }],
    });
  });

  test.each<[string, unknown]>([
    ['{x: &x {a: 1, b: 1}, y: {<<: *x, b: 2}}', { a: 1, b: 2 }],
    ['{x: &x {a: 1, b: 1}, y: {b: 2, <<: *x}}', { a: 1, b: 2 }],
    ['{x: &x {a: 1}, z: &z {a: 2, b: 2}, y: {<<: [*x, *z]}}', { a: 1, b: 2 }],
    ['{y: {<<: {a: 1}}}', { a: 1 }],
    ['{y: {"<<": {a: 1}}}', { '<<': { a: 1 } }],
  ])('%s', (yaml, y) => expect(value(yaml)).toMatchObject({ y }));

  test('an anchor can be defined again', () => {
    expect(value('{a: &x 1, b: *x, c: &x 2, d: *x}')).toEqual({ a: 1, b: 1, c: 2, d: 2 });
  });
});

test('reads flow collections that one of the libraries does not read', () => {
  const text = `Resources:
  A:
    Type: X
    Type: Y
    Properties: {
  "a": [-, !Rain::Embed b]
}
  B:
    Type: !!str Z
`;
  const { templates, errors, warnings = [] } = loaded(text);
  expect(templates[0].template).toEqual({
    Resources: {
      A: { Type: 'Y', Properties: { a: ['-', { 'Fn::Rain::Embed': 'b' }] } },
      B: { Type: 'Z' },
    },
  });
  expect(lines(warnings)).toEqual(["-:4:5: Duplicate key 'Type'. Remove one of the two."]);
  expect(lines(errors)).toEqual([
    '-:6:12: CloudFormation has no function !Rain::Embed. Its value is treated as unknown.',
  ]);
  expect(templates[0].locate!(['Resources', 'B', 'Type'])).toEqual({ line: 9, column: 5 });
});

test.each<[string, unknown]>([
  ['!!int 5', 5],
  ['"a [-] b, -, c"', 'a [-] b, -, c'],
  ['[-, "-,"]', ['-', '-,']],
  ['{yes: 1, ~: 2, 012: 3, -: 4}', { yes: 1, '~': 2, '012': 3, '-': 4 }],
])('reads %s', (yaml, json) => {
  expect(value(yaml)).toEqual(json);
});

describe('reports the position of errors, and reads the rest', () => {
  test('a duplicate key', () => {
    expect(withWarnings('Resources:\n  A: {Type: X}\n  B: {Type: Y}\n  A: {Type: Z}\n')).toEqual({
      template: { Resources: { A: { Type: 'Z' }, B: { Type: 'Y' } } },
      warnings: ["-:4:3: Duplicate key 'A'. Remove one of the two."],
    });
  });

  test('an unknown tag', () => {
    const { templates, errors } = loaded(
      'Resources:\n  A:\n    Type: X\n    Properties: {B: !Rain::Embed b.txt}\n',
    );
    expect(lines(errors)).toEqual([
      '-:4:34: CloudFormation has no function !Rain::Embed. Its value is treated as unknown.',
    ]);
    expect(templates[0].template).toMatchObject({
      Resources: { A: { Properties: { B: { 'Fn::Rain::Embed': 'b.txt' } } } },
    });
  });

  test('a key that is a list', () => {
    expect(lines(loaded('Resources: {}\n? [a]\n: b\n').errors)).toEqual([
      '-:2:3: This key is a list or an object. Use a string.',
    ]);
  });
});

describe('reports text that can not be read', () => {
  test.each([
    [
      'Resources:\n  A: [\n',
      '-:3:1: This is not valid YAML: flow sequence in block collection must be sufficiently indented and end with a ].',
    ],
    [
      'Resources:\n  A: b: c\n',
      '-:2:6: This is not valid YAML: nested mappings are not allowed in compact mappings.',
    ],
    ['Resources:\n\tA: b\n', '-:2:1: This is not valid YAML: tabs are not allowed as indentation.'],
    ['Resources: {}\nA: *b\n', '-:2:4: The alias *b has no anchor &b before it.'],
    ['Resources: {}\nA: &a {b: *a}\n', '-:2:11: The alias *a is inside its own anchor.'],
    [
      'Resources: {}\n---\nResources: {}\n',
      '-:2:1: A second YAML document starts here. Move it to its own file.',
    ],
    ['', `-: ${EMPTY}`],
    ['# Nothing yet.\n', `-: ${EMPTY}`],
    ['---\n', `-: ${EMPTY}`],
    ['{}', '-: This is not a CloudFormation template: it has no Resources.'],
    ['Resources: [a]', `-:1:1: ${NO_MAPPING}`],
    ['Resources:', `-:1:1: ${NO_MAPPING}`],
    ['AWSTemplateFormatVersion: 2010-09-09\nResources: [a]', `-:2:1: ${NO_MAPPING}`],
    [
      'service: orders\nprovider: { name: aws }\nfunctions: { intake: { handler: index.handler } }',
      '-: This is a configuration of the Serverless Framework, which makes the template of it. Run serverless package, and pass .serverless instead.',
    ],
    ['just text', '-: This is not a CloudFormation template: it has no Resources.'],
  ])('%j', (yaml, error) => {
    const { templates, errors } = loaded(yaml);
    expect(lines(errors)).toEqual([error]);
    expect(templates).toEqual([]);
  });
});
