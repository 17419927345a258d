import {
  concat,
  keyOf,
  literal,
  mayBeEqual,
  type Part,
  partsOfSubPattern,
  soleReference,
  split,
  type PartialString,
  unknownString,
  withDynamicReferences,
} from '../../lib/cloudformation/partial-string';
import { Template } from '../../lib/cloudformation/template';
import { stack } from '../rules/templates';
import { written } from './resolved';

const { resources } = new Template(stack('t', { Queue: { Type: 'AWS::SQS::Queue' } }));
const queue: Part = { kind: 'reference', resource: resources.get('Queue')! };
const arn: Part = { ...queue, attribute: 'Arn' };
const [stage] = unknownString('Stage');

test.each<[texts: PartialString[], together: PartialString]>([
  [[['a'], ['b']], ['ab']],
  [
    [['a', queue], ['b'], ['c']],
    ['a', queue, 'bc'],
  ],
  [
    [[queue], [''], [stage]],
    [queue, stage],
  ],
  [[[''], ['a'], ['']], ['a']],
  [[['']], []],
  [[[], []], []],
  [[], []],
])('concatenates %j', (texts, together) => {
  expect(concat(...texts)).toEqual(together);
});

test.each<[text: PartialString, literal: string | undefined, reference: Part | undefined]>([
  [['a'], 'a', undefined],
  [[], '', undefined],
  [['a', stage], undefined, undefined],
  [[stage], undefined, undefined],
  [[arn], undefined, arn],
  [[arn, 'a'], undefined, undefined],
  [['a', arn], undefined, undefined],
])('returns the literal of %j', (text, known, reference) => {
  expect(literal(text)).toBe(known);
  expect(soleReference(text)).toBe(reference);
});

test.each<[text: PartialString, delimiter: string, ...pieces: string[]]>([
  [['a:b:c'], ':', 'a', 'b', 'c'],
  [['a::c'], ':', 'a', '', 'c'],
  [['a:', queue, ':c'], ':', 'a', '<Queue>', 'c'],
  [['a:b-', queue, '-c:d'], ':', 'a', 'b-<Queue>-c', 'd'],
  [[stage], ':', '<Stage>'],
  [['a, b'], ', ', 'a', 'b'],
  [['a'], ':', 'a'],
  [[':'], ':', '', ''],
  [[], ':', ''],
])('splits %j at "%s"', (text, delimiter, ...pieces) => {
  const found = split(text, delimiter);
  expect(found.map(written)).toEqual(pieces);
  expect(found.flat()).not.toContain('');
});

test.each<[text: PartialString, ...parts: string[]]>([
  [['a'], 'a'],
  [['{{resolve:ssm:/mode}}'], '<{{resolve:ssm:/mode}}>'],
  [['a{{resolve:ssm:/mode:1}}b', queue], 'a', '<{{resolve:ssm:/mode:1}}>', 'b', '<Queue>'],
  // CloudFormation keeps this as it is.
  [['{{resolve:ssm:/mode'], '{{resolve:ssm:/mode'],
  [['a{{mode}}'], 'a{{mode}}'],
  [['{{resolve:a}b{{resolve:ssm:/mode}}'], '{{resolve:a}b', '<{{resolve:ssm:/mode}}>'],
])('finds the dynamic references of %j', (text, ...parts) => {
  expect(withDynamicReferences(text).map((part) => written([part]))).toEqual(parts);
});

test('gives strings the same key only if they are surely equal', () => {
  const other = new Template(stack('other', { Queue: { Type: 'AWS::SQS::Queue' } })).resources.get('Queue')!;
  const texts: PartialString[] = [
    [],
    ['a'],
    ['a', queue],
    [queue, 'a'],
    [queue],
    [arn],
    [{ ...queue, attribute: 'QueueName' }],
    [{ ...queue, resource: other }],
    [stage],
    unknownString('Other'),
    [stage, queue],
  ];
  expect(new Set(texts.map(keyOf)).size).toBe(texts.length);
  expect(keyOf(['a', 'b'])).toBe(keyOf(['ab']));
  expect(keyOf([{ ...arn }])).toBe(keyOf([arn]));
});

test.each<[a: PartialString, b: PartialString, expected: boolean]>([
  [['orders'], ['orders'], true],
  [['orders'], ['billing'], false],
  [['orders'], [stage], true],
  [['prod-orders'], [stage, '-orders'], true],
  [['prod-orders'], [stage, '-billing'], false],
  [['orders-prod'], ['billing-', stage], false],
  [[stage, '-orders'], [stage, '-billing'], false],
  [[stage, '-orders'], [queue, '-orders'], true],
  [['a-', stage], ['a-', stage], true],
  [[stage], [stage, 'x'], false],
  [[stage], [stage, queue], true],
])('%j may be equal to %j: %s', (a, b, expected) => {
  expect(mayBeEqual(a, b)).toBe(expected);
  expect(mayBeEqual(b, a)).toBe(expected);
});

test.each<[pattern: string, ...pieces: string[]]>([
  ['', ''],
  ['a', 'a'],
  ['${A}', '', 'A', ''],
  ['a${ A }b${B.Arn}', 'a', 'A', 'b', 'B.Arn', ''],
  ['${!A}${B}', '${A}', 'B', ''],
  ['${!a ${B}', '${a ', 'B', ''],
  // CloudFormation rejects these.
  ['${A', '${A'],
  ['${}b', '${}b'],
  ['${}${A}', '${}', 'A', ''],
])('splits the pattern %j', (pattern, ...pieces) => {
  expect(partsOfSubPattern(pattern)).toEqual(pieces);
});
