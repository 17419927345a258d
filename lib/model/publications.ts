import type { FunctionReferences } from './function-references';
import { isObject, scalarText } from './json';
import { certainly, chain, type Possible, together } from './possible';
import { type Identity, identitiesOf, publishesItself, statedMode, tieOf } from './publishing';
import { effectiveProperties } from './sam-globals';
import type { Resource } from './template';
import { literal, soleReference, type Text } from './text';
import type {
  AliasedVersion,
  FunctionAlias,
  FunctionVersion,
  KeptMode,
  LambdaFunction,
  LockedMode,
  TracingMode,
  TracingModel,
} from './tracing-model';

const WEIGHTS = ['RoutingConfig', 'AdditionalVersionWeights'];

interface Published extends FunctionVersion {
  readonly identities: readonly Possible<Identity>[];
}

/** The versions and aliases of functions, and what a deployment over the baseline makes of them. */
export class Publications {
  private readonly versions = new Map<Resource, Published>();
  private readonly before: ReadonlyMap<string, FunctionVersion>;
  private readonly aliasesBefore: ReadonlyMap<string, FunctionAlias>;

  constructor(
    private readonly references: FunctionReferences,
    baseline: TracingModel | undefined,
  ) {
    const functions = baseline?.functions ?? [];
    this.before = byPlace(functions.flatMap(({ versions }) => versions));
    this.aliasesBefore = byPlace(functions.flatMap(({ aliases }) => aliases));
  }

  /** The version that a resource publishes of a function. */
  public version(resource: Resource, fn: LambdaFunction): FunctionVersion {
    const { resolver } = this.references;
    const properties = effectiveProperties(fn.resource);
    const modes = resolver.textsAt(properties, fn.modeProperty.split('.'), fn.resource.template);
    const identities = identitiesOf(resource, fn.resource, resolver);
    const before = this.before.get(placeOf(resource)) as Published | undefined;
    const same = before ? sameIn(before.identities, identities) : [];
    const stated = statedMode(resource);
    const version: Published = {
      resource,
      function: fn,
      isTied: tieOf(resource, fn.resource, resolver.whereCreated(fn.resource, modes), resolver),
      isKept: same.length > 0,
      keptModes: before ? keptModes(before.function, fn, same) : [],
      lockedModes: lockedModes(),
      identities,
    };
    this.versions.set(resource, version);
    return version;

    function lockedModes(): readonly LockedMode[] {
      if (before && same.length > 0) return before.lockedModes;
      if (before === undefined && stated) return [stated];
      return [...new Set(fn.modes.flatMap(({ value }) => inForce(value) ?? []))];
    }
  }

  /** The alias that a resource is, once the versions are known. */
  public alias(resource: Resource, fn: LambdaFunction): FunctionAlias {
    const { template, properties } = resource;
    const versions = publishesItself(resource)
      ? [{ version: this.versions.get(resource), isAdditional: false }]
      : [
          ...this.aliased(properties.FunctionVersion, resource, false),
          ...chain(this.references.resolver.at(properties, WEIGHTS, template), (weights) =>
            this.references.resolver.items(weights, template),
          )
            .filter(({ value }) => isObject(value) && scalarText(value.FunctionWeight) !== '0')
            .flatMap(({ value }) =>
              this.aliased(isObject(value) ? value.FunctionVersion : undefined, resource, true),
            ),
        ];
    const before = this.aliasesBefore.get(placeOf(resource));
    const isPinned = (alias: FunctionAlias | undefined, { number }: AliasedVersion) =>
      alias?.versions.some((other) => !other.isAdditional && other.number === number);
    const stays = versions.some(
      (one) => !one.isAdditional && one.number !== undefined && isPinned(before, one),
    );
    return {
      resource,
      function: fn,
      versions,
      keptModes: before && stays ? keptModes(before.function, fn, certainly({ sameCode: true })) : [],
    };
  }

  private aliased(value: unknown, { template }: Resource, isAdditional: boolean): AliasedVersion[] {
    return this.references.resolver.texts(value, template).flatMap(({ value: text }) => {
      const found = text && this.aliasedBy(text);
      return found ? [{ ...found, isAdditional }] : [];
    });
  }

  private aliasedBy(text: Text): Omit<AliasedVersion, 'isAdditional'> | undefined {
    const reference = soleReference(text);
    const version = reference && this.versions.get(reference.resource);
    if (version) return { version };
    const number = literal(text);
    return number !== undefined && /^\d+$/.test(number) ? { number } : undefined;
  }
}

interface Same {
  readonly sameCode: boolean;
}

/** The cases in which an identity is as it was. */
function sameIn(
  before: readonly Possible<Identity>[],
  after: readonly Possible<Identity>[],
): Possible<Same>[] {
  return before.flatMap((old) =>
    after.flatMap((now) => {
      const when = together(old.when, now.when);
      const { code } = now.value;
      if (!when || old.value.key !== now.value.key) return [];
      const sameCode = old.value.code !== undefined && old.value.code === code;
      const isOther = old.value.code !== undefined && code !== undefined && !sameCode;
      return isOther ? [] : [{ value: { sameCode }, when }];
    }),
  );
}

/** The modes of before that stay, in the cases in which a version does. */
function keptModes(
  before: LambdaFunction,
  after: LambdaFunction,
  staying: readonly Possible<Same>[],
): KeptMode[] {
  const kept = new Map<string, KeptMode>();
  for (const { value: same, when } of staying) {
    for (const old of before.modes) {
      for (const now of after.modes) {
        const both = together(old.when, now.when);
        const [mode, instead] = [inForce(old.value), inForce(now.value)];
        if (!both || !together(both, when) || !mode || !instead || mode === instead) continue;
        const unlessCodeChanges = !same.sameCode;
        kept.set(`${mode} ${unlessCodeChanges}`, { mode, instead, unlessCodeChanges });
      }
    }
  }
  return [...kept.values()];
}

function inForce(mode: TracingMode): LockedMode | undefined {
  if (mode === 'unset') return 'PassThrough';
  return mode === 'Active' || mode === 'PassThrough' ? mode : undefined;
}

/** The same for a resource and for what it was in the baseline. */
export function placeOf({ template, logicalId }: Resource): string {
  return `${template.id}#${logicalId}`;
}

export function byPlace<T extends { readonly resource: Resource }>(items: readonly T[]): Map<string, T> {
  return new Map(items.map((item) => [placeOf(item.resource), item]));
}
