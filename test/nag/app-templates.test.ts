import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CfnElement, type CfnResource, type Stack, Stage } from 'aws-cdk-lib';
import { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { LambdaXRayChecks } from '../../lib/nag/lambda-xray-checks';
import { activeLambda, app, CLUSTER_ARN, stackIn } from '../apps/app';

const RULE = 'LambdaXRay-UnsupportedEventSource';
const PATH = 'aws:cdk:path';

/** Creates a stack with or without path metadata, which the CDK CLI turns on. */
function stackWithPaths(isOn = true): Stack {
  const root = app();
  root.node.setContext('aws:cdk:enable-path-metadata', isOn);
  return stackIn(root);
}

/** Creates an Active function and an event source mapping with a finding. */
function kafka(scope: Stack, id: string, functionName?: string): CfnEventSourceMapping {
  return new CfnEventSourceMapping(scope, id, {
    functionName: activeLambda(scope, `${id}Fn`, { functionName }).functionName,
    eventSourceArn: CLUSTER_ARN,
  });
}

/** Adds JSON to the template unchanged. */
class WrittenByHand extends CfnElement {
  constructor(
    scope: Stack,
    id: string,
    private readonly fragment: object,
  ) {
    super(scope, id);
  }

  public _toCloudFormation(): object {
    return this.fragment;
  }
}

/** Returns the construct paths and logical IDs of findings. */
function found(stack: Stack): [path?: string, logicalId?: string][] {
  return new LambdaXRayChecks()
    .validateScope(stack.node.root)
    .violations.filter(({ ruleName }) => ruleName === RULE)
    .flatMap(({ violatingResources }) =>
      violatingResources.map(({ constructPath, resourceLogicalId }): [string?, string?] => [
        constructPath,
        resourceLogicalId,
      ]),
    )
    .sort();
}

describe('finds the construct of a resource', () => {
  test.each<[string, boolean, (first: CfnResource, second: CfnResource) => void]>([
    ['with path metadata', true, () => {}],
    ['without path metadata', false, () => {}],
    ["with another construct's path", true, (first, second) => first.addMetadata(PATH, second.node.path)],
    [
      "with another construct's path by a raw override",
      true,
      (first, second) => first.addOverride(`Metadata.${PATH}`, second.node.path),
    ],
    ["with its function's path", true, (first) => first.addMetadata(PATH, 'Stack/FirstFn')],
    ['with a path of no construct', true, (first) => first.addMetadata(PATH, 'Elsewhere/First')],
    ['with a path that is not text', true, (first) => first.addMetadata(PATH, ['Stack/Second'])],
    ['with its path removed from the template', true, (first) => first.addDeletionOverride('Metadata')],
    ['with only hand-written paths', false, (first) => first.addMetadata(PATH, 'Stack/Second')],
    [
      'with paths swapped by hand',
      true,
      (first, second) => {
        first.addMetadata(PATH, second.node.path);
        second.addMetadata(PATH, first.node.path);
      },
    ],
    ['with an overridden logical ID', true, (first) => first.overrideLogicalId('Renamed')],
  ])('%s', (_, isOn, change) => {
    const stack = stackWithPaths(isOn);
    const mappings = [kafka(stack, 'First'), kafka(stack, 'Second')];
    change(mappings[0], mappings[1]);
    expect(found(stack)).toEqual(
      mappings.map((mapping) => [mapping.node.path, String(stack.resolve(mapping.logicalId))]),
    );
  });

  test("from an included template with another construct's path", () => {
    const stack = stackWithPaths();
    const own = kafka(stack, 'Own', 'orders');
    const templateFile = join(Stage.of(stack)!.outdir, 'included.json');
    const Mapping = {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: { FunctionName: 'orders', EventSourceArn: CLUSTER_ARN },
      Metadata: { [PATH]: own.node.path },
    };
    writeFileSync(templateFile, JSON.stringify({ Resources: { Mapping } }));
    const included = new CfnInclude(stack, 'Included', { templateFile });
    expect(found(stack)).toEqual([
      [included.getResource('Mapping').node.path, 'Mapping'],
      [own.node.path, 'Own'],
    ]);
  });

  test.each(['Stack/Own', 'Elsewhere/First', 'constructor/prototype', '__proto__', ''])(
    'without a construct, with the path %p: the construct at the path, or the stack',
    (path) => {
      const stack = stackWithPaths();
      const own = kafka(stack, 'Own', 'orders');
      own.addPropertyOverride('EventSourceArn', 'arn:aws:sqs:eu-west-1:123456789012:orders');
      const Mapping = {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: { FunctionName: 'orders', EventSourceArn: CLUSTER_ARN },
        Metadata: { [PATH]: path },
      };
      new WrittenByHand(stack, 'Raw', { Resources: { Mapping } });
      expect(found(stack)).toEqual([[path === 'Stack/Own' ? path : 'Stack', 'Mapping']]);
    },
  );

  test('with the same path in two stages', () => {
    const root = app();
    root.node.setContext('aws:cdk:enable-path-metadata', true);
    const stacks = ['Beta', 'Prod'].map((stage) => stackIn(new Stage(root, stage)));
    for (const stack of stacks) kafka(stack, 'First');
    expect(found(stacks[0])).toEqual([
      ['Beta/Stack/First', 'First'],
      ['Prod/Stack/First', 'First'],
    ]);
  });
});
