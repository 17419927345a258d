import { NestedStack, type Stack, Validations } from 'aws-cdk-lib';
import { CfnEventSourceMapping, type CfnFunction, Tracing } from 'aws-cdk-lib/aws-lambda';
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
    TracingAssertions.fromStack(orders()).allFunctionsTraced({ except: ['Consumer', 'Orders/Plain'] });
  });

  test('throws an error for an exception that is not a function', () => {
    expect(() => TracingAssertions.fromStack(orders()).allFunctionsTraced({ except: ['Consumr'] })).toThrow(
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
    TracingAssertions.fromStack(stack).allFunctionsTraced({ except: ['Nested/Untraced'] });
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
