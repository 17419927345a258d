import { type CfnResource, Lazy, Reference, Stage, Token, Tokenization } from 'aws-cdk-lib';
import { Tracing } from 'aws-cdk-lib/aws-lambda';
import { isIntrinsic, isObject } from '../../cloudformation/json';
import { modeStatement } from '../../lambda/lambda-function';
import { cfnProperty, type FunctionResource, memberOf, setCfnProperty } from './cfn-resources';
import { instrumentationStatement } from './instrument-function';
import { resolvedValue, textOf } from './resolve-references';

/** The maximum length of a description: "AWS::Lambda::Version" (CloudFormation Template Reference). */
const MAX_DESCRIPTION_LENGTH = 256;

/** The descriptions that already contain the mode, by resource. */
const DESCRIPTIONS_WITH_MODE = new WeakMap<CfnResource, unknown>();

/** Returns true if a function has Lambda's default mode now. SAM leaves the mode out for `Disabled`. */
export function hasDefaultMode(target: FunctionResource): boolean {
  return isDefault(resolvedValue(target.mode, target.cfn), target);
}

function isDefault(renderedMode: unknown, { isServerless }: FunctionResource): boolean {
  return isUnset(renderedMode) || (isServerless && renderedMode === 'Disabled');
}

/** Returns true for a rendered value that leaves a property out of the template. */
export function isUnset(value: unknown): boolean {
  return value === undefined || value === null || (isObject(value) && value.Ref === 'AWS::NoValue');
}

/**
 * Returns the reason why the mode of a function can't be appended to a description, and a way out; undefined if it can.
 *
 * @param resource the resource with the description
 * @param property the CloudFormation property of the description
 * @param target the function
 */
export function obstacleInDescription(
  resource: CfnResource,
  property: string,
  target: FunctionResource,
): string | undefined {
  if (containsMode(resource, property)) return undefined;
  const text = descriptionOf(resource, property);
  return describe(text, target, resource, (value) => resolvedValue(value, target.cfn)).obstacle;
}

function containsMode(resource: CfnResource, property: string): boolean {
  const current = cfnProperty(resource, property);
  return current !== undefined && current === DESCRIPTIONS_WITH_MODE.get(resource);
}

function descriptionOf(resource: CfnResource, property: string): string {
  const current = cfnProperty(resource, property);
  return current === undefined || current === null ? '' : Token.asString(current);
}

/**
 * Appends the tracing mode that a function has at the end of synthesis to a description. The default mode is not
 * appended: to Lambda, an explicit PassThrough is the same, and a new description alone can't be published. Nothing may
 * be an obstacle to it.
 *
 * @param resource the resource with the description
 * @param property the CloudFormation property of the description
 * @param target the function
 */
export function addModeToDescription(
  resource: CfnResource,
  property: string,
  target: FunctionResource,
): void {
  if (containsMode(resource, property)) return;
  const text = descriptionOf(resource, property);
  const description = Lazy.uncachedString({
    produce: (context) => {
      const render = (value: unknown): unknown => context.resolve(value);
      if (isDefault(render(target.mode), target)) return text || undefined;
      return describe(text, target, resource, render).description;
    },
  });
  setCfnProperty(resource, property, description);
  DESCRIPTIONS_WITH_MODE.set(resource, description);
}

interface Description {
  readonly description: string;
  readonly obstacle?: string;
}

/** @param render renders a value of the function's resource */
function describe(
  text: string,
  target: FunctionResource,
  resource: CfnResource,
  render: (value: unknown) => unknown,
): Description {
  const mode = modeText(target, resource, render);
  if (mode === undefined) {
    return {
      description: text,
      obstacle:
        'the mode is a value that exists only in the stack of the function. Set Tracing.ACTIVE or ' +
        'Tracing.PASS_THROUGH, selected in code',
    };
  }
  const instrumentation = instrumentationStatement(target.cfn, resource.stack);
  const statement = [modeStatement(mode), instrumentation].filter(Boolean).join(', ');
  const known = resolvedValue(text, resource);
  if (text === '' || known === '') return { description: statement };
  const isStated = text.includes(modeStatement(String(target.mode))) || textOf(known).includes(statement);
  if (isStated) return { description: text };
  if (typeof known === 'string') {
    const { length } = `${known} (${modeStatement(Token.isUnresolved(mode) ? Tracing.PASS_THROUGH : mode)})`;
    const excess = length - MAX_DESCRIPTION_LENGTH;
    if (excess > 0) {
      return {
        description: text,
        obstacle:
          `with the mode, the description would have ${length} characters, but the maximum is ` +
          `${MAX_DESCRIPTION_LENGTH}. Shorten it by ${excess}`,
      };
    }
  }
  return { description: `${text} (${statement})` };
}

/** Returns the mode as text, which can contain a token, or undefined if it can't be referenced from the description. */
function modeText(
  { mode, cfn }: FunctionResource,
  { stack }: CfnResource,
  render: (value: unknown) => unknown,
): string | undefined {
  const rendered = modeIn(render(mode));
  if (rendered === undefined || typeof rendered === 'string') return rendered;
  if (stack === cfn.stack) return Token.asString(rendered);
  const isReferable =
    typeof mode === 'string' &&
    Stage.of(stack) === Stage.of(cfn) &&
    Tokenization.reverseString(mode).tokens.every((token) => Reference.isReference(token));
  return isReferable ? mode : undefined;
}

/** Returns the mode of a rendered tracing configuration or of a rendered mode, or undefined for other values. */
function modeIn(value: unknown): unknown {
  if (typeof value === 'string') return value;
  if (isUnset(value)) return Tracing.PASS_THROUGH;
  if (!isObject(value)) return undefined;
  if (Array.isArray(value['Fn::If'])) {
    const [condition, ...branches] = value['Fn::If'] as unknown[];
    const modes = branches.map(modeIn);
    return modes.includes(undefined) ? undefined : { 'Fn::If': [condition, ...modes] };
  }
  // A macro can return a whole configuration.
  if (isIntrinsic(value)) return 'Fn::Transform' in value ? undefined : value;
  return modeIn(memberOf(value, 'Mode'));
}
