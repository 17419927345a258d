import { Stack } from 'aws-cdk-lib';
import { CustomRule, MaximumExecutionFrequency, ResourceType, RuleScope } from 'aws-cdk-lib/aws-config';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

/** The part of the props of the guard that the rule is made from. */
interface RuleProps {
  readonly configRuleName?: string;
  readonly maximumExecutionFrequency?: MaximumExecutionFrequency;
}

/**
 * Creates the rule that calls a function for each change of a Lambda function, and periodically for all of them.
 *
 * @param fn gets the permissions to read the functions and to send the results
 */
export function createConfigRule(
  scope: Construct,
  fn: LambdaFunction,
  { configRuleName, maximumExecutionFrequency = MaximumExecutionFrequency.TWENTY_FOUR_HOURS }: RuleProps,
): CustomRule {
  for (const statement of statements(Stack.of(scope))) fn.addToRolePolicy(statement);
  // With the function itself, CDK attaches AWSConfigRulesExecutionRole to its role, which reads the history of all resources.
  const lambdaFunction = LambdaFunction.fromFunctionAttributes(scope, 'ConfigHandlerReference', {
    functionArn: fn.functionArn,
    sameEnvironment: true,
  });
  const rule = new CustomRule(scope, 'ConfigRule', {
    configRuleName,
    description: 'Evaluates the X-Ray tracing of Lambda functions',
    lambdaFunction,
    configurationChanges: true,
    periodic: true,
    maximumExecutionFrequency,
    ruleScope: RuleScope.fromResource(ResourceType.LAMBDA_FUNCTION),
  });
  // AWS Config evaluates the functions as soon as there is a rule, which needs the policy.
  rule.node.addDependency(fn);
  return rule;
}

/**
 * The permissions for the requests of the function. The actions on * have no resources ("Actions, resources, and condition
 * keys for AWS Lambda" and "for AWS Config", Service Authorization Reference).
 */
function statements({ partition, region, account }: Stack): PolicyStatement[] {
  return [
    new PolicyStatement({
      actions: ['lambda:ListEventSourceMappings', 'lambda:ListFunctions', 'config:PutEvaluations'],
      resources: ['*'],
    }),
    new PolicyStatement({
      actions: ['lambda:ListAliases', 'lambda:ListTags', 'lambda:ListVersionsByFunction'],
      resources: [`arn:${partition}:lambda:${region}:${account}:function:*`],
    }),
    new PolicyStatement({
      actions: ['iam:SimulatePrincipalPolicy'],
      resources: [`arn:${partition}:iam::${account}:role/*`],
    }),
  ];
}
