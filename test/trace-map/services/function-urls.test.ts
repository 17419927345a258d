import { lambda, type Resources, stack } from '../../rules/templates';
import { edgeLines } from '../edge-lines';

const ARN = { 'Fn::GetAtt': ['Fn', 'Arn'] };
const ALIAS = {
  Live: { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { Ref: 'Fn' }, Name: 'live' } },
};

function url(properties: object) {
  return { Type: 'AWS::Lambda::Url', Properties: { AuthType: 'NONE', ...properties } };
}

test.each<[string, Resources, string[]]>([
  ['a function', { Url: url({ TargetFunctionArn: ARN }) }, ['Url -breaks-> Fn (synchronous)']],
  [
    'a function by its name',
    { Url: url({ TargetFunctionArn: 'worker' }) },
    ['Url -breaks-> Fn (synchronous)'],
  ],
  [
    'response streaming',
    { Url: url({ TargetFunctionArn: ARN, InvokeMode: 'RESPONSE_STREAM' }) },
    ['Url -breaks-> Fn (synchronous)'],
  ],
  [
    'an alias by the qualifier',
    { ...ALIAS, Url: url({ TargetFunctionArn: ARN, Qualifier: 'live' }) },
    ['Url -breaks-> Fn:Live (synchronous)'],
  ],
  [
    'an alias by the qualifier, with a plain ARN',
    {
      ...ALIAS,
      Url: url({
        TargetFunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:worker',
        Qualifier: 'live',
      }),
    },
    ['Url -breaks-> Fn:Live (synchronous)'],
  ],
  [
    'an alias under a condition',
    {
      ...ALIAS,
      Url: url({
        TargetFunctionArn: ARN,
        Qualifier: { 'Fn::If': ['IsLive', 'live', { Ref: 'AWS::NoValue' }] },
      }),
    },
    ['Url -breaks-> Fn:Live (synchronous) ?', 'Url -breaks-> Fn (synchronous) ?'],
  ],
  [
    'a function outside of the templates',
    { Url: url({ TargetFunctionArn: 'other' }) },
    ['Url -breaks-> other (synchronous)'],
  ],
  [
    'an alias of a function outside of the templates',
    { Url: url({ TargetFunctionArn: '111122223333:function:other', Qualifier: 'live' }) },
    ['Url -breaks-> other (synchronous)'],
  ],
])('%s', (_, resources, expected) => {
  expect(edgeLines({ Fn: lambda('Active', { FunctionName: 'worker' }), ...resources })).toEqual(expected);
});

test('a function of another stack', () => {
  const sections = { Outputs: { Arn: { Value: ARN, Export: { Name: 'fn' } } } };
  const imported = url({ TargetFunctionArn: { 'Fn::ImportValue': 'fn' } });
  expect(edgeLines(stack('functions', { Fn: lambda() }, { sections }), { Url: imported })).toEqual([
    'Url -breaks-> Fn (synchronous)',
  ]);
});

test.each<[string, object, object, string[]]>([
  ['a URL', { FunctionUrlConfig: { AuthType: 'NONE' } }, {}, ['FnUrl -breaks-> Fn (synchronous)']],
  [
    'a URL by the globals',
    {},
    { FunctionUrlConfig: { AuthType: 'NONE' } },
    ['FnUrl -breaks-> Fn (synchronous)'],
  ],
  [
    'a URL of the alias',
    { FunctionUrlConfig: { AuthType: 'NONE' }, AutoPublishAlias: 'live' },
    {},
    ['FnUrl -breaks-> Fn:Fn (synchronous)'],
  ],
  ['no URL', {}, {}, []],
])('SAM: %s', (_, properties, globals, expected) => {
  const Fn = { Type: 'AWS::Serverless::Function', Properties: properties };
  const sections = { Globals: { Function: globals } };
  expect(edgeLines(stack('sam', { Fn }, { sections }))).toEqual(expected);
});
