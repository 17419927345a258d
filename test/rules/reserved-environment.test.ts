import { RESERVED_ENVIRONMENT } from '../../lib/rules/reserved-environment';
import { type Case, lambda, type Resources, ruleTester, serverless, stack } from './templates';

const environment = (variables: object, mode: unknown = 'Active'): Resources => ({
  Fn: lambda(mode, { Environment: { Variables: variables } }),
});

/** A parameter that turns tracing on. */
const SWITCH = {
  sections: {
    Parameters: { Switch: { Type: 'String', AllowedValues: ['true', 'false'] } },
    Conditions: {
      On: { 'Fn::Equals': [{ Ref: 'Switch' }, 'true'] },
      Never: { 'Fn::Equals': ['a', 'b'] },
    },
  },
};
const IF_ON = { 'Fn::If': ['On', 'Active', 'PassThrough'] };

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
    ...[
      { OTEL_SDK_DISABLED: '1' },
      { OTEL_SDK_DISABLED: 'yes' },
      { AWS_XRAY_SDK_ENABLED: '0' },
      { AWS_XRAY_SDK_ENABLED: 'no' },
      { AWS_XRAY_SDK_DISABLED: '1' },
      { POWERTOOLS_TRACE_ENABLED: '0' },
      { POWERTOOLS_TRACE_ENABLED: 'off' },
      { POWERTOOLS_TRACE_DISABLED: 'false' },
      { POWERTOOLS_TRACE_DISABLED: '0' },
    ].map((variables): Case => [
      `a value that the library does not read as off: ${JSON.stringify(variables)}`,
      environment(variables),
    ]),
    [
      'a library off only where the function is not traced',
      stack('t', environment({ POWERTOOLS_TRACE_ENABLED: { Ref: 'Switch' } }, IF_ON), SWITCH),
    ],
    [
      'a library off under a condition that turns tracing off',
      stack(
        't',
        environment({ OTEL_SDK_DISABLED: { 'Fn::If': ['On', { Ref: 'AWS::NoValue' }, 'true'] } }, IF_ON),
        SWITCH,
      ),
    ],
    [
      'a function that is never created',
      stack(
        't',
        { Fn: { ...(environment({ _X_AMZN_TRACE_ID: 'x' }).Fn as object), Condition: 'Never' } },
        SWITCH,
      ),
    ],
    [
      'a variable that is never set',
      stack(
        't',
        {
          Fn: lambda('Active', {
            Environment: { Variables: { 'Fn::If': ['Never', { _X_AMZN_TRACE_ID: 'x' }, { A: 'b' }] } },
          }),
        },
        SWITCH,
      ),
    ],
    [
      'a variable of a function that is created only where it is not set',
      stack(
        't',
        {
          Fn: {
            ...(environment({
              AWS_XRAY_DAEMON_ADDRESS: { 'Fn::If': ['On', { Ref: 'AWS::NoValue' }, '10.0.0.1:2000'] },
            }).Fn as object),
            Condition: 'On',
          },
        },
        SWITCH,
      ),
    ],
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
      AWS_XRAY_SDK_DISABLED: 'TRUE',
      OTEL_SDK_DISABLED: 'true',
      OTEL_TRACES_EXPORTER: 'none',
      OTEL_TRACES_SAMPLER: 'always_off',
    }).map(([name, value]): [string, ...Case] => [
      `Fn Environment.Variables.${name}`,
      `${name}=${value}`,
      environment({ [name]: value }),
    ]),
    [
      'Fn Environment.Variables.POWERTOOLS_TRACE_DISABLED',
      'a library off where the function is traced',
      stack('t', environment({ POWERTOOLS_TRACE_DISABLED: { Ref: 'Switch' } }, IF_ON), SWITCH),
    ],
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
