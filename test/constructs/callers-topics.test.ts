import { type App, CfnCondition, CfnParameter, Fn, NestedStack, type Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { type CfnTopic, Topic, TracingConfig } from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription, SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { CfnResourcePolicy } from 'aws-cdk-lib/aws-xray';
import type { IConstruct } from 'constructs';
import { type LambdaTracingActiveOptions, TracingPermissions } from '../../lib/constructs/tracing-props';
import { app, lambda, stackIn } from '../apps/app';
import { active, bare, findings, included, type Resource, tracing, warnings } from './callers';

describe('topics', () => {
  const ENV = { account: '111122223333', region: 'eu-west-1' };
  const ALL = 'arn:<AWS::Partition>:sns:eu-west-1:111122223333:*';

  function subscribed(scope: IConstruct, id: string, fn: LambdaFunction, topicName?: string): Topic {
    const topic = new Topic(scope, id, { topicName });
    topic.addSubscription(new LambdaSubscription(fn));
    return topic;
  }

  /** Returns the documents of a stack's resource policies, with the logical IDs of referenced resources. */
  function documents(stack: Stack): unknown[] {
    const policies = Object.values(
      Template.fromStack(stack).findResources('AWS::XRay::ResourcePolicy'),
    ) as Resource[];
    return policies.map(
      ({ Properties: { PolicyDocument: document } }) => JSON.parse(textOf(document)) as unknown,
    );
  }

  function textOf(value: unknown): string {
    if (typeof value === 'string') return value;
    const { 'Fn::Join': join, Ref: ref, 'Fn::GetAtt': attribute } = value as Record<string, unknown>;
    if (Array.isArray(join)) return (join[1] as unknown[]).map(textOf).join('');
    return `<${(ref as string | undefined) ?? (attribute as string[]).join('.')}>`;
  }

  function statement(...sourceArns: unknown[]) {
    return {
      Effect: 'Allow',
      Principal: { Service: 'sns.amazonaws.com' },
      Action: ['xray:PutTraceSegments', 'xray:GetSamplingRules', 'xray:GetSamplingTargets'],
      Resource: '*',
      Condition: {
        StringEquals: { 'aws:SourceAccount': ENV.account },
        StringLike: { 'aws:SourceArn': sourceArns },
      },
    };
  }

  type Statement = ReturnType<typeof statement>;

  function sources(stack: Stack): unknown[] {
    return documents(stack).map(
      (document) =>
        [(document as { Statement: Statement | Statement[] }).Statement].flat()[0].Condition.StringLike[
          'aws:SourceArn'
        ],
    );
  }

  function envStack(root: IConstruct = app(), id = 'Stack', env = ENV) {
    return stackIn(root, id, { env });
  }

  test('of a stack share a policy that lists them and has the name of the stack', () => {
    const stack = envStack();
    const fn = lambda(stack);
    const [a, b] = [subscribed(stack, 'A', fn), subscribed(stack, 'B', fn)];
    new Topic(stack, 'Unconnected');
    active(stack);
    const id = (topic: Topic) => `<${stack.getLogicalId(topic.node.defaultChild as CfnTopic)}>`;
    expect(documents(stack)).toEqual([{ Version: '2012-10-17', Statement: [statement(id(a), id(b))] }]);
    Template.fromStack(stack).hasResourceProperties('AWS::XRay::ResourcePolicy', {
      PolicyName: { Ref: 'AWS::StackName' },
    });
    expect(tracing(stack)).toEqual(['Active', 'Active', undefined]);
    expect(findings(stack)).toEqual([]);
  });

  test.each<[number, unknown]>([
    [15, Array.from({ length: 15 }, (_, i) => expect.stringContaining(`<Topic${i}`) as unknown)],
    [16, [ALL]],
  ])('are listed in the policy if %i of them fit', (number, expected) => {
    const stack = envStack();
    const fn = lambda(stack);
    for (let i = 0; i < number; i++) subscribed(stack, `Topic${i}`, fn);
    active(stack);
    expect(sources(stack)).toEqual([expected]);
    expect(findings(stack)).toEqual([]);
  });

  test('fit into the policy up to the maximum, with the longest names', () => {
    const stack = envStack(app(), 'Stack', { ...ENV, region: 'us-gov-west-1' });
    const fn = lambda(stack);
    const name = 'x'.repeat(256);
    for (let i = 0; i < 15; i++) subscribed(stack, `Topic${i}`, fn);
    active(stack);
    const arn = `arn:aws-us-gov:sns:us-gov-west-1:${ENV.account}:${name}`;
    const written = JSON.stringify(documents(stack)[0]).replaceAll(/<[^>]+>/g, arn);
    expect(written.length).toBeLessThanOrEqual(5120);
  });

  test('that are conditional are not listed', () => {
    const stack = envStack();
    const topic = subscribed(stack, 'Topic', lambda(stack));
    const condition = new CfnCondition(stack, 'C', { expression: Fn.conditionEquals('a', 'b') });
    (topic.node.defaultChild as CfnTopic).cfnOptions.condition = condition;
    active(stack);
    expect(sources(stack)).toEqual([[ALL]]);
  });

  test('of a nested stack are in the policy of the outermost stack', () => {
    const root = app();
    const stack = envStack(root);
    const fn = lambda(stack);
    const nested = new NestedStack(new NestedStack(stack, 'Nested'), 'Inner');
    subscribed(nested, 'Inner', fn);
    subscribed(stack, 'Outer', fn);
    active(root);
    expect(sources(stack)).toEqual([[expect.stringContaining('Outputs.'), expect.stringContaining('Outer')]]);
    expect(documents(nested)).toEqual([]);
    expect(findings(root)).toEqual([]);
  });

  test('of several stacks and stages have a policy in each stack', () => {
    const root = app();
    const stacks = [
      envStack(root, 'A'),
      envStack(root, 'B'),
      stackIn(new Stage(root, 'Beta', { env: ENV })),
      stackIn(new Stage(root, 'Prod', { env: ENV })),
    ];
    for (const stack of stacks) subscribed(stack, 'Topic', lambda(stack));
    active(root);
    root.synth();
    expect(stacks.map(tracing)).toEqual([['Active'], ['Active'], ['Active'], ['Active']]);
    expect(stacks.map(sources)).toEqual(stacks.map(() => [[expect.stringContaining('Topic')]]));
    expect(findings(root)).toEqual([]);
    expect(stacks.flatMap(warnings)).toEqual([]);
  });

  test('of more stacks than X-Ray allows policies cause a warning with a fix', () => {
    const root = app();
    const stacks = Array.from({ length: 6 }, (_, i) => envStack(root, `Stack${i}`));
    const elsewhere = envStack(root, 'Elsewhere', { ...ENV, region: 'eu-north-1' });
    for (const stack of [...stacks, elsewhere]) subscribed(stack, 'Topic', lambda(stack));
    active(root);
    root.synth();
    expect([...stacks, elsewhere].flatMap(warnings)).toEqual([
      expect.stringMatching(
        /^'Stack5\/LambdaTracingTopics' is resource policy 6 .* X-Ray allows 5\. Add one AWS::XRay::ResourcePolicy/,
      ),
    ]);
  });

  test('get no policy with TracingPermissions.NONE', () => {
    const stack = envStack();
    subscribed(stack, 'Topic', lambda(stack));
    active(stack, { tracingPermissions: TracingPermissions.NONE });
    expect(tracing(stack)).toEqual(['Active']);
    expect(documents(stack)).toEqual([]);
  });

  test('get no policy with topicPolicies: false, while roles get their permissions', () => {
    const stack = envStack();
    subscribed(stack, 'Topic', lambda(stack));
    active(stack, { topicPolicies: false });
    expect(tracing(stack)).toEqual(['Active']);
    expect(documents(stack)).toEqual([]);
    expect(JSON.stringify(Template.fromStack(stack).toJSON())).toContain('AWSXRayDaemonWriteAccess');
  });

  test('of an inner scope get no policy if its call sets topicPolicies: false', () => {
    const root = app();
    const [without, other] = [envStack(root, 'Without'), envStack(root, 'Other')];
    for (const stack of [without, other]) subscribed(stack, 'Topic', lambda(stack));
    active(root);
    active(without, { topicPolicies: false });
    expect([without, other].map((stack) => documents(stack).length)).toEqual([0, 1]);
  });

  test.each<[LambdaTracingActiveOptions, number]>([
    [{}, 1],
    [{ topicPolicies: false }, 0],
  ])('that were already Active get a policy, too: with %j, %i', (options, number) => {
    const stack = envStack();
    const topic = new Topic(stack, 'Topic', { tracingConfig: TracingConfig.ACTIVE });
    topic.addSubscription(new LambdaSubscription(lambda(stack)));
    active(stack, options);
    expect(documents(stack)).toHaveLength(number);
    expect(findings(stack)).toHaveLength(1 - number);
  });

  test.each([
    ['eu-west-1:111122223333', 0],
    ['us-east-1:111122223333', 1],
    ['eu-west-1:999999999999', 1],
  ])('lack a policy in the checks if the only policy is for %s', (place, number) => {
    const stack = envStack();
    new Topic(stack, 'Topic', { tracingConfig: TracingConfig.ACTIVE });
    lambda(stack);
    const document = { Version: '2012-10-17', Statement: statement(`arn:aws:sns:${place}:*`) };
    new CfnResourcePolicy(stack, 'Policy', { policyName: 'own', policyDocument: JSON.stringify(document) });
    expect(findings(stack)).toHaveLength(number);
  });

  test('with a queue before the function are not changed', () => {
    const stack = envStack();
    lambda(stack);
    new Topic(stack, 'Topic').addSubscription(new SqsSubscription(new Queue(stack, 'Queue')));
    active(stack);
    expect(tracing(stack)).toEqual([undefined]);
    expect(documents(stack)).toEqual([]);
  });

  describe('with a policy defined by the user', () => {
    const ALL_TOPICS = 'arn:aws:sns:eu-west-1:111122223333:*';
    const json = (...arns: unknown[]) => ({ Version: '2012-10-17', Statement: statement(...arns) });
    const logicalId = (topic: Topic) => topic.stack.getLogicalId(topic.node.defaultChild as CfnTopic);

    const COVERING: [string, (topic: Topic) => unknown][] = [
      ['with its ARN', ({ topicArn }) => JSON.stringify(json(topicArn))],
      ['from toJsonString', ({ stack, topicArn }) => stack.toJsonString(json(topicArn))],
      ['with its name in any account and region', () => JSON.stringify(json('arn:aws:sns:*:*:orders'))],
      ['for all topics by a wildcard after the service', () => JSON.stringify(json('arn:aws:sns:*'))],
      ['for anything', () => JSON.stringify(json('*'))],
      [
        'with its name, and a region of the stack',
        ({ stack }) => stack.toJsonString(json(stack.formatArn({ service: 'sns', resource: 'orders' }))),
      ],
      ['with its name', () => JSON.stringify(json('arn:aws:sns:eu-west-1:111122223333:orders'))],
      ['for all topics', () => JSON.stringify(json(ALL_TOPICS))],
      [
        'for all topics, by the stack',
        ({ stack }) => JSON.stringify(json(stack.formatArn({ service: 'sns', resource: '*' }))),
      ],
      [
        'without a condition',
        () => JSON.stringify({ Statement: [{ ...statement(), Condition: undefined, Action: 'xray:*' }] }),
      ],
      ['that is substituted', (topic) => ({ 'Fn::Sub': JSON.stringify(json(`\${${logicalId(topic)}}`)) })],
      [
        'that is joined',
        (topic) => ({
          'Fn::Join': [
            '',
            [...JSON.stringify(json('#')).split('#')].flatMap((part, i) =>
              i ? [{ Ref: logicalId(topic) }, part] : [part],
            ),
          ],
        }),
      ],
      ['from a parameter', ({ stack }) => new CfnParameter(stack, 'Document').valueAsString],
    ];
    const OTHERS: [string, (topic: Topic) => unknown][] = [
      ['for another topic', () => JSON.stringify(json('arn:aws:sns:eu-west-1:111122223333:payments'))],
      [
        'that refers to another topic',
        ({ stack }) => JSON.stringify(json(new Topic(stack, 'Payments').topicArn)),
      ],
      [
        'that substitutes another topic',
        ({ stack }) => {
          const payments = logicalId(new Topic(stack, 'Payments'));
          return { 'Fn::Sub': JSON.stringify(json(`arn:aws:sns:*:*:\${${payments}.TopicName}`)) };
        },
      ],
      [
        'for all topics of another region',
        () => JSON.stringify(json('arn:aws:sns:us-east-1:111122223333:*')),
      ],
      [
        'for all topics of another account',
        () => JSON.stringify(json('arn:aws:sns:eu-west-1:999999999999:*')),
      ],
      [
        'for a topic of the name in another region',
        () => JSON.stringify(json('arn:aws:sns:us-east-1:111122223333:orders')),
      ],
      [
        'for another service',
        () =>
          JSON.stringify({
            Statement: { ...statement(ALL_TOPICS), Principal: { Service: 'logs.amazonaws.com' } },
          }),
      ],
      [
        'for other actions',
        () => JSON.stringify({ Statement: { ...statement(ALL_TOPICS), Action: ['xray:GetSamplingRules'] } }),
      ],
      [
        'that denies another topic',
        () =>
          JSON.stringify({
            Statement: { ...statement('arn:aws:sns:eu-west-1:111122223333:billing'), Effect: 'Deny' },
          }),
      ],
    ];

    /** Returns the number of policies of a stack with a topic, and the number of findings. */
    const policies = (documentOf: (topic: Topic) => unknown, inOther?: (root: App) => Stack) => {
      const root = app();
      const stack = envStack(root);
      const topic = subscribed(stack, 'Topic', lambda(stack), 'orders');
      bare(inOther?.(root) ?? stack, 'Policy', 'AWS::XRay::ResourcePolicy', {
        PolicyName: 'own',
        PolicyDocument: documentOf(topic),
      });
      active(root);
      root.synth();
      return [documentCount(stack), findings(root).length];
    };
    const documentCount = (stack: Stack) =>
      Object.keys(Template.fromStack(stack).findResources('AWS::XRay::ResourcePolicy')).length;

    test.each<[string, object, number]>([
      ['names the topic', { 'Fn::Sub': JSON.stringify(json('${Topic}')) }, 1],
      [
        'names the topic by a variable',
        { 'Fn::Sub': [JSON.stringify(json('${T}')), { T: { Ref: 'Topic' } }] },
        1,
      ],
      ['names another', { 'Fn::Sub': JSON.stringify(json('${Payments}')) }, 2],
      [
        'names another by a variable',
        { 'Fn::Sub': [JSON.stringify(json('${T}')), { T: { Ref: 'Payments' } }] },
        2,
      ],
      [
        'is for all topics',
        { 'Fn::Sub': JSON.stringify(json('arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:*')) },
        1,
      ],
    ])('that is included and %s', (_, document, expected) => {
      const stack = envStack();
      const endpoint = 'arn:aws:lambda:eu-west-1:111122223333:function:orders';
      lambda(stack, 'Fn', { functionName: 'orders' });
      included(stack, {
        Topic: {
          Type: 'AWS::SNS::Topic',
          Properties: { TopicName: 'orders', Subscription: [{ Protocol: 'lambda', Endpoint: endpoint }] },
        },
        Payments: { Type: 'AWS::SNS::Topic', Properties: {} },
        Policy: {
          Type: 'AWS::XRay::ResourcePolicy',
          Properties: { PolicyName: 'own', PolicyDocument: document },
        },
      });
      active(stack);
      expect([documentCount(stack), findings(stack).length]).toEqual([expected, 0]);
    });

    test.each(COVERING)('%s, get no other policy', (_, documentOf) => {
      expect(policies(documentOf)).toEqual([1, 0]);
    });

    test.each(OTHERS)('%s, get another policy', (_, documentOf) => {
      expect(policies(documentOf)).toEqual([2, 0]);
    });

    test.each<[string, (root: App) => Stack, number]>([
      ['another stack of the account and region', (root) => envStack(root, 'Core'), 0],
      ['a stage in the account and region', (root) => stackIn(new Stage(root, 'Core', { env: ENV })), 0],
      ['another region', (root) => envStack(root, 'Core', { ...ENV, region: 'eu-north-1' }), 1],
      ['another account', (root) => envStack(root, 'Core', { ...ENV, account: '444455556666' }), 1],
      ['a stage without an environment', (root) => stackIn(new Stage(root, 'Core')), 1],
      ['a stack without an environment', (root) => stackIn(root, 'Core'), 0],
    ])('in %s', (_, inOther, expected) => {
      expect(policies(() => JSON.stringify(json(ALL_TOPICS)), inOther)).toEqual([expected, 0]);
    });

    test('for one topic, get another policy that lists only the others', () => {
      const stack = envStack();
      const fn = lambda(stack);
      const covered = subscribed(stack, 'Covered', fn);
      subscribed(stack, 'Other', fn);
      new CfnResourcePolicy(stack, 'Policy', {
        policyName: 'own',
        policyDocument: stack.toJsonString(json(covered.topicArn)),
      });
      active(stack);
      expect(sources(stack)).toEqual([
        [expect.stringContaining('Covered')],
        [expect.stringContaining('Other')],
      ]);
      expect(findings(stack)).toEqual([]);
    });
  });
});
