import { Aspects, type IAspect, type Stack, Stage } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

interface AddedAspect {
  readonly aspect: IAspect;
  readonly priority: number;
}

/** The aspects of each scope, in the order in which they were added. */
const ADDED = new WeakMap<IConstruct, AddedAspect[]>();

/** Adds an aspect to a scope and to all stages in it, including stages that are created later. */
export function addAspectAcrossStages(scope: IConstruct, aspect: IAspect, priority: number): void {
  Aspects.of(scope).add(aspect, { priority });
  ADDED.set(scope, [...(ADDED.get(scope) ?? []), { aspect, priority }]);
  followSyntheses();
}

/** Artifacts by ID. Each synthesis of a stage creates the artifacts of its stacks again. */
type Artifacts = Readonly<Record<string, unknown>>;

/** The stages whose synthesis is in progress, with their artifacts of the previous one. */
const IN_PROGRESS = new Map<Stage, Artifacts>();

/** The number of syntheses. Stages that are synthesized with their parent do not count. */
let syntheses = 0;

let isFollowing = false;

/**
 * Follows the syntheses of all stages, and makes every stage inherit the aspects of its parents before it is
 * synthesized.
 *
 * CDK's aspects stop at a stage, because a stage is synthesized before its parent: with the app, by a pipeline that it
 * is added to, or by a test.
 */
function followSyntheses(): void {
  if (isFollowing) return;
  isFollowing = true;
  const { prototype } = Stage as unknown as { prototype: Stage };
  const synth: Stage['synth'] = Reflect.get(prototype, 'synth');
  prototype.synth = function (this: Stage, options) {
    inheritAspects(this);
    if (IN_PROGRESS.size === 0) syntheses += 1;
    IN_PROGRESS.set(this, { ...artifactsOf(this) });
    try {
      return synth.call(this, options);
    } finally {
      IN_PROGRESS.delete(this);
    }
  };
}

function inheritAspects(stage: Stage): void {
  const parents = stage.node.scopes.filter((scope) => scope !== stage);
  const aspects = Aspects.of(stage);
  for (const { aspect, priority } of parents.flatMap((scope) => ADDED.get(scope) ?? [])) {
    if (!aspects.all.includes(aspect)) aspects.add(aspect, { priority });
  }
}

/** Returns a number that is different for each synthesis. */
export function currentSynthesis(): number {
  followSyntheses();
  return syntheses;
}

/** Returns a function that returns a value, such as a cache, which is created again for each synthesis. */
export function perSynthesis<T>(create: () => T): () => T {
  followSyntheses();
  let latest: { readonly synthesis: number; readonly value: T } | undefined;
  return () => {
    if (latest?.synthesis !== syntheses) latest = { synthesis: syntheses, value: create() };
    return latest.value;
  };
}

/** Returns true if a synthesis is in progress. */
export function isSynthesisInProgress(): boolean {
  return IN_PROGRESS.size > 0;
}

/** Returns true if the latest synthesis has written the template of a stack, also if the synthesis is in progress. */
export function hasTemplate(stack: Stack): boolean {
  if (stack.nestedStackParent) return hasTemplate(stack.nestedStackParent);
  const stage = Stage.of(stack);
  const artifact = stage && artifactsOf(stage)[stack.artifactId];
  return artifact !== undefined && artifact !== IN_PROGRESS.get(stage!)?.[stack.artifactId];
}

/** Reads the private field in which CDK collects the artifacts of a cloud assembly. */
function artifactsOf(stage: Stage): Artifacts {
  const { _assemblyBuilder: builder } = stage as unknown as { _assemblyBuilder?: { artifacts?: Artifacts } };
  return builder?.artifacts ?? {};
}
