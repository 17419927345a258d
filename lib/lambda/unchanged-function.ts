import { isObject, type JsonObject, scalarText } from '../cloudformation/json';
import { and, certainly, flatMap, type Possible, product } from '../cloudformation/possible';
import type { Resolver } from '../cloudformation/resolver';
import { effectiveProperties } from '../cloudformation/sam-globals';
import { isNestedStack, type Resource, type Template } from '../cloudformation/template';
import type { HiddenChange } from './lambda-function';
import { ascii, codeOf, namesIn, pick, referencesParameter, sorted } from './version-identity';

/**
 * The properties of a function that its versions do not have (`VERSION_LOCKED` in aws-cdk-lib), and those that SAM does not
 * pass on to it ("AWS::Serverless::Function", AWS SAM Developer Guide).
 */
const NOT_IN_VERSIONS = new Set([
  'CodeSigningConfigArn',
  'ReservedConcurrentExecutions',
  'Tags',
  'TenancyConfig',
  'AssumeRolePolicyDocument',
  'AutoPublishAlias',
  'AutoPublishAliasAllProperties',
  'AutoPublishCodeSha256',
  'DeploymentPreference',
  'EventInvokeConfig',
  'Events',
  'FunctionUrlConfig',
  'PermissionsBoundary',
  'Policies',
  'PropagateTags',
  'ProvisionedConcurrencyConfig',
  'VersionDeletionPolicy',
  'VersionDescription',
]);

/** The properties that set the tracing mode. Modes are compared by their effect. */
const MODE = new Set(['Tracing', 'TracingConfig']);

/** Matches values that can differ on each deployment: dynamic references, outputs of other stacks, and macros. */
const LOOKED_UP = /\{\{resolve:|"Fn::(?:ImportValue|GetStackOutput|Transform|If)"/;

/** Matches the path of local code. `aws cloudformation package` replaces it by a location that depends on the content. */
const LOCAL_CODE = /"(?:Code|CodeUri|Content|ContentUri)":"(?!s3:)/;

/** A function, and the resolver of the templates that it is deployed with. */
interface DeployedFunction {
  readonly resource: Resource;
  readonly resolver: Resolver;
}

/**
 * Returns the cases in which a function is the same as in the baseline, with the hidden change that can still make it
 * differ. In the other cases its code or configuration differs, other than by its tracing mode, or something may change
 * that it refers to.
 */
export function sameFunction(before: DeployedFunction, after: DeployedFunction): Possible<HiddenChange>[] {
  if (before.resource.type !== after.resource.type) return [];
  const previous = configurationsOf(before);
  return configurationsOf(after).flatMap(({ value: now, when }) =>
    previous.flatMap(({ value: old, when: other }): Possible<HiddenChange>[] => {
      const both = and(when, other);
      if (!both || !isSameText(old, now, before.resource.template)) return [];
      const hidden = hiddenChange(now, before, after);
      if (!hidden) return [];
      // The parameter that the case depends on can change.
      const isUnsure = hidden.unless === undefined && Object.keys(both).length > 0;
      return [{ value: isUnsure ? { unless: 'parameter' } : hidden, when: both }];
    }),
  );
}

/** Returns the hidden change that can make a configuration differ, empty if there is none; undefined if it may differ. */
function hiddenChange(
  now: unknown,
  before: DeployedFunction,
  after: DeployedFunction,
): HiddenChange | undefined {
  const referred = resourcesReferredTo(now, before, after);
  if (!referred) return undefined;
  const all = [now, ...referred];
  const text = JSON.stringify(all);
  const sections = [
    ...(text.includes('"Fn::FindInMap"') ? (['mappings'] as const) : []),
    ...(text.includes('"Fn::If"') ? (['conditions'] as const) : []),
  ];
  const [template, previous] = [after.resource.template, before.resource.template];
  if (!sections.every((name) => isSameText(previous[name], template[name], previous))) return undefined;
  const hasParameter = referencesParameter(all, template);
  // The stack around a nested one can pass other values.
  if (hasParameter && template.source.nestedIn) return undefined;
  const isSam = after.resource.type === 'AWS::Serverless::Function';
  if ((isSam && codeOf(after.resource) === undefined) || LOCAL_CODE.test(text)) return { unless: 'code' };
  return hasParameter || LOOKED_UP.test(text) ? { unless: 'parameter' } : {};
}

/**
 * Returns the properties of the resources that a value refers to, also through others. Undefined if one of them changes,
 * because it can have another physical ID then, such as a layer.
 */
function resourcesReferredTo(
  value: unknown,
  before: DeployedFunction,
  after: DeployedFunction,
): unknown[] | undefined {
  const found = new Map<Resource, unknown>();
  const names = namesIn(value);
  // The loop adds the names that it finds.
  for (const name of names) {
    const [old, now] = [before, after].map(({ resource }) => resource.template.resources.get(name));
    if (!old && !now) continue;
    if (!old || !now || old.type !== now.type || isNestedStack(now)) return undefined;
    if (found.has(now)) continue;
    const identity = identityOf(now, after.resolver);
    if (!isSameText(identityOf(old, before.resolver), identity, before.resource.template)) return undefined;
    names.push(...namesIn(identity));
    found.set(now, identity);
  }
  return [...found.values()];
}

/** Returns the properties that can change a physical ID: those of a role, whose policies change often, are known. */
function identityOf({ type, properties, template }: Resource, resolver: Resolver): unknown {
  const names = Object.keys(properties).filter((name) => name !== 'Tags');
  const identity = pick(properties, type === 'AWS::IAM::Role' ? ['Path', 'RoleName'] : names);
  const cases = inEachCase(identity, template, resolver);
  return cases.length === 1 ? cases[0].value : identity;
}

/**
 * Returns a value in each case that the conditions of its `Fn::If` make, without what is `AWS::NoValue`. A part with too
 * many cases stays as it is.
 */
function inEachCase(value: unknown, template: Template, resolver: Resolver): Possible<unknown>[] {
  return flatMap(resolver.at({ value }, ['value'], template), (branch): Possible<unknown>[] => {
    if (typeof branch !== 'object' || branch === null) return certainly(branch);
    const members = Object.entries(branch);
    const cases = product(members.map(([, member]) => inEachCase(member, template, resolver)));
    return (cases ?? certainly(members.map(([, member]) => member as unknown))).map((one) => {
      const present = members.flatMap(([name], i): [string, unknown][] =>
        one.value[i] === undefined ? [] : [[name, one.value[i]]],
      );
      const isList = Array.isArray(branch);
      return {
        value: isList ? present.map(([, item]) => item) : Object.fromEntries(present),
        when: one.when,
      };
    });
  });
}

/** True if values are equal, or can be: CloudFormation does not return every character of a deployed template. */
function isSameText(before: unknown, after: unknown, { source: { isInAscii } }: Template): boolean {
  const [old, now] = [before, after].map((value) => JSON.stringify(asDeployed(sorted(value))));
  return isInAscii ? ascii(old) === ascii(now) : old === now;
}

/** The values that Lambda uses for properties that are left out ("AWS::Lambda::Function"). */
const DEFAULTS: Readonly<Record<string, unknown>> = {
  Architectures: ['x86_64'],
  EphemeralStorage: { Size: '512' },
  MemorySize: '128',
  PackageType: 'Zip',
  SnapStart: { ApplyOn: 'None' },
  Timeout: '3',
};

/** Returns the properties of a function that its versions have, without those with the value that they have by default. */
function configurationsOf({ resource, resolver }: DeployedFunction): Possible<JsonObject>[] {
  const properties = Object.entries(effectiveProperties(resource)).filter(
    ([name]) => !NOT_IN_VERSIONS.has(name) && !MODE.has(name),
  );
  return inEachCase(Object.fromEntries(properties), resource.template, resolver).map(({ value, when }) => ({
    value: Object.fromEntries(
      // CloudFormation rejects an Fn::If in place of all properties, which can have any value.
      Object.entries(isObject(value) ? value : {}).filter(
        ([name, one]) => !isEmpty(one) && JSON.stringify(asDeployed(one)) !== JSON.stringify(DEFAULTS[name]),
      ),
    ),
    when,
  }));
}

/** True for a value without content, such as the variables of an environment of which none is left. */
function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.values(value).every(isEmpty);
}

/** Returns a value as CloudFormation deploys it: numbers and truth values are strings, and an attribute has one form. */
function asDeployed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asDeployed);
  if (!isObject(value)) return scalarText(value) ?? value;
  const deployed = Object.entries(value).map(([name, child]): [string, unknown] =>
    name === 'Fn::GetAtt' && typeof child === 'string'
      ? [name, [child.slice(0, child.indexOf('.')), child.slice(child.indexOf('.') + 1)]]
      : [name, asDeployed(child)],
  );
  return Object.fromEntries(deployed);
}
