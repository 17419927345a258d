import { fullDiff, type ResourceDifference, ResourceImpact } from '@aws-cdk/cloudformation-diff';
import type { Assembly, Resource, Template } from './assembly';
import { addedPermissions, PERMISSION_PROPERTIES } from './permissions';

/** Changes that a tracing option may cause. */
export interface Allowed {
  readonly callers: boolean;
  readonly tieVersions: boolean;
  readonly managedPolicies: boolean;
}

/** The properties that turn tracing on, by resource type. */
const TRACING_PROPERTIES: Readonly<Record<string, string>> = {
  'AWS::Lambda::Function': 'TracingConfig',
  'AWS::Serverless::Function': 'Tracing',
};

/** The same for the services that call functions. */
const CALLER_PROPERTIES: Readonly<Record<string, string>> = {
  'AWS::ApiGateway::Stage': 'TracingEnabled',
  'AWS::AppSync::GraphQLApi': 'XrayEnabled',
  'AWS::Serverless::Api': 'TracingEnabled',
  'AWS::Serverless::GraphQLApi': 'XrayEnabled',
  'AWS::Serverless::StateMachine': 'Tracing',
  'AWS::SNS::Topic': 'TracingConfig',
  'AWS::StepFunctions::StateMachine': 'TracingConfiguration',
};

/** The properties that publish a version when the tracing mode changes. */
const VERSION_PROPERTIES: Readonly<Record<string, readonly string[]>> = {
  'AWS::Lambda::Version': ['Description'],
  'AWS::Serverless::Function': ['AutoPublishAliasAllProperties', 'VersionDescription'],
};

const REPLACES: readonly ResourceImpact[] = [
  ResourceImpact.WILL_REPLACE,
  ResourceImpact.MAY_REPLACE,
  ResourceImpact.WILL_DESTROY,
  ResourceImpact.WILL_ORPHAN,
];

/** Returns the differences between an app and the same app with tracing that tracing must not cause. */
export function unexpectedDifferences(bare: Assembly, traced: Assembly, allowed: Allowed): string[] {
  const [before, after] = [bare, traced].map((assembly) => withVersionsOf(bare, assembly));
  const files = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return [
    ...symmetricDifference(bare.assets, traced.assets).map((asset) => `asset ${asset}`),
    ...files.flatMap((file) =>
      differencesBetween(before[file] ?? {}, after[file] ?? {}, allowed).map(
        (difference) => `${file}: ${difference}`,
      ),
    ),
  ];
}

/** Returns templates with the logical IDs that the versions have in the app without tracing. */
function withVersionsOf(bare: Assembly, { templates, versions }: Assembly): Assembly['templates'] {
  let text = JSON.stringify(templates);
  for (const [path, id] of versions) {
    const idWithoutTracing = bare.versions.get(path) ?? id;
    // The names of references to other stacks end with a hash of the logical ID.
    const reference = new RegExp(`(Ref|FnGetAtt)${id}(\\w*?)[0-9A-F]{8}\\b`, 'g');
    text = text.replaceAll(reference, `$1${idWithoutTracing}$2`).replaceAll(id, idWithoutTracing);
  }
  return JSON.parse(text) as Assembly['templates'];
}

export function differencesBetween(bare: Template, traced: Template, allowed: Allowed): string[] {
  const diff = fullDiff(bare, traced);
  const { outputs, parameters, conditions, mappings, metadata, unknown, resources } = diff;
  const others = { outputs, parameters, conditions, mappings, metadata, unknown };
  return [
    ...(diff.transform ? ['Transform'] : []),
    ...(diff.description ? ['Description'] : []),
    ...Object.entries(others).flatMap(([section, { logicalIds }]) =>
      logicalIds.map((id) => `${section} ${id}`),
    ),
    ...Object.entries(resources.changes).flatMap(([id, change]) =>
      differencesIn(change, bare, allowed).map((difference) => `${id} ${difference}`),
    ),
  ];
}

function differencesIn(change: ResourceDifference, bare: Template, allowed: Allowed): string[] {
  const { oldValue, newValue } = change as { oldValue?: Resource; newValue?: Resource };
  if (!newValue) return ['is gone'];
  const type = newValue.Type;
  if (!oldValue) return isAllowedAddition(newValue, allowed) ? [] : [`(${type}) is new`];

  const differences: string[] = [];
  change.forEachDifference((kind, name, { oldValue: before, newValue: after }) => {
    const isAllowed =
      kind === 'Property'
        ? isAllowedProperty(type, name, before, after, allowed)
        : name === 'DependsOn' && includesAll(after, before);
    if (!isAllowed && !refersToReplaced(before, after)) {
      differences.push(`(${type}) ${name}: ${JSON.stringify(before)} -> ${JSON.stringify(after)}`);
    }
  });
  const isVersion = type === 'AWS::Lambda::Version' && allowed.tieVersions;
  // The resources that SAM creates are updated.
  const isServerless = type.startsWith('AWS::Serverless::');
  const isBoundToVersion = Object.values(oldValue.Properties ?? {}).some((value) =>
    refersToVersion(value, bare),
  );
  if (REPLACES.includes(change.changeImpact) && !isVersion && !isServerless && !isBoundToVersion) {
    differences.push(`(${type}) is replaced`);
  }
  return differences;
}

function isAllowedAddition(resource: Resource, { callers, managedPolicies }: Allowed): boolean {
  if (resource.Type === 'AWS::XRay::ResourcePolicy') return callers;
  return resource.Type === 'AWS::IAM::Policy' && addedPermissions(undefined, resource, managedPolicies);
}

function isAllowedProperty(
  type: string,
  name: string,
  before: unknown,
  after: unknown,
  { callers, tieVersions, managedPolicies }: Allowed,
): boolean {
  if (TRACING_PROPERTIES[type] === name) return before === undefined;
  if (callers && CALLER_PROPERTIES[type] === name) return true;
  if (tieVersions && VERSION_PROPERTIES[type]?.includes(name)) return true;
  if (!PERMISSION_PROPERTIES[type]?.includes(name)) return false;
  return addedPermissions(
    { Type: type, Properties: { [name]: before } },
    { Type: type, Properties: { [name]: after } },
    managedPolicies,
  );
}

/** True if a property stays the same, and refers to a resource that is replaced, which the diff marks. */
function refersToReplaced(before: unknown, after: unknown): boolean {
  return JSON.stringify(before) === JSON.stringify(after)?.replaceAll(/ ?\(replaced\)/g, '');
}

/** True if a value refers to a version, or to what is bound to one. */
function refersToVersion(value: unknown, { Resources = {} }: Template): boolean {
  const text = JSON.stringify(value) ?? '';
  return Object.entries(Resources).some(
    ([id, { Type }]) =>
      ['AWS::Lambda::Version', 'AWS::Lambda::Alias'].includes(Type) && text.includes(`"${id}"`),
  );
}

function includesAll(all: unknown, some: unknown): boolean {
  const list = new Set([all].flat());
  return [some].flat().every((id) => id === undefined || list.has(id));
}

function symmetricDifference<T>(left: readonly T[], right: readonly T[]): T[] {
  return [...left.filter((item) => !right.includes(item)), ...right.filter((item) => !left.includes(item))];
}
