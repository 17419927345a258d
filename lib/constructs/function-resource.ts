import { CfnResource } from 'aws-cdk-lib';
import { CfnFunction, Function as LambdaFunction, SingletonFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnFunction as CfnServerlessFunction } from 'aws-cdk-lib/aws-sam';
import type { IConstruct } from 'constructs';
import { objectAt } from '../model/json';
import { resolvedProperties } from './resolved-properties';
import type { Mode } from './checked-props';

const FUNCTION_TYPE = 'AWS::Lambda::Function';
const SERVERLESS_FUNCTION_TYPE = 'AWS::Serverless::Function';

/**
 * The CloudFormation resource of a Lambda function, whoever made it: `lambda.Function` and its kin, an L1,
 * a bare `CfnResource`, or SAM's `AWS::Serverless::Function`.
 */
export class FunctionResource {
  /** The function that a construct is, or nothing if it is none. */
  public static of(construct: IConstruct): FunctionResource | undefined {
    if (construct instanceof SingletonFunction) {
      // The function itself is elsewhere in the stack; its node is all that the singleton shows of it.
      const { defaultChild } = construct.permissionsNode;
      return defaultChild && FunctionResource.of(defaultChild);
    }
    if (!CfnResource.isCfnResource(construct)) return undefined;
    const { cfnResourceType } = construct;
    return cfnResourceType === FUNCTION_TYPE || cfnResourceType === SERVERLESS_FUNCTION_TYPE
      ? new FunctionResource(construct)
      : undefined;
  }

  private constructor(public readonly cfn: CfnResource) {}

  /** The construct that users know: the L2 around the resource, or the resource itself. */
  public get construct(): IConstruct {
    return this.function ?? this.cfn;
  }

  /** The L2 whose resource this is. */
  public get function(): LambdaFunction | undefined {
    const { scope } = this.cfn.node;
    return scope instanceof LambdaFunction && scope.node.defaultChild === this.cfn ? scope : undefined;
  }

  public get isServerless(): boolean {
    return this.cfn.cfnResourceType === SERVERLESS_FUNCTION_TYPE;
  }

  /** The mode as the template has it, an intrinsic function perhaps; `undefined` where none is set. */
  public get mode(): unknown {
    const properties = resolvedProperties(this.cfn);
    return this.isServerless ? properties.Tracing : objectAt(properties, 'TracingConfig').Mode;
  }

  public setMode(mode: Mode): void {
    if (this.cfn instanceof CfnFunction) this.cfn.tracingConfig = { mode };
    else if (this.cfn instanceof CfnServerlessFunction) this.cfn.tracing = mode;
    // A bare resource has no such property, and a raw override of the user's wins over it.
    if (this.mode !== mode) {
      this.cfn.addPropertyOverride(this.isServerless ? 'Tracing' : 'TracingConfig.Mode', mode);
    }
  }
}
