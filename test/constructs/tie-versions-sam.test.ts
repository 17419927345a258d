import { CfnResource, Mixins, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { type CfnFunctionProps, CfnFunction as CfnServerlessFunction } from 'aws-cdk-lib/aws-sam';
import { LambdaTracing } from '../../lib/constructs/lambda-tracing';
import { app, stackIn } from '../apps/app';
import { include } from '../apps/include';
import { ACTIVE, cfnVersion, descriptions, PASS_THROUGH, SAM, warnings } from './tied-versions';

describe('a SAM function', () => {
  const AUTO = { AutoPublishAlias: 'live' };
  const CODE_PROPERTIES = { InlineCode: 'x', Handler: 'x', Runtime: 'nodejs22.x' };

  /** Forms of a SAM function, each with additional properties. */
  const FORMS: [string, (stack: Stack, properties: Record<string, unknown>) => unknown][] = [
    [
      'CfnFunction',
      (stack, properties) => {
        const { AutoPublishAliasAllProperties: all, ...others } = properties;
        const props = Object.entries({ ...CODE_PROPERTIES, ...others }).map(([name, value]) => [
          `${name[0].toLowerCase()}${name.slice(1)}`,
          value,
        ]);
        const fn = new CfnServerlessFunction(stack, 'Fn', Object.fromEntries(props) as CfnFunctionProps);
        // The L1 doesn't know it.
        if (all !== undefined) fn.addPropertyOverride('AutoPublishAliasAllProperties', all);
      },
    ],
    [
      'a bare resource',
      (stack, properties) =>
        new CfnResource(stack, 'Fn', {
          type: 'AWS::Serverless::Function',
          properties: { ...CODE_PROPERTIES, ...properties },
        }),
    ],
    [
      'an include',
      (stack, properties) =>
        include(stack, {
          Transform: 'AWS::Serverless-2016-10-31',
          Resources: {
            Fn: {
              Type: 'AWS::Serverless::Function',
              Properties: { ...CODE_PROPERTIES, ...properties },
            },
          },
        }),
    ],
  ];
  const TIES: [string, (stack: Stack) => void][] = [
    ['LambdaTracing.of(stack)', (stack) => LambdaTracing.of(stack).active({ tieVersions: true })],
    ['Mixins.of(stack)', (stack) => void Mixins.of(stack).apply(new LambdaTracing({ tieVersions: true }))],
  ];
  const propertiesOf = (stack: Stack) => {
    const [fn] = Object.values(Template.fromStack(stack).findResources('AWS::Serverless::Function')) as {
      Properties: Record<string, unknown>;
    }[];
    return fn.Properties;
  };

  describe.each(TIES)('with %s', (_way, tie) => {
    describe.each(FORMS)('%s', (_form, make) => {
      const tied = (properties: Record<string, unknown>) => {
        const stack = stackIn(app());
        make(stack, properties);
        tie(stack);
        return { properties: propertiesOf(stack), warnings: warnings(stack) };
      };

      test.each<[string, Record<string, unknown>, object]>([
        ['is published on any change of a property', AUTO, { AutoPublishAliasAllProperties: true }],
        [
          'with AutoPublishAliasAllProperties is not changed',
          { ...AUTO, AutoPublishAliasAllProperties: true },
          {},
        ],
        ['without an alias is not changed', {}, {}],
        [
          'with a hash of its code states the mode',
          { ...AUTO, AutoPublishCodeSha256: 'abc' },
          { VersionDescription: ACTIVE },
        ],
        [
          'with a hash of its code keeps its text',
          { ...AUTO, AutoPublishCodeSha256: 'abc', VersionDescription: 'Release 7' },
          { VersionDescription: `Release 7 (${ACTIVE})` },
        ],
        [
          'with its own mode states that mode',
          { ...AUTO, AutoPublishCodeSha256: 'abc', Tracing: 'PassThrough' },
          { VersionDescription: PASS_THROUGH },
        ],
      ])('%s', (_name, properties, added) => {
        const expected = { ...CODE_PROPERTIES, Tracing: 'Active', ...properties, ...added };
        expect(tied(properties)).toEqual({ properties: expected, warnings: [] });
      });

      test('with AutoPublishAliasAllProperties false causes a warning', () => {
        const properties = { ...AUTO, AutoPublishAliasAllProperties: false };
        expect(tied(properties)).toEqual({
          properties: { ...CODE_PROPERTIES, Tracing: 'Active', ...properties },
          warnings: [
            expect.stringMatching(
              /'Stack\/(Included\/)?Fn' does not publish a new version, .*AutoPublishAliasAllProperties is false\. Remove it or set it to true\./,
            ),
          ],
        });
      });
    });

    test.each<[string, object, object]>([
      ['the alias', AUTO, { AutoPublishAliasAllProperties: true }],
      ['all properties', { ...AUTO, AutoPublishAliasAllProperties: true }, {}],
    ])('with %s from Globals', (_name, globals, added) => {
      const stack = stackIn(app());
      include(stack, {
        Transform: 'AWS::Serverless-2016-10-31',
        Globals: { Function: globals },
        Resources: { Fn: { Type: 'AWS::Serverless::Function', Properties: CODE_PROPERTIES } },
      });
      tie(stack);
      expect(propertiesOf(stack)).toEqual({ ...CODE_PROPERTIES, Tracing: 'Active', ...added });
    });

    test('whose mode is a parameter states it, because SAM knows no values', () => {
      const stack = stackIn(app());
      include(stack, {
        Transform: 'AWS::Serverless-2016-10-31',
        Parameters: { Mode: { Type: 'String' } },
        Globals: { Function: { Tracing: { Ref: 'Mode' } } },
        Resources: {
          Fn: { Type: 'AWS::Serverless::Function', Properties: { ...CODE_PROPERTIES, ...AUTO } },
        },
      });
      tie(stack);
      expect(propertiesOf(stack)).toEqual({
        ...CODE_PROPERTIES,
        ...AUTO,
        VersionDescription: { 'Fn::Join': ['', ['X-Ray tracing: ', { Ref: 'Mode' }]] },
      });
    });

    test('has its other versions tied', () => {
      const stack = stackIn(app());
      const fn = new CfnServerlessFunction(stack, 'Fn', SAM);
      cfnVersion(fn.ref, stack);
      tie(stack);
      expect(descriptions(stack)).toEqual([ACTIVE]);
    });
  });
});
