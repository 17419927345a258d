import { type Stack, Stage } from 'aws-cdk-lib';
import type { Tracing } from 'aws-cdk-lib/aws-lambda';
import { nameOf } from '../cloudformation/template';
import { checkedMode } from '../constructs/private/validate-props';
import type { LambdaFunction, TracingMode } from '../lambda/lambda-function';
import { isWithin, checkApp, type CheckedApp, synthesized } from '../nag/check-app';
import { alwaysHasMode } from '../rules/wording';
import { printable } from '../text/printable';

/**
 * Options of `TracingAssertions.allFunctionsTraced`.
 */
export interface AllFunctionsTracedOptions {
  /**
   * The functions that need not be Active: logical IDs or construct paths, from the app's root or from the stack.
   *
   * @default - none
   */
  readonly except?: string[];
}

/**
 * Assertions on the tracing of a stack's Lambda functions, for unit tests.
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
   * The assertions for a stack and the stacks nested in it, in the light of the whole app.
   *
   * @param stack the stack; its app is synthesized, unless it is already
   * @throws if the app can't be synthesized
   */
  public static fromStack(stack: Stack): TracingAssertions {
    return new TracingAssertions(stack, checkApp(synthesized(stack)));
  }

  private readonly functions: readonly LambdaFunction[];

  private constructor(
    private readonly stack: Stack,
    private readonly judged: CheckedApp,
  ) {
    this.functions = judged.model.functions.filter(({ resource }) =>
      this.isMine(judged.templates.stackOf(resource)),
    );
  }

  /**
   * Asserts that the template sets the tracing mode of a function, and to what. A mode that is left to the
   * default is none.
   *
   * @param logicalIdOrPath the function's logical ID, or its construct path from the app's root or from the stack
   * @param tracing `Tracing.ACTIVE` or `Tracing.PASS_THROUGH`
   * @throws if the function has another mode, or if there is no such function
   */
  public hasMode(logicalIdOrPath: string, tracing: Tracing): void {
    const expected = checkedMode(tracing, 'TracingAssertions.hasMode');
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
   * @param options which functions need not be
   * @throws if another one isn't Active, or if an exception is no function of the stack
   */
  public allFunctionsTraced(options: AllFunctionsTracedOptions = {}): void {
    const excepted = new Set((options.except ?? []).map((name) => this.find(name)));
    const untraced = this.functions.filter((fn) => !excepted.has(fn) && !alwaysHasMode(fn, 'Active'));
    if (untraced.length > 0) {
      throw failure(
        `Expected all functions of '${this.stack.node.path}' to be Active, but the tracing mode is otherwise of:`,
        ...untraced.map((fn) => `  ${nameOf(fn.resource)}: ${describe(fn)}`),
        `Turn tracing on with LambdaTracing.of(stack).active(), or name them in 'except'.`,
      );
    }
  }

  /**
   * Asserts that no rule of `LambdaXRayChecks` finds an error or a warning in the stack that isn't acknowledged.
   * What is merely for information is let pass.
   *
   * @throws if one does
   */
  public hasNoFindings(): void {
    const open = this.judged.findings.filter(
      ({ finding, construct }) => finding.severity !== 'info' && isWithin(construct, this.stack),
    );
    if (open.length > 0) {
      const list = open.map(
        ({ finding, construct }) =>
          `  ${finding.rule.id} at ${construct.node.path} (${finding.property}): ${finding.message} ${finding.fix}`,
      );
      throw failure(`Expected no findings in '${this.stack.node.path}', but there are:`, ...list);
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
    throw failure(
      `${found.length === 0 ? 'No function' : 'More than one function'} of '${this.stack.node.path}' is called ` +
        `'${logicalIdOrPath}'. It has:`,
      ...(known.length > 0 ? known : ['  none']),
    );
  }

  private isMine(stack: Stack): boolean {
    return isWithin(stack, this.stack) && Stage.of(stack) === Stage.of(this.stack);
  }
}

/** Names in it keep to their line, and do nothing to the terminal in which the tests run. */
function failure(...lines: readonly string[]): Error {
  return new Error(lines.map(printable).join('\n'));
}

function describe({ modes }: LambdaFunction): string {
  return [...new Set(modes.map(({ value }) => inWords(value)))].join(' or ');
}

function inWords(mode: TracingMode): string {
  if (typeof mode === 'object') return `'${mode.invalid}', which Lambda doesn't know`;
  if (mode === 'unset') return 'not set, which makes it PassThrough';
  return mode === 'unknown' ? 'known only at deployment' : mode;
}
