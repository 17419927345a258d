import { Aspects, type IAspect, Stage } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

interface AddedAspect {
  readonly aspect: IAspect;
  readonly priority: number;
}

/** What was added to each scope, in that order. */
const ADDED = new WeakMap<IConstruct, AddedAspect[]>();

const REACHES_STAGES = Symbol.for('cdk-lambda-xray.reachesStages');

/** Adds an aspect to a scope that holds for the stages in it too, whenever they are made and synthesized. */
export function addAspectAcrossStages(scope: IConstruct, aspect: IAspect, priority: number): void {
  Aspects.of(scope).add(aspect, { priority });
  ADDED.set(scope, [...(ADDED.get(scope) ?? []), { aspect, priority }]);
  reachStages();
}

/**
 * Has every stage take over what was added to a scope around it, before it is synthesized. CDK's aspects stop at a
 * stage, since a stage is synthesized before what is around it: with the app, by a pipeline that it is added to, or
 * by a test.
 */
function reachStages(): void {
  const { prototype } = Stage as unknown as { prototype: Stage & { [REACHES_STAGES]?: boolean } };
  if (prototype[REACHES_STAGES]) return;
  prototype[REACHES_STAGES] = true;
  const synth: Stage['synth'] = Reflect.get(prototype, 'synth');
  prototype.synth = function (this: Stage, options) {
    const around = this.node.scopes.filter((scope) => scope !== this);
    const here = Aspects.of(this);
    for (const { aspect, priority } of around.flatMap((scope) => ADDED.get(scope) ?? [])) {
      if (!here.all.includes(aspect)) here.add(aspect, { priority });
    }
    return synth.call(this, options);
  };
}
