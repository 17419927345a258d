import { joined, stringParts } from '../../lib/cloudformation/embedded-json';

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
  ['a list by what is no delimiter', { 'Fn::Join': [FN, ['a']] }, [{ 'Fn::Join': [FN, ['a']] }]],
  ['what is no list, joined', { 'Fn::Join': [',', FN] }, [{ 'Fn::Join': [',', FN] }]],
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
  ['a pattern that is none', { 'Fn::Sub': [FN] }, [{ 'Fn::Sub': [FN] }]],
])('%s is put together of its parts', (_, value, parts) => {
  expect(stringParts(value)).toEqual(parts);
});

test.each<[string, (string | typeof FN)[], unknown]>([
  ['a string', ['jobs'], 'jobs'],
  ['a value', [FN], FN],
  ['several', ['a', FN], { 'Fn::Join': ['', ['a', FN]] }],
])('%s is joined', (_, parts, value) => {
  expect(joined(parts)).toEqual(value);
});
