import { CfnResource } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { CfnFunction, Function as LambdaFunction, SingletonFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnFunction as CfnServerlessFunction } from 'aws-cdk-lib/aws-sam';
import type { IConstruct } from 'constructs';
import {
  cfnProperty,
  includedGlobals,
  isOverridden,
  isPlainObject,
  memberOf,
  propertyRestorer,
} from './cfn-properties';
import type { Mode } from './validate-props';

const VERSION_TYPE = 'AWS::Lambda::Version';
export const QUALIFIER_TYPES = ['AWS::Lambda::Alias', VERSION_TYPE];

/** Returns true if a resource is a version of a function, no matter which construct creates it. */
export function isVersion({ cfnResourceType }: CfnResource): boolean {
  return cfnResourceType === VERSION_TYPE;
}

const FUNCTION_TYPE = 'AWS::Lambda::Function';
const SERVERLESS_FUNCTION_TYPE = 'AWS::Serverless::Function';

/**
 * The CloudFormation resource of a Lambda function: of `lambda.Function` and its subclasses, an L1, a bare
 * `CfnResource`, or SAM's `AWS::Serverless::Function`.
 */
export class FunctionResource {
  /** The CloudFormation property with the execution role. */
  public readonly roleProperty = 'Role';

  /** Returns the function that a construct represents, or undefined for other constructs. */
  public static of(construct: IConstruct): FunctionResource | undefined {
    if (construct instanceof SingletonFunction) {
      // The function is elsewhere in the stack. The singleton exposes only its node.
      const { defaultChild } = construct.permissionsNode;
      return defaultChild && FunctionResource.of(defaultChild);
    }
    if (!CfnResource.isCfnResource(construct)) return undefined;
    return FunctionResource.isFunction(construct) ? new FunctionResource(construct) : undefined;
  }

  /** Returns true for the resource of a function. */
  public static isFunction(this: void, { cfnResourceType: type }: CfnResource): boolean {
    return type === FUNCTION_TYPE || type === SERVERLESS_FUNCTION_TYPE;
  }

  private constructor(public readonly cfn: CfnResource) {}

  /** The construct that users know: the L2 around the resource, or the resource itself. */
  public get construct(): IConstruct {
    return this.function ?? this.cfn;
  }

  /** The L2 of the resource, if it has one. */
  public get function(): LambdaFunction | undefined {
    const { scope } = this.cfn.node;
    return scope instanceof LambdaFunction && scope.node.defaultChild === this.cfn ? scope : undefined;
  }

  /** The role that the L2 was created with. */
  public get role(): IRole | undefined {
    return this.function?.role;
  }

  public get isServerless(): boolean {
    return this.cfn.cfnResourceType === SERVERLESS_FUNCTION_TYPE;
  }

  /**
   * The configured mode, which can be a token or an intrinsic function, or undefined if it is not set. `Globals` of an
   * included SAM template count.
   */
  public get mode(): unknown {
    if (this.isServerless) return this.setting('Tracing');
    const config = cfnProperty(this.cfn, 'TracingConfig');
    if (config === undefined || config === null) return undefined;
    // A configuration that is conditional as a whole is set, too.
    return memberOf(config, 'Mode') ?? (isPlainObject(config) ? undefined : config);
  }

  /** Returns a property of a SAM function, from the function or from `Globals` of an included template. */
  public setting(name: string): unknown {
    return cfnProperty(this.cfn, name) ?? includedGlobals(this.cfn, 'Function')[name];
  }

  /** Returns a function that gives the function the mode again that it has now. */
  public modeRestorer(): () => void {
    return propertyRestorer(this.cfn, this.isServerless ? 'Tracing' : 'TracingConfig');
  }

  public setMode(mode: Mode): void {
    const [property, value] = this.isServerless ? ['Tracing', mode] : ['TracingConfig', { Mode: mode }];
    if (this.cfn instanceof CfnFunction) this.cfn.tracingConfig = { mode };
    else if (this.cfn instanceof CfnServerlessFunction) this.cfn.tracing = mode;
    else this.cfn.addPropertyOverride(property, value);
    // An existing raw override would win.
    if (isOverridden(this.cfn, property)) this.cfn.addPropertyOverride(property, value);
  }
}
