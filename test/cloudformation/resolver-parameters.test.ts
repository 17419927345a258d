import type { TemplateSource } from '../../lib/cloudformation/template';
import { stack } from '../rules/templates';
import { resolved } from './resolved';

/** What the parameter `P` comes to, or a value that is made of it. */
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
  // The default names what Systems Manager has the value of.
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

test('a parameter is one value wherever it is used', () => {
  const declaration = { Type: 'String', AllowedValues: ['a', 'b'] };
  expect(parameter(declaration, { 'Fn::Sub': '${P}-${P}' })).toEqual([
    'a-a if ${t#P}=a',
    'b-b if not ${t#P}=a',
  ]);
});

describe('of a list', () => {
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

  test('a string is none, though it holds commas', () => {
    expect(parameter({ Type: 'String', Default: 'a,b' }, join)).toEqual(['?']);
  });

  test('of other types, nothing is known of the items', () => {
    const Type = 'AWS::SSM::Parameter::Value<List<String>>';
    expect(parameter({ Type, Default: '/names' }, join)).toEqual(['?']);
  });

  // "each value in the list must be one of the specified allowed values" (Parameters section, CloudFormation).
  test('allowed are the items, of which there may be several', () => {
    const declaration = { Type: 'CommaDelimitedList', AllowedValues: ['a', 'b'], Default: 'a,b' };
    expect(parameter(declaration)).toEqual(['a,b if ${t#P}=a,b', '<t#P> if not ${t#P}=a,b']);
    expect(parameter(declaration, join)[0]).toEqual('a-b if ${t#P}=a,b');
  });
});

describe('of a nested stack', () => {
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

  test('the value is what its parent gives', () => {
    expect(given('given')).toEqual(['given']);
    expect(given({ Ref: 'Topic' })).toEqual(['<Topic>']);
  });

  test('the items of a list are what its parent gives, resources among them', () => {
    const list = { 'Fn::Join': [' , ', [{ Ref: 'Topic' }, 'b']] };
    const use = (i: number) =>
      given(list, { Type: 'CommaDelimitedList' }, { 'Fn::Select': [i, { Ref: 'P' }] });
    expect([use(0), use(1)]).toEqual([['<Topic>'], ['b']]);
  });

  test('what its parent does not give is as if it were on its own', () => {
    const own = ['d if ${t#P}=d', '<t#P> if not ${t#P}=d'];
    const sections = { Parameters: { P: { Type: 'String', Default: 'd' } } };
    expect(resolved({ Ref: 'P' }, sections, nested, [parent({ Parameters: {} })])).toEqual(own);
    expect(resolved({ Ref: 'P' }, sections, nested, [parent({})])).toEqual(own);
    expect(resolved({ Ref: 'P' }, sections, nested)).toEqual(own);
  });

  test('its default is the value in the cases in which its parent gives none', () => {
    const value = { 'Fn::If': ['C', 'given', { Ref: 'AWS::NoValue' }] };
    expect(given(value)).toEqual([
      'given if parent?"C"',
      'd if not parent?"C", ${t#P}=d',
      '<t#P> if not parent?"C", not ${t#P}=d',
    ]);
  });

  test('nothing is known where nobody can see what its parent gives', () => {
    const sections = { Parameters: { P: { Type: 'String', Default: 'd' } } };
    const unseen = { Parameters: { 'Fn::Transform': { Name: 'Macro' } } };
    expect(resolved({ Ref: 'P' }, sections, nested, [parent(unseen)])).toEqual(['?']);
  });

  test('what is given in Systems Manager is not known', () => {
    expect(given('/name', { Type: 'AWS::SSM::Parameter::Value<String>' })).toEqual(['<t#P>']);
  });
});
