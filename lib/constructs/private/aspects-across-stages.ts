import { Aspects, type IAspect, Stage } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

interface AddedAspect {
  readonly aspect: IAspect;
  readonly priority: number;
}

/** The aspects of each scope, in the order in which they were added. */
const ADDED = new WeakMap<IConstruct, AddedAspect[]>();

const REACHES_STAGES = Symbol.for('cdk-lambda-xray.reachesStages');

/** Adds an aspect to a scope and to all stages in it, including stages that are created later. */
export function addAspectAcrossStages(scope: IConstruct, aspect: IAspect, priority: number): void {
  Aspects.of(scope).add(aspect, { priority });
  ADDED.set(scope, [...(ADDED.get(scope) ?? []), { aspect, priority }]);
  reachStages();
}

/**
 * Makes every stage inherit the aspects of its parents before it is synthesized.
 *
 * CDK's aspects stop at a stage, because a stage is synthesized before its parent: with the app, by a pipeline that it
 * is added to, or by a test.
 */
function reachStages(): void {
  const { prototype } = Stage as unknown as { prototype: Stage & { [REACHES_STAGES]?: boolean } };
  if (prototype[REACHES_STAGES]) return;
  prototype[REACHES_STAGES] = true;
  const synth: Stage['synth'] = Reflect.get(prototype, 'synth');
  prototype.synth = function (this: Stage, options) {
    const parents = this.node.scopes.filter((scope) => scope !== this);
    const aspects = Aspects.of(this);
    for (const { aspect, priority } of parents.flatMap((scope) => ADDED.get(scope) ?? [])) {
      if (!aspects.all.includes(aspect)) aspects.add(aspect, { priority });
    }
    return synth.call(this, options);
  };
}
