import type { Stack } from 'aws-cdk-lib';
import { CfnApi, CfnFunction as CfnServerlessFunction } from 'aws-cdk-lib/aws-sam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { LambdaTracingActiveOptions } from '../../lib/constructs/tracing-props';
import { app, stackIn } from '../apps/app';
import { include } from '../apps/include';
import { active, bare, tracing } from './callers';

describe('the events of a SAM function', () => {
  const SAM = { ...{ inlineCode: 'x', handler: 'x', runtime: 'nodejs22.x' } };

  test.each<[string, (stack: Stack) => unknown, unknown[]]>([
    [
      'an API',
      (stack) => {
        const api = new CfnApi(stack, 'Api', { stageName: 'prod' });
        const properties = { restApiId: api.ref, method: 'get', path: '/' };
        new CfnServerlessFunction(stack, 'Fn', { ...SAM, events: { Get: { type: 'Api', properties } } });
      },
      [true],
    ],
    [
      'a topic',
      (stack) => {
        const properties = { topic: new Topic(stack, 'Topic').topicArn };
        new CfnServerlessFunction(stack, 'Fn', { ...SAM, events: { Sent: { type: 'SNS', properties } } });
      },
      ['Active'],
    ],
    [
      'a topic with a queue before the function',
      (stack) => {
        const properties = { Topic: new Topic(stack, 'Topic').topicArn, SqsSubscription: true };
        bare(stack, 'Fn', 'AWS::Serverless::Function', {
          Events: { Sent: { Type: 'SNS', Properties: properties } },
        });
      },
      [undefined],
    ],
    [
      'the implicit API of SAM',
      (stack) =>
        new CfnServerlessFunction(stack, 'Fn', {
          ...SAM,
          events: { Get: { type: 'Api', properties: { method: 'get', path: '/' } } },
        }),
      [],
    ],
  ])('%s', (_, make, expected) => {
    const stack = stackIn(app());
    make(stack);
    active(stack);
    expect(tracing(stack)).toEqual(expected);
  });

  test.each<[boolean, LambdaTracingActiveOptions, unknown]>([
    [false, {}, undefined],
    [true, {}, undefined],
    [false, { overwrite: true }, true],
  ])('an API with %s in Globals, with %p', (globals, options, expected) => {
    const stack = stackIn(app());
    include(stack, {
      Transform: 'AWS::Serverless-2016-10-31',
      Globals: { Api: { TracingEnabled: globals } },
      Resources: {
        Api: { Type: 'AWS::Serverless::Api', Properties: { StageName: 'prod' } },
        Fn: {
          Type: 'AWS::Serverless::Function',
          Properties: {
            Handler: 'x',
            Events: {
              Get: { Type: 'Api', Properties: { RestApiId: { Ref: 'Api' }, Method: 'get', Path: '/' } },
            },
          },
        },
      },
    });
    active(stack, options);
    expect(tracing(stack)).toEqual([expected]);
  });
});
