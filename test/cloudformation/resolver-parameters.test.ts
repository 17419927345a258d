import type { TemplateSource } from '../../lib/cloudformation/template';
import { stack } from '../rules/templates';
import { resolved } from './resolved';

/** Returns the values of the parameter `P`, or of a value that contains it. */
function parameter(declaration: unknown, value: unknown = { Ref: 'P' }): string[] {
  return resolved(value, { Parameters: { P: declaration } });
}

test.each<[declaration: unknown, ...texts: string[]]>([
  [{ Type: 'String' }, '<t#P>'],
  [{ Type: 'String', Default: 'a' }, 'a if ${t#P}=a', '<t#P> if not ${t#P}=a'],
  [{ Type: 'Number', Default: 0 }, '0 if ${t#P}=0', '<t#P> if not ${t#P}=0'],
  [{ Type: 'String', Default: ['a'] }, '<t#P>'],
  [{ Type: 'String', AllowedValues: ['a'] }, 'a'],
  [{ Type: 'String', AllowedValues: ['a', 'b'] }, 'a if ${t#P}=a', 'b if not ${t#P}=a'],
  [
    { Type: 'String', AllowedValues: ['a', 'b', 'a', 'c'], Default: 'b' },
    'a if ${t#P}=a',
    'b if ${t#P}=b',
    'c if not ${t#P}=a, not ${t#P}=b',
  ],
  [{ Type: 'Number', AllowedValues: [1, 2] }, '1 if ${t#P}=1', '2 if not ${t#P}=1'],
  [{ Type: 'String', AllowedValues: [], Default: 'a' }, 'a if ${t#P}=a', '<t#P> if not ${t#P}=a'],
  [{ Type: 'String', AllowedValues: 'a' }, '<t#P>'],
  // The default is the name of the Systems Manager parameter.
  [{ Type: 'AWS::SSM::Parameter::Value<String>', Default: '/mode' }, '<t#P>'],
  [{ Type: 'AWS::EC2::VPC::Id', Default: 'vpc-1' }, 'vpc-1 if ${t#P}=vpc-1', '<t#P> if not ${t#P}=vpc-1'],
  [{ Default: 'a' }, 'a if ${t#P}=a', '<t#P> if not ${t#P}=a'],
  [
    { Type: 'String', Default: '{{resolve:ssm:/mode}}' },
    '<{{resolve:ssm:/mode}}> if ${t#P}={{resolve:ssm:/mode}}',
    '<t#P> if not ${t#P}={{resolve:ssm:/mode}}',
  ],
  ['String', '<t#P>'],
])('%j', (declaration, ...texts) => {
  expect(parameter(declaration)).toEqual(texts);
});

test('a parameter has the same value everywhere', () => {
  const declaration = { Type: 'String', AllowedValues: ['a', 'b'] };
  expect(parameter(declaration, { 'Fn::Sub': '${P}-${P}' })).toEqual([
    'a-a if ${t#P}=a',
    'b-b if not ${t#P}=a',
  ]);
});

describe('a list parameter', () => {
  const select = { 'Fn::Select': [1, { Ref: 'P' }] };
  const join = { 'Fn::Join': ['-', { Ref: 'P' }] };

  test.each<[type: string]>([['CommaDelimitedList'], ['List<Number>'], ['List<AWS::EC2::Subnet::Id>']])(
    '%s, the items are known, without the spaces around them',
    (Type) => {
      const IF = 'if ${t#P}=a, b';
      expect(parameter({ Type, Default: 'a, b' }, select)[0]).toEqual(`b ${IF}`);
      expect(parameter({ Type, Default: 'a, b' }, join)[0]).toEqual(`a-b ${IF}`);
    },
  );

  test('does not include strings with commas', () => {
    expect(parameter({ Type: 'String', Default: 'a,b' }, join)).toEqual(['?']);
  });

  test('has unknown items if it has another type', () => {
    const Type = 'AWS::SSM::Parameter::Value<List<String>>';
    expect(parameter({ Type, Default: '/names' }, join)).toEqual(['?']);
  });

  // "each value in the list must be one of the specified allowed values" (Parameters section, CloudFormation).
  test('has allowed values for its items', () => {
    const declaration = { Type: 'CommaDelimitedList', AllowedValues: ['a', 'b'], Default: 'a,b' };
    expect(parameter(declaration)).toEqual(['a,b if ${t#P}=a,b', '<t#P> if not ${t#P}=a,b']);
    expect(parameter(declaration, join)[0]).toEqual('a-b if ${t#P}=a,b');
  });
});

describe('a parameter of a nested stack', () => {
  const nested = { nestedIn: { id: 'parent', logicalId: 'Nested' } };
  const parent = (properties: unknown): TemplateSource =>
    stack('parent', {
      Topic: { Type: 'AWS::SNS::Topic' },
      Nested: { Type: 'AWS::CloudFormation::Stack', Properties: properties },
    });
  const given = (
    value: unknown,
    declaration: object = { Type: 'String', Default: 'd' },
    use: unknown = { Ref: 'P' },
  ) => resolved(use, { Parameters: { P: declaration } }, nested, [parent({ Parameters: { P: value } })]);

  test('has the value that the parent passes', () => {
    expect(given('given')).toEqual(['given']);
    expect(given({ Ref: 'Topic' })).toEqual(['<Topic>']);
  });

  test('has the list items that the parent passes, resources included', () => {
    const list = { 'Fn::Join': [' , ', [{ Ref: 'Topic' }, 'b']] };
    const use = (i: number) =>
      given(list, { Type: 'CommaDelimitedList' }, { 'Fn::Select': [i, { Ref: 'P' }] });
    expect([use(0), use(1)]).toEqual([['<Topic>'], ['b']]);
  });

  test('has its declared values if the parent passes none', () => {
    const own = ['d if ${t#P}=d', '<t#P> if not ${t#P}=d'];
    const sections = { Parameters: { P: { Type: 'String', Default: 'd' } } };
    expect(resolved({ Ref: 'P' }, sections, nested, [parent({ Parameters: {} })])).toEqual(own);
    expect(resolved({ Ref: 'P' }, sections, nested, [parent({})])).toEqual(own);
    expect(resolved({ Ref: 'P' }, sections, nested)).toEqual(own);
  });

  test('has its default in the cases in which the parent passes none', () => {
    const value = { 'Fn::If': ['C', 'given', { Ref: 'AWS::NoValue' }] };
    expect(given(value)).toEqual([
      'given if parent?"C"',
      'd if not parent?"C", ${t#P}=d',
      '<t#P> if not parent?"C", not ${t#P}=d',
    ]);
  });

  test('is unknown if the passed value is unknown', () => {
    const sections = { Parameters: { P: { Type: 'String', Default: 'd' } } };
    const unseen = { Parameters: { 'Fn::Transform': { Name: 'Macro' } } };
    expect(resolved({ Ref: 'P' }, sections, nested, [parent(unseen)])).toEqual(['?']);
  });

  test('a parameter of Systems Manager is unknown', () => {
    expect(given('/name', { Type: 'AWS::SSM::Parameter::Value<String>' })).toEqual(['<t#P>']);
  });
});
