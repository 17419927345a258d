import { NestedStack, type Stack, Stage, Validations } from 'aws-cdk-lib';
import { LambdaRestApi } from 'aws-cdk-lib/aws-apigateway';
import { Template } from 'aws-cdk-lib/assertions';
import { Alias, CfnEventSourceMapping, type CfnFunction, Code, Tracing } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { TracedFunction } from '../../lib/constructs/traced-function';
import { TracingAssertions } from '../../lib/testing/tracing-assertions';
import { activeLambda, app, CLUSTER_ARN, CODE, lambda, stackIn } from '../apps/app';
import { harmIn } from '../report/hostile-name';

function orders(): Stack {
  const stack = stackIn(app(), 'Orders');
  new TracedFunction(stack, 'Intake', CODE);
  new TracedFunction(stack, 'Consumer', { ...CODE, tracing: Tracing.PASS_THROUGH });
  lambda(stack, 'Plain');
  return stack;
}

describe('hasMode', () => {
  test.each([
    ['a path from the app', () => 'Orders/Intake'],
    ['a path from the stack', () => 'Intake'],
    ['the path of the resource', () => 'Orders/Intake/Resource'],
    ['a logical ID', (stack: Stack) => idOf(stack, 'Intake')],
  ])('accepts %s', (_, name) => {
    const stack = orders();
    TracingAssertions.fromStack(stack).hasMode(name(stack), Tracing.ACTIVE);
  });

  test.each<[string, Tracing, string]>([
    [
      'Intake',
      Tracing.PASS_THROUGH,
      "Expected the function 'Orders/Intake' to be PassThrough, but its tracing mode is Active.",
    ],
    [
      'Consumer',
      Tracing.ACTIVE,
      "Expected the function 'Orders/Consumer' to be Active, but its tracing mode is PassThrough.",
    ],
    ['Plain', Tracing.PASS_THROUGH, 'not set, which makes it PassThrough'],
    ['Plain', Tracing.DISABLED, 'Lambda has two tracing modes'],
    [
      'Intak',
      Tracing.ACTIVE,
      "No function of 'Orders' is named 'Intak'. The functions are:\n  Orders/Intake (",
    ],
  ])('fails for %s and %s', (name, tracing, message) => {
    expect(() => TracingAssertions.fromStack(orders()).hasMode(name, tracing)).toThrow(message);
  });

  test('sees raw overrides and invalid modes', () => {
    const stack = orders();
    const resource = stack.node.findChild('Plain').node.defaultChild as CfnFunction;
    resource.addPropertyOverride('TracingConfig.Mode', 'active');
    expect(() => TracingAssertions.fromStack(stack).hasMode('Plain', Tracing.ACTIVE)).toThrow(
      "its tracing mode is 'active', which is not a Lambda tracing mode",
    );
  });
});

describe('allFunctionsTraced', () => {
  test('lists the functions that are not Active', () => {
    expect(() => TracingAssertions.fromStack(orders()).allFunctionsTraced()).toThrow(
      '  Orders/Consumer: PassThrough\n  Orders/Plain: not set',
    );
  });

  test('accepts exceptions', () => {
    TracingAssertions.fromStack(orders()).allFunctionsTraced({ exclude: ['Consumer', 'Orders/Plain'] });
  });

  test('throws an error for an exception that is not a function', () => {
    expect(() => TracingAssertions.fromStack(orders()).allFunctionsTraced({ exclude: ['Consumr'] })).toThrow(
      "No function of 'Orders' is named 'Consumr'",
    );
  });

  test('ignores other stacks', () => {
    const root = app();
    const stack = stackIn(root, 'Orders');
    activeLambda(stack);
    lambda(stackIn(root, 'Other'), 'Untraced');
    TracingAssertions.fromStack(stack).allFunctionsTraced();
  });

  test('names a function of a nested stack by its path', () => {
    const stack = stackIn(app(), 'Orders');
    lambda(new NestedStack(stack, 'Nested'), 'Untraced');
    expect(() => TracingAssertions.fromStack(stack).allFunctionsTraced()).toThrow(
      'Orders/Nested/Untraced: not set',
    );
    TracingAssertions.fromStack(stack).allFunctionsTraced({ exclude: ['Nested/Untraced'] });
  });
});

describe('hasNoFindings', () => {
  const faulty = () => {
    const stack = stackIn(app(), 'Orders');
    const mapping = new CfnEventSourceMapping(stack, 'Kafka', {
      functionName: activeLambda(stack).functionName,
      eventSourceArn: CLUSTER_ARN,
    });
    return { stack, mapping };
  };

  test('throws an error with the findings, their constructs and fixes', () => {
    expect(() => TracingAssertions.fromStack(faulty().stack).hasNoFindings()).toThrow(
      /LambdaXRay-UnsupportedEventSource at Orders\/Kafka \(EventSourceArn\): .* Set tracing of/,
    );
  });

  test('accepts acknowledged findings and stacks without findings', () => {
    const { stack, mapping } = faulty();
    Validations.of(mapping).acknowledge({ id: 'LambdaXRay-UnsupportedEventSource', reason: 'Known.' });
    TracingAssertions.fromStack(stack).hasNoFindings();

    const fine = stackIn(app(), 'Fine');
    new TracedFunction(fine, 'Intake', CODE);
    TracingAssertions.fromStack(fine).hasNoFindings();
  });
});

describe('fromApp', () => {
  const system = () => {
    const root = app();
    const stage = new Stage(root, 'Prod');
    new TracedFunction(stackIn(stage, 'Orders'), 'Intake', CODE);
    lambda(stackIn(root, 'Other'), 'Untraced');
    return { root, stage };
  };

  test('asserts on all stacks of an app', () => {
    const tracing = TracingAssertions.fromApp(system().root);
    tracing.hasMode('Prod/Orders/Intake', Tracing.ACTIVE);
    expect(() => tracing.allFunctionsTraced()).toThrow(
      'Expected all functions of the app to be Active, but these are not:\n  Other/Untraced: not set',
    );
    expect(() => tracing.hasNoFindings()).toThrow('Expected no findings in the app, but found:\n');
  });

  test('asserts on all stacks of a stage', () => {
    const tracing = TracingAssertions.fromApp(system().stage);
    tracing.hasMode('Orders/Intake', Tracing.ACTIVE);
    tracing.allFunctionsTraced();
    tracing.hasNoFindings();
    expect(Object.keys(tracing.posture())).toEqual(['Prod/Orders/Intake']);
  });
});

describe('fromTemplate', () => {
  const SAM = {
    Transform: 'AWS::Serverless-2016-10-31',
    Resources: {
      Intake: { Type: 'AWS::Serverless::Function', Properties: { Tracing: 'Active' } },
      Report: { Type: 'AWS::Serverless::Function', Properties: { Tracing: 'Activ' } },
    },
  };

  test('asserts on a template without a stack', () => {
    const tracing = TracingAssertions.fromTemplate(Template.fromJSON(SAM));
    tracing.hasMode('Intake', Tracing.ACTIVE);
    tracing.allFunctionsTraced({ exclude: ['Report'] });
    expect(() => tracing.hasNoFindings()).toThrow(
      /^Expected no findings in the template, but found:\n {2}LambdaXRay-InvalidMode at Report \(Tracing\): /,
    );
    expect(() => tracing.hasMode('Repor', Tracing.ACTIVE)).toThrow(
      "No function of the template is named 'Repor'. The functions are:\n  Intake (Intake)",
    );
    expect(() => tracing.allFunctionsTraced()).toThrow('Expected all functions of the template to be Active');
  });

  test('expands loops', () => {
    const loop = {
      Transform: 'AWS::LanguageExtensions',
      Resources: {
        'Fn::ForEach::Functions': ['Name', ['A', 'B'], { '${Name}': { Type: 'AWS::Lambda::Function' } }],
      },
    };
    expect(Object.keys(TracingAssertions.fromTemplate(Template.fromJSON(loop)).posture())).toEqual([
      'A',
      'B',
    ]);
  });

  test('accepts findings that the template acknowledges', () => {
    const fn = (Metadata: object) =>
      TracingAssertions.fromTemplate(
        Template.fromJSON({ Resources: { Untraced: { Type: 'AWS::Lambda::Function', Metadata } } }),
      );
    expect(() => fn({}).hasNoFindings()).toThrow('LambdaXRay-ActiveTracing at Untraced');
    fn({
      cdk_nag: { rules_to_suppress: [{ id: 'LambdaXRay-ActiveTracing', reason: 'Known.' }] },
    }).hasNoFindings();
  });
});

describe('posture', () => {
  interface Shop {
    readonly code?: string;
    readonly tracing?: Tracing;
    readonly reverse?: boolean;
  }

  /** Creates a function with a version and an alias that an API invokes, and one that a queue invokes. */
  function shop({ code = 'exports.handler = 1;', tracing, reverse = false }: Shop = {}): Stack {
    const stack = stackIn(app(), 'Shop');
    const intake = () => {
      const fn = new TracedFunction(stack, 'Intake', { ...CODE, code: Code.fromInline(code), tracing });
      const live = new Alias(stack, 'Live', { aliasName: 'live', version: fn.currentVersion });
      new LambdaRestApi(stack, 'Api', { handler: live, deployOptions: { tracingEnabled: true } });
    };
    const worker = () => {
      const queue = new Queue(stack, 'Queue');
      new TracedFunction(stack, 'Worker', CODE).addEventSource(new SqsEventSource(queue));
    };
    const parts = reverse ? [worker, intake] : [intake, worker];
    for (const create of parts) create();
    return stack;
  }

  const postureOf = (more?: Shop) => TracingAssertions.fromStack(shop(more)).posture();

  test('describes each function', () => {
    expect(postureOf()).toEqual({
      'Shop/Intake': {
        aliases: { 'Shop/Live': 'Active' },
        callers: { 'Shop/Api (prod)': 'starts a trace, synchronously, through Shop/Live' },
        mode: 'Active',
        modeSetAt: 'TracingConfig.Mode',
        permissions: 'granted',
        versions: { 'Shop/Intake/CurrentVersion': 'Active' },
      },
      'Shop/Worker': {
        callers: { 'Shop/Queue': 'links the traces, from a queue' },
        eventSources: ['Amazon SQS'],
        mode: 'Active',
        modeSetAt: 'TracingConfig.Mode',
        permissions: 'granted',
      },
    });
  });

  test('stays the same when the code changes, which publishes a new version', () => {
    const idOfVersion = (stack: Stack) =>
      Object.keys(Template.fromStack(stack).findResources('AWS::Lambda::Version'));
    const changed = { code: 'exports.handler = 2;' };
    expect(idOfVersion(shop(changed))).not.toEqual(idOfVersion(shop()));
    expect(JSON.stringify(postureOf(changed))).toBe(JSON.stringify(postureOf()));
  });

  test('stays the same when the order of the resources changes', () => {
    expect(JSON.stringify(postureOf({ reverse: true }))).toBe(JSON.stringify(postureOf()));
  });

  test('shows a change of the mode at the function, its version, its alias and its traces', () => {
    const passThrough = postureOf({ tracing: Tracing.PASS_THROUGH });
    expect(passThrough).toEqual({
      ...postureOf(),
      'Shop/Intake': {
        ...(postureOf()['Shop/Intake'] as object),
        aliases: { 'Shop/Live': 'PassThrough' },
        gaps: ['records nothing on a traced path'],
        mode: 'PassThrough',
        versions: { 'Shop/Intake/CurrentVersion': 'PassThrough' },
      },
    });
  });

  test('is that of the template by logical ID, without hashes', () => {
    const byLogicalId = (more?: Shop) =>
      JSON.stringify(TracingAssertions.fromTemplate(Template.fromStack(shop(more))).posture());
    expect(byLogicalId()).toMatch(/^\{"Intake[0-9A-F]{8}":\{"aliases":\{"Live[0-9A-F]{8}":"Active"\}/);
    expect(byLogicalId()).not.toMatch(/[0-9a-f]{10}/);
    expect(byLogicalId({ code: 'exports.handler = 2;' })).toBe(byLogicalId());
  });

  test('escapes control characters and CI commands in names', () => {
    const stack = stackIn(app(), 'Orders');
    const fn = lambda(stack, HOSTILE).node.defaultChild as CfnFunction;
    fn.addPropertyOverride('TracingConfig.Mode', HOSTILE);
    const [[name, { mode }]] = Object.entries<{ mode: string }>(TracingAssertions.fromStack(stack).posture());
    expect(name).toContain('add-mask');
    expect([name, mode].flatMap(harmIn)).toEqual([]);
  });
});

function idOf(stack: Stack, id: string): string {
  return String(stack.resolve((stack.node.findChild(id).node.defaultChild as CfnFunction).logicalId));
}

test.each<[string, (tracing: TracingAssertions, logicalId: string) => void, number]>([
  ['hasMode', (tracing, logicalId) => tracing.hasMode(logicalId, Tracing.PASS_THROUGH), 1],
  ['allFunctionsTraced', (tracing) => tracing.allFunctionsTraced(), 3],
  ['hasNoFindings', (tracing) => tracing.hasNoFindings(), 2],
  ['an unknown function', (tracing) => tracing.hasMode(`${HOSTILE}2`, Tracing.ACTIVE), 2],
])('%s escapes control characters and CI commands in names', (_, assert, lines) => {
  const stack = stackIn(app(), 'Orders');
  const fn = lambda(stack, HOSTILE).node.defaultChild as CfnFunction;
  fn.addPropertyOverride('TracingConfig.Mode', HOSTILE);
  const message = messageOf(() => assert(TracingAssertions.fromStack(stack), stack.getLogicalId(fn)));
  expect(message.split('\n')).toHaveLength(lines);
  expect(message).toContain('add-mask');
  expect(harmIn(message)).toEqual([]);
});

const HOSTILE = '::add-mask::x\u001b[31m\n::error::x\u202e\u200b##[add-mask]y';

function messageOf(call: () => void): string {
  try {
    call();
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}
