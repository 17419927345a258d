import { EXPLICIT_MODE } from '../../lib/rules/explicit-mode';
import { distribution, lambda, ruleTester, serverless, stack, version } from './templates';

ruleTester(EXPLICIT_MODE, {
  valid: [
    ['Active', { Fn: lambda('Active') }],
    ['PassThrough', { Fn: lambda('PassThrough') }],
    ['a mode that is not known', { Fn: lambda({ Ref: 'Mode' }) }],
    [
      'a mode of all SAM functions',
      stack('sam', serverless({}), { sections: { Globals: { Function: { Tracing: 'Active' } } } }),
    ],
    ['what runs at the edge', { Fn: lambda(), V: version(), D: distribution({ Ref: 'V' }) }],
  ],
  invalid: [
    ['Fn TracingConfig.Mode', 'no mode', { Fn: lambda() }],
    ['Fn Tracing', "SAM's Disabled, which leaves it out", serverless({ Tracing: 'Disabled' })],
  ],
});
