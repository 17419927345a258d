import { App, Aws, Lazy } from 'aws-cdk-lib';
import { Tracing } from 'aws-cdk-lib/aws-lambda';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { LambdaTracing } from '../../lib/constructs/lambda-tracing';
import type { LambdaTracingOptions } from '../../lib/constructs/tracing-props';
import { app, lambda, stackIn } from '../apps/app';
import { modes } from './traced-stacks';

describe('throws an error for', () => {
  test.each<[string, LambdaTracingOptions & { tracing?: Tracing }, RegExp]>([
    [
      'a mode that does not exist',
      { tracing: Tracing.DISABLED },
      /^LambdaTracing: Lambda has two tracing modes/,
    ],
    ['a misspelled mode', { tracing: 'active' as Tracing }, /'active' is not a tracing mode/],
    ['a token', { tracing: Lazy.string({ produce: () => 'Active' }) as Tracing }, /known at synthesis/],
    ['permissions that do not exist', { tracingPermissions: 'x' as never }, /'x' is not a valid value/],
    ['an empty path', { excludePaths: [''] }, /excludePaths contains an empty entry/],
    [
      'an unsupported pattern',
      { excludePaths: ['Stack/+(a)'] },
      /excludePaths contains 'Stack\/\+\(a\)', but "\(" is not/,
    ],
    ['an undefined exclusion', { exclude: [undefined as never] }, /exclude contains an empty entry/],
  ])('%s', (_, props, message) => {
    expect(() => new LambdaTracing(props)).toThrow(message);
  });

  test('invalid options and changes nothing', () => {
    const stack = stackIn(app());
    lambda(stack);
    expect(() => LambdaTracing.of(stack).active({ tracingPermissions: 'x' as never })).toThrow(
      /^LambdaTracing\.of\('Stack'\): 'x'/,
    );
    expect(modes(stack)).toEqual({ Fn: 'unset' });
  });

  test('a misspelled option of the mixin', () => {
    expect(() => new LambdaTracing({ excludePath: ['Stack/Fn'] } as never)).toThrow(
      /^LambdaTracing: excludePath is not an option\. Did you mean excludePaths\?$/,
    );
  });

  test.each([undefined, 'Stack', {}])('the scope %j', (scope) => {
    expect(() => LambdaTracing.of(scope as never)).toThrow(
      /^LambdaTracing\.of: the scope must be a construct/,
    );
  });

  test('no option that it does not know, as CDK does', () => {
    expect(() => new LambdaTracing({ description: 'orders' } as never)).not.toThrow();
  });

  test('a missing include file, from CDK', () => {
    const stack = stackIn(app());
    LambdaTracing.of(stack).active();
    expect(() => new CfnInclude(stack, 'Gone', { templateFile: 'gone.json' })).toThrow(/gone\.json/);
  });
});

describe('throws an error for the option', () => {
  test.each<[string, object, RegExp]>([
    [
      'a priority that is not a number',
      { priority: NaN },
      /^LambdaTracing\.of\('Stack'\): priority must be an integer/,
    ],
    ['a priority that is a token', { priority: Lazy.number({ produce: () => 1 }) }, /priority must be/],
    ['a path that is a token', { excludePaths: [Aws.REGION] }, /excludePaths must be known at synthesis/],
    ['a path that is not a list', { excludePaths: 'Stack/Fn' }, /excludePaths must be a list/],
    ['a construct that is not a list', { exclude: new App() }, /exclude must be a list/],
    [
      'a path instead of a construct',
      { exclude: ['Stack/Fn'] },
      /exclude must contain only constructs\. Use excludePaths/,
    ],
    ['a construct instead of a path', { excludePaths: [new App()] }, /excludePaths must contain only text/],
    [
      'a class instead of its name',
      { excludeTypes: [App] },
      /excludeTypes must contain only text, such as 'Sing/,
    ],
    ['a misspelled name', { overwite: true }, /overwite is not an option\. Did you mean overwrite\?/],
    ['overwrite as text', { overwrite: 'false' }, /overwrite must be true or false, but is "false"\./],
    ['tieVersions as text', { tieVersions: 'no' }, /tieVersions must be true or false/],
    ['callers as a number', { callers: 0 }, /callers must be true or false, but is 0\./],
    ['topicPolicies as null', { callers: true, topicPolicies: null }, /topicPolicies must be true or false/],
    ['options that are no object', null as never, /the options must be an object/],
  ])('%s', (_, options, message) => {
    const stack = stackIn(app());
    lambda(stack);
    expect(() => LambdaTracing.of(stack).active(options)).toThrow(message);
  });
});
