import { AspectPriority, type IAspect, Mixin, Stack, Stage, Token } from 'aws-cdk-lib';
import { Tracing } from 'aws-cdk-lib/aws-lambda';
import { Construct, type IConstruct } from 'constructs';
import { addAcknowledgeableWarning } from './private/acknowledgements';
import { TracingApplier } from './private/apply-tracing';
import {
  addAspectAcrossStages,
  isSynthesized,
  perSynthesis,
  stageOf,
  stageSynthesis,
} from './private/aspects-across-stages';
import { CallerLinks, CallerTracing } from './private/caller-links';
import type { CallerResource } from './private/caller-resource';
import { FunctionResource } from './private/cfn-resources';
import { FunctionLinks } from './private/function-links';
import { resolvedValue } from './private/resolve-references';
import { validateCdkCopy, validateOptions } from './private/validate-props';
import { tieVersionsWhere } from './private/version-mode';
import type {
  LambdaTracingActiveOptions,
  LambdaTracingProps,
  LambdaTracingScopeOptions,
} from './tracing-props';

/**
 * X-Ray tracing for Lambda functions that already exist, no matter which construct creates them.
 *
 * Use the mixin for the functions that exist now:
 *
 * ```ts
 * Mixins.of(fn).apply(new LambdaTracing());
 * Mixins.of(stack).apply(new LambdaTracing({ tracing: Tracing.PASS_THROUGH }));
 * ```
 *
 * Use `of()` for a scope, including everything that is added to it later:
 *
 * ```ts
 * LambdaTracing.of(app).active({ excludePaths: ['Orders/Legacy*'] });
 * ```
 *
 * The mixin and `of()` support `lambda.Function` and its subclasses, `SingletonFunction`, the functions of CDK's own custom
 * resources, `CfnFunction`, `AWS::Serverless::Function` and functions from `CfnInclude`. Lambda@Edge functions are
 * skipped, because X-Ray can't trace them. A mode that is already set is kept unless `overwrite` is set. A function
 * with an event source without tracing support, or with a role that can't write to X-Ray, does not become Active. With
 * `callers`, the APIs, state machines and topics of a scope that call its functions are traced too.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
 */
export class LambdaTracing extends Mixin {
  /**
   * Returns the tracing of all functions in a construct, stack, stage or app, including those added before synthesis and
   * those that CDK creates during synthesis. With `skipValidation`, the latter are not traced.
   *
   * @param scope the scope that contains the functions
   * @throws if the scope is not a construct
   */
  public static of(scope: IConstruct): LambdaTracingScope {
    return LambdaTracingScope._of(scope);
  }

  private readonly applier: TracingApplier;

  /**
   * @param props the tracing mode and options
   * @throws if `tracing` is not `Tracing.ACTIVE` or `Tracing.PASS_THROUGH`, or if an option is invalid or misspelled
   */
  constructor(props: LambdaTracingProps = {}) {
    super();
    validateOptions(props, 'LambdaTracing');
    this.applier = new TracingApplier(props, 'LambdaTracing');
  }

  /**
   * Returns true if a construct is a Lambda function or the resource of one.
   *
   * @param construct the construct to look at
   */
  public supports(construct: IConstruct): boolean {
    return FunctionResource.of(construct) !== undefined;
  }

  /**
   * Sets the tracing mode of a function, and allows the role of an Active function to write to X-Ray. Other constructs
   * are not changed. The event sources and versions that the function has now count.
   *
   * @param construct the construct to apply tracing to
   */
  public applyTo(construct: IConstruct): void {
    const target = FunctionResource.of(construct);
    if (!target) return;
    validateCdkCopy(construct, `LambdaTracing for '${construct.node.path}'`);
    const links = FunctionLinks.of(construct);
    this.applier.apply(target, links);
    this.applier.tie(target, links);
  }
}

/**
 * X-Ray tracing for all Lambda functions of a scope. Use `LambdaTracing.of(scope)` to get an instance.
 */
export class LambdaTracingScope {
  /** @internal */
  public static _of(scope: IConstruct): LambdaTracingScope {
    if (Construct.isConstruct(scope)) return new LambdaTracingScope(scope);
    throw new Error(
      'LambdaTracing.of: the scope must be a construct, such as an app, a stack or a function.',
    );
  }

  private constructor(private readonly scope: IConstruct) {}

  /**
   * Turns on active tracing for the functions of the scope, and allows their roles to write to X-Ray.
   *
   * These functions must not be Active. They keep their mode, which is PassThrough by default:
   *
   * - A function with an event source that X-Ray does not support (Amazon MSK, self-managed Apache Kafka, Amazon MQ or
   *   Amazon DocumentDB), with a note, or a warning if something else invokes it too. If it is Active and `overwrite` is
   *   set, it becomes PassThrough.
   * - A function whose role can't be changed and is not known to allow writing to X-Ray, or whose role is prevented from
   *   it by a policy or its permissions boundary, with a warning.
   * - A Lambda@Edge function.
   *
   * With nested scopes, the scope closest to a function decides. With several calls on one scope, the last call
   * decides. A scope other than an app or a stage gets a warning if it contains no Lambda function.
   *
   * @param options the functions to exclude, their permissions, and the tracing of their callers
   * @throws if an option is invalid, or if all stacks of the scope are already synthesized
   */
  public active(options: LambdaTracingActiveOptions = {}): void {
    this.apply(Tracing.ACTIVE, options);
  }

  /**
   * Sets the tracing mode PassThrough for the functions of the scope. Lambda then propagates the trace header and
   * records no segments. Roles get no permissions unless `tracingPermissions` is set.
   *
   * A published function without a mode does not change if the mode would publish a version, and has a note. It is
   * PassThrough by default, so Lambda would not publish a version, and the deployment would fail.
   *
   * With nested scopes, the scope closest to a function decides. With several calls on one scope, the last call
   * decides. A scope other than an app or a stage gets a warning if it contains no Lambda function.
   *
   * @param options the functions to exclude and their permissions
   * @throws if an option is invalid, or if all stacks of the scope are already synthesized
   */
  public passThrough(options: LambdaTracingScopeOptions = {}): void {
    this.apply(Tracing.PASS_THROUGH, options);
  }

  private apply(tracing: Tracing, options: LambdaTracingActiveOptions): void {
    const { scope } = this;
    const source = `LambdaTracing.of(${scope.node.path ? `'${scope.node.path}'` : 'app'})`;
    validateOptions(options, source);
    validateCdkCopy(scope, source);
    const aspect = new TracingAspect(
      scope,
      source,
      new TracingApplier({ ...options, tracing }, source, true),
      tracing === Tracing.ACTIVE && options.callers ? new CallerTracing(options, source) : undefined,
    );
    const priority = validatePriority(options.priority, source);
    reportSynthesizedStages(scope, source);

    addAspectAcrossStages(scope, aspect, priority);
    ASPECTS.set(scope, [...(ASPECTS.get(scope) ?? []), aspect]);
    if (options.tieVersions) {
      tieVersionsWhere(scope, (target, links) => aspect.decidesOn(target, links));
    }
    scope.node.addValidation({
      validate: () => {
        aspect.visitLateFunctions(scope);
        aspect.recheck(stageOf(scope));
        // Warnings on an app or stage would not be shown. They can be created without functions, too.
        if (aspect.hasVisitedFunction || Stage.isStage(scope)) return [];
        const message = `${source}: this scope contains no Lambda function. Call it on a construct that contains the functions.`;
        addAcknowledgeableWarning(scope, NO_FUNCTION, message);
        return [];
      },
    });
  }
}

/** The ID of the warning on a scope without functions. */
const NO_FUNCTION = 'cdk-lambda-xray:noFunction';

/** The ID of the warning that an exclusion matches nothing. */
const UNMATCHED_EXCLUSION = 'cdk-lambda-xray:unmatchedExclusion';

/** The calls on each scope, in order. */
const ASPECTS = new WeakMap<IConstruct, TracingAspect[]>();

/** The links of a stage during a synthesis. */
interface Links {
  readonly stage: IConstruct;
  readonly synthesis: number;
  readonly functions: FunctionLinks;
  callers?: CallerLinks;
}

class TracingAspect implements IAspect {
  public hasVisitedFunction = false;
  private links?: Links;
  private readonly visited = perSynthesis(() => new Set<IConstruct>());
  private readonly stages = new WeakSet<IConstruct>();

  constructor(
    private readonly scope: IConstruct,
    private readonly source: string,
    public readonly applier: TracingApplier,
    public readonly callerTracing?: CallerTracing,
  ) {}

  public visit(construct: IConstruct): void {
    if (Stage.isStage(construct)) this.completeStage(construct);
    const target = FunctionResource.of(construct);
    if (!target) return;
    if (!this.hasVisitedFunction) this.validateExclusions(construct);
    this.hasVisitedFunction = true;
    this.visited().add(construct);
    const links = this.linksFor(construct);
    if (!this.isDecisive(construct, target, links.functions)) return;
    this.applier.apply(target, links.functions);
    this.traceCallers(construct, target, links);
  }

  /**
   * Visits the functions that CDK creates after the aspects, when it resolves references: those of cross-region exports,
   * and the one that converts lists to JSON. Validations run after that, and before templates are written.
   */
  public visitLateFunctions(scope: IConstruct): void {
    const late = constructsOfStage(scope).filter(
      (construct) => FunctionResource.of(construct) && !this.visited().has(construct),
    );
    if (late.length === 0) return;
    // Without a reader, the links of the stage are read again.
    const functions = FunctionLinks.of(late[0]);
    this.links = { stage: stageOf(late[0]), synthesis: stageSynthesis(), functions };
    for (const construct of late) this.visit(construct);
  }

  /** Reverts tracing that later aspects made useless, such as permissions boundaries. */
  public recheck(stage: IConstruct): void {
    this.applier.recheck(stage);
    this.callerTracing?.recheck(stage);
  }

  /** Visits the late functions of a stage in the scope. Stages are validated separately. */
  private completeStage(stage: Stage): void {
    if (stage === this.scope || this.stages.has(stage)) return;
    this.stages.add(stage);
    stage.node.addValidation({
      validate: () => {
        this.visitLateFunctions(stage);
        this.recheck(stage);
        return [];
      },
    });
  }

  /**
   * Adds a warning for each exclusion that matches nothing, when all constructs exist.
   *
   * @param construct the first function of the scope. Warnings on an app or stage would not be shown, so its stack gets
   * them.
   */
  private validateExclusions(construct: IConstruct): void {
    const reported = Stage.isStage(this.scope) ? Stack.of(construct) : this.scope;
    reported.node.addValidation({
      validate: () => {
        const constructs = [...this.scope.node.scopes, ...this.scope.node.findAll()];
        for (const unmatched of this.applier.unmatchedExclusions(constructs)) {
          addAcknowledgeableWarning(reported, UNMATCHED_EXCLUSION, `${this.source}: ${unmatched}`);
        }
        return [];
      },
    });
  }

  /** Returns true if the scope contains a function or a singleton of it, and this call decides on its mode. */
  public decidesOn(target: FunctionResource, links: FunctionLinks): boolean {
    if (!this.applier.covers(target, links)) return false;
    return [target.cfn, ...links.singletonsOf(target)].some(
      (construct) => construct.node.scopes.includes(this.scope) && this.isDecisive(construct, target, links),
    );
  }

  /** Returns true for the last call on the closest scope, among the calls that cover the function. */
  private isDecisive(construct: IConstruct, target: FunctionResource, links: FunctionLinks): boolean {
    const covering = construct.node.scopes
      .flatMap((scope) => ASPECTS.get(scope) ?? [])
      .filter((aspect) => aspect === this || aspect.applier.covers(target, links));
    // The function of a singleton can be outside of the scope that contains the singleton.
    return covering.length === 0 || covering.at(-1) === this || !construct.node.scopes.includes(this.scope);
  }

  /**
   * Turns on tracing for the callers of a function that is now Active. The decisive call of the function does this
   * also for the scopes around it that set `callers`, because only this call knows the final mode.
   */
  private traceCallers(construct: IConstruct, target: FunctionResource, links: Links): void {
    const isActive = resolvedValue(target.mode, target.cfn) === Tracing.ACTIVE;
    if (!isActive || !this.applier.covers(target, links.functions)) return;
    const scopes = scopesTracingCallers(construct, target, links.functions);
    if (scopes.length === 0) return;
    links.callers ??= new CallerLinks(target.cfn, links.functions);
    for (const caller of links.callers.callersOf(target)) {
      const isInScope = scopes.some((scope) => caller.cfn.node.scopes.includes(scope));
      // Each stage is synthesized separately.
      if (!isInScope || Stage.of(caller.cfn) !== Stage.of(target.cfn)) continue;
      decisiveAspect(caller)?.callerTracing?.apply(caller, links.callers);
    }
  }

  /** Returns links that are read once for each synthesis of a stage. */
  private linksFor(construct: IConstruct): Links {
    const functions = FunctionLinks.of(construct, this);
    const [stage, synthesis] = [stageOf(construct), stageSynthesis()];
    if (this.links?.stage !== stage || this.links.synthesis !== synthesis) {
      this.links = { stage, synthesis, functions };
    }
    return this.links;
  }
}

/** Returns a scope and the constructs in it, without those of other stages. */
function constructsOfStage(scope: IConstruct): IConstruct[] {
  const children = scope.node.children.filter((child) => !Stage.isStage(child));
  return [scope, ...children.flatMap(constructsOfStage)];
}

/** Returns the scopes around a function whose last call that covers it sets `callers`. */
function scopesTracingCallers(
  construct: IConstruct,
  target: FunctionResource,
  links: FunctionLinks,
): IConstruct[] {
  return construct.node.scopes.filter((scope) => {
    const covering = ASPECTS.get(scope)?.filter(({ applier }) => applier.covers(target, links));
    return covering?.at(-1)?.callerTracing !== undefined;
  });
}

/** Returns the last call on the closest scope, among the calls that don't exclude a caller. */
function decisiveAspect({ cfn }: CallerResource): TracingAspect | undefined {
  return cfn.node.scopes
    .flatMap((scope) => ASPECTS.get(scope) ?? [])
    .filter(({ applier }) => !applier.excludes(cfn))
    .at(-1);
}

function validatePriority(priority: number | undefined, source: string): number {
  if (priority === undefined) return AspectPriority.MUTATING;
  if (Number.isInteger(priority) && priority >= 0 && !Token.isUnresolved(priority)) return priority;
  throw new Error(`${source}: priority must be an integer of 0 or more, but is ${String(priority)}.`);
}

/** The ID of the warning that a stage is already synthesized. */
const STAGE_NOT_TRACED = 'cdk-lambda-xray:stageNotTraced';

/**
 * Adds a warning to a stack for each stage that is already synthesized.
 *
 * @throws if no stack can have the warning, because all of them are synthesized
 */
function reportSynthesizedStages(scope: IConstruct, source: string): void {
  const stack = scope.node
    .findAll()
    .find((construct) => Stack.isStack(construct) && !isInSynthesizedStage(construct));
  for (const { node } of stagesIn(scope).filter(isSynthesized)) {
    const message =
      `${source}: the stage '${node.path}' is already synthesized, so the tracing of its functions does not change. CDK ` +
      'Pipelines synthesizes a stage when it is added. Call LambdaTracing before that.';
    if (!stack) throw new Error(message);
    addAcknowledgeableWarning(stack, STAGE_NOT_TRACED, message);
  }
}

function isInSynthesizedStage({ node }: IConstruct): boolean {
  return node.scopes.some((scope) => Stage.isStage(scope) && isSynthesized(scope));
}

function stagesIn(scope: IConstruct): Stage[] {
  return scope.node
    .findAll()
    .filter((construct) => Stage.isStage(construct))
    .filter((stage) => stage !== scope);
}
