import { haveMostInCommon, haveResourceInCommon } from '../../lib/baseline/match-stacks';
import type { TemplateSource } from '../../lib/cloudformation/template';
import { stack } from '../rules/templates';

/** Returns a template with a queue for each lower-case letter, and a topic for each upper-case letter. */
function template(letters: string, more: object = {}): TemplateSource {
  const resources = [...letters].map((letter) => [
    letter.toLowerCase(),
    { Type: letter === letter.toLowerCase() ? 'AWS::SQS::Queue' : 'AWS::SNS::Topic' },
  ]);
  return stack(letters, { ...(Object.fromEntries(resources) as object), ...more });
}

test.each<[a: string, b: string, one: boolean, most: boolean]>([
  ['abc', 'abc', true, true],
  ['abc', 'abd', true, true],
  ['abcd', 'abef', true, false],
  ['ab', 'abcd', true, false],
  ['abc', 'abcd', true, true],
  ['abc', 'cde', true, false],
  ['ab', 'cd', false, false],
  // A resource of another type is another one.
  ['ab', 'AB', false, false],
  ['abC', 'abc', true, true],
  // One without resources may become anything.
  ['', 'ab', true, true],
  ['', '', true, true],
])('"%s" and "%s" have a resource in common: %s, and most: %s', (a, b, one, most) => {
  for (const [left, right] of [
    [a, b],
    [b, a],
  ]) {
    expect(haveResourceInCommon(template(left), template(right))).toBe(one);
    expect(haveMostInCommon(template(left), template(right))).toBe(most);
  }
});

test.each<[what: string, resource: unknown]>([
  ['the metadata of CDK', { Type: 'AWS::CDK::Metadata' }],
  ['a resource without a type', {}],
  ['a string', 'x'],
  ['null', null],
])('%s is not a resource in common', (_, x) => {
  expect(haveResourceInCommon(template('a', { x }), template('b', { x }))).toBe(false);
  expect(haveMostInCommon(template('a', { x }), template('b', { x }))).toBe(false);
  expect(haveResourceInCommon(template('', { x }), template('b', { x }))).toBe(true);
});
