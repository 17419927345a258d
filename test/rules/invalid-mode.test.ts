import { INVALID_MODE } from '../../lib/rules/invalid-mode';
import { type Case, CONDITIONS, lambda, ruleTester, serverless, stack } from './templates';

ruleTester(INVALID_MODE, {
  valid: [
    ['Active', { Fn: lambda('Active') }],
    ['PassThrough', { Fn: lambda('PassThrough') }],
    ['no mode', { Fn: lambda() }],
    ['a mode that is not known', { Fn: lambda({ Ref: 'Mode' }) }],
    ['an empty object, which leaves the mode out', { Fn: lambda(undefined, { TracingConfig: {} }) }],
    ['a configuration that is not known', { Fn: lambda(undefined, { TracingConfig: { Ref: 'Config' } }) }],
    [
      'a macro that can set the mode',
      {
        Fn: lambda(undefined, {
          TracingConfig: { 'Fn::Transform': { Name: 'Modes' } },
        }),
        Other: lambda({ 'Fn::Transform': { Name: 'Modes' }, Stage: 'prod' }),
      },
    ],
    ["SAM's Disabled", serverless({ Tracing: 'Disabled' })],
  ],
  invalid: [
    [
      'Fn Tracing',
      "SAM's Disabled in a function, which SAM does not resolve",
      stack('t', serverless({ Tracing: { 'Fn::If': ['Traced', 'Active', 'Disabled'] } }), CONDITIONS),
    ],
    ...['active', 'Passthrough', 'Disabled', ''].map((mode): [string, ...Case] => [
      'Fn TracingConfig.Mode',
      `'${mode}'`,
      { Fn: lambda(mode) },
    ]),
    ['Fn Tracing', 'a wrong mode in SAM', serverless({ Tracing: 'active' })],
    [
      'Fn TracingConfig.Mode',
      'a parameter that allows a wrong one',
      stack(
        't',
        { Fn: lambda({ Ref: 'M' }) },
        {
          sections: { Parameters: { M: { Type: 'String', AllowedValues: ['Active', 'Off'] } } },
        },
      ),
    ],
    [
      'Fn TracingConfig',
      'a mode in place of the object around it',
      { Fn: { Type: 'AWS::Lambda::Function', Properties: { TracingConfig: 'Active' } } },
    ],
    [
      'Fn TracingConfig',
      'a list of objects',
      { Fn: { Type: 'AWS::Lambda::Function', Properties: { TracingConfig: [{ Mode: 'Active' }] } } },
    ],
    [
      'Fn TracingConfig',
      'a mode in place of the object under a condition',
      stack(
        't',
        {
          Fn: {
            Type: 'AWS::Lambda::Function',
            Properties: { TracingConfig: { 'Fn::If': ['Traced', 'Active', { Ref: 'AWS::NoValue' }] } },
          },
        },
        CONDITIONS,
      ),
    ],
    ...[['Active'], {}, { Value: 'Active' }, [{ Ref: 'Mode' }]].map((mode): [string, ...Case] => [
      'Fn TracingConfig.Mode',
      JSON.stringify(mode),
      { Fn: lambda(mode) },
    ]),
    ['Fn Tracing', 'a list in SAM', serverless({ Tracing: ['Active'] })],
    ['Fn Tracing', "Lambda's object in SAM", serverless({ Tracing: { Mode: 'Active' } })],
    [
      'Fn Tracing',
      'a list in Globals',
      stack('t', serverless({}), { sections: { Globals: { Function: { Tracing: ['Active'] } } } }),
    ],
  ],
});
