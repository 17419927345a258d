import { isObject, scalarText } from '../cloudformation/json';
import { literal, soleReference, type PartialString } from '../cloudformation/partial-string';
import {
  type Assumptions,
  certainly,
  combineCases,
  flatMap,
  inCases,
  type Possible,
  withCondition,
} from '../cloudformation/possible';
import type { Resolver } from '../cloudformation/resolver';
import { effectiveProperties } from '../cloudformation/sam-globals';
import { addressOf, type Resource } from '../cloudformation/template';
import type { FunctionReferences } from './function-references';
import {
  type AliasedVersion,
  type ConfiguredMode,
  type EffectiveMode,
  effectiveMode,
  type FunctionAlias,
  type FunctionVersion,
  type HiddenChange,
  type LambdaFunction,
  type PinnedMode,
} from './lambda-function';
import { sameFunction } from './unchanged-function';
import {
  asReturnedByCloudFormation,
  identitiesOf,
  type Identity,
  publishesVersions,
  referencesParameter,
  unchangedCases,
} from './version-identity';
import { publishesOnModeChange, staleModesOf, statedMode } from './version-modes';

const WEIGHTS = ['RoutingConfig', 'AdditionalVersionWeights'];

/** A version with the values that a comparison with the baseline needs. */
interface ComparableVersion extends FunctionVersion {
  /** Computed when versions are compared: never without a baseline. */
  readonly identities: () => readonly Possible<Identity>[];
  /** The mode that the version itself states. */
  readonly stated?: EffectiveMode;
  /** The resolver of the templates of the version. */
  readonly resolver: Resolver;
}

/** Finds the versions and aliases of functions, and what a deployment over the baseline changes in them. */
export class FunctionVersions {
  /** The versions by the resource that publishes them: one for each function that it can refer to. */
  private readonly versions = new Map<Resource, ComparableVersion[]>();
  private readonly previousVersions: ReadonlyMap<string, FunctionVersion>;
  private readonly previousAliases: ReadonlyMap<string, FunctionAlias>;

  /** @param baseline the model of the previous templates */
  constructor(
    private readonly references: FunctionReferences,
    baseline: { readonly functions: readonly LambdaFunction[] } | undefined,
  ) {
    const functions = baseline?.functions ?? [];
    this.previousVersions = byKey(functions.flatMap(({ versions }) => versions));
    this.previousAliases = byKey(functions.flatMap(({ aliases }) => aliases));
  }

  /**
   * Returns the version of a function that a resource publishes.
   *
   * @param cases the conditions under which it does
   */
  public version(resource: Resource, fn: LambdaFunction, cases: readonly Assumptions[]): FunctionVersion {
    const { resolver } = this.references;
    const identities = () => inCases(cases, identitiesOf(resource, fn.resource, resolver));
    const publishes = publishesOnModeChange(resource, fn.resource, this.modeStrings(fn, cases), resolver);
    const stated = statedMode(resource, publishes);
    const previous = this.previousVersions.get(keyOf({ resource, function: fn })) as
      | ComparableVersion
      | undefined;
    const unchanged = previous ? unchangedCasesOf(previous, identities()) : [];
    const withoutChange = unchanged.length === 0 ? publishedWithoutChange(fn, cases, resolver) : undefined;
    const version: ComparableVersion = {
      resource,
      function: fn,
      publishesOnModeChange: publishes,
      isUnchanged: unchanged.length > 0,
      staleModes: previous ? staleModesOf(modesOf(previous), fn, unchanged) : [],
      modes: previous && unchanged.length > 0 ? previous.modes : lockedModes({ function: fn, stated }, cases),
      ...(withoutChange && { withoutChange }),
      when: cases,
      identities,
      stated,
      resolver,
    };
    this.versions.set(resource, [...(this.versions.get(resource) ?? []), version]);
    return version;
  }

  /** Returns the values of the property that sets a function's mode. */
  private modeStrings(fn: LambdaFunction, cases: readonly Assumptions[]) {
    const { resolver } = this.references;
    const { resource, modeProperty } = fn;
    const properties = effectiveProperties(resource);
    const values = resolver.stringsAt(properties, modeProperty.split('.'), resource.template);
    return inCases(cases, resolver.whereCreated(resource, values));
  }

  /**
   * Returns the alias of an alias resource. All versions must have been added before.
   *
   * @param cases the conditions under which it is created
   */
  public alias(resource: Resource, fn: LambdaFunction, cases: readonly Assumptions[]): FunctionAlias {
    const versions = publishesVersions(resource)
      ? cases.map((when) => ({ version: this.versionOf(resource, fn), isAdditional: false, when }))
      : this.aliasedVersions(resource, fn, cases);
    const previous = this.previousAliases.get(keyOf({ resource, function: fn }));
    return {
      resource,
      function: fn,
      versions,
      staleModes: previous ? pinnedModes(previous, { function: fn, versions }) : [],
      when: cases,
    };
  }

  private aliasedVersions(
    alias: Resource,
    fn: LambdaFunction,
    cases: readonly Assumptions[],
  ): AliasedVersion[] {
    const { resolver } = this.references;
    const { template, properties } = alias;
    const weights = flatMap(resolver.at(properties, WEIGHTS, template), (list) =>
      resolver.items(list, template),
    );
    const additional = weights.flatMap(({ value, when }) =>
      isObject(value) && Number(scalarText(value.FunctionWeight)) !== 0
        ? [{ value: value.FunctionVersion, when }]
        : [],
    );
    return [
      ...this.versionsIn(inCases(cases, certainly(properties.FunctionVersion)), alias, fn, false),
      ...this.versionsIn(inCases(cases, additional), alias, fn, true),
    ];
  }

  /** @param values values of `FunctionVersion` */
  private versionsIn(
    values: readonly Possible<unknown>[],
    { template }: Resource,
    fn: LambdaFunction,
    isAdditional: boolean,
  ): AliasedVersion[] {
    return values.flatMap(({ value, when: assumed }) =>
      withCondition(assumed, this.references.resolver.strings(value, template)).flatMap(
        ({ value: text, when }): AliasedVersion[] => {
          const version = text && this.referencedVersion(text, fn);
          if (version) return [{ version, isAdditional, when }];
          const number = referencesParameter(value, template) ? undefined : text && literal(text);
          return number !== undefined && /^\d+$/.test(number) ? [{ number, isAdditional, when }] : [];
        },
      ),
    );
  }

  private referencedVersion(text: PartialString, fn: LambdaFunction): FunctionVersion | undefined {
    const reference = soleReference(text);
    return reference && this.versionOf(reference.resource, fn);
  }

  private versionOf(resource: Resource, fn: LambdaFunction): FunctionVersion | undefined {
    return this.versions.get(resource)?.find((version) => version.function === fn);
  }
}

/** Returns the version numbers that an alias is pinned to, each in the cases in which it is. */
export function pinnedVersions({
  versions,
}: Pick<FunctionAlias, 'versions'>): ReadonlyMap<string, readonly Assumptions[]> {
  const pinned = new Map<string, Assumptions[]>();
  for (const { number, isAdditional, when } of versions) {
    if (number === undefined || isAdditional) continue;
    pinned.set(number, [...(pinned.get(number) ?? []), when]);
  }
  return pinned;
}

/** Returns the modes that an alias keeps because it is pinned to the same version number as in the baseline. */
function pinnedModes(
  previous: FunctionAlias,
  { function: fn, versions }: Pick<FunctionAlias, 'function' | 'versions'>,
): PinnedMode[] {
  const pinnedBefore = pinnedVersions(previous);
  const pinned = new Map<string, PinnedMode>();
  for (const [number, cases] of pinnedVersions({ versions })) {
    const unchanged = combineCases(pinnedBefore.get(number) ?? [], cases);
    const inEachCase = unchanged.map((when) => ({ value: {}, when }));
    for (const stale of staleModesOf(previous.function.modes, fn, inEachCase)) {
      const key = JSON.stringify(stale);
      pinned.set(key, { ...stale, numbers: [...(pinned.get(key)?.numbers ?? []), number] });
    }
  }
  return [...pinned.values()];
}

/** Returns the cases in which a version stays as it is in the baseline. */
function unchangedCasesOf(
  { identities, resource }: ComparableVersion,
  current: readonly Possible<Identity>[],
): Possible<HiddenChange>[] {
  return resource.template.source.isInAscii
    ? unchangedCases(identities().map(asReturnedByCloudFormation), current.map(asReturnedByCloudFormation))
    : unchangedCases(identities(), current);
}

/**
 * Returns the hidden change without which a new version fails: its function has a version in the baseline, and neither its
 * code nor its configuration changes. An unset mode is PassThrough.
 */
function publishedWithoutChange(
  fn: LambdaFunction,
  cases: readonly Assumptions[],
  resolver: Resolver,
): HiddenChange | undefined {
  const { previous } = fn;
  const [version, ...others] = (previous?.versions ?? []) as readonly ComparableVersion[];
  if (!previous || !version) return undefined;
  const published = combineCases(
    [version, ...others].flatMap(({ when }) => when),
    cases,
  );
  const inSameMode = inCases(published, sameModes(previous, fn));
  if (inSameMode.length === 0) return undefined;
  const same = sameFunction(
    { resource: previous.resource, resolver: version.resolver },
    { resource: fn.resource, resolver },
  );
  const hidden = flatMap(inSameMode, (mode) =>
    same.map(({ value, when }) => ({ value: { ...value, ...mode }, when })),
  );
  const possible = hidden.filter(({ when }) => resolver.isPossible(when)).map(({ value }) => value);
  return (
    possible.find(({ unless }) => unless === undefined) ??
    possible.find(({ unless }) => unless !== 'mode') ??
    possible[0]
  );
}

/** Returns the cases in which a function has the mode of the baseline, or can have it. */
function sameModes(previous: LambdaFunction, fn: LambdaFunction): Possible<HiddenChange>[] {
  return flatMap(previous.modes, (before) =>
    fn.modes.flatMap(({ value: after, when }): Possible<HiddenChange>[] => {
      const [old, now] = [effectiveMode(before), effectiveMode(after)];
      if (old === undefined || now === undefined) return [{ value: { unless: 'mode' }, when }];
      return old === now ? [{ value: {}, when }] : [];
    }),
  );
}

type ModeOrigin = Pick<ComparableVersion, 'stated' | 'function'>;

/** Returns the modes that a version can have: the one that it states, or those of its function. */
function modesOf({ stated, function: fn }: ModeOrigin): Possible<ConfiguredMode>[] {
  return stated ? certainly<ConfiguredMode>(stated) : [...fn.modes];
}

function lockedModes({ stated, function: fn }: ModeOrigin, cases: readonly Assumptions[]): EffectiveMode[] {
  if (stated) return [stated];
  return [...new Set(cases.flatMap(fn.modesWhen).flatMap((mode) => effectiveMode(mode) ?? []))];
}

type VersionOrAlias = Pick<FunctionVersion, 'resource' | 'function'>;

function byKey<T extends VersionOrAlias>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [keyOf(item), item]));
}

/** Returns a key that is the same in the baseline. */
function keyOf({ resource, function: fn }: VersionOrAlias): string {
  return `${addressOf(resource)} ${addressOf(fn.resource)}`;
}
