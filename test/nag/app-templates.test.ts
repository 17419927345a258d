import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CfnElement, type CfnResource, type Stack, Stage } from 'aws-cdk-lib';
import { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { LambdaXRayChecks } from '../../lib';
import { activeLambda, app, CLUSTER_ARN, stackIn } from '../apps/app';

const RULE = 'LambdaXRay-UnsupportedEventSource';
const PATH = 'aws:cdk:path';

/** A stack, with paths in its template as the CDK CLI asks for them, or without. */
function stackWithPaths(isOn = true): Stack {
  const root = app();
  root.node.setContext('aws:cdk:enable-path-metadata', isOn);
  return stackIn(root);
}

/** A mapping that is faulty, to an active function. */
function kafka(scope: Stack, id: string, functionName?: string): CfnEventSourceMapping {
  return new CfnEventSourceMapping(scope, id, {
    functionName: activeLambda(scope, `${id}Fn`, { functionName }).functionName,
    eventSourceArn: CLUSTER_ARN,
  });
}

/** Writes something into the template as it is. */
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

/** The paths of the constructs that are found faulty, and their logical IDs. */
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

describe('a resource is found by its construct', () => {
  test.each<[string, boolean, (first: CfnResource, second: CfnResource) => void]>([
    ['where CDK writes paths', true, () => {}],
    ['where it does not', false, () => {}],
    ["that has another's path", true, (first, second) => first.addMetadata(PATH, second.node.path)],
    [
      "that is given another's path in the template",
      true,
      (first, second) => first.addOverride(`Metadata.${PATH}`, second.node.path),
    ],
    ["that is given its function's path", true, (first) => first.addMetadata(PATH, 'Stack/FirstFn')],
    ['that is given a path that nothing has', true, (first) => first.addMetadata(PATH, 'Elsewhere/First')],
    ['that is given something else for a path', true, (first) => first.addMetadata(PATH, ['Stack/Second'])],
    ['whose path is taken out of the template', true, (first) => first.addDeletionOverride('Metadata')],
    ['alone with paths written by hand', false, (first) => first.addMetadata(PATH, 'Stack/Second')],
    [
      'with paths exchanged by hand',
      true,
      (first, second) => {
        first.addMetadata(PATH, second.node.path);
        second.addMetadata(PATH, first.node.path);
      },
    ],
    ['with a logical ID of its own', true, (first) => first.overrideLogicalId('Renamed')],
  ])('%s', (_, isOn, change) => {
    const stack = stackWithPaths(isOn);
    const mappings = [kafka(stack, 'First'), kafka(stack, 'Second')];
    change(mappings[0], mappings[1]);
    expect(found(stack)).toEqual(
      mappings.map((mapping) => [mapping.node.path, String(stack.resolve(mapping.logicalId))]),
    );
  });

  test("that is included with a template that has another's path", () => {
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
    'that no construct stands for, with the path %p: by the construct there, or its stack',
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

  test('by the same path in two stages', () => {
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
