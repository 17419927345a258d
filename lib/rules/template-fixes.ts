import { isIntrinsic, isObject, objectAt } from '../cloudformation/json';
import { effectiveProperties, isInGlobals } from '../cloudformation/sam-globals';
import { generatedRoleOf, type Resource, type Template } from '../cloudformation/template';
import { type EditAction, type TemplateEdit, valueAt } from '../cloudformation/template-edit';
import type { Possible } from '../cloudformation/possible';
import { DAEMON_POLICY, MAX_MANAGED_POLICIES, TRACING_ACTIONS, WRITE_ACTIONS } from '../iam/managed-policies';
import { topicPolicy } from '../iam/resource-policy';
import type { RoleReference } from '../iam/roles';
import type { XRayPermission } from '../iam/xray-permissions';
import { type FunctionVersion, type LambdaFunction, modeStatement } from '../lambda/lambda-function';
import type { Topic } from '../model/tracing-model';
import { nearestOf } from '../text/printable';
import { cdkModeCode, type SettableMode, SEVERAL, sourceKindOf } from './fixes';
import type { TemplateFix } from './rule';

const SAM_FUNCTION = 'AWS::Serverless::Function';

/**
 * Returns the fixes that set the mode of a function. They also let its versions follow, if they would keep the mode. None if
 * the template computes the object around the mode.
 *
 * @param safety `safe` by default, if the mode is left out or literal
 */
export function modeFixes(
  fn: LambdaFunction,
  mode: SettableMode,
  safety: TemplateFix['safety'] = 'safe',
): TemplateFix[] {
  const { resource, modeProperty } = fn;
  const path = modeProperty.split('.');
  const own = valueAt(resource.properties, path);
  const isComputed = own !== undefined && typeof own !== 'string';
  const inGlobals =
    own === undefined && resource.type === SAM_FUNCTION ? globalsFor(resource, 'Tracing') : {};
  const code = cdkModeCode(fn, mode);
  return propertyFixes(resource, path, { set: mode }, isComputed ? 'suggested' : safety).map((fix) => ({
    ...fix,
    ...(code !== undefined && { code }),
    ...inGlobals,
  }));
}

/** Returns the fixes that turn on active tracing. A mode that somebody wrote may be on purpose. */
export function activationEdits(fn: LambdaFunction): TemplateFix[] {
  return changedModeFixes(fn, 'Active', hasNoMode(fn) ? 'safe' : 'suggested');
}

/**
 * Returns the fixes that set the mode of a function, make its versions follow, and allow an Active function to write to X-Ray.
 * For a mode that changes what is deployed.
 */
export function changedModeFixes(
  fn: LambdaFunction,
  mode: SettableMode,
  safety: TemplateFix['safety'] = 'safe',
): TemplateFix[] {
  const fixes = modeFixes(fn, mode, safety);
  if (fixes.length === 0) return [];
  const outdated = fn.versions.filter(
    (version) => version.publishesOnModeChange === 'no' || statesOtherMode(version, mode),
  );
  const { safety: applied } = fixes[0];
  return [
    ...fixes,
    ...outdated.flatMap((version) => versionFixes(version, mode, applied)),
    ...(mode === 'Active' ? missingPermissionFixes(fn) : []).map((fix) => ({ ...fix, safety: applied })),
  ];
}

/** SAM adds the permissions to a role that it generates for an Active function. */
function missingPermissionFixes({ resource, writePermissions, roles }: LambdaFunction): TemplateFix[] {
  const lacking = writePermissions.find(({ value }) => value.state === 'missing')?.value;
  return lacking && !generatedRoleOf(resource) ? permissionFixes(lacking, resource, roles) : [];
}

/** True if the description of a version states another mode, and so changes together with the mode. */
function statesOtherMode(version: FunctionVersion, mode: SettableMode): boolean {
  const text = descriptionOf(version);
  return typeof text === 'string' && MODES.some((other) => other !== mode && states(text, other));
}

function descriptionOf({ resource, function: fn }: FunctionVersion): unknown {
  return resource === fn.resource
    ? effectiveProperties(resource).VersionDescription
    : resource.properties.Description;
}

function states(description: string, mode: SettableMode): boolean {
  return description.includes(modeStatement(mode));
}

/** Returns the fix that makes CloudFormation publish a version when the mode of its function changes. */
export function versionFixes(
  version: FunctionVersion,
  mode: SettableMode,
  safety: TemplateFix['safety'] = 'suggested',
): TemplateFix[] {
  const { resource, function: fn } = version;
  const statement = modeStatement(mode);
  const text = descriptionOf(version) ?? '';
  const stated = typeof text === 'string' ? MODES.find((other) => states(text, other)) : undefined;
  const described = (property: string): TemplateFix[] => {
    if (typeof text !== 'string') return [];
    const appended = text === '' ? statement : `${text} (${statement})`;
    const set = stated === undefined ? appended : text.replace(modeStatement(stated), statement);
    return propertyFixes(resource, [property], { set }, safety);
  };
  if (resource !== fn.resource) return described('Description');
  return stated === undefined && effectiveProperties(resource).AutoPublishCodeSha256 === undefined
    ? propertyFixes(resource, ['AutoPublishAliasAllProperties'], { set: true }, safety)
    : described('VersionDescription');
}

/** Returns the fixes of a mode that is misspelled or in the wrong shape: `Tracing: { Mode: Active }`. */
export function invalidModeFixes(fn: LambdaFunction): TemplateFix[] {
  const { resource, modeProperty } = fn;
  const path = modeProperty.split('.');
  const own = resource.properties[path[0]];
  const value = own ?? valueAt(resource.template.globals, ['Function', path[0]]);
  const nested = isObject(value) && !isIntrinsic(value) ? value.Mode : value;
  if (typeof nested !== 'string') return [];
  const letters = nested.toLowerCase().replace(/[^a-z]/g, '');
  const exact = MODES.find((mode) => mode.toLowerCase() === letters);
  const mode = exact ?? MODES.find((other) => other === nearestOf(letters, MODES));
  if (mode === undefined) return [];
  const set = path.slice(1).reduceRight<unknown>((inner, key) => ({ [key]: inner }), mode);
  const safety = exact ? 'safe' : 'suggested';
  if (own === undefined) {
    return [{ template: resource.template, path: ['Globals', 'Function', path[0]], set, safety }];
  }
  const isInShape = path.length > 1 && isObject(own);
  const code = cdkModeCode(fn, mode);
  return propertyFixes(resource, isInShape ? path : [path[0]], { set: isInShape ? mode : set }, safety).map(
    (fix) => ({ ...fix, ...(code !== undefined && { code }) }),
  );
}

const MODES: readonly SettableMode[] = ['Active', 'PassThrough'];

/** True if neither a function nor `Globals` sets its mode. */
export function hasNoMode({ resource, modeProperty }: LambdaFunction): boolean {
  return valueAt(effectiveProperties(resource), modeProperty.split('.')) === undefined;
}

/**
 * Returns the fix that changes a property. None if a tool other than CDK generates the template, or if a function computes
 * an object around the property.
 */
export function propertyFixes(
  resource: Resource,
  path: readonly string[],
  action: EditAction,
  safety: TemplateFix['safety'] = 'safe',
): TemplateFix[] {
  const { template, logicalId, properties } = resource;
  if (sourceKindOf(resource) === 'Serverless Framework') return [];
  const isOpen = path.slice(0, -1).every((_, i) => {
    const around = valueAt(properties, path.slice(0, i + 1));
    return (
      around === undefined ||
      around === null ||
      Array.isArray(around) ||
      (isObject(around) && !isIntrinsic(around))
    );
  });
  return isOpen
    ? [{ template, path: ['Resources', logicalId, 'Properties', ...path], safety, ...action }]
    : [];
}

/** Returns the fix that sets a property in `Globals`. Without the transform of SAM, CloudFormation rejects the section. */
export function globalFixes(template: Template, path: readonly string[], value: unknown): TemplateFix[] {
  if (!hasSamTransform(template)) return [];
  const safety = valueAt(template.globals, path) === undefined ? 'safe' : 'suggested';
  return [{ template, path: ['Globals', ...path], set: value, safety }];
}

function hasSamTransform(template: Template): boolean {
  const { Transform: transforms } = objectAt(template.source, 'template');
  return [transforms].flat().includes('AWS::Serverless-2016-10-31');
}

/** Returns the fixes that remove a property of a SAM resource, from `Globals` too. */
export function removalFixes(
  resource: Resource,
  path: readonly string[],
  safety: TemplateFix['safety'],
): TemplateFix[] {
  const { template } = resource;
  const own =
    valueAt(resource.properties, path) === undefined
      ? []
      : propertyFixes(resource, path, { remove: true }, safety);
  if (!isInGlobals(resource, path)) return own;
  const common: TemplateFix = { template, path: ['Globals', 'Function', ...path], remove: true, safety };
  return [...own, common];
}

/** The path of a property in `Globals`, and the functions that take it from there. */
function globalsFor({ template, logicalId: own }: Resource, property: string): Pick<TemplateFix, 'globals'> {
  if (!hasSamTransform(template)) return {};
  const functions = [...template.resources.values()].filter(
    ({ type, properties, ignoredGlobals: ignored }) =>
      type === SAM_FUNCTION &&
      properties[property] === undefined &&
      ignored !== '*' &&
      !(Array.isArray(ignored) && ignored.includes(property)),
  );
  if (!functions.some(({ logicalId }) => logicalId === own)) return {};
  return {
    globals: {
      path: ['Globals', 'Function', property],
      logicalIds: functions.map(({ logicalId }) => logicalId),
    },
  };
}

/**
 * Returns the edits of fixes, each once. Functions of a SAM template that agree on a property get it in `Globals`, if there
 * are several or `Globals` has the property already.
 */
export function editsOf(fixes: readonly TemplateFix[]): TemplateEdit[] {
  const unique = new Map(fixes.map((fix) => [JSON.stringify(plainEdit(fix)), fix]));
  const edits = new Map<string, TemplateEdit>();
  for (const [key, fix] of unique) {
    const edit = plainEdit(fix);
    const { globals } = fix;
    const isShared = globals !== undefined && 'set' in fix && isAgreed(fix, globals, [...unique.values()]);
    const shared = isShared ? { path: globals.path, set: fix.set } : edit;
    edits.set(isShared ? JSON.stringify(shared) : key, shared);
  }
  return [...edits.values()];
}

/**
 * Returns the findings whose edits don't contradict each other. Fixes with more edits go first: a new mode also changes the
 * descriptions of versions that state it.
 *
 * @param fileOf returns the file of a template by its ID. Several templates can have the same file
 */
export function compatible<T extends { readonly fixes?: readonly TemplateFix[] }>(
  findings: readonly T[],
  fileOf: (id: string) => string,
): T[] {
  const actions = new Map<string, string>();
  const chosen = new Set<T>();
  for (const finding of [...findings].sort((a, b) => (b.fixes?.length ?? 0) - (a.fixes?.length ?? 0))) {
    const changes = (finding.fixes ?? [])
      // Several items can be added to a list.
      .filter((fix) => !('append' in fix))
      .map((fix) => ({
        place: JSON.stringify([fileOf(fix.template.id), ...fix.path]),
        action: JSON.stringify('set' in fix ? [fix.set] : []),
      }));
    if (changes.some(({ place, action }) => (actions.get(place) ?? action) !== action)) continue;
    chosen.add(finding);
    for (const { place, action } of changes) actions.set(place, action);
  }
  return findings.filter((finding) => chosen.has(finding));
}

/** Returns the fixes of findings by the file that they edit. Several templates can have the same file. */
export function fixesByFile(
  findings: readonly { readonly fixes?: readonly TemplateFix[] }[],
  fileOf: (id: string) => string,
): Map<string, TemplateFix[]> {
  const byFile = new Map<string, TemplateFix[]>();
  for (const fix of findings.flatMap(({ fixes = [] }) => fixes)) {
    const file = fileOf(fix.template.id);
    const known = byFile.get(file);
    if (known) known.push(fix);
    else byFile.set(file, [fix]);
  }
  return byFile;
}

/** True if all functions that take a property from `Globals` get the same value, or a value of their own. */
function isAgreed(
  fix: TemplateFix & { readonly set: unknown },
  { path, logicalIds }: NonNullable<TemplateFix['globals']>,
  fixes: readonly TemplateFix[],
): boolean {
  const values = logicalIds.map((logicalId) => {
    const own = fixes.find(
      (other) => other.path[1] === logicalId && other.globals?.path.join() === path.join(),
    );
    return own && 'set' in own ? own.set : undefined;
  });
  const agreeing = values.filter((value) => value === fix.set).length;
  const isSet = valueAt(fix.template.globals, path.slice(1)) !== undefined;
  return !values.includes(undefined) && agreeing > values.length / 2 && agreeing >= (isSet ? 1 : SEVERAL);
}

function plainEdit(fix: TemplateFix): TemplateEdit {
  const { path } = fix;
  if ('set' in fix) return { path, set: fix.set };
  return 'append' in fix ? { path, append: fix.append } : { path, remove: true };
}

/**
 * Returns the fix that attaches the permissions to the role of a resource. None for a role outside of the templates, for
 * several roles, and if a policy denies the actions.
 */
export function permissionFixes(
  { obstacles }: XRayPermission,
  resource: Resource,
  roles: readonly Possible<RoleReference>[],
): TemplateFix[] {
  if (obstacles.some((obstacle) => obstacle !== 'not allowed')) return [];
  if (generatedRoleOf(resource)) return generatedRoleFixes(resource);
  const [role, ...others] = new Set(roles.map(({ value }) => value.resource));
  if (role?.type !== 'AWS::IAM::Role' || others.length > 0) return [];
  if (role.generatedFor) return generatedRoleFixes(role.generatedFor);
  const { ManagedPolicyArns: managed = [], Policies: inline = [] } = role.properties;
  if (Array.isArray(managed) && managed.length < MAX_MANAGED_POLICIES) {
    return propertyFixes(role, ['ManagedPolicyArns'], { append: arnLike(managed as unknown[]) });
  }
  if (!Array.isArray(inline)) return [];
  const actions = resource.type.includes('StateMachine') ? TRACING_ACTIONS : WRITE_ACTIONS;
  const statement = { Effect: 'Allow', Action: [...actions], Resource: '*' };
  const document = { Version: '2012-10-17', Statement: [statement] };
  return propertyFixes(role, ['Policies'], {
    append: { PolicyName: 'XRayWriteAccess', PolicyDocument: document },
  });
}

/** The logical ID of the resource policy for the topics of a template. */
const TOPICS_POLICY = 'XRayTopicsPolicy';

/**
 * Returns the fixes that allow Amazon SNS to write the traces of a topic. The topics of a template share one policy, because
 * an account can have only a few. None if a policy denies the actions.
 */
export function topicPolicyFixes({ resource, permissions }: Topic): TemplateFix[] {
  const missing = permissions.filter(({ value }) => value.state === 'missing');
  const { template, logicalId, condition } = resource;
  const isDenied = missing.some(({ value }) =>
    value.obstacles.some((obstacle) => obstacle !== 'not allowed'),
  );
  if (isDenied || template.resources.has(TOPICS_POLICY)) return [];
  const topics = [...template.resources.values()].filter(({ type }) => type === resource.type);
  const isOnly = topics.length === 1 && condition === undefined;
  const arn = isOnly ? `\${${logicalId}}` : 'arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:*';
  const set = {
    Type: 'AWS::XRay::ResourcePolicy',
    Properties: {
      // A stack name is unique in an account and region, and its maximum length is that of a policy name.
      PolicyName: { Ref: 'AWS::StackName' },
      PolicyDocument: { 'Fn::Sub': JSON.stringify(topicPolicy('${AWS::AccountId}', arn)) },
    },
  };
  return [{ template, path: ['Resources', TOPICS_POLICY], set, safety: 'suggested' }];
}

/** SAM makes the role from the policies of the resource. */
function generatedRoleFixes(resource: Resource): TemplateFix[] {
  const { Policies: policies } = resource.properties;
  if (typeof policies === 'string')
    return propertyFixes(resource, ['Policies'], { set: [policies, DAEMON_POLICY] });
  return policies === undefined || Array.isArray(policies) || (isObject(policies) && !isIntrinsic(policies))
    ? propertyFixes(resource, ['Policies'], { append: DAEMON_POLICY })
    : [];
}

/** Returns the ARN of the policy, in the partition of the ARNs beside it. Without any, CloudFormation inserts the partition. */
function arnLike(others: readonly unknown[]): unknown {
  const partitions = others.map((arn) =>
    typeof arn === 'string' ? /^arn:([\w-]+):iam::aws:/.exec(arn)?.[1] : undefined,
  );
  const partition = partitions.find((found) => found !== undefined);
  return partition === undefined
    ? { 'Fn::Sub': `arn:\${AWS::Partition}:iam::aws:policy/${DAEMON_POLICY}` }
    : `arn:${partition}:iam::aws:policy/${DAEMON_POLICY}`;
}
