import { type Stack, Stage } from 'aws-cdk-lib';
import type { Tracing } from 'aws-cdk-lib/aws-lambda';
import { nameOf } from '../cloudformation/template';
import { validateMode } from '../constructs/private/validate-props';
import type { LambdaFunction } from '../lambda/lambda-function';
import type { ConfiguredMode } from '../lambda/tracing-mode';
import { isWithin, checkApp, type CheckedApp, synthesizeApp } from '../nag/check-app';
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
  readonly except?: string[];
}

/**
 * Assertions about the X-Ray tracing of a stack's Lambda functions, for unit tests.
 *
 * ```ts
 * const tracing = TracingAssertions.fromStack(stack);
 * tracing.hasMode('Orders/Intake', Tracing.ACTIVE);
 * tracing.allFunctionsTraced({ except: ['KafkaConsumer'] });
 * tracing.hasNoFindings();
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
    return new TracingAssertions(stack, checkApp(synthesizeApp(stack)));
  }

  private readonly functions: readonly LambdaFunction[];

  private constructor(
    private readonly stack: Stack,
    private readonly app: CheckedApp,
  ) {
    this.functions = app.model.functions.filter(({ resource }) =>
      this.contains(app.templates.stackOf(resource)),
    );
  }

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
   * Asserts that every function of the stack is Active.
   *
   * @param options the functions to skip
   * @throws if another function is not Active, or if `except` contains a name that is not found
   */
  public allFunctionsTraced(options: AllFunctionsTracedOptions = {}): void {
    const excepted = new Set((options.except ?? []).map((name) => this.find(name)));
    const untraced = this.functions.filter((fn) => !excepted.has(fn) && !alwaysHasMode(fn, 'Active'));
    if (untraced.length > 0) {
      throw failure(
        `Expected all functions of '${this.stack.node.path}' to be Active, but these are not:`,
        ...untraced.map((fn) => `  ${nameOf(fn.resource)}: ${describe(fn)}`),
        `Turn on tracing with LambdaTracing.of(stack).active(), or list them in 'except'.`,
      );
    }
  }

  /**
   * Asserts that `LambdaXRayChecks` reports no errors and no warnings in the stack. Acknowledged findings and findings
   * with the severity `info` are ignored.
   *
   * @throws if an error or a warning is reported
   */
  public hasNoFindings(): void {
    const failures = this.app.findings.filter(
      ({ finding, construct }) => finding.severity !== 'info' && isWithin(construct, this.stack),
    );
    if (failures.length > 0) {
      const list = failures.map(
        ({ finding, construct }) =>
          `  ${finding.rule.id} at ${construct.node.path} (${finding.property}): ${finding.message} ${finding.fix}`,
      );
      throw failure(`Expected no findings in '${this.stack.node.path}', but found:`, ...list);
    }
  }

  private find(logicalIdOrPath: string): LambdaFunction {
    const paths = [logicalIdOrPath, `${this.stack.node.path}/${logicalIdOrPath}`];
    const found = this.functions.filter(
      ({ resource }) =>
        resource.logicalId === logicalIdOrPath ||
        paths.includes(nameOf(resource)) ||
        paths.includes(resource.constructPath ?? ''),
    );
    if (found.length === 1) return found[0];
    const known = this.functions.map(({ resource }) => `  ${nameOf(resource)} (${resource.logicalId})`);
    const problem =
      `${found.length === 0 ? 'No function' : 'More than one function'} of '${this.stack.node.path}' is named ` +
      `'${logicalIdOrPath}'.`;
    if (known.length === 0) throw failure(`${problem} The stack has no functions.`);
    throw failure(`${problem} The functions are:`, ...known);
  }

  private contains(stack: Stack): boolean {
    return isWithin(stack, this.stack) && Stage.of(stack) === Stage.of(this.stack);
  }
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
