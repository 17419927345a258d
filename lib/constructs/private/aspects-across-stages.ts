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

/** The number of syntheses of all stages. */
let stageSyntheses = 0;

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
    stageSyntheses += 1;
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

/** Returns a number that is different for each synthesis of a stage, with its parent or alone. */
export function stageSynthesis(): number {
  followSyntheses();
  return stageSyntheses;
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

/** Returns the stage or app that a construct is synthesized with. */
export function stageOf(construct: IConstruct): IConstruct {
  return Stage.of(construct) ?? construct.node.root;
}

/** Reads the private field in which CDK caches the assembly of a synthesized stage. */
export function isSynthesized(stage: IConstruct): boolean {
  return (stage as unknown as { assembly?: unknown }).assembly !== undefined;
}

/** The constructs of an app that are synthesized together: those of each stage, and those outside of stages. */
export class AppStages {
  private readonly byStage = new Map<IConstruct, readonly IConstruct[]>();
  private lastSynthesis?: number;
  private readonly readBy = new WeakMap<object, { readonly stage: IConstruct; readonly synthesis: number }>();

  /** @param root the root of the construct tree: the app */
  constructor(private readonly root: IConstruct) {}

  /** Returns the constructs by stage. The root stands for the constructs outside of stages. */
  public get constructs(): ReadonlyMap<IConstruct, readonly IConstruct[]> {
    return this.byStage;
  }

  /**
   * Reads the construct tree again. CDK synthesizes stages one after the other, and a synthesized stage does not change.
   * The other stages are read once for each synthesis.
   *
   * @param current the stage that is about to be changed. It is always returned, because properties can have changed.
   * @param reader the object that needs the constructs, once for each synthesis of a stage
   * @returns the current stage, and others whose constructs have changed
   */
  public update(current: IConstruct, reader: object | undefined): IConstruct[] {
    const synthesis = stageSynthesis();
    const last = reader && this.readBy.get(reader);
    if (last?.stage === current && last.synthesis === synthesis) return [];
    if (reader) this.readBy.set(reader, { stage: current, synthesis });

    // A forced synthesis can follow changes to stages that are already synthesized.
    const isForced = isSynthesized(current);
    const isRead = reader !== undefined && this.lastSynthesis === synthesis;
    if (reader) this.lastSynthesis = synthesis;
    const found = this.read(isRead ? current : this.root, (stage) => {
      if (stage === current || !this.byStage.has(stage)) return false;
      return isRead || (!isForced && isSynthesized(stage));
    });
    for (const stage of isRead ? [] : this.byStage.keys()) {
      if (!found.has(stage) && !isSynthesized(stage)) this.byStage.delete(stage);
    }
    const changed = [...found].filter(
      ([stage, constructs]) => stage === current || !isSameList(constructs, this.byStage.get(stage)),
    );
    for (const [stage, constructs] of changed) this.byStage.set(stage, constructs);
    return changed.map(([stage]) => stage);
  }

  /**
   * @param from the root, or a stage
   * @param isSkipped returns true for a stage that is left out, with the stages in it
   */
  private read(
    from: IConstruct,
    isSkipped: (stage: Stage) => boolean,
  ): ReadonlyMap<IConstruct, readonly IConstruct[]> {
    const found = new Map<IConstruct, IConstruct[]>();
    const collect = (construct: IConstruct, constructs: IConstruct[]): void => {
      constructs.push(construct);
      for (const child of construct.node.children) {
        if (!Stage.isStage(child)) collect(child, constructs);
        else if (!isSkipped(child)) collectStage(child);
      }
    };
    const collectStage = (stage: IConstruct): void => {
      const constructs: IConstruct[] = [];
      found.set(stage, constructs);
      collect(stage, constructs);
    };
    collectStage(from);
    return found;
  }
}

function isSameList(a: readonly unknown[], b: readonly unknown[] | undefined): boolean {
  return a.length === b?.length && a.every((item, i) => item === b[i]);
}
