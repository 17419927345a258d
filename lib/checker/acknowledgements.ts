import { isObject } from '../cloudformation/json';
import { type Resource, Template } from '../cloudformation/template';
import { type Finding, type Rule, RULE_PREFIX } from '../rules/rule';

/** An acknowledgement from a configuration file. What isn't given matches anything. */
export interface Acknowledgement {
  readonly ruleId: string;
  readonly reason: string;
  /** A resource's logical ID. */
  readonly logicalId?: string;
  /** A construct's path: it counts for all that is in it. */
  readonly constructPath?: string;
  /** The end of a template's path, such as its file name. */
  readonly template?: string;
}

interface Given {
  readonly ruleId: string;
  readonly reason: string;
  /** Where it is written, to report it there. */
  readonly at: Resource;
  readonly covers: (finding: Finding) => boolean;
  isUsed: boolean;
}

/** What users have acknowledged, by every means there is, and which of it was of use. */
export class Acknowledgements {
  private readonly given: readonly Given[];
  private readonly byResource = new Map<Resource, Given[]>();
  private readonly elsewhere: Given[] = [];

  /**
   * @param resources all resources that are judged
   * @param configured those of the configuration
   * @param configuration what the configuration is called, to report what is wrong with it
   */
  constructor(resources: readonly Resource[], configured: readonly Acknowledgement[], configuration: string) {
    const files = [...new Set(resources.map(({ template }) => template))];
    this.given = [
      ...onConstructs(resources),
      ...resources.flatMap(inMetadata),
      ...inConfiguration(
        configured.filter(
          ({ template }) => template === undefined || files.some((file) => isFile(file, template)),
        ),
        configuration,
      ),
    ].filter(({ ruleId }) => ruleId.startsWith(RULE_PREFIX));
    for (const given of this.given) {
      // What stands on a resource is about that resource alone.
      const place = given.at.type === '' ? this.elsewhere : (this.byResource.get(given.at) ?? []);
      if (given.at.type !== '') this.byResource.set(given.at, place);
      place.push(given);
    }
  }

  /** Why a finding is accepted; nothing where it is not. */
  public reasonFor({ id }: Rule, finding: Finding): string | undefined {
    const matching = [...(this.byResource.get(finding.resource) ?? []), ...this.elsewhere].filter(
      ({ ruleId, covers }) => ruleId === id && covers(finding),
    );
    for (const acknowledgement of matching) acknowledgement.isUsed = true;
    return matching.find(({ reason }) => reason.trim() !== '')?.reason;
  }

  /**
   * Those that don't count, and those that nothing has matched so far.
   *
   * @param isApplied whether a rule was applied at all
   */
  public problems(isApplied: (ruleId: string) => boolean): Finding[] {
    return this.given.flatMap(({ ruleId, reason, at, isUsed }) => {
      if (!isApplied(ruleId)) return [];
      const hasReason = reason.trim() !== '';
      if (hasReason && isUsed) return [];
      return {
        resource: at,
        logicalId: at.logicalId,
        property: '',
        message: hasReason
          ? `The acknowledgement of ${ruleId} matches no finding.`
          : `The acknowledgement of ${ruleId} has no reason, and so does not count.`,
        fix: hasReason ? 'Remove it, or correct what it is for.' : 'Give it a reason.',
        related: [],
      };
    });
  }
}

function onConstructs(resources: readonly Resource[]): Given[] {
  const templates = new Set(resources.map(({ template }) => template));
  const acknowledgements = new Map(
    [...templates].flatMap((template) =>
      (template.source.acknowledgements ?? []).map((given) => [given, template] as const),
    ),
  );
  return [...acknowledgements].map(([{ ruleId, reason, constructPath }, template]) => ({
    ruleId,
    reason,
    at: placeholder(template, constructPath),
    covers: ({ resource }) => isWithin(resource, constructPath),
    isUsed: false,
  }));
}

/** What cdk-nag writes into a resource's metadata, and people by hand. */
function inMetadata(resource: Resource): Given[] {
  const nag = resource.metadata.cdk_nag;
  const suppressed = isObject(nag) ? nag.rules_to_suppress : undefined;
  return (Array.isArray(suppressed) ? suppressed : []).filter(isObject).map(({ id, reason }) => ({
    ruleId: typeof id === 'string' ? id : '',
    reason: typeof reason === 'string' ? reason : '',
    at: resource,
    // Looked up by the resource that it stands on.
    covers: () => true,
    isUsed: false,
  }));
}

function inConfiguration(configured: readonly Acknowledgement[], configuration: string): Given[] {
  const template = new Template({ id: configuration, template: {} });
  return configured.map(({ ruleId, reason, logicalId, constructPath, template: file }) => ({
    ruleId,
    reason,
    at: placeholder(template, constructPath, logicalId),
    covers: ({ resource, logicalId: reported }) =>
      (logicalId === undefined || logicalId === resource.logicalId || logicalId === reported) &&
      (constructPath === undefined || isWithin(resource, constructPath)) &&
      (file === undefined || isFile(resource.template, file)),
    isUsed: false,
  }));
}

/** Whether a template is in a file, which is named by the end of its path. */
function isFile({ id }: Template, file: string): boolean {
  const [path] = id.split('#');
  return path === file || path.endsWith(`/${file}`);
}

/** Stands for a place that is no resource. */
function placeholder(template: Template, constructPath?: string, logicalId = ''): Resource {
  return { template, logicalId, type: '', properties: {}, metadata: {}, constructPath };
}

function isWithin({ constructPath, template }: Resource, around: string): boolean {
  const path = constructPath ?? template.source.constructPath;
  return path !== undefined && (around === '' || path === around || path.startsWith(`${around}/`));
}
