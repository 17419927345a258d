// 'cdk-lambda-xray' in an app of your own
import { type CfnResource, Stage } from 'aws-cdk-lib';
import { NagMessageLevel, NagPack, type NagPackProps, rules } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { LambdaXRayRules } from '../lib/nag/lambda-xray-rules';

/** The pack of a team, with rules of cdk-nag and of this package. */
export class TeamChecks extends NagPack {
  public readonly name = 'Team';

  constructor(scope?: IConstruct, props?: NagPackProps) {
    super(scope, props);
    this.packName = this.name;
  }

  protected checkResource(node: CfnResource): void {
    this.applyRule({
      info: 'The function URL has no authentication.',
      explanation: 'Anybody can invoke the function.',
      level: NagMessageLevel.ERROR,
      rule: rules.lambda.LambdaFunctionUrlAuth,
      node,
    });
    this.applyRule({
      info: 'The function is Active, but X-Ray does not support its event source.',
      explanation: 'X-Ray does not support MSK, self-managed Kafka, Amazon MQ and DocumentDB.',
      level: NagMessageLevel.ERROR,
      rule: LambdaXRayRules.UnsupportedEventSource,
      node,
    });
    this.applyRule({
      ruleSuffixOverride: 'XRayPermissions',
      info: 'The role of the function does not allow it to write to X-Ray, so its traces are lost.',
      explanation: 'Active functions send traces with the permissions of their role.',
      level: NagMessageLevel.ERROR,
      rule: LambdaXRayRules.WritePermissions,
      node,
    });
    if (Stage.of(node)?.stageName === 'Prod') {
      this.applyRule({
        info: 'The function records no traces.',
        explanation: 'We trace all functions in production.',
        level: NagMessageLevel.WARN,
        rule: LambdaXRayRules.ActiveTracing,
        node,
      });
    }
  }
}
