import { isObject, scalarText } from '../cloudformation/json';
import { literal, soleReference, type PartialString } from '../cloudformation/partial-string';
import {
  ALWAYS,
  type Assumptions,
  certainly,
  flatMap,
  inCases,
  type Possible,
  and,
  withCondition,
} from '../cloudformation/possible';
import { effectiveProperties } from '../cloudformation/sam-globals';
import { addressOf, type Resource } from '../cloudformation/template';
import type { FunctionReferences } from './function-references';
import type {
  AliasedVersion,
  FunctionAlias,
  FunctionVersion,
  StaleMode,
  LambdaFunction,
} from './lambda-function';
import { type ConfiguredMode, type EffectiveMode, effectiveMode } from './tracing-mode';
import {
  identitiesOf,
  type Identity,
  mentionsParameter,
  publishesVersions,
  modeInDescription,
  publishesOnModeChange,
} from './version-identity';

const WEIGHTS = ['RoutingConfig', 'AdditionalVersionWeights'];

interface Published extends FunctionVersion {
  /** Worked out where it is compared: without a baseline, never. */
  readonly identities: () => readonly Possible<Identity>[];
  /** What its own words say that it locks. */
  readonly stated?: EffectiveMode;
}

/** The versions and aliases of functions, and what a deployment over the baseline makes of them. */
export class FunctionVersions {
  /** By what publishes them: one for each function that it can be of. */
  private readonly versions = new Map<Resource, Published[]>();
  private readonly before: ReadonlyMap<string, FunctionVersion>;
  private readonly aliasesBefore: ReadonlyMap<string, FunctionAlias>;

  constructor(
    private readonly references: FunctionReferences,
    baseline: { readonly functions: readonly LambdaFunction[] } | undefined,
  ) {
    const functions = baseline?.functions ?? [];
    this.before = new Map(
      functions.flatMap(({ versions }) => versions.map((version) => [addressOfVersion(version), version])),
    );
    this.aliasesBefore = new Map(
      functions.flatMap(({ aliases }) => aliases.map((alias) => [addressOfVersion(alias), alias])),
    );
  }

  /**
   * The version that a resource publishes of a function.
   *
   * @param cases when it does
   */
  public version(resource: Resource, fn: LambdaFunction, cases: readonly Assumptions[]): FunctionVersion {
    const { resolver } = this.references;
    const properties = effectiveProperties(fn.resource);
    const texts = resolver.stringsAt(properties, fn.modeProperty.split('.'), fn.resource.template);
    const modes = inCases(cases, resolver.whereCreated(fn.resource, texts));
    const identities = () => inCases(cases, identitiesOf(resource, fn.resource, resolver));
    const isTied = publishesOnModeChange(resource, fn.resource, modes, resolver);
    const stated = modeInDescription(resource, isTied);
    const before = this.before.get(addressOfVersion({ resource, function: fn })) as Published | undefined;
    const same = before ? this.sameAs(before, identities()) : [];
    const version: Published = {
      resource,
      function: fn,
      publishesOnModeChange: isTied,
      isUnchanged: same.length > 0,
      staleModes: before ? keptModes(modesOf(before), fn, same) : [],
      modes: before && same.length > 0 ? before.modes : lockedModes(),
      identities,
      stated,
    };
    this.versions.set(resource, [...(this.versions.get(resource) ?? []), version]);
    return version;

    function lockedModes(): readonly EffectiveMode[] {
      const known = modesOf({ function: fn, stated }).flatMap(({ value }) => effectiveMode(value) ?? []);
      return [...new Set(known)];
    }
  }

  /** The cases in which a version is as it was. */
  private sameAs(
    { identities, resource }: Published,
    now: readonly Possible<Identity>[],
  ): Possible<Unless>[] {
    return resource.template.source.isInAscii
      ? sameIn(identities().map(inAscii), now.map(inAscii))
      : sameIn(identities(), now);
  }

  /** The alias that a resource is, once the versions are known. */
  public alias(resource: Resource, fn: LambdaFunction): FunctionAlias {
    const { resolver } = this.references;
    const { template, properties } = resource;
    const weights = flatMap(resolver.at(properties, WEIGHTS, template), (found) =>
      resolver.items(found, template),
    );
    const versions = publishesVersions(resource)
      ? [{ version: this.versionOf(resource, fn), isAdditional: false, when: ALWAYS }]
      : [
          ...this.aliased(certainly(properties.FunctionVersion), resource, fn, false),
          ...this.aliased(
            weights.flatMap(({ value, when }) =>
              isObject(value) && scalarText(value.FunctionWeight) !== '0'
                ? [{ value: value.FunctionVersion, when }]
                : [],
            ),
            resource,
            fn,
            true,
          ),
        ];
    const before = this.aliasesBefore.get(addressOfVersion({ resource, function: fn }));
    const number = pinnedVersion({ versions });
    const stays = before && number !== undefined && pinnedVersion(before) === number;
    return {
      resource,
      function: fn,
      versions,
      staleModes: stays ? keptModes(before.function.modes, fn, certainly({})) : [],
    };
  }

  private aliased(
    values: readonly Possible<unknown>[],
    { template }: Resource,
    fn: LambdaFunction,
    isAdditional: boolean,
  ): AliasedVersion[] {
    return values.flatMap(({ value, when }) =>
      withCondition(when, this.references.resolver.strings(value, template)).flatMap(
        (text): AliasedVersion[] => {
          const version = text.value && this.versionMeant(text.value, fn);
          const number = mentionsParameter(value, template) ? undefined : text.value && literal(text.value);
          if (version) return [{ version, isAdditional, when: text.when }];
          return number !== undefined && /^\d+$/.test(number)
            ? [{ number, isAdditional, when: text.when }]
            : [];
        },
      ),
    );
  }

  private versionMeant(text: PartialString, fn: LambdaFunction): FunctionVersion | undefined {
    const reference = soleReference(text);
    return reference && this.versionOf(reference.resource, fn);
  }

  private versionOf(resource: Resource, fn: LambdaFunction): FunctionVersion | undefined {
    return this.versions.get(resource)?.find((version) => version.function === fn);
  }
}

/** The number of the one version that an alias is on, where that is written out. */
export function pinnedVersion({ versions }: Pick<FunctionAlias, 'versions'>): string | undefined {
  const [main, ...others] = versions.filter(({ isAdditional }) => !isAdditional);
  return others.length === 0 ? main?.number : undefined;
}

type Unless = Pick<StaleMode, 'unless'>;

/** The cases in which an identity is as it was, and what may make it another all the same. */
function sameIn(
  before: readonly Possible<Identity>[],
  after: readonly Possible<Identity>[],
): Possible<Unless>[] {
  return before.flatMap((old) =>
    after.flatMap((now): Possible<Unless>[] => {
      const when = and(old.when, now.when);
      if (!when || old.value.key !== now.value.key) return [];
      const isCodeKnown = old.value.code !== undefined && now.value.code !== undefined;
      if (isCodeKnown && old.value.code !== now.value.code) return [];
      if (!isCodeKnown) return [{ value: { unless: 'code' as const }, when }];
      return [
        { value: old.value.isGiven || now.value.isGiven ? { unless: 'parameter' as const } : {}, when },
      ];
    }),
  );
}

/** As CloudFormation hands it out, which is all that is known of what is deployed. */
function inAscii({ value: { key, code, isGiven }, when }: Possible<Identity>): Possible<Identity> {
  const shown = (text: string) => text.replace(/[\u{80}-\u{10ffff}]/gu, '?');
  return { value: { key: shown(key), code: code === undefined ? undefined : shown(code), isGiven }, when };
}

/** What a version has locked: what it says, or what its function has. */
function modesOf({
  stated,
  function: fn,
}: Pick<Published, 'stated' | 'function'>): Possible<ConfiguredMode>[] {
  return stated ? certainly<ConfiguredMode>(stated) : [...fn.modes];
}

/** The modes of before that stay, in the cases in which a version does. */
function keptModes(
  before: readonly Possible<ConfiguredMode>[],
  after: LambdaFunction,
  staying: readonly Possible<Unless>[],
): StaleMode[] {
  const isGiven = after.modes.length > 1 && mentionsParameter(modeOf(after), after.resource.template);
  const kept = new Map<string, StaleMode>();
  for (const { value: same, when } of staying) {
    for (const old of before) {
      for (const now of after.modes) {
        const both = and(old.when, now.when);
        const [mode, instead] = [effectiveMode(old.value), effectiveMode(now.value)];
        if (!both || !and(both, when) || !mode || !instead || mode === instead) continue;
        const unless = same.unless ?? (isGiven ? 'mode' : undefined);
        kept.set(`${mode} ${unless}`, { mode, functionMode: instead, ...(unless && { unless }) });
      }
    }
  }
  return [...kept.values()];
}

/** What sets the mode of a function, as it is written. */
function modeOf({ resource, modeProperty }: LambdaFunction): unknown {
  const [property] = modeProperty.split('.');
  return effectiveProperties(resource)[property];
}

function addressOfVersion({
  resource,
  function: fn,
}: Pick<FunctionVersion, 'resource' | 'function'>): string {
  return `${addressOf(resource)} ${addressOf(fn.resource)}`;
}

export function byAddress<T extends { readonly resource: Resource }>(items: readonly T[]): Map<string, T> {
  return new Map(items.map((item) => [addressOf(item.resource), item]));
}
