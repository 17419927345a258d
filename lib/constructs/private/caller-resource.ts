import { CfnResource, Tokenization } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { IConstruct } from 'constructs';
import { isIntrinsic, isObject } from '../../cloudformation/json';
import { cfnProperty, setCfnProperty, includedGlobals, memberOf } from './cfn-properties';
import { resolvedValue } from './resolve-references';

/** How tracing is turned on for a kind of caller. */
interface CallerKind {
  readonly property: string;
  /** What the property is when it is on. */
  readonly on: true | 'Active' | Readonly<Record<string, true>>;
  /** The section of SAM's `Globals` that has the property too. */
  readonly globals?: string;
  /** The property that names the role that needs permission; the others write in a role of their service. */
  readonly role?: string;
  /** The property without which such a resource calls nothing. */
  readonly onlyWith?: string;
  /** Whether CloudFormation may refuse to change the property of what exists. */
  readonly isFixed?: boolean;
}

/**
 * The callers that X-Ray can trace ("Integrating AWS X-Ray with other AWS services", AWS X-Ray Developer Guide), by
 * their types and properties in the CloudFormation Template Reference and the AWS SAM Developer Guide.
 */
const KINDS: Readonly<Record<string, CallerKind | undefined>> = {
  // CloudFormation: "StageDescription cannot be specified when stage referenced by StageName already exists"
  // (awsdocs/aws-cloudformation-user-guide#387). An API's next deployment has the same stage.
  'AWS::ApiGateway::Deployment': {
    property: 'StageDescription',
    on: { TracingEnabled: true },
    onlyWith: 'StageName',
    isFixed: true,
  },
  'AWS::ApiGateway::Stage': { property: 'TracingEnabled', on: true },
  'AWS::AppSync::GraphQLApi': { property: 'XrayEnabled', on: true },
  'AWS::SNS::Topic': { property: 'TracingConfig', on: 'Active' },
  'AWS::Serverless::Api': { property: 'TracingEnabled', on: true, globals: 'Api' },
  'AWS::Serverless::GraphQLApi': { property: 'XrayEnabled', on: true },
  'AWS::Serverless::StateMachine': { property: 'Tracing', on: { Enabled: true }, role: 'Role' },
  'AWS::StepFunctions::StateMachine': {
    property: 'TracingConfiguration',
    on: { Enabled: true },
    role: 'RoleArn',
  },
};

/** A resource that may call functions and that X-Ray can trace, whoever made it. */
export class CallerResource {
  /** The caller that a construct is, or nothing if it is none. */
  public static of(construct: IConstruct): CallerResource | undefined {
    if (!CfnResource.isCfnResource(construct)) return undefined;
    const kind = KINDS[construct.cfnResourceType];
    if (!kind || (kind.onlyWith && cfnProperty(construct, kind.onlyWith) === undefined)) return undefined;
    return new CallerResource(construct, kind);
  }

  private constructor(
    public readonly cfn: CfnResource,
    private readonly kind: CallerKind,
  ) {}

  /** The construct that users know: the state machine around the resource, or the resource itself. */
  public get construct(): IConstruct {
    return this.stateMachine ?? this.cfn;
  }

  /** The role that the L2 was made with. */
  public get role(): IRole | undefined {
    return this.stateMachine?.role;
  }

  /** The property that names the role it runs in; nothing where a role of the service writes its traces. */
  public get roleProperty(): string | undefined {
    return this.kind.role;
  }

  public get isServerless(): boolean {
    return this.cfn.cfnResourceType.startsWith('AWS::Serverless::');
  }

  /** Whether it is safe only for a new resource to turn tracing on. */
  public get isFixed(): boolean {
    return this.kind.isFixed ?? false;
  }

  /** Whether tracing is turned on or off already, or left to deployment. `Globals` of an included SAM template count. */
  public get isSet(): boolean {
    return this.setting !== undefined && this.setting !== null;
  }

  public get isOn(): boolean {
    const [on] = isObject(this.kind.on) ? Object.values(this.kind.on) : [this.kind.on];
    return String(resolvedValue(this.setting, this.cfn)) === String(on);
  }

  public turnOn(): void {
    setCfnProperty(this.cfn, this.kind.property, this.kind.on);
  }

  private get stateMachine(): StateMachine | undefined {
    const { scope } = this.cfn.node;
    return scope instanceof StateMachine && scope.node.defaultChild === this.cfn ? scope : undefined;
  }

  private get setting(): unknown {
    const { property, on, globals } = this.kind;
    const given =
      cfnProperty(this.cfn, property) ?? (globals && includedGlobals(this.cfn, globals)[property]);
    // A configuration that is conditional as a whole is set, too.
    return !isObject(on) || isDeployTime(given) ? given : memberOf(given, Object.keys(on)[0]);
  }
}

function isDeployTime(value: unknown): boolean {
  return Tokenization.isResolvable(value) || (isObject(value) && isIntrinsic(value));
}
