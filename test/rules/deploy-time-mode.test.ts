import { DEPLOY_TIME_MODE } from '../../lib/rules/deploy-time-mode';
import { CONDITIONS, IF_TRACED, lambda, ruleTester, serverless, stack, version } from './templates';

const ALIAS = { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { Ref: 'Fn' }, Name: 'live' } };

ruleTester(DEPLOY_TIME_MODE, {
  valid: [
    ['a literal mode', { Fn: lambda('Active'), V: version() }],
    ['a function that is not published', stack('t', { Fn: lambda(IF_TRACED) }, CONDITIONS)],
    ['no mode', { Fn: lambda(), V: version() }],
    [
      'a condition that makes no difference',
      stack('t', { Fn: lambda({ 'Fn::If': ['Traced', 'Active', 'Active'] }), V: version() }, CONDITIONS),
    ],
    [
      'a version that is replaced when the parameter changes',
      {
        Fn: lambda({ Ref: 'Mode' }),
        V: version({ Ref: 'Fn' }, { Description: { 'Fn::Sub': 'X-Ray tracing: ${Mode}' } }),
      },
    ],
    [
      'a version that is replaced when the condition changes',
      stack(
        't',
        { Fn: lambda(IF_TRACED), V: version({ Ref: 'Fn' }, { Description: IF_TRACED }) },
        CONDITIONS,
      ),
    ],
    [
      'a literal mode from the parent stack',
      stack('p', {
        N: { Type: 'AWS::CloudFormation::Stack', Properties: { Parameters: { Mode: 'Active' } } },
      }),
      stack(
        'n',
        { Fn: lambda({ Ref: 'Mode' }), V: version() },
        { nestedIn: { id: 'p', logicalId: 'N' }, sections: { Parameters: { Mode: { Type: 'String' } } } },
      ),
    ],
  ],
  invalid: [
    ['Fn TracingConfig.Mode', 'a parameter', { Fn: lambda({ Ref: 'Mode' }), V: version() }],
    ['Fn TracingConfig.Mode', 'a condition', stack('t', { Fn: lambda(IF_TRACED), A: ALIAS }, CONDITIONS)],
    [
      'Fn TracingConfig.Mode',
      'a version whose description states something else',
      {
        Fn: lambda({ Ref: 'Mode' }),
        V: version({ Ref: 'Fn' }, { Description: { 'Fn::Sub': 'of ${Stage}' } }),
      },
    ],
    [
      'Fn Tracing',
      'SAM with all properties, which compares only the name of the parameter',
      serverless({
        Tracing: { Ref: 'Mode' },
        AutoPublishAlias: 'live',
        AutoPublishAliasAllProperties: true,
      }),
    ],
    [
      'Fn Tracing',
      'SAM that publishes by itself',
      serverless({ Tracing: { Ref: 'Mode' }, AutoPublishAlias: 'live' }),
    ],
  ],
});
