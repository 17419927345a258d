import { isObject, type JsonObject, objectAt, scalarText } from './json';

/** A parsed template and its origin. */
export interface TemplateSource {
  /** The name of the template in findings: a file, or the construct path of a stack. Unique within a run. */
  readonly id: string;
  /**
   * The paths that a configuration can select the template with: of its file, and of the files of the stacks around it.
   *
   * @default - the ID is the path of its file
   */
  readonly selectedBy?: readonly string[];
  /** The parsed template. A value that is not a template has no resources. */
  readonly template: unknown;
  /** Construct paths by logical ID, for a template that CDK synthesized. */
  readonly constructPaths?: Readonly<Record<string, string>>;
  /** The construct path of the stack, for a template that CDK synthesized. */
  readonly constructPath?: string;
  readonly stackName?: string;
  readonly account?: string;
  readonly region?: string;
  /** The known parameter values of its deployment. */
  readonly parameterValues?: Readonly<Record<string, string>>;
  /**
   * True if CloudFormation returned the template. It replaces each character beyond ASCII by a question mark.
   */
  readonly isInAscii?: boolean;
  /** The group of templates that are deployed together (a CDK stage). Names resolve within a group first. */
  readonly group?: string;
  /** The resource that creates the stack, for the template of a nested stack. */
  readonly nestedIn?: { readonly id: string; readonly logicalId: string };
  /**
   * Reads the source files in the code of a resource. Reading is bounded, so there can be more files.
   *
   * @default - code is not read
   */
  readonly codeOf?: (logicalId: string) => readonly CodeFile[];
  /** The acknowledgements on constructs of this template. */
  readonly acknowledgements?: readonly ConstructAcknowledgement[];
}

/** A source file in the code of a function. */
export interface CodeFile {
  /** The path below the folder of the code, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** The acknowledgement of a rule on a construct and everything in it. */
export interface ConstructAcknowledgement {
  readonly ruleId: string;
  readonly reason: string;
  readonly constructPath: string;
}

/** The name of the cdk-nag pack, which CDK suggests as a prefix of the acknowledged ID when it prints a finding. */
export const PACK_NAME = 'LambdaXRay';

/** The prefixes of an acknowledged ID for this package: those that CDK versions add by themselves, and the pack's name. */
const ACKNOWLEDGEMENT_PREFIXES: readonly string[] = [
  'annotation',
  'construct-annotations',
  PACK_NAME.toLowerCase(),
];

/**
 * Returns the rule of an ID that is acknowledged in a CDK app, without the prefix of a plugin. Undefined if it is for
 * another plugin. After the prefix of this pack, a short rule ID becomes the full one.
 */
export function acknowledgedRuleId(id: string): string | undefined {
  const [ruleId, prefix, ...others] = id.split('::').reverse();
  const plugin = prefix?.toLowerCase();
  const isOurs = plugin === undefined || ACKNOWLEDGEMENT_PREFIXES.includes(plugin);
  if (!isOurs || others.length > 0) return undefined;
  const isShort = plugin === PACK_NAME.toLowerCase() && !ruleId.startsWith(`${PACK_NAME}-`);
  return isShort ? `${PACK_NAME}-${ruleId}` : ruleId;
}

/** Returns true if an acknowledged ID names a rule. The prefix `LambdaXRay-` is optional. */
export function namesRule(acknowledged: string, ruleId: string): boolean {
  return acknowledged === ruleId || `${PACK_NAME}-${acknowledged}` === ruleId;
}

const NESTED_STACKS: readonly string[] = ['AWS::CloudFormation::Stack', 'AWS::Serverless::Application'];

/** True for a resource that deploys another template. */
export function isNestedStack({ type }: Resource): boolean {
  return NESTED_STACKS.includes(type);
}

/** A resource of a template. */
export interface Resource {
  readonly template: Template;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: JsonObject;
  readonly metadata: JsonObject;
  /** The name of the condition under which it is created. */
  readonly condition?: string;
  /** The path of the construct that defines it. */
  readonly constructPath?: string;
  /** The `IgnoreGlobals` of a SAM resource: `*`, or the properties that it does not take from `Globals`. */
  readonly ignoredGlobals?: unknown;
  /** The SAM resource that SAM generates it for. */
  readonly generatedFor?: Resource;
}

/** The SAM resources that get a role if they name none, and versions and an alias with `AutoPublishAlias`. */
const GENERATING_TYPES = ['AWS::Serverless::Function', 'AWS::Serverless::StateMachine'];

/**
 * Matches what follows the logical ID of a SAM resource in the names of its alias and version ("Generated
 * CloudFormation resources for AWS::Serverless::Function", AWS SAM Developer Guide). SAM accepts both forms.
 */
const GENERATED_ALIAS_OR_VERSION = /^(?:Alias[0-9A-Za-z]+|Version[0-9A-Za-z]{10}|\.(?:Alias|Version))$/;

/** A template with its sections indexed. */
export class Template {
  public readonly id: string;
  public readonly resources = new Map<string, Resource>();
  /** The roles that SAM generates, by their logical ID. They have no properties of their own. */
  public readonly generatedRoles = new Map<string, Resource>();
  public readonly parameters: JsonObject;
  public readonly mappings: JsonObject;
  public readonly conditions: JsonObject;
  public readonly outputs: JsonObject;
  /** The `Rules` section: assertions on the parameters. */
  public readonly rules: JsonObject;
  /** The `Globals` section of a SAM template. */
  public readonly globals: JsonObject;
  /** True if a macro among its resources, or a loop over an unknown collection, can add any resource. */
  public readonly hasLoopOrMacro: boolean;
  public readonly hasModule: boolean;

  constructor(public readonly source: TemplateSource) {
    this.id = source.id;
    this.parameters = objectAt(source.template, 'Parameters');
    this.mappings = objectAt(source.template, 'Mappings');
    this.conditions = objectAt(source.template, 'Conditions');
    this.outputs = objectAt(source.template, 'Outputs');
    this.rules = objectAt(source.template, 'Rules');
    this.globals = objectAt(source.template, 'Globals');
    const resources = Object.entries(objectAt(source.template, 'Resources'));
    this.hasLoopOrMacro = resources.some(([logicalId, resource]) => isLoopOrMacro(logicalId, resource));
    this.hasModule = resources.some(
      ([, resource]) =>
        isObject(resource) && typeof resource.Type === 'string' && resource.Type.endsWith('::MODULE'),
    );
    for (const [logicalId, resource] of resources) {
      if (!isObject(resource) || typeof resource.Type !== 'string') continue;
      this.add({
        template: this,
        logicalId,
        type: resource.Type,
        properties: propertiesOf(resource),
        metadata: objectAt(resource, 'Metadata'),
        condition: (typeof resource.Condition === 'string' && resource.Condition) || undefined,
        constructPath: source.constructPaths?.[logicalId] ?? pathInMetadata(resource),
        ignoredGlobals: resource.IgnoreGlobals,
      });
    }
  }

  private add(resource: Resource): void {
    const { logicalId, type, properties } = resource;
    this.resources.set(logicalId, resource);
    if (!GENERATING_TYPES.includes(type) || properties.Role !== undefined) return;
    const role: Resource = {
      ...resource,
      logicalId: `${logicalId}Role`,
      type: 'AWS::IAM::Role',
      properties: {},
      metadata: {},
      generatedFor: resource,
    };
    this.generatedRoles.set(role.logicalId, role);
  }
}

/** Returns the properties of a resource. A macro beside them can add properties, as one among them. */
function propertiesOf(resource: JsonObject): JsonObject {
  const { 'Fn::Transform': macro } = resource;
  const properties = objectAt(resource, 'Properties');
  return macro === undefined ? properties : { 'Fn::Transform': macro, ...properties };
}

/** CDK writes the construct path of a resource into its metadata, unless the app disables it. */
function pathInMetadata(resource: JsonObject): string | undefined {
  const path = objectAt(resource, 'Metadata')['aws:cdk:path'];
  return typeof path === 'string' ? path : undefined;
}

/** Returns the role that SAM generates for a resource. */
export function generatedRoleOf({ template, logicalId }: Resource): Resource | undefined {
  return template.generatedRoles.get(`${logicalId}Role`);
}

/**
 * Returns the resource of a logical ID, also of one that SAM generates. The alias and the versions of a SAM
 * resource resolve to that resource.
 */
export function resourceNamed(name: string, template: Template): Resource | undefined {
  const found = template.resources.get(name) ?? template.generatedRoles.get(name);
  if (found) return found;
  const owners = [...template.resources.values()].filter(
    ({ type, logicalId }) =>
      GENERATING_TYPES.includes(type) &&
      name.startsWith(logicalId) &&
      GENERATED_ALIAS_OR_VERSION.test(name.slice(logicalId.length)),
  );
  // The alias `live` of `FnAlias` could also be the alias `Aliaslive` of `Fn`.
  return owners.sort((a, b) => b.logicalId.length - a.logicalId.length)[0];
}

/** Returns the logical ID and the attribute in the argument of an `Fn::GetAtt`. */
export function attributeOf(argument: unknown): [string?, string?] {
  if (Array.isArray(argument) && typeof argument[0] === 'string' && typeof argument[1] === 'string') {
    return [argument[0], argument[1]];
  }
  const [, name, attribute] = (typeof argument === 'string' && /^([^.]+)\.(.+)$/.exec(argument)) || [];
  return [name, attribute];
}

/**
 * AWS transforms that either leave the properties of functions unchanged or are part of the model ("Transform
 * reference", AWS CloudFormation Template Reference). `AWS::Include` is not one of them: it adds content from outside
 * of the template.
 */
const KNOWN_TRANSFORMS =
  /^AWS::(Serverless-|LanguageExtensions$|SecretsManager-|CodeDeployBlueGreen$|ServiceCatalog$)/;

/**
 * Returns the name of a macro that can change a resource before CloudFormation deploys it. A macro applies to the whole
 * template, or to the siblings of an `Fn::Transform` ("CloudFormation macros overview", AWS CloudFormation User Guide).
 */
export function macroOf({ template, logicalId }: Resource): string | undefined {
  const inline = objectAt(objectAt(template.source.template, 'Resources'), logicalId)['Fn::Transform'];
  return templateMacroOf(template) ?? unknownMacro(inline);
}

/** Returns the name of a macro that can change or add any resource of a template. */
function templateMacroOf({ source: { template } }: Template): string | undefined {
  const declared = isObject(template) ? template.Transform : undefined;
  return unknownMacro(declared) ?? unknownMacro(objectAt(template, 'Resources')['Fn::Transform']);
}

function unknownMacro(macros: unknown): string | undefined {
  if (macros === undefined) return undefined;
  return [macros]
    .flat()
    .map(macroName)
    .find((name) => name !== undefined && !KNOWN_TRANSFORMS.test(name));
}

function macroName(macro: unknown): string | undefined {
  return scalarText(isObject(macro) ? macro.Name : macro);
}

/**
 * True if a macro can change a resource, or if a macro or a loop over an unknown collection can add resources that refer
 * to it. A module refers only to what is passed to it.
 */
export function mayChange(resource: Resource): boolean {
  return macroOf(resource) !== undefined || resource.template.hasLoopOrMacro;
}

/** True if a macro, a module, or a loop over an unknown collection can add resources to a template. */
export function mayAddResources(template: Template): boolean {
  return templateMacroOf(template) !== undefined || template.hasLoopOrMacro || template.hasModule;
}

/** True for a loop that could not be expanded, and for a resource whose type a macro sets. */
function isLoopOrMacro(logicalId: string, resource: unknown): boolean {
  if (logicalId.startsWith('Fn::ForEach')) return true;
  const { Type: type, 'Fn::Transform': macro } = isObject(resource) ? resource : {};
  return typeof type !== 'string' && unknownMacro(macro) !== undefined;
}

/** The properties of the stages of an API that name the API, by resource type. A deployment can create a stage. */
const API_OF_STAGE: Readonly<Record<string, string>> = {
  'AWS::ApiGateway::Deployment': 'RestApiId',
  'AWS::ApiGateway::Stage': 'RestApiId',
  'AWS::ApiGatewayV2::Stage': 'ApiId',
};

/**
 * Returns the display name of a resource: its path. A stage has the name of its API, as in `Orders/Api (prod)`.
 */
export function nameOf(resource: Resource): string {
  const { type, properties, template } = resource;
  const reference = API_OF_STAGE[type] === undefined ? undefined : properties[API_OF_STAGE[type]];
  const { StageName: stage } = properties;
  if (isObject(reference) && typeof reference.Ref === 'string' && typeof stage === 'string') {
    const api = template.resources.get(reference.Ref);
    if (api && API_OF_STAGE[api.type] === undefined) return `${nameOf(api)} (${stage})`;
  }
  return pathOf(resource);
}

/** Returns the path of the construct of a resource, or its logical ID if it has none. */
export function pathOf({ constructPath, logicalId }: Pick<Resource, 'constructPath' | 'logicalId'>): string {
  return constructPath?.replace(/\/Resource$/, '') ?? logicalId;
}

/** Returns a key of a resource that is the same in the baseline. */
export function addressOf({
  template,
  logicalId,
}: {
  readonly template: { readonly id: string };
  readonly logicalId: string;
}): string {
  return `${template.id}#${logicalId}`;
}

/** True if two accounts or regions are equal or one is unknown. */
export function agree(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || a === b;
}

/** True if the known accounts and regions of two templates are the same. */
export function isInSamePlace(a: Place, b: Place): boolean {
  return agree(a.account, b.account) && agree(a.region, b.region);
}

type Place = Pick<TemplateSource, 'account' | 'region'>;

/**
 * The partitions and the start of the names of their regions. The partition `aws` has all others. The AWS SDKs contain
 * the same table.
 */
const PARTITIONS: readonly (readonly [name: string, regions: string])[] = [
  ['aws-cn', 'cn-'],
  ['aws-us-gov', 'us-gov-'],
  ['aws-iso', 'us-iso-'],
  ['aws-iso-b', 'us-isob-'],
  ['aws-iso-e', 'eu-isoe-'],
  ['aws-iso-f', 'us-isof-'],
  ['aws-eusc', 'eusc-'],
];

/** Returns the partition of a region. */
export function partitionOf(region: string): string {
  return PARTITIONS.find(([, start]) => region.startsWith(start))?.[0] ?? 'aws';
}

/**
 * Returns the nearest candidate: in the same template, then the same folder or stage, then the same group,
 * then anywhere. Returns undefined if there are several at the same distance.
 */
export function nearest<T extends { readonly template: Template }>(
  candidates: readonly T[],
  from: Template,
): T | undefined {
  if (candidates.length < 2) return candidates[0];
  const circles: ((template: Template) => boolean)[] = [
    (template) => template === from,
    (template) => folderOf(template) === folderOf(from),
    (template) => template.source.group === from.source.group,
    () => true,
  ];
  for (const isIn of circles) {
    const circle = candidates.filter(({ template }) => isIn(template));
    if (circle.length > 0) return circle.length === 1 ? circle[0] : undefined;
  }
  return undefined;
}

function folderOf({ id }: Template): string {
  return id.slice(0, id.lastIndexOf('/') + 1);
}
