import { type CfnResource, Lazy, Reference, Stage, Token, Tokenization } from 'aws-cdk-lib';
import { Tracing } from 'aws-cdk-lib/aws-lambda';
import { isIntrinsic, isObject } from '../../cloudformation/json';
import { cfnProperty, setCfnProperty, memberOf } from './cfn-properties';
import type { FunctionResource } from './function-resource';
import { resolvedValue, textOf } from './resolve-references';

/** "AWS::Lambda::Version" (CloudFormation Template Reference) */
const MAX_DESCRIPTION_LENGTH = 256;

/** The descriptions that state a mode. */
const STATEMENTS = new WeakMap<CfnResource, unknown>();

/**
 * Has a description state the tracing mode that a function has in the end, after the text that it has.
 *
 * @param resource what is described
 * @param property the description, as CloudFormation names it
 * @returns what stands in the way, and the way out; the description is then left as it is
 */
export function addModeToDescription(
  resource: CfnResource,
  property: string,
  target: FunctionResource,
): string | undefined {
  const given = cfnProperty(resource, property);
  if (given !== undefined && given === STATEMENTS.get(resource)) return undefined;

  const text = given === undefined || given === null ? '' : Token.asString(given);
  const { obstacle } = describe(text, target, resource, (value) => resolvedValue(value, target.cfn));
  if (obstacle) return obstacle;
  const statement = Lazy.uncachedString({
    produce: (context) =>
      describe(text, target, resource, (value) => context.resolve(value) as unknown).description,
  });
  setCfnProperty(resource, property, statement);
  STATEMENTS.set(resource, statement);
  return undefined;
}

interface Description {
  readonly description: string;
  readonly obstacle?: string;
}

/** @param render what a value of the function's resource is, as far as it is known by now */
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
        'its mode is a value that only the stack of the function has. Give it Tracing.ACTIVE or ' +
        'Tracing.PASS_THROUGH, chosen in code',
    };
  }
  const statement = statementOf(mode);
  const known = resolvedValue(text, resource);
  if (text === '' || known === '') return { description: statement };
  const isStated = text.includes(statementOf(target.mode)) || textOf(known).includes(statement);
  if (isStated) return { description: text };
  if (typeof known === 'string') {
    const { length } = `${known} (${statementOf(Token.isUnresolved(mode) ? Tracing.PASS_THROUGH : mode)})`;
    const excess = length - MAX_DESCRIPTION_LENGTH;
    if (excess > 0) {
      return {
        description: text,
        obstacle:
          `with the mode, its description would have ${length} characters, and ${MAX_DESCRIPTION_LENGTH} are ` +
          `allowed. Shorten it by ${excess}`,
      };
    }
  }
  return { description: `${text} (${statement})` };
}

function statementOf(mode: unknown): string {
  return `X-Ray tracing: ${String(mode)}`;
}

/** The mode as text, which may hold a token; nothing where the stack of the description doesn't have it. */
function modeText(
  { mode, cfn }: FunctionResource,
  { stack }: CfnResource,
  render: (value: unknown) => unknown,
): string | undefined {
  const rendered = modeIn(render(mode));
  if (rendered === undefined || typeof rendered === 'string') return rendered;
  if (stack === cfn.stack) return Token.asString(rendered);
  const canBeReferredTo =
    typeof mode === 'string' &&
    Stage.of(stack) === Stage.of(cfn) &&
    Tokenization.reverseString(mode).tokens.every((token) => Reference.isReference(token));
  return canBeReferredTo ? mode : undefined;
}

/** The mode that a rendered tracing configuration has, or a rendered mode; nothing for what isn't either. */
function modeIn(value: unknown): unknown {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return Tracing.PASS_THROUGH;
  if (!isObject(value)) return undefined;
  if (value.Ref === 'AWS::NoValue') return Tracing.PASS_THROUGH;
  if (Array.isArray(value['Fn::If'])) {
    const [condition, ...branches] = value['Fn::If'] as unknown[];
    const modes = branches.map(modeIn);
    return modes.includes(undefined) ? undefined : { 'Fn::If': [condition, ...modes] };
  }
  // A macro may yield a whole configuration.
  if (isIntrinsic(value)) return 'Fn::Transform' in value ? undefined : value;
  return modeIn(memberOf(value, 'Mode'));
}
