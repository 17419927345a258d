import { checkModel, type CheckConfig } from '../../lib/checker/check';
import { buildTracingModel } from '../../lib/model/build-model';
import { lambda, type Resources, stack } from '../rules/templates';

const VERSION_LOCK = 'LambdaXRay-VersionLock';
const REMOTE_DAEMON = { Environment: { Variables: { AWS_XRAY_DAEMON_ADDRESS: '127.0.0.1:1' } } };

/** Returns the findings, such as `Fn InvalidMode error`. */
function findingsOf(resources: Resources, settings?: CheckConfig, before?: Resources): string[] {
  const baseline = before && [stack('t', before)];
  return checkModel(buildTracingModel([stack('t', resources)], baseline), settings).map(
    ({ logicalId, rule, severity }) => `${logicalId} ${rule.id.replace('LambdaXRay-', '')} ${severity}`,
  );
}

describe('the severity of a finding is', () => {
  test.each<[string, Resources, CheckConfig['severities'], string[]]>([
    ['that of its rule', { Fn: lambda('PassThrough') }, undefined, ['Fn ActiveTracing warning']],
    [
      'its own',
      { Fn: lambda('PassThrough', REMOTE_DAEMON) },
      {},
      ['Fn ReservedEnvironment warning', 'Fn ActiveTracing warning'],
    ],
    [
      'the configured one',
      { Fn: lambda('PassThrough', REMOTE_DAEMON) },
      { 'LambdaXRay-ReservedEnvironment': 'info', 'LambdaXRay-ActiveTracing': 'error' },
      ['Fn ReservedEnvironment info', 'Fn ActiveTracing error'],
    ],
    [
      'absent if its rule is off',
      { Fn: lambda() },
      { 'LambdaXRay-ActiveTracing': 'off' },
      ['Fn ExplicitMode info'],
    ],
  ])('%s', (_, resources, severities, expected) => {
    expect(findingsOf(resources, { severities })).toEqual(expected);
  });
});

describe('the functions that CDK makes for itself', () => {
  const ID = 'LogRetentionaae0aa3c5b4d4f87b02d85b201efdd8aFD4BFC8A';
  const published = (mode: string | undefined): Resources => ({
    [ID]: lambda(mode, { Layers: ['arn:aws:lambda:eu-west-1:111122223333:layer:telemetry:1'] }),
    Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: ID } } },
  });

  test.each([undefined, 'PassThrough', 'Active'])('are reported only if asked for: mode %s', (mode) => {
    const skipped = ['ActiveTracing', 'ExplicitMode', 'UnpublishedMode', 'DaemonMemory'];
    const rulesOf = (includeCdkFunctions: boolean) =>
      findingsOf(published(mode), { includeCdkFunctions }).map((line) => line.split(' ')[1]);
    const all = rulesOf(true);
    expect(all).toContain(
      { Active: 'DaemonMemory', PassThrough: 'UnpublishedMode' }[mode!] ?? 'ActiveTracing',
    );
    expect(rulesOf(false)).toEqual(all.filter((rule) => !skipped.includes(rule)));
  });

  test('are reported by the other rules', () => {
    expect(findingsOf({ [ID]: lambda('active') })).toEqual([`${ID} InvalidMode error`]);
  });

  test('keep their acknowledgements', () => {
    const acknowledgements = [{ ruleId: 'LambdaXRay-ActiveTracing', reason: 'Known.', logicalId: ID }];
    expect(findingsOf({ [ID]: lambda() }, { acknowledgements })).toEqual([]);
  });
});

describe('an acknowledgement that matches no finding', () => {
  const given = (ruleId: string): CheckConfig => ({
    acknowledgements: [{ ruleId, reason: 'Known.', logicalId: 'Fn' }],
  });
  const RESOURCES = { Fn: lambda('Active', { MemorySize: 512 }) };
  const REPORTED = ['Fn Acknowledgement warning'];

  test('is reported', () => {
    expect(findingsOf(RESOURCES, given('LambdaXRay-ActiveTracing'))).toEqual(REPORTED);
  });

  test('is reported with the configured severity', () => {
    const severities = { 'LambdaXRay-Acknowledgement': 'error' } as const;
    expect(findingsOf(RESOURCES, { ...given('LambdaXRay-ActiveTracing'), severities })).toEqual([
      'Fn Acknowledgement error',
    ]);
  });

  test.each(['LambdaXRay-Acknowledgement', 'LambdaXRay-ActiveTracing'])(
    'is not reported if %s is off',
    (rule) => {
      const severities = { [rule]: 'off' } as const;
      expect(findingsOf(RESOURCES, { ...given('LambdaXRay-ActiveTracing'), severities })).toEqual([]);
    },
  );

  test('is not reported if its rule needs a baseline and there is none', () => {
    expect(findingsOf(RESOURCES, given(VERSION_LOCK))).toEqual([]);
    expect(findingsOf(RESOURCES, given(VERSION_LOCK), RESOURCES)).toEqual(REPORTED);
    expect(findingsOf(RESOURCES, given('LambdaXRay-ActiveTracing'), RESOURCES)).toEqual(REPORTED);
  });

  test('is not reported if it may match a finding in a part of the input that could not be read', () => {
    const incomplete = { isIncomplete: true };
    expect(findingsOf(RESOURCES, { ...given('LambdaXRay-ActiveTracing'), ...incomplete })).toEqual([]);
    expect(findingsOf(RESOURCES, { ...given('LambdaXRay-NoRule'), ...incomplete })).toEqual(REPORTED);
  });

  test('is not reported if its rule reads code, which another run may be able to read', () => {
    expect(findingsOf(RESOURCES, given('LambdaXRay-LegacyInstrumentation'))).toEqual([]);
  });
});
