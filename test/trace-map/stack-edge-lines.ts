import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code, Function, type FunctionProps, Runtime } from 'aws-cdk-lib/aws-lambda';
import { edgeLines } from './edge-lines';

/** Returns the edges of a stack with a function, with the paths of constructs as names. */
export function edgeLinesOfStack(build: (stack: Stack, fn: Function) => void): string[] {
  const stack = new Stack(undefined, 'S');
  build(stack, newFunction(stack, 'Fn'));
  const template: unknown = Template.fromStack(stack).toJSON();
  const constructPaths = Object.fromEntries(
    stack.node.findAll().flatMap((construct) => {
      const { logicalId } = construct as { logicalId?: string };
      return typeof logicalId === 'string'
        ? [[stack.resolve(logicalId) as string, construct.node.path.replace(/^S\//, '')]]
        : [];
    }),
  );
  return edgeLines({ id: 'S', template, constructPaths });
}

export function newFunction(stack: Stack, id: string, props: Partial<FunctionProps> = {}): Function {
  return new Function(stack, id, {
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = () => {}'),
    ...props,
  });
}
