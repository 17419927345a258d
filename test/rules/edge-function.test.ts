import { EDGE_FUNCTION } from '../../lib/rules/edge-function';
import { distribution, lambda, ruleTester, serverless, version } from './templates';

ruleTester(EDGE_FUNCTION, {
  valid: [
    ['a function without a mode', { Fn: lambda(), V: version(), D: distribution({ Ref: 'V' }) }],
    [
      'another function',
      { Fn: lambda('Active'), Other: lambda(), V: version({ Ref: 'Other' }), D: distribution({ Ref: 'V' }) },
    ],
    [
      'a distribution without functions',
      { Fn: lambda('Active'), D: { Type: 'AWS::CloudFront::Distribution' } },
    ],
  ],
  invalid: [
    [
      'Fn TracingConfig.Mode',
      'the default behavior',
      { Fn: lambda('Active'), V: version(), D: distribution({ Ref: 'V' }) },
    ],
    [
      'Fn TracingConfig.Mode',
      'another behavior',
      { Fn: lambda('Active'), V: version(), D: distribution({ Ref: 'V' }, 'CacheBehaviors') },
    ],
    [
      'Fn TracingConfig.Mode',
      'an ARN put together',
      { Fn: lambda('Active'), D: distribution({ 'Fn::Sub': '${Fn.Arn}:1' }) },
    ],
    [
      'Fn Tracing',
      "SAM's version",
      serverless({ Tracing: 'Active', AutoPublishAlias: 'live' }, { D: distribution({ Ref: 'Fn.Version' }) }),
    ],
  ],
});
