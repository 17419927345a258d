import type { LambdaFunction } from '../../lib/lambda/lambda-function';
import { VERSION_LOCK } from '../../lib/rules/version-lock';
import { lambda, type Resources, stack, findingsOnChange } from '../rules/templates';
import { alias, functionIn, PROD, sam, version, when } from './published';

const NO_VALUE = { Ref: 'AWS::NoValue' };

const inStack = (resources: Resources): LambdaFunction =>
  functionIn(stack('t', resources, { sections: PROD }));

describe('an alias points to', () => {
  const on = (fn: LambdaFunction) =>
    fn.aliases.flatMap(({ versions }) =>
      versions.map(({ version: one, number, isAdditional }) =>
        [isAdditional ? 'and' : 'on', one?.resource.logicalId ?? number].join(' '),
      ),
    );
  const number = (name: string) => ({ 'Fn::GetAtt': [name, 'Version'] });
  const shift = (FunctionVersion: unknown, FunctionWeight: unknown = 0.1) => ({
    RoutingConfig: { AdditionalVersionWeights: [{ FunctionVersion, FunctionWeight }] },
  });

  test.each<[string, unknown, object, string[]]>([
    ['a version', number('V'), {}, ['on V']],
    ['a version number', '12', {}, ['on 12']],
    ['a version number that is not a string', 12, {}, ['on 12']],
    [
      'a version number split from its ARN',
      { 'Fn::Select': [0, { 'Fn::Split': [':', number('V')] }] },
      {},
      ['on V'],
    ],
    ['a version and another', number('V'), shift(number('W')), ['on V', 'and W']],
    ['a version and a number', number('V'), shift('12'), ['on V', 'and 12']],
    ['a version, and none without weight', number('V'), shift('12', 0), ['on V']],
    ['one version or another', when('Prod', number('V'), number('W')), {}, ['on V', 'on W']],
    ['no version for $LATEST', '$LATEST', {}, []],
    ['no version for text that starts with a digit', '2nd', {}, []],
    ['no version for text that ends with a digit', 'v2', {}, []],
    ['no version for another resource', number('Queue'), {}, []],
    ['no version known only at deployment', { Ref: 'Stage' }, {}, []],
    ["another function's version", number('X'), {}, []],
    ['nothing', NO_VALUE, {}, []],
  ])('%s', (_, FunctionVersion, properties, expected) => {
    const fn = inStack({
      Fn: lambda(),
      Other: lambda(),
      V: version(),
      W: version(),
      X: version({ FunctionName: { Ref: 'Other' } }),
      Queue: { Type: 'AWS::SQS::Queue' },
      A: alias(FunctionVersion, properties),
    });
    expect(on(fn)).toEqual(expected);
  });

  test('the version that SAM publishes', () => {
    expect(on(inStack({ Fn: sam() }))).toEqual(['on Fn']);
  });

  test('the version of its own function', () => {
    const FunctionName = when('Prod', { Ref: 'Other' }, { Ref: 'Fn' });
    const { aliases } = inStack({
      Fn: lambda(),
      Other: lambda(),
      V: version({ FunctionName }),
      A: alias(number('V'), { FunctionName }),
    });
    expect(
      aliases.flatMap(({ versions }) => versions.map((one) => one.version?.function.resource.logicalId)),
    ).toEqual(['Fn']);
  });

  test('superseded versions, for any number of aliases', () => {
    const before = { Fn: lambda('PassThrough'), V: version(), A: alias(number('V')) };
    const after = {
      Fn: lambda('Active'),
      V: version(),
      W: version({ Description: 'Active' }),
      A: alias(number('W'), shift(number('V'))),
      B: alias(number('W'), { Name: 'beta' }),
    };
    expect(findingsOnChange(VERSION_LOCK, [before], [after])).toEqual(['template0 A RoutingConfig']);
  });
});
