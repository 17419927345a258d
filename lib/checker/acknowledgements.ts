import { isObject } from '../cloudformation/json';
import { type Resource, Template } from '../cloudformation/template';
import { isFile, isNamedBy } from '../cloudformation/template-selection';
import { findRule } from '../rules';
import { type Finding, findingOn, type Rule, RULE_PREFIX } from '../rules/rule';
import { compileGlob } from '../text/globs';

/** An acknowledgement from a configuration file. Properties that are not set match anything. */
export interface Acknowledgement {
  readonly ruleId: string;
  readonly reason: string;
  /** A resource's logical ID, or a glob. */
  readonly logicalId?: string;
  /**
   * The path of a construct or a logical ID, or a glob of them; the acknowledgement also applies to everything in a
   * construct.
   */
  readonly constructPath?: string;
  /** The end of a template's path, such as its file name, or its path after `./`, or a glob of it. */
  readonly template?: string;
  /** The last day on which the acknowledgement applies, such as `2027-01-31`. @default - it does not expire */
  readonly expires?: string;
  /** The position in the configuration file, for reporting problems with it. */
  readonly position?: Finding['position'];
}

/** The acknowledgement of a finding. */
export interface Acknowledged {
  readonly reason: string;
  /** The last day on which it applies, if it expires. */
  readonly expires?: string;
  /** The location of the acknowledgement: the resource or construct with it, or its entry in the configuration. */
  readonly location?: Pick<Finding, 'resource' | 'position'>;
}

/** An acknowledgement from any source. */
interface Entry {
  readonly ruleId: string;
  readonly reason: string;
  /** The location of the acknowledgement, for reporting problems with it. */
  readonly location: Resource;
  readonly position?: Finding['position'];
  readonly covers: (finding: Finding) => boolean;
  readonly expires?: string;
  readonly isExpired?: boolean;
  isUsed: boolean;
}

/** The acknowledgements from all sources: constructs, resource metadata and the configuration. */
export class Acknowledgements {
  private readonly entries: readonly Entry[];
  private readonly byResource = new Map<Resource, Entry[]>();
  /** The entries that are not on one resource, by rule. */
  private readonly others = new Map<string, Entry[]>();

  /**
   * @param resources all resources under check
   * @param configured the acknowledgements in the configuration
   * @param configuration the name of the configuration, for reporting problems with it
   * @param today the current day in UTC, such as `2027-01-31`
   */
  constructor(
    resources: readonly Resource[],
    configured: readonly Acknowledgement[],
    configuration: string,
    today: string,
  ) {
    const files = [...new Set(resources.map(({ template }) => template))];
    this.entries = [
      ...onConstructs(resources),
      ...resources.flatMap(inMetadata),
      ...inConfiguration(
        configured.filter(
          ({ template }) => template === undefined || files.some(({ source }) => isFile(source, template)),
        ),
        configuration,
        today,
      ),
    ]
      .map((entry) => ({ ...entry, ruleId: fullRuleId(entry.ruleId) }))
      .filter(({ ruleId }) => ruleId.startsWith(RULE_PREFIX));
    for (const entry of this.entries) {
      if (isPlaceholder(entry.location)) {
        const ofRule = this.others.get(entry.ruleId);
        if (ofRule) ofRule.push(entry);
        else this.others.set(entry.ruleId, [entry]);
      } else {
        this.byResource.set(entry.location, [...(this.byResource.get(entry.location) ?? []), entry]);
      }
    }
  }

  /** Returns the acknowledgement of a finding, or undefined if it is not acknowledged. */
  public of({ id }: Rule, finding: Finding): Acknowledged | undefined {
    const matching = [
      ...(this.byResource.get(finding.resource) ?? []),
      ...(this.others.get(id) ?? []),
    ].filter(({ ruleId, covers }) => ruleId === id && covers(finding));
    for (const entry of matching) entry.isUsed = true;
    const entry = matching.find(({ reason, isExpired }) => reason.trim() !== '' && !isExpired);
    if (!entry) return undefined;
    const { reason, expires, location: resource, position } = entry;
    return {
      reason,
      ...(expires !== undefined && { expires }),
      location: { resource, ...(position && { position }) },
    };
  }

  /**
   * Returns the acknowledgements that have no reason or have expired, and those that have matched no finding so far.
   *
   * @param isApplied true if a rule was applied
   * @param isIncomplete true if an acknowledgement may match a finding in a template that could not be read
   */
  public problems(isApplied: (ruleId: string) => boolean, isIncomplete: boolean): Finding[] {
    return this.entries.flatMap((entry) => {
      const problem = isApplied(entry.ruleId) ? problemOf(entry, isIncomplete) : undefined;
      if (problem === undefined) return [];
      const [text, fix] = problem;
      const message = `The acknowledgement of ${entry.ruleId} ${text}.`;
      return findingOn(entry.location, {
        property: '',
        message,
        fix,
        ...(entry.position && { position: entry.position }),
      });
    });
  }
}

/** Returns the problem with an acknowledgement, and its fix. */
function problemOf(
  { ruleId, reason, expires, isExpired, isUsed }: Entry,
  isIncomplete: boolean,
): [problem: string, fix: string] | undefined {
  if (reason.trim() === '') {
    return ['has no reason, so it is ignored', 'Add a reason, or remove the acknowledgement.'];
  }
  if (!isUsed) {
    const isRule = findRule(ruleId) !== undefined;
    if (isRule && isIncomplete) return undefined;
    return [
      isRule ? 'matches no finding' : 'names no rule',
      'Remove the acknowledgement, or correct its rule and its path.',
    ];
  }
  if (!isExpired) return undefined;
  return [
    `expired after ${expires}, so it is ignored`,
    'Fix the findings and remove the acknowledgement, or set a later date.',
  ];
}

/** Returns the ID of the rule that an acknowledged ID names, or the ID itself if it names none. */
function fullRuleId(acknowledged: string): string {
  return findRule(acknowledged)?.id ?? acknowledged;
}

function onConstructs(resources: readonly Resource[]): Entry[] {
  const templates = new Set(resources.map(({ template }) => template));
  // Templates of one app share the acknowledgements on their common scopes.
  const acknowledgements = new Map(
    [...templates].flatMap((template) =>
      (template.source.acknowledgements ?? []).map((one) => [one, template] as const),
    ),
  );
  return [...acknowledgements].map(([{ ruleId, reason, constructPath }, template]) => ({
    ruleId,
    reason,
    location: placeholder(template, constructPath),
    covers: ({ resource }) => isWithin(resource, constructPath),
    isUsed: false,
  }));
}

/** Reads the acknowledgements in a resource's metadata, in the format of cdk-nag. */
function inMetadata(resource: Resource): Entry[] {
  const nag = resource.metadata.cdk_nag;
  const suppressed = isObject(nag) ? nag.rules_to_suppress : undefined;
  return (Array.isArray(suppressed) ? suppressed : []).filter(isObject).map(({ id, reason }) => ({
    ruleId: typeof id === 'string' ? id : '',
    reason: typeof reason === 'string' ? reason : '',
    location: resource,
    // `of` looks it up by its resource.
    covers: () => true,
    isUsed: false,
  }));
}

function inConfiguration(
  configured: readonly Acknowledgement[],
  configuration: string,
  today: string,
): Entry[] {
  const template = new Template({ id: configuration, template: {} });
  return configured.map(
    ({ ruleId, reason, logicalId, constructPath, template: file, expires, position }) => ({
      ruleId,
      reason,
      location: placeholder(template, constructPath, logicalId),
      position,
      covers: (finding) =>
        (logicalId === undefined || hasLogicalId(finding, logicalId)) &&
        (constructPath === undefined ||
          isNamedBy(finding.resource, constructPath) ||
          hasLogicalId(finding, constructPath)) &&
        (file === undefined || isFile(finding.resource.template.source, file)),
      ...(expires !== undefined && { expires }),
      // Days in this format are in the order of their texts.
      isExpired: expires !== undefined && expires < today,
      isUsed: false,
    }),
  );
}

function hasLogicalId({ resource, logicalId }: Finding, glob: string): boolean {
  return [resource.logicalId, logicalId].some(compileGlob(glob));
}

/** Creates a resource without a type, for the location of an acknowledgement that is not on a resource. */
function placeholder(template: Template, constructPath?: string, logicalId = ''): Resource {
  return { template, logicalId, type: '', properties: {}, metadata: {}, constructPath };
}

function isPlaceholder({ type }: Resource): boolean {
  return type === '';
}

function isWithin({ constructPath, template }: Resource, scope: string): boolean {
  const path = constructPath ?? template.source.constructPath;
  return path !== undefined && (scope === '' || path === scope || path.startsWith(`${scope}/`));
}
