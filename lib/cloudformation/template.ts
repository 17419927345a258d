import { isObject, type JsonObject, objectAt } from './json';

/** A template handed to the model, as plain JSON, with what is known of where it comes from. */
export interface TemplateSource {
  /** Names the template in findings: a file, or a stack's construct path. Unique within a run. */
  readonly id: string;
  /** The parsed template. Anything is taken; what isn't a template has no resources. */
  readonly template: unknown;
  /** Construct paths by logical ID, where the template was made by CDK. */
  readonly constructPaths?: Readonly<Record<string, string>>;
  /** The path of the construct that is the stack, where CDK made the template. */
  readonly constructPath?: string;
  readonly stackName?: string;
  readonly account?: string;
  readonly region?: string;
  /** The values that its parameters have where it is deployed, as far as they are known. */
  readonly parameterValues?: Readonly<Record<string, string>>;
  /** Whether it is as CloudFormation hands templates out: with a question mark for each character beyond ASCII. */
  readonly isInAscii?: boolean;
  /** Templates of one group (a CDK stage) are deployed together: a name means its own group's function first. */
  readonly group?: string;
  /** For a nested stack's template: the resource that creates it. */
  readonly nestedIn?: { readonly id: string; readonly logicalId: string };
  /** What users have acknowledged on constructs of this template, by CDK's means. */
  readonly acknowledgements?: readonly ConstructAcknowledgement[];
}

/** A rule acknowledged on a construct, and so on all that is in it. */
export interface ConstructAcknowledgement {
  readonly ruleId: string;
  readonly reason: string;
  readonly constructPath: string;
}

/** A resource of a template. */
export interface Resource {
  readonly template: Template;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: JsonObject;
  readonly metadata: JsonObject;
  /** The name of the condition on which it is created. */
  readonly condition?: string;
  /** The construct that made it. */
  readonly constructPath?: string;
}

/** A template with its sections indexed. */
export class Template {
  public readonly id: string;
  public readonly resources = new Map<string, Resource>();
  public readonly parameters: JsonObject;
  public readonly mappings: JsonObject;
  public readonly conditions: JsonObject;
  public readonly outputs: JsonObject;
  /** What a SAM template sets for every resource of a type, by the section for that type. */
  public readonly globals: JsonObject;

  constructor(public readonly source: TemplateSource) {
    this.id = source.id;
    this.parameters = objectAt(source.template, 'Parameters');
    this.mappings = objectAt(source.template, 'Mappings');
    this.conditions = objectAt(source.template, 'Conditions');
    this.outputs = objectAt(source.template, 'Outputs');
    this.globals = objectAt(source.template, 'Globals');
    for (const [logicalId, resource] of Object.entries(objectAt(source.template, 'Resources'))) {
      if (!isObject(resource) || typeof resource.Type !== 'string') continue;
      this.resources.set(logicalId, {
        template: this,
        logicalId,
        type: resource.Type,
        properties: objectAt(resource, 'Properties'),
        metadata: objectAt(resource, 'Metadata'),
        condition: typeof resource.Condition === 'string' ? resource.Condition : undefined,
        constructPath: source.constructPaths?.[logicalId] ?? pathInMetadata(resource),
      });
    }
  }
}

/** CDK writes a resource's construct path into its metadata, unless told not to. */
function pathInMetadata(resource: JsonObject): string | undefined {
  const path = objectAt(resource, 'Metadata')['aws:cdk:path'];
  return typeof path === 'string' ? path : undefined;
}

/** Returns the display name of a resource: the path of its construct, or its logical ID if it has none. */
export function nameOf({ constructPath, logicalId }: Pick<Resource, 'constructPath' | 'logicalId'>): string {
  return constructPath?.replace(/\/Resource$/, '') ?? logicalId;
}

/** A key for a resource: the same for it and for what it was in the baseline. */
export function addressOf({
  template,
  logicalId,
}: {
  readonly template: { readonly id: string };
  readonly logicalId: string;
}): string {
  return `${template.id}#${logicalId}`;
}

/** Whether two accounts, or two regions, may be the same. */
export function agree(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || a === b;
}

/** Whether the accounts and the regions of two, as far as they are known, are the same. */
export function isInSamePlace(a: Place, b: Place): boolean {
  return agree(a.account, b.account) && agree(a.region, b.region);
}

type Place = Pick<TemplateSource, 'account' | 'region'>;

/** The one candidate that is nearest: in the same template, folder or stage, group, or anywhere; none among several. */
export function nearest<T extends { readonly template: Template }>(
  candidates: readonly T[],
  from: Template,
): T | undefined {
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
