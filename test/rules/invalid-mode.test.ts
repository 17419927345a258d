import { INVALID_MODE } from '../../lib/rules/invalid-mode';
import { type Case, lambda, ruleTester, serverless, stack } from './templates';

ruleTester(INVALID_MODE, {
  valid: [
    ['Active', { Fn: lambda('Active') }],
    ['PassThrough', { Fn: lambda('PassThrough') }],
    ['no mode', { Fn: lambda() }],
    ['a mode that is not known', { Fn: lambda({ Ref: 'Mode' }) }],
    ["SAM's Disabled", serverless({ Tracing: 'Disabled' })],
  ],
  invalid: [
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
  ],
});
