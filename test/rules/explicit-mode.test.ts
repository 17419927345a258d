import { EXPLICIT_MODE } from '../../lib/rules/explicit-mode';
import { buildTracingModel } from '../../lib/model/build-model';
import { distribution, lambda, type Resources, ruleTester, serverless, stack, version } from './templates';

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

describe('the fix', () => {
  const fixOf = (resources: Resources) => {
    const [{ fix }] = EXPLICIT_MODE.check(buildTracingModel([stack('t', resources)]));
    return fix;
  };
  const CURRENT = `FnCurrentVersion12AB34CD${'0123456789abcdef'.repeat(2)}`;

  test.each<[string, Resources, string]>([
    ["CDK's currentVersion", { Fn: lambda(), [CURRENT]: version() }, CURRENT],
    [
      'all properties of a SAM function',
      serverless({ AutoPublishAlias: 'live', AutoPublishAliasAllProperties: true }),
      'Fn',
    ],
  ])('warns of a version without a change, for %s', (_, resources, publisher) => {
    expect(fixOf(resources)).toMatch(
      new RegExp(
        `to Active or PassThrough\\. Set PassThrough only in a deployment that also changes its code or configuration: it makes '${publisher}' publish a version`,
      ),
    );
  });

  test.each<[string, Resources]>([
    ['no version', { Fn: lambda() }],
    ['a version that does not depend on the mode', { Fn: lambda(), V: version() }],
    ['a SAM function that publishes its code', serverless({ AutoPublishAlias: 'live' })],
  ])('names only the modes, for %s', (_, resources) => {
    expect(fixOf(resources)).toMatch(/^Set \S+ of 'Fn' to Active or PassThrough\.$/);
  });
});
