import { buildTracingModel } from '../../lib/model/build-model';
import { UNPUBLISHED_MODE } from '../../lib/rules/unpublished-mode';
import { type Case, lambda, type Resources, ruleTester, stack } from './templates';

const HASH = '0123456789abcdef0123456789abcdef';

function version(properties: object = {}) {
  return { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Fn' }, ...properties } };
}

function alias(FunctionVersion: unknown) {
  return {
    Type: 'AWS::Lambda::Alias',
    Properties: { FunctionName: { Ref: 'Fn' }, Name: 'live', FunctionVersion },
  };
}

function sam(properties: object): Resources {
  return {
    Fn: {
      Type: 'AWS::Serverless::Function',
      Properties: { Tracing: 'Active', AutoPublishAlias: 'live', ...properties },
    },
  };
}

ruleTester(UNPUBLISHED_MODE, {
  valid: [
    [
      'a description that a macro writes',
      {
        Fn: lambda('Active'),
        V: version({ Description: { 'Fn::Transform': { Name: 'Stamp' } } }),
      },
    ],
    ['a function that is not published', { Fn: lambda('Active') }],
    ["CDK's currentVersion", { Fn: lambda('Active'), [`FnCurrentVersion12AB34CD${HASH}`]: version() }],
    [
      "a version from SAM's transform, whose hash can include the mode",
      { Fn: lambda(), FnVersion0123456789: version() },
    ],
    [
      'a version from the Serverless Framework',
      { Fn: lambda(), [`FnLambdaVersion${'aB3'.repeat(14)}`]: version() },
    ],
    ...[33, 38, 43].map((length): Case => [
      `a version from the Serverless Framework, whose hash has ${length} characters left`,
      {
        Fn: lambda(),
        [`FnLambdaVersion${'49ijCbQ80ZLxNDsqTAILvRJBErgZtcjQyMNPRoabcdefg'.slice(0, length)}`]: version(),
      },
    ]),
    [
      'a description that states the mode',
      { Fn: lambda('Active'), V: version({ Description: 'X-Ray tracing: Active' }) },
    ],
    [
      'a description that states the default',
      { Fn: lambda(), V: version({ Description: 'X-Ray tracing: PassThrough' }) },
    ],
    [
      'a mode known only at deployment, which another rule reports',
      { Fn: lambda({ Ref: 'Mode' }), V: version() },
    ],
    ["SAM's AutoPublishAlias with all properties", sam({ AutoPublishAliasAllProperties: true })],
    [
      'all properties from Globals',
      stack('t', sam({}), {
        sections: { Globals: { Function: { AutoPublishAliasAllProperties: 'true' } } },
      }),
    ],
    [
      'a VersionDescription that states the mode',
      sam({ VersionDescription: 'Build 7 (X-Ray tracing: Active)' }),
    ],
    [
      'a description that each build may change',
      stack(
        't',
        { Fn: lambda('Active'), V: version({ Description: { 'Fn::Sub': 'build ${Build}' } }) },
        { sections: { Parameters: { Build: { Type: 'String' } } } },
      ),
    ],
    [
      'a version that CloudFront runs, whose mode never is Active',
      {
        Fn: lambda('PassThrough'),
        V: version(),
        Site: {
          Type: 'AWS::CloudFront::Distribution',
          Properties: {
            DistributionConfig: {
              DefaultCacheBehavior: { LambdaFunctionAssociations: [{ LambdaFunctionARN: { Ref: 'V' } }] },
            },
          },
        },
      },
    ],
    ['a version of a function without a mode', { Fn: lambda(), V: version() }],
    ['an alias on a version of a function without a mode', { Fn: lambda(), A: alias('3') }],
    ["SAM's AutoPublishAlias of a function without a mode", sam({ Tracing: undefined })],
    ['an alias on $LATEST', { Fn: lambda('Active'), A: alias('$LATEST') }],
    ['an alias on a version known only at deployment', { Fn: lambda('Active'), A: alias({ Ref: 'Live' }) }],
  ],
  invalid: [
    [
      'FnLambdaVersionForCustomers Description',
      'a name without a hash',
      { Fn: lambda('PassThrough'), FnLambdaVersionForCustomers: version() },
    ],
    [
      'V Description',
      'a mode of the region',
      stack(
        't',
        {
          Fn: lambda({ 'Fn::If': ['IsHome', 'Active', 'PassThrough'] }),
          V: version(),
        },
        { sections: { Conditions: { IsHome: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] } } } },
      ),
    ],
    ['V Description', 'a bare version', { Fn: lambda('Active'), V: version() }],
    [
      'V Description',
      'a description with a word that is also a mode',
      { Fn: lambda('Active'), V: version({ Description: 'Syncs Active Directory users' }) },
    ],
    [
      'Fn AutoPublishAlias',
      'the same in SAM',
      sam({ AutoPublishCodeSha256: 'ab12', VersionDescription: 'Active users' }),
    ],
    [
      'V Description',
      'a description that states another mode',
      { Fn: lambda('PassThrough'), V: version({ Description: 'X-Ray tracing: Active' }) },
    ],
    [
      'V Description',
      'a description with a word that contains the mode',
      { Fn: lambda('Active'), V: version({ Description: 'ActiveUsers' }) },
    ],
    [
      'V Description',
      'a version in another template',
      stack('a', { Fn: lambda('Active', { FunctionName: 'fn' }) }),
      stack('b', { V: version({ FunctionName: 'fn' }) }),
    ],
    [
      'V Description',
      "a version whose logical ID ends as CDK's do",
      { Fn: lambda('Active'), V: version({ Description: 'first' }) },
    ],
    ['Fn AutoPublishAlias', "SAM's AutoPublishAlias alone", sam({})],
    [
      'Fn AutoPublishAlias',
      "SAM's AutoPublishAlias by Globals",
      stack(
        't',
        { Fn: { Type: 'AWS::Serverless::Function', Properties: { Tracing: 'Active' } } },
        { sections: { Globals: { Function: { AutoPublishAlias: 'live' } } } },
      ),
    ],
    [
      'Fn AutoPublishAlias',
      'a hash of the code, which overrides other properties',
      sam({ AutoPublishAliasAllProperties: true, AutoPublishCodeSha256: 'ab12' }),
    ],
    [
      'Fn AutoPublishAlias',
      'a hash of the code from Globals',
      stack('t', sam({}), { sections: { Globals: { Function: { AutoPublishCodeSha256: 'ab12' } } } }),
    ],
    ['A FunctionVersion', 'an alias that is pinned', { Fn: lambda('Active'), A: alias('3') }],
  ],
});

test('reports a version of a function that had a mode in the baseline', () => {
  const model = (before: unknown) =>
    buildTracingModel(
      [stack('t', { Fn: lambda(), V: version() })],
      [stack('t', { Fn: lambda(before), V: version() })],
    );
  expect(UNPUBLISHED_MODE.check(model('PassThrough'))).toHaveLength(1);
  expect(UNPUBLISHED_MODE.check(model(undefined))).toEqual([]);
});
