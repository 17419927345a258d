import { isObject, scalarText } from '../cloudformation/json';
import { literal, soleReference, type PartialString } from '../cloudformation/partial-string';
import {
  ALWAYS,
  type Assumptions,
  certainly,
  flatMap,
  inCases,
  type Possible,
  withCondition,
} from '../cloudformation/possible';
import { effectiveProperties } from '../cloudformation/sam-globals';
import { addressOf, type Resource } from '../cloudformation/template';
import type { FunctionReferences } from './function-references';
import type { AliasedVersion, FunctionAlias, FunctionVersion, LambdaFunction } from './lambda-function';
import { type ConfiguredMode, type EffectiveMode, effectiveMode } from './tracing-mode';
import {
  asReturnedByCloudFormation,
  type HiddenChange,
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
      ComparableVersion | undefined;
    const unchanged = previous ? unchangedCasesOf(previous, identities()) : [];
    const version: ComparableVersion = {
      resource,
      function: fn,
      publishesOnModeChange: publishes,
      isUnchanged: unchanged.length > 0,
      staleModes: previous ? staleModesOf(modesOf(previous), fn, unchanged) : [],
      modes: previous && unchanged.length > 0 ? previous.modes : lockedModes({ function: fn, stated }),
      identities,
      stated,
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

  /** Returns the alias of an alias resource. All versions must have been added before. */
  public alias(resource: Resource, fn: LambdaFunction): FunctionAlias {
    const versions = publishesVersions(resource)
      ? [{ version: this.versionOf(resource, fn), isAdditional: false, when: ALWAYS }]
      : this.aliasedVersions(resource, fn);
    const previous = this.previousAliases.get(keyOf({ resource, function: fn }));
    const number = pinnedVersion({ versions });
    const isUnchanged = previous && number !== undefined && pinnedVersion(previous) === number;
    return {
      resource,
      function: fn,
      versions,
      staleModes: isUnchanged ? staleModesOf(previous.function.modes, fn, certainly({})) : [],
    };
  }

  private aliasedVersions(alias: Resource, fn: LambdaFunction): AliasedVersion[] {
    const { resolver } = this.references;
    const { template, properties } = alias;
    const weights = flatMap(resolver.at(properties, WEIGHTS, template), (list) =>
      resolver.items(list, template),
    );
    const additional = weights.flatMap(({ value, when }) =>
      isObject(value) && scalarText(value.FunctionWeight) !== '0'
        ? [{ value: value.FunctionVersion, when }]
        : [],
    );
    return [
      ...this.versionsIn(certainly(properties.FunctionVersion), alias, fn, false),
      ...this.versionsIn(additional, alias, fn, true),
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

/** Returns the version number that an alias is pinned to; undefined if it can point to several versions. */
export function pinnedVersion({ versions }: Pick<FunctionAlias, 'versions'>): string | undefined {
  const [main, ...others] = versions.filter(({ isAdditional }) => !isAdditional);
  return others.length === 0 ? main?.number : undefined;
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

type ModeOrigin = Pick<ComparableVersion, 'stated' | 'function'>;

/** Returns the modes that a version can have: the one that it states, or those of its function. */
function modesOf({ stated, function: fn }: ModeOrigin): Possible<ConfiguredMode>[] {
  return stated ? certainly<ConfiguredMode>(stated) : [...fn.modes];
}

function lockedModes(version: ModeOrigin): EffectiveMode[] {
  return [...new Set(modesOf(version).flatMap(({ value }) => effectiveMode(value) ?? []))];
}

type VersionOrAlias = Pick<FunctionVersion, 'resource' | 'function'>;

function byKey<T extends VersionOrAlias>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [keyOf(item), item]));
}

/** Returns a key that is the same in the baseline. */
function keyOf({ resource, function: fn }: VersionOrAlias): string {
  return `${addressOf(resource)} ${addressOf(fn.resource)}`;
}
