import type { LambdaFunction } from '../../lib/lambda/lambda-function';
import { VERSION_LOCK } from '../../lib/rules/version-lock';
import { lambda, type Resources, stack, findingsOnChange } from '../rules/templates';
import { alias, functionIn, PROD, sam, version, when } from './published';

const NO_VALUE = { Ref: 'AWS::NoValue' };

const inStack = (resources: Resources): LambdaFunction =>
  functionIn(stack('t', resources, { sections: PROD }));

describe('the versions that an alias is on', () => {
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
    ['the number of one', '12', {}, ['on 12']],
    ['a number that is a number', 12, {}, ['on 12']],
    ['a number cut out of itself', { 'Fn::Select': [0, { 'Fn::Split': [':', number('V')] }] }, {}, ['on V']],
    ['a version and another', number('V'), shift(number('W')), ['on V', 'and W']],
    ['a version and a number', number('V'), shift('12'), ['on V', 'and 12']],
    ['a version and another without weight', number('V'), shift('12', 0), ['on V']],
    ['one version or another', when('Prod', number('V'), number('W')), {}, ['on V', 'on W']],
    ['what is being worked on', '$LATEST', {}, []],
    ['what only begins as a number', '2nd', {}, []],
    ['something that is no version', number('Queue'), {}, []],
    ['what deployment tells', { Ref: 'Stage' }, {}, []],
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

  test('of SAM: the one that it publishes', () => {
    expect(on(inStack({ Fn: sam() }))).toEqual(['on Fn']);
  });

  test('of one function or another: that of its function', () => {
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

  test('count as left behind, however many aliases there are', () => {
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
