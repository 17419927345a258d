import { CfnResource, Tokenization } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { IConstruct } from 'constructs';
import { isIntrinsic, isObject } from '../../cloudformation/json';
import { SERVICES } from '../../trace-map/services';
import { cfnProperty, includedGlobals, memberOf, propertyRestorer, setCfnProperty } from './cfn-resources';
import { isUnset } from './mode-description';
import { resolvedValue } from './resolve-references';

/** The tracing properties of the services that call functions, by resource type. */
const TRACING_PROPERTIES = {
  ...SERVICES['rest-api'].tracingProperty,
  ...SERVICES['graphql-api'].tracingProperty,
  ...SERVICES['state-machine'].tracingProperty,
  ...SERVICES.topic.tracingProperty,
};

/** Facts about a type of caller that matter only for changing it. */
interface CallerTraits {
  /** The section of SAM's `Globals` that can contain the tracing property. */
  readonly globals?: string;
  /** The property with the role that needs permissions. Other callers write traces with a role of their service. */
  readonly role?: string;
  /** The property without which a resource of the type calls no function. */
  readonly requires?: string;
  /** True if CloudFormation can reject a changed tracing property of an existing resource. */
  readonly mayRejectChange?: boolean;
}

/** Types and properties as in the CloudFormation Template Reference and the AWS SAM Developer Guide. */
const TRAITS: Readonly<Record<string, CallerTraits | undefined>> = {
  // CloudFormation: "StageDescription cannot be specified when stage referenced by StageName already exists"
  // (awsdocs/aws-cloudformation-user-guide#387). The next deployment of an API has the same stage.
  'AWS::ApiGateway::Deployment': { requires: 'StageName', mayRejectChange: true },
  'AWS::Serverless::Api': { globals: 'Api' },
  'AWS::Serverless::StateMachine': { role: 'Role' },
  'AWS::StepFunctions::StateMachine': { role: 'RoleArn' },
};

/** A resource that can call functions and that X-Ray can trace, no matter which construct creates it. */
export class CallerResource {
  /** Returns the caller that a construct represents, or undefined for other constructs. */
  public static of(construct: IConstruct): CallerResource | undefined {
    if (!CfnResource.isCfnResource(construct)) return undefined;
    const type = construct.cfnResourceType;
    if (!Object.hasOwn(TRACING_PROPERTIES, type)) return undefined;
    const traits = TRAITS[type] ?? {};
    if (traits.requires && cfnProperty(construct, traits.requires) === undefined) return undefined;
    const [path, value] = TRACING_PROPERTIES[type];
    const [property, member] = path.split('.');
    return new CallerResource(construct, traits, property, member, value);
  }

  private constructor(
    public readonly cfn: CfnResource,
    private readonly traits: CallerTraits,
    private readonly property: string,
    /** The member of the property that turns on tracing, if the property is an object. */
    private readonly member: string | undefined,
    private readonly activeValue: string,
  ) {}

  /** The construct that users know: the state machine around the resource, or the resource itself. */
  public get construct(): IConstruct {
    return this.stateMachine ?? this.cfn;
  }

  /** The role that the L2 was created with. */
  public get role(): IRole | undefined {
    return this.stateMachine?.role;
  }

  /** The property with the role of the caller, or undefined if a role of the service writes its traces. */
  public get roleProperty(): string | undefined {
    return this.traits.role;
  }

  public get isServerless(): boolean {
    return this.cfn.cfnResourceType.startsWith('AWS::Serverless::');
  }

  /** True if CloudFormation can reject the change when tracing is turned on for an existing resource. */
  public get mayRejectChange(): boolean {
    return this.traits.mayRejectChange ?? false;
  }

  /**
   * True if tracing is explicitly turned on or off, or known only at deployment. `Globals` of an included SAM template
   * count.
   */
  public get isSet(): boolean {
    return this.rendered !== undefined && this.rendered !== null;
  }

  /** True if tracing is known only at deployment, and so can be turned on. */
  public get isDeployTime(): boolean {
    return !isUnset(this.rendered) && isDeployTime(this.rendered);
  }

  public get isOn(): boolean {
    return String(this.rendered) === this.activeValue;
  }

  /** Returns a function that gives the caller the tracing again that it has now. */
  public tracingRestorer(): () => void {
    return propertyRestorer(this.cfn, this.property);
  }

  public turnOn(): void {
    const value = this.activeValue === 'true' ? true : this.activeValue;
    setCfnProperty(this.cfn, this.property, this.member === undefined ? value : { [this.member]: value });
  }

  private get stateMachine(): StateMachine | undefined {
    const { scope } = this.cfn.node;
    return scope instanceof StateMachine && scope.node.defaultChild === this.cfn ? scope : undefined;
  }

  /** The rendered setting. */
  private get rendered(): unknown {
    const value = resolvedValue(this.setting, this.cfn);
    return this.member === undefined || isDeployTime(value) ? value : (memberOf(value, this.member) ?? value);
  }

  private get setting(): unknown {
    const { globals } = this.traits;
    const given =
      cfnProperty(this.cfn, this.property) ?? (globals && includedGlobals(this.cfn, globals)[this.property]);
    // A configuration that is conditional as a whole is set, too.
    return this.member === undefined || isDeployTime(given) ? given : memberOf(given, this.member);
  }
}

function isDeployTime(value: unknown): boolean {
  return Tokenization.isResolvable(value) || (isObject(value) && isIntrinsic(value));
}
