import { AspectPriority, type IAspect, Stage, Token } from 'aws-cdk-lib';
import { Tracing } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import type { LambdaTracingActiveOptions, LambdaTracingScopeOptions } from './lambda-tracing-options';
import { TracingApplier } from './private/apply-tracing';
import { addAspectAcrossStages } from './private/aspects-across-stages';
import { CallerLinks } from './private/caller-links';
import type { CallerResource } from './private/caller-resource';
import { CallerTracing } from './private/caller-tracing';
import { FunctionLinks } from './private/function-links';
import { FunctionResource } from './private/function-resource';
import { resolvedValue } from './private/resolve-references';
import { tieVersionsWhere } from './private/version-mode';

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
   * Where scopes are within each other, the closest to a function decides, and of several calls on one scope the
   * last. The synthesis fails when the scope has no function.
   *
   * @param options which functions, and how; and whether what calls them is traced too
   * @throws if an option has a value that doesn't exist
   */
  public active(options: LambdaTracingActiveOptions = {}): void {
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

  private apply(tracing: Tracing, options: LambdaTracingActiveOptions): void {
    const { scope } = this;
    const caller = `LambdaTracing.of(${scope.node.path ? `'${scope.node.path}'` : 'app'})`;
    const aspect = new TracingAspect(
      scope,
      new TracingApplier({ ...options, tracing }, caller),
      tracing === Tracing.ACTIVE && options.callers ? new CallerTracing(options, caller) : undefined,
    );
    const priority = checkedPriority(options.priority, caller);
    const late = stagesIn(scope).find(isSynthesized);
    if (late) {
      throw new Error(
        `${caller}: the stage '${late.node.path}' is synthesized already, as CDK Pipelines does when a stage is ` +
          'added. Call LambdaTracing before that.',
      );
    }

    addAspectAcrossStages(scope, aspect, priority);
    ASPECTS.set(scope, [...(ASPECTS.get(scope) ?? []), aspect]);
    if (options.tieVersions) {
      tieVersionsWhere(scope, (target, links) => aspect.decidesAbout(target, links));
    }
    scope.node.addValidation({
      validate: () =>
        aspect.hasMetFunctions
          ? []
          : [`${caller}: there is no Lambda function in this scope. Call it on the construct that has them.`],
    });
  }
}

/** What was called on each scope, in that order. */
const ASPECTS = new WeakMap<IConstruct, TracingAspect[]>();

interface Links {
  readonly functions: FunctionLinks;
  callers?: CallerLinks;
}

class TracingAspect implements IAspect {
  public hasMetFunctions = false;
  private readonly links = new WeakMap<IConstruct, Links>();

  constructor(
    private readonly scope: IConstruct,
    public readonly application: TracingApplier,
    public readonly callerTracing?: CallerTracing,
  ) {}

  public visit(construct: IConstruct): void {
    const target = FunctionResource.of(construct);
    if (!target) return;
    this.hasMetFunctions = true;
    const links = this.linksFor(construct);
    if (!this.decides(construct, target, links.functions)) return;
    this.application.apply(target, links.functions);
    this.traceCallers(construct, target, links);
  }

  /** Whether a function of the app is in the scope, by itself or by a singleton, and this call decides about it. */
  public decidesAbout(target: FunctionResource, links: FunctionLinks): boolean {
    if (!this.application.covers(target, links)) return false;
    return [target.cfn, ...links.singletonsOf(target)].some(
      (construct) => construct.node.scopes.includes(this.scope) && this.decides(construct, target, links),
    );
  }

  /** Of all that cover a function, the one on the closest scope decides, and of those the last one. */
  private decides(construct: IConstruct, target: FunctionResource, links: FunctionLinks): boolean {
    const covering = construct.node.scopes
      .flatMap((scope) => ASPECTS.get(scope) ?? [])
      .filter((aspect) => aspect === this || aspect.application.covers(target, links));
    // A singleton's function isn't in the scope that the singleton is in.
    return covering.length === 0 || covering.at(-1) === this || !construct.node.scopes.includes(this.scope);
  }

  /**
   * Turns tracing on for what calls a function that is Active in the end, whoever made it so: here, since the mode is
   * set by the call that decides about the function, and not by those around it that ask for its callers.
   */
  private traceCallers(construct: IConstruct, target: FunctionResource, links: Links): void {
    const isActive = resolvedValue(target.mode, target.cfn) === Tracing.ACTIVE;
    if (!isActive || !this.application.covers(target, links.functions)) return;
    const scopes = scopesAskingForCallers(construct, target, links.functions);
    if (scopes.length === 0) return;
    links.callers ??= new CallerLinks(target.cfn.node.root, links.functions);
    for (const caller of links.callers.callersOf(target)) {
      const isInScope = scopes.some((scope) => caller.cfn.node.scopes.includes(scope));
      // Another stage is synthesized already, or will be by itself.
      if (!isInScope || Stage.of(caller.cfn) !== Stage.of(target.cfn)) continue;
      decidingAbout(caller)?.callerTracing?.apply(caller, links.callers);
    }
  }

  /** What is linked is looked up once for each stage: stages are synthesized one after the other. */
  private linksFor(construct: IConstruct): Links {
    const stage = Stage.of(construct) ?? construct.node.root;
    const links = this.links.get(stage) ?? { functions: new FunctionLinks(construct.node.root) };
    this.links.set(stage, links);
    return links;
  }
}

/** The scopes around a function whose last call that covers it asks for callers. */
function scopesAskingForCallers(
  construct: IConstruct,
  target: FunctionResource,
  links: FunctionLinks,
): IConstruct[] {
  return construct.node.scopes.filter((scope) => {
    const covering = ASPECTS.get(scope)?.filter(({ application }) => application.covers(target, links));
    return covering?.at(-1)?.callerTracing !== undefined;
  });
}

/** As for functions: of all that don't exclude a caller, the one on the closest scope, and of those the last. */
function decidingAbout({ cfn }: CallerResource): TracingAspect | undefined {
  return cfn.node.scopes
    .flatMap((scope) => ASPECTS.get(scope) ?? [])
    .filter(({ application }) => !application.excludes(cfn))
    .at(-1);
}

function checkedPriority(priority: number | undefined, where: string): number {
  if (priority === undefined) return AspectPriority.MUTATING;
  if (Number.isInteger(priority) && priority >= 0 && !Token.isUnresolved(priority)) return priority;
  throw new Error(`${where}: priority must be a whole number from 0, but is ${String(priority)}.`);
}

function stagesIn(scope: IConstruct): Stage[] {
  return scope.node
    .findAll()
    .filter((construct) => Stage.isStage(construct))
    .filter((stage) => stage !== scope);
}

/** CDK keeps the assembly of a stage that has been synthesized in this field. */
function isSynthesized(stage: Stage): boolean {
  return (stage as unknown as { assembly?: unknown }).assembly !== undefined;
}
