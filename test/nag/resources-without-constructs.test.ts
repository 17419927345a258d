import { CfnElement, type Stack, Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { LambdaXRayChecks } from '../../lib/nag/lambda-xray-checks';
import { app, stackIn, synthesize } from '../apps/app';

/** A construct that adds JSON to the template unchanged. */
class Written extends CfnElement {
  constructor(
    scope: Construct,
    id: string,
    private readonly part: object,
  ) {
    super(scope, id);
  }

  public _toCloudFormation(): object {
    return this.part;
  }
}

/** A function with an invalid mode. */
function faulty(name: string): object {
  return {
    Type: 'AWS::Lambda::Function',
    Properties: {
      FunctionName: name,
      Role: 'arn:aws:iam::111122223333:role/lambda',
      Handler: 'index.handler',
      Runtime: 'nodejs22.x',
      Code: { ZipFile: 'exports.handler = () => {};' },
      TracingConfig: { Mode: 'active' },
    },
  };
}

/** Returns the findings of the pack, with their constructs. */
function found(stack: Stack): string[] {
  return new LambdaXRayChecks()
    .validateScope(stack)
    .violations.filter(({ severity }) => severity === 'error')
    .flatMap(({ ruleName, description, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${constructPath} ${ruleName} ${description}`),
    );
}

describe('for resources without a construct', () => {
  test('findings are on the stack', () => {
    const stack = stackIn(app());
    new Written(stack, 'Raw', { Resources: { Bad: faulty('bad') } });
    expect(found(stack)).toEqual([expect.stringMatching(/^Stack LambdaXRay-InvalidMode .*'Bad'/)]);
  });

  test('findings make synthesis fail', () => {
    const root = app();
    new Written(stackIn(root), 'Raw', { Resources: { Bad: faulty('bad') } });
    Validations.of(root).addPlugins(new LambdaXRayChecks(root));
    const { passes, output } = synthesize(root);
    expect(passes).toBe(false);
    expect(output).toContain(
      "'active' is not a valid tracing mode, so CloudFormation can't deploy function 'Bad'",
    );
  });

  test('Fn::ForEach is expanded', () => {
    const stack = stackIn(app());
    stack.addTransform('AWS::LanguageExtensions');
    new Written(stack, 'Raw', {
      Resources: { 'Fn::ForEach::Each': ['Name', ['A', 'B'], { '${Name}Fn': faulty('${Name}') }] },
    });
    const findings = found(stack);
    expect(findings).toHaveLength(2);
    expect(findings[0]).toContain('AFn');
    expect(findings[1]).toContain('BFn');
  });
});
