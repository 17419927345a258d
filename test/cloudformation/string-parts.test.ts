import { joined, stringParts } from '../../lib/cloudformation/partial-string';

const FN = { 'Fn::GetAtt': ['Fn', 'Arn'] };

test.each<[string, unknown, unknown[]]>([
  ['a string', 'jobs', ['jobs']],
  ['a number', 5, ['5']],
  ['nothing', undefined, ['']],
  ['a value', FN, [FN]],
  ['a list, joined', { 'Fn::Join': [',', ['a', FN, 'b']] }, ['a', ',', FN, ',', 'b']],
  [
    'a list in a list, joined',
    { 'Fn::Join': ['', [{ 'Fn::Join': ['-', ['a', 1]] }, FN]] },
    ['a', '-', '1', '', FN],
  ],
  ['a list with an invalid delimiter', { 'Fn::Join': [FN, ['a']] }, [{ 'Fn::Join': [FN, ['a']] }]],
  ['a join without a list', { 'Fn::Join': [',', FN] }, [{ 'Fn::Join': [',', FN] }]],
  ['a pattern', { 'Fn::Sub': 'x-${Fn.Arn}-y' }, ['x-', { 'Fn::Sub': '${Fn.Arn}' }, '-y']],
  ['a pattern with blanks', { 'Fn::Sub': '${ Fn }' }, ['', { 'Fn::Sub': '${Fn}' }, '']],
  ['a pattern with a dollar', { 'Fn::Sub': '${!Worker}-${!x}' }, ['${Worker}-${x}']],
  [
    'a pattern with variables',
    { 'Fn::Sub': ['${A}${B}', { A: FN }] },
    ['', FN, '', { 'Fn::Sub': '${B}' }, ''],
  ],
  [
    'a pattern with variables that are put together',
    { 'Fn::Sub': ['${A}', { A: { 'Fn::Join': ['', ['a', FN]] } }] },
    ['', 'a', '', FN, ''],
  ],
  ['an invalid pattern', { 'Fn::Sub': [FN] }, [{ 'Fn::Sub': [FN] }]],
])('splits %s into parts', (_, value, parts) => {
  expect(stringParts(value)).toEqual(parts);
});

test.each<[string, (string | typeof FN)[], unknown]>([
  ['a string', ['jobs'], 'jobs'],
  ['a value', [FN], FN],
  ['several', ['a', FN], { 'Fn::Join': ['', ['a', FN]] }],
])('joins %s', (_, parts, value) => {
  expect(joined(parts)).toEqual(value);
});
