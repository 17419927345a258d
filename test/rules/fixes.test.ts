import { buildTracingModel } from '../../lib/model/tracing-model';
import { EDGE_FUNCTION } from '../../lib/rules/edge-function';
import { INVALID_MODE } from '../../lib/rules/invalid-mode';
import { RESERVED_ENVIRONMENT } from '../../lib/rules/reserved-environment';
import { UNPUBLISHED_MODE } from '../../lib/rules/unpublished-mode';
import { VERSION_LOCK } from '../../lib/rules/version-lock';
import { distribution, lambda, type Resources, serverless, stack, verdict } from './templates';

test.each([
  ['active', 'Active'],
  ['ACTIVE ', 'Active'],
  ['pass-through', 'PassThrough'],
  ['PASS_THROUGH', 'PassThrough'],
  ['Disabled', 'Active, or PassThrough for a function that records no traces'],
])("instead of the mode '%s' there is to be %s", (mode, meant) => {
  const [{ fix }] = INVALID_MODE.check(buildTracingModel([stack('t', { Fn: lambda(mode) })]));
  expect(fix).toBe(`Write ${meant}.`);
});

describe('a version is tied to the mode', () => {
  const V = { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Fn' } } };
  const template = (resources: Resources, constructPaths?: Record<string, string>) =>
    stack('t', resources, {
      constructPaths,
      sections: { Parameters: { Mode: { Type: 'String', AllowedValues: ['Active', 'PassThrough'] } } },
    });

  test('by its description', () => {
    const [{ fix }] = UNPUBLISHED_MODE.check(buildTracingModel([template({ Fn: lambda('Active'), V })]));
    expect(fix).toBe(
      "Give 'V' a Description that states the mode, so that it is replaced along with it. Do so in a deployment that " +
        'changes the function too.',
    );
  });

  test('by currentVersion, in CDK', () => {
    const paths = { Fn: 'Orders/Intake/Resource', V: 'Orders/Released/Resource' };
    const [{ fix }] = UNPUBLISHED_MODE.check(
      buildTracingModel([template({ Fn: lambda('Active'), V }, paths)]),
    );
    expect(fix).toBe(
      "Publish 'Orders/Intake' by currentVersion, or set tieVersions where it gets its mode. Do so in a deployment " +
        'that changes the function too.',
    );
  });

  test('by a mode that is written out, where the version goes by the template', () => {
    const version = `FnCurrentVersion12AB34CD${'0123456789abcdef'.repeat(2)}`;
    const [before, after] = ['PassThrough', { Ref: 'Mode' }].map((mode) =>
      template({ Fn: lambda(mode), [version]: V }),
    );
    const [{ fix }] = VERSION_LOCK.check(buildTracingModel([after], [before]));
    expect(fix).toBe("Write the mode of 'Fn' out: a value that only deployment knows publishes nothing.");
  });
});

describe('what a SAM function has from Globals', () => {
  const globals = (properties: object) => ({ sections: { Globals: { Function: properties } } });
  const edge = (properties: object) =>
    stack(
      't',
      serverless({ AutoPublishAlias: 'live', ...properties }, { D: distribution({ Ref: 'Fn.Version' }) }),
      globals({ Tracing: 'Active' }),
    );

  test.each([{}, { Tracing: 'Active' }])('is a mode that it overrules at the edge, with %j', (own) => {
    const [{ fix }] = EDGE_FUNCTION.check(buildTracingModel([edge(own)]));
    expect(fix).toBe("Set Tracing of 'Fn' to PassThrough: without one, it has that of Globals.");
    expect(verdict(EDGE_FUNCTION, edge({ Tracing: 'PassThrough' }))).toEqual([]);
  });

  test('is a variable that only Globals can leave out', () => {
    const variables = { Environment: { Variables: { AWS_XRAY_DAEMON_ADDRESS: '10.0.0.7:2000' } } };
    const fixesOf = (template: ReturnType<typeof stack>) =>
      RESERVED_ENVIRONMENT.check(buildTracingModel([template])).map(({ fix }) => fix);
    expect(fixesOf(stack('t', serverless({ Tracing: 'Active' }), globals(variables)))).toEqual([
      "Remove AWS_XRAY_DAEMON_ADDRESS from Globals.Function, and from the environment of 'Fn' if it is there, too.",
    ]);
    expect(fixesOf(stack('t', serverless({ Tracing: 'Active', ...variables })))).toEqual([
      "Remove AWS_XRAY_DAEMON_ADDRESS from the environment of 'Fn'.",
    ]);
  });
});
