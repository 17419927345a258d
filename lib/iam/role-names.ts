import { literal, mayBeEqual, type PartialString } from '../cloudformation/partial-string';
import type { Resolver } from '../cloudformation/resolver';
import { agree, type Resource, type Template } from '../cloudformation/template';

/** The minimum length of the random part at the end of a name that CloudFormation generates. */
const MIN_RANDOM_LENGTH = 8;

/**
 * True if a name that no template resolves can be the name of a role. A name that CloudFormation generates is
 * `<stack>-<logical ID>-<random>`, so it is never a name such as `imported-role` ("Name type", AWS CloudFormation
 * Template Reference).
 *
 * @param from the template that contains the name
 */
export function mayBeNameOf(
  name: PartialString,
  from: Template,
  role: Resource,
  resolver: Resolver,
): boolean {
  const { properties, template } = role;
  if (!agree(from.source.account, template.source.account)) return false;
  return resolver
    .strings(properties.RoleName, template)
    .some(({ value }) => (value ? mayBeEqual(value, name) : mayBeGeneratedName(name, from, role)));
}

function mayBeGeneratedName(name: PartialString, from: Template, { logicalId, template }: Resource): boolean {
  // A stack does not get the name of a role as a parameter before it has created the role.
  if (from === template && name.every((part) => isParameter(part, from))) return false;
  const known = literal(name);
  const end = name.at(-1);
  if (known === undefined) return typeof end !== 'string' || isRandom(end.slice(end.lastIndexOf('-') + 1));
  const [random, id] = known.split('-').reverse();
  // CloudFormation shortens long logical IDs.
  return isRandom(random) && id !== undefined && id !== '' && logicalId.startsWith(id);
}

function isParameter(part: PartialString[number], { id, parameters }: Template): boolean {
  return (
    typeof part === 'object' &&
    part.kind === 'unknown' &&
    part.id.startsWith(`${id}#`) &&
    Object.hasOwn(parameters, part.id.slice(id.length + 1))
  );
}

function isRandom(text: string): boolean {
  return text.length >= MIN_RANDOM_LENGTH && /^[0-9A-Za-z]+$/.test(text);
}
