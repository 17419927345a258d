import { AspectPriority, Aspects, type IAspect, Stage } from 'aws-cdk-lib';
import { Tracing } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { FunctionLinks } from './function-links';
import { FunctionResource } from './function-resource';
import type { LambdaTracingScopeOptions } from './lambda-tracing-options';
import { TracingApplication } from './tracing-application';

/**
 * X-Ray tracing for all functions of a scope. Made by `LambdaTracing.of(scope)`.
 */
export class LambdaTracingScope {
  /** @internal */
  public static _of(scope: IConstruct): LambdaTracingScope {
    return new LambdaTracingScope(scope);
  }

  private constructor(private readonly scope: IConstruct) {}

  /**
   * Turns active tracing on for the functions of the scope. One that only Amazon MSK, self-managed Apache Kafka,
   * Amazon MQ or Amazon DocumentDB feed becomes PassThrough instead, with a note.
   *
   * The synthesis fails when the scope has no function.
   *
   * @param options which functions, and how
   * @throws if an option has a value that doesn't exist
   */
  public active(options: LambdaTracingScopeOptions = {}): void {
    this.apply(Tracing.ACTIVE, options);
  }

  /**
   * Writes the mode PassThrough out for the functions of the scope: Lambda hands the tracing header on, and
   * records nothing.
   *
   * The synthesis fails when the scope has no function.
   *
   * @param options which functions, and how
   * @throws if an option has a value that doesn't exist
   */
  public passThrough(options: LambdaTracingScopeOptions = {}): void {
    this.apply(Tracing.PASS_THROUGH, options);
  }

  private apply(tracing: Tracing, options: LambdaTracingScopeOptions): void {
    const { scope } = this;
    const caller = `LambdaTracing.of(${scope.node.path ? `'${scope.node.path}'` : 'app'})`;
    const aspect = new TracingAspect(new TracingApplication({ ...options, tracing }, caller));
    const priority = options.priority ?? AspectPriority.MUTATING;

    Aspects.of(scope).add(aspect, { priority });
    reachStages(scope, (stage) => Aspects.of(stage).add(aspect, { priority }));
    scope.node.addValidation({
      validate: () =>
        aspect.hasMetFunctions
          ? []
          : [`${caller}: there is no Lambda function in this scope. Call it on the construct that has them.`],
    });
  }
}

class TracingAspect implements IAspect {
  public hasMetFunctions = false;
  private readonly links = new WeakMap<Stage, FunctionLinks>();

  constructor(private readonly application: TracingApplication) {}

  public visit(construct: IConstruct): void {
    const target = FunctionResource.of(construct);
    if (!target) return;
    this.hasMetFunctions = true;
    this.application.apply(target, this.linksFor(construct));
  }

  /** What feeds the functions is looked up once for each stage: stages are synthesized one after the other. */
  private linksFor(construct: IConstruct): FunctionLinks {
    const stage = Stage.of(construct);
    const known = stage && this.links.get(stage);
    if (known) return known;
    const links = FunctionLinks.of(construct.node.root);
    if (stage) this.links.set(stage, links);
    return links;
  }
}

/**
 * Does something to every stage in a scope, those included that are added before synthesis. CDK's aspects stop at
 * a stage, since a stage is synthesized before what is around it.
 */
function reachStages(scope: IConstruct, reach: (stage: Stage) => void): void {
  const reached = new Set<IConstruct>([scope]);
  const reachNew = () => {
    for (const construct of scope.node.findAll()) {
      if (!Stage.isStage(construct) || reached.has(construct)) continue;
      reached.add(construct);
      reach(construct);
    }
  };
  reachNew();

  const around = Stage.isStage(scope) ? scope : Stage.of(scope);
  if (!around) return;
  const synth = around.synth.bind(around);
  around.synth = (options) => {
    reachNew();
    return synth(options);
  };
}
