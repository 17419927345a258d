import { type Stack, Stage } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import type { Tracing } from 'aws-cdk-lib/aws-lambda';
import { type CheckedFinding, checkModel } from '../checker/check';
import { expandLanguageExtensions } from '../cloudformation/language-extensions';
import { nameOf } from '../cloudformation/template';
import { validateMode } from '../constructs/private/validate-props';
import type { ConfiguredMode, LambdaFunction } from '../lambda/lambda-function';
import { buildTracingModel } from '../model/build-model';
import type { TracingModel } from '../model/tracing-model';
import { isWithin, checkApp, synthesizeApp } from '../nag/check-app';
import { postureOf } from '../report/formats/posture';
import { alwaysHasMode } from '../rules/wording';
import { printable } from '../text/printable';

/**
 * Options of `TracingAssertions.allFunctionsTraced`.
 */
export interface AllFunctionsTracedOptions {
  /**
   * The functions that need not be Active, as logical IDs or as construct paths from the app or the stack.
   *
   * @default - all functions must be Active
   */
  readonly exclude?: string[];
}

/**
 * Assertions about the X-Ray tracing of Lambda functions, for unit tests.
 *
 * ```ts
 * const tracing = TracingAssertions.fromStack(stack);
 * tracing.hasMode('Orders/Intake', Tracing.ACTIVE);
 * tracing.allFunctionsTraced({ exclude: ['KafkaConsumer'] });
 * tracing.hasNoFindings();
 * expect(tracing.posture()).toMatchSnapshot();
 * ```
 */
export class TracingAssertions {
  /**
   * Creates assertions for a stack and its nested stacks. The whole app of the stack is synthesized, unless it is already
   * synthesized, because findings can depend on other stacks.
   *
   * @param stack the stack to make assertions about
   * @throws if the stack is not in an app, or if synthesis fails
   */
  public static fromStack(stack: Stack): TracingAssertions {
    return new TracingAssertions(subjectIn(stack));
  }

  /**
   * Creates assertions for all stacks of an app. The app is synthesized, unless it is already synthesized.
   *
   * @param app the app to make assertions about, or one of its stages
   * @throws if synthesis fails
   */
  public static fromApp(app: Stage): TracingAssertions {
    return new TracingAssertions(subjectIn(app));
  }

  /**
   * Creates assertions for a template, such as the content of a SAM template in `Template.fromJSON`.
   *
   * Functions have their logical IDs as names, unless the template contains construct paths. Other stacks and the
   * acknowledgements of an app are not known: for an app, use `fromStack` or `fromApp`.
   *
   * @param template the template to make assertions about
   */
  public static fromTemplate(template: Template): TracingAssertions {
    const source = expandLanguageExtensions(template.toJSON()).template;
    const model = buildTracingModel([{ id: 'the template', template: source }]);
    const { functions } = model;
    return new TracingAssertions({
      name: 'the template',
      model,
      functions,
      findings: checkModel(model)
        .filter(({ acknowledged }) => !acknowledged)
        .map((finding) => ({ finding, at: finding.resource.constructPath ?? finding.logicalId })),
    });
  }

  private constructor(private readonly subject: Subject) {}

  /**
   * Asserts that the template sets the tracing mode of a function to a value. A function without an explicit mode fails
   * the assertion, even for the default mode PassThrough.
   *
   * @param logicalIdOrPath the function's logical ID, or its construct path from the app or the stack
   * @param tracing `Tracing.ACTIVE` or `Tracing.PASS_THROUGH`
   * @throws if the function has another mode, if it is not found, or if `tracing` is invalid
   */
  public hasMode(logicalIdOrPath: string, tracing: Tracing): void {
    const expected = validateMode(tracing, 'TracingAssertions.hasMode');
    const found = this.find(logicalIdOrPath);
    if (!alwaysHasMode(found, expected)) {
      throw failure(
        `Expected the function '${nameOf(found.resource)}' to be ${expected}, but its tracing mode is ${describe(found)}.`,
      );
    }
  }

  /**
   * Asserts that every function is Active.
   *
   * @param options the functions to skip
   * @throws if another function is not Active, or if `exclude` contains a name that is not found
   */
  public allFunctionsTraced(options: AllFunctionsTracedOptions = {}): void {
    const excluded = new Set((options.exclude ?? []).map((name) => this.find(name)));
    const untraced = this.subject.functions.filter((fn) => !excluded.has(fn) && !alwaysHasMode(fn, 'Active'));
    if (untraced.length > 0) {
      throw failure(
        `Expected all functions of ${this.subject.name} to be Active, but these are not:`,
        ...untraced.map((fn) => `  ${nameOf(fn.resource)}: ${describe(fn)}`),
        `Turn on tracing with LambdaTracing.of(stack).active(), or list them in 'exclude'.`,
      );
    }
  }

  /**
   * Asserts that `LambdaXRayChecks` reports no errors and no warnings. Acknowledged findings and findings
   * with the severity `info` are ignored.
   *
   * @throws if an error or a warning is reported
   */
  public hasNoFindings(): void {
    const failures = this.subject.findings.filter(({ finding }) => finding.severity !== 'info');
    if (failures.length > 0) {
      const list = failures.map(
        ({ finding, at }) =>
          `  ${finding.rule.id} at ${at} (${finding.property}): ${finding.message} ${finding.fix}`,
      );
      throw failure(`Expected no findings in ${this.subject.name}, but found:`, ...list);
    }
  }

  /**
   * Returns the tracing of each function for a snapshot: its mode and the property that sets it, its permissions, event
   * sources, versions, aliases and callers, and the gaps in its traces. The result does not depend on code, hashes or the
   * order of resources, so a snapshot of it changes only if the tracing changes. Properties without content are left out.
   *
   * `cdk-lambda-xray check --format posture` writes the same object as JSON; its schema is docs/posture.schema.json.
   *
   * ```ts
   * expect(TracingAssertions.fromApp(app).posture()).toMatchSnapshot();
   * ```
   *
   * @returns the functions by construct path, or by logical ID in templates without construct paths
   */
  // A map of `any`, as from CDK's `Template.toJSON`: jsii then makes plain maps in other languages.
  // oxlint-disable-next-line typescript/no-explicit-any
  public posture(): { [name: string]: any } {
    const functions = new Set(this.subject.functions.map(({ resource }) => resource));
    return postureOf(this.subject.model, (resource) => functions.has(resource));
  }

  private find(logicalIdOrPath: string): LambdaFunction {
    const { name, scopePath = '', functions } = this.subject;
    const paths = [logicalIdOrPath, `${scopePath}/${logicalIdOrPath}`];
    const found = functions.filter(
      ({ resource }) =>
        resource.logicalId === logicalIdOrPath ||
        paths.includes(nameOf(resource)) ||
        paths.includes(resource.constructPath ?? ''),
    );
    if (found.length === 1) return found[0];
    const known = functions.map(({ resource }) => `  ${nameOf(resource)} (${resource.logicalId})`);
    const problem =
      `${found.length === 0 ? 'No function' : 'More than one function'} of ${name} is named ` +
      `'${logicalIdOrPath}'.`;
    if (known.length === 0) throw failure(`${problem} There are no functions.`);
    throw failure(`${problem} The functions are:`, ...known);
  }
}

/** The functions that assertions are about. */
interface Subject {
  /** The name for messages. */
  readonly name: string;
  /** The path that function names can be relative to. @default - none */
  readonly scopePath?: string;
  readonly model: TracingModel;
  readonly functions: readonly LambdaFunction[];
  /** The findings that are not acknowledged, each with the path of its construct. */
  readonly findings: readonly { readonly finding: CheckedFinding; readonly at: string }[];
}

/** Returns the functions and findings of a scope, after the synthesis of its app. */
function subjectIn(scope: Stack | Stage): Subject {
  const { templates, model, findings } = checkApp(synthesizeApp(scope));
  const contains = (stack: Stack) =>
    isWithin(stack, scope) && (Stage.isStage(scope) || Stage.of(stack) === Stage.of(scope));
  return {
    name: scope.node.path === '' ? 'the app' : `'${scope.node.path}'`,
    scopePath: scope.node.path,
    model,
    functions: model.functions.filter(({ resource }) => contains(templates.stackOf(resource))),
    findings: findings
      .filter(({ construct }) => isWithin(construct, scope))
      .map(({ finding, construct }) => ({ finding, at: construct.node.path })),
  };
}

/** Creates an error. Control characters in names are escaped, because the error is printed to a terminal. */
function failure(...lines: readonly string[]): Error {
  return new Error(lines.map(printable).join('\n'));
}

function describe({ modes }: LambdaFunction): string {
  return [...new Set(modes.map(({ value }) => modeText(value)))].join(' or ');
}

function modeText(mode: ConfiguredMode): string {
  if (typeof mode === 'object') return `'${mode.invalid}', which is not a Lambda tracing mode`;
  if (mode === 'unset') return 'not set, which makes it PassThrough';
  return mode === 'unknown' ? 'known only at deployment' : mode;
}
