import { checkModel, type CheckConfig } from '../../lib/checker/check';
import { buildTracingModel } from '../../lib/model/build-model';
import { lambda, type Resources, stack } from '../rules/templates';

const VERSION_LOCK = 'LambdaXRay-VersionLock';
const REMOTE_DAEMON = { Environment: { Variables: { AWS_XRAY_DAEMON_ADDRESS: '127.0.0.1:1' } } };

/** What is found, as `Fn InvalidMode error`. */
function judged(resources: Resources, settings?: CheckConfig, before?: Resources): string[] {
  const baseline = before && [stack('t', before)];
  return checkModel(buildTracingModel([stack('t', resources)], baseline), settings).map(
    ({ logicalId, rule, severity }) => `${logicalId} ${rule.id.replace('LambdaXRay-', '')} ${severity}`,
  );
}

describe('a finding is as severe', () => {
  test.each<[string, Resources, CheckConfig['severities'], string[]]>([
    ['as its rule is', { Fn: lambda('PassThrough') }, undefined, ['Fn ActiveTracing warning']],
    [
      'as it says itself',
      { Fn: lambda('PassThrough', REMOTE_DAEMON) },
      {},
      ['Fn ReservedEnvironment warning', 'Fn ActiveTracing warning'],
    ],
    [
      'as the settings say',
      { Fn: lambda('PassThrough', REMOTE_DAEMON) },
      { 'LambdaXRay-ReservedEnvironment': 'info', 'LambdaXRay-ActiveTracing': 'error' },
      ['Fn ReservedEnvironment info', 'Fn ActiveTracing error'],
    ],
    [
      'as can be, unless its rule is off',
      { Fn: lambda() },
      { 'LambdaXRay-ActiveTracing': 'off' },
      ['Fn ExplicitMode info'],
    ],
  ])('%s', (_, resources, severities, expected) => {
    expect(judged(resources, { severities })).toEqual(expected);
  });
});

describe('an acknowledgement that matches nothing', () => {
  const given = (ruleId: string): CheckConfig => ({
    acknowledgements: [{ ruleId, reason: 'Known.', logicalId: 'Fn' }],
  });
  const RESOURCES = { Fn: lambda('Active', { MemorySize: 512 }) };
  const REPORTED = ['Fn Acknowledgement warning'];

  test('is reported', () => {
    expect(judged(RESOURCES, given('LambdaXRay-ActiveTracing'))).toEqual(REPORTED);
  });

  test('is reported as severe as the settings say', () => {
    const severities = { 'LambdaXRay-Acknowledgement': 'error' } as const;
    expect(judged(RESOURCES, { ...given('LambdaXRay-ActiveTracing'), severities })).toEqual([
      'Fn Acknowledgement error',
    ]);
  });

  test.each(['LambdaXRay-Acknowledgement', 'LambdaXRay-ActiveTracing'])('is not where %s is off', (rule) => {
    const severities = { [rule]: 'off' } as const;
    expect(judged(RESOURCES, { ...given('LambdaXRay-ActiveTracing'), severities })).toEqual([]);
  });

  test('is not where the rule compares with a baseline, and there is none', () => {
    expect(judged(RESOURCES, given(VERSION_LOCK))).toEqual([]);
    expect(judged(RESOURCES, given(VERSION_LOCK), RESOURCES)).toEqual(REPORTED);
    expect(judged(RESOURCES, given('LambdaXRay-ActiveTracing'), RESOURCES)).toEqual(REPORTED);
  });
});
