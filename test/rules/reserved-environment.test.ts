import { RESERVED_ENVIRONMENT } from '../../lib/rules/reserved-environment';
import { type Case, lambda, type Resources, ruleTester, serverless, stack } from './templates';

const environment = (variables: object, mode: unknown = 'Active'): Resources => ({
  Fn: lambda(mode, { Environment: { Variables: variables } }),
});

ruleTester(RESERVED_ENVIRONMENT, {
  valid: [
    ['no environment', { Fn: lambda('Active') }],
    ['other variables', environment({ TABLE_NAME: 'orders', _X_AMZN: 'x' })],
    ['what Lambda sets itself', environment({ AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR' })],
    ['libraries that are on', environment({ POWERTOOLS_TRACE_ENABLED: 'true', OTEL_SDK_DISABLED: 'false' })],
    [
      'libraries off where nothing is traced',
      environment({ POWERTOOLS_TRACE_ENABLED: 'false' }, 'PassThrough'),
    ],
    ...[
      { AWS_XRAY_CONTEXT_MISSING: 'IGNORE_RUNTIME_ERROR' },
      { AWS_XRAY_CONTEXT_MISSING: 'RUNTIME_ERRORS' },
      { AWS_XRAY_SDK_ENABLED: 'falsehood' },
      { AWS_XRAY_SDK_ENABLED: 'not false' },
      { OTEL_SDK_DISABLED: 'trueish' },
      { OTEL_SDK_DISABLED: 'untrue' },
      { OTEL_TRACES_EXPORTER: 'nonesuch' },
      { OTEL_TRACES_EXPORTER: 'otlp,none' },
      { OTEL_TRACES_SAMPLER: 'always_offset' },
      { OTEL_TRACES_SAMPLER: 'not_always_off' },
    ].map((variables): Case => [
      `a value with one in it that makes trouble: ${JSON.stringify(variables)}`,
      environment(variables),
    ]),
    ['a value that is not known', environment({ AWS_XRAY_CONTEXT_MISSING: { Ref: 'X' } })],
    ['an environment that is no object', { Fn: lambda('Active', { Environment: 'x' }) }],
  ],
  invalid: [
    [
      'Fn Environment.Variables._X_AMZN_TRACE_ID',
      'the trace ID',
      environment({ _X_AMZN_TRACE_ID: { Ref: 'X' } }, 'PassThrough'),
    ],
    [
      'Fn Environment.Variables.AWS_XRAY_DAEMON_ADDRESS',
      "the daemon's address",
      environment({ AWS_XRAY_DAEMON_ADDRESS: '127.0.0.1:1' }),
    ],
    [
      'Fn Environment.Variables.AWS_XRAY_CONTEXT_MISSING',
      'throwing',
      environment({ AWS_XRAY_CONTEXT_MISSING: 'RUNTIME_ERROR' }),
    ],
    ...Object.entries({
      AWS_XRAY_SDK_ENABLED: false,
      POWERTOOLS_TRACE_ENABLED: 'False',
      POWERTOOLS_TRACE_DISABLED: 1,
      OTEL_SDK_DISABLED: 'true',
      OTEL_TRACES_EXPORTER: 'none',
      OTEL_TRACES_SAMPLER: 'always_off',
    }).map(([name, value]): [string, ...Case] => [
      `Fn Environment.Variables.${name}`,
      `${name}=${value}`,
      environment({ [name]: value }),
    ]),
    [
      'Fn Environment.Variables.AWS_XRAY_DAEMON_ADDRESS',
      'a variable of all SAM functions',
      stack('sam', serverless({ Environment: { Variables: { A: 'b' } } }), {
        sections: {
          Globals: { Function: { Environment: { Variables: { AWS_XRAY_DAEMON_ADDRESS: 'x' } } } },
        },
      }),
    ],
  ],
});
