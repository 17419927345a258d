import { resolved } from './resolved';

const NOTHING = { Ref: 'AWS::NoValue' };
const QUEUE = { 'Fn::GetAtt': ['Queue', 'Arn'] };
const UNKNOWN = { 'Fn::Base64': 'x' };

const Conditions = {
  C: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
  Always: { 'Fn::Equals': ['a', 'a'] },
  Never: { 'Fn::Equals': ['a', 'b'] },
};
const IF_C = '${t#Stage}=prod';

describe('scalars', () => {
  test.each<[written: unknown, ...text: string[]]>([
    ['Active', 'Active'],
    ['', ''],
    [512, '512'],
    [true, 'true'],
    [undefined, 'nothing'],
    [null, 'nothing'],
    [NOTHING, 'nothing'],
  ])('%j', (value, ...texts) => {
    expect(resolved(value)).toEqual(texts);
  });
});

describe('Ref', () => {
  test.each<[name: unknown, text: string]>([
    ['Queue', '<Queue>'],
    ['Missing', '<t#Missing>'],
    ['AWS::Region', '<AWS::Region>'],
    ['AWS::Partition', '<AWS::Partition>'],
    ['AWS::AccountId', '<AWS::AccountId>'],
    // Differs in each stack.
    ['AWS::StackName', '<t#AWS::StackName>'],
    ['AWS::StackId', '<t#AWS::StackId>'],
    // The resources that SAM generates for a function.
    ['Fn.Alias', '<Fn>'],
    ['Fn.Version', '<Fn>'],
    ['Fn.Versions', '<t#Fn.Versions>'],
    ['My.Fn.Alias', '<t#My.Fn.Alias>'],
    ['Missing.Alias', '<t#Missing.Alias>'],
    [['Queue'], '<t#>'],
  ])('%j', (name, text) => {
    expect(resolved({ Ref: name })).toEqual([text]);
  });

  test.each([
    ['AWS::Region', 'eu-west-1'],
    ['AWS::AccountId', '111122223333'],
    ['AWS::StackName', 'orders'],
  ])('%s of a stack that states it', (name, text) => {
    const source = { region: 'eu-west-1', account: '111122223333', stackName: 'orders' };
    expect(resolved({ Ref: name }, {}, source)).toEqual([text]);
  });
});

describe('Fn::GetAtt', () => {
  test.each<[written: unknown, text: string]>([
    [['Queue', 'Arn'], '<Queue.Arn>'],
    ['Queue.Arn', '<Queue.Arn>'],
    ['Queue.Outputs.Arn', '<Queue.Outputs.Arn>'],
    ['Queue', '?'],
    ['.Queue', '?'],
    ['.Queue.Arn', '?'],
    [['Queue'], '?'],
    [['Queue', { Ref: 'Attribute' }], '?'],
    [[{ Ref: 'Queue' }, 'Arn'], '?'],
    [['Missing', 'Arn'], '?'],
    [{ Queue: 'Arn' }, '?'],
    [7, '?'],
  ])('%j', (argument, text) => {
    expect(resolved({ 'Fn::GetAtt': argument })).toEqual([text]);
  });
});

describe('Fn::If', () => {
  test.each<[written: unknown, ...texts: string[]]>([
    [['C', 'yes', 'no'], `yes if ${IF_C}`, `no if not ${IF_C}`],
    [['C', 'yes', NOTHING], `yes if ${IF_C}`, `nothing if not ${IF_C}`],
    [['Always', 'yes', 'no'], 'yes'],
    [['Never', 'yes', 'no'], 'no'],
    [['C', { 'Fn::If': ['C', 'a', 'b'] }, 'no'], `a if ${IF_C}`, `no if not ${IF_C}`],
    [['Missing', 'yes', 'no'], 'yes if t?"Missing"', 'no if not t?"Missing"'],
    [[{ Ref: 'C' }, 'yes', 'no'], 'yes if t?""', 'no if not t?""'],
    ['C', '?'],
  ])('%j', (argument, ...texts) => {
    expect(resolved({ 'Fn::If': argument }, { Conditions })).toEqual(texts);
  });
});

describe('Fn::Join', () => {
  test.each<[written: unknown, ...texts: string[]]>([
    [[':', ['a', 'b', 'c']], 'a:b:c'],
    [[':', ['a']], 'a'],
    [[':', []], ''],
    [['', ['a', QUEUE, 'b']], 'a<Queue.Arn>b'],
    // "Fn::Join" appends what is there: AWS::NoValue takes an item out of the list.
    [[':', ['a', NOTHING, 'b']], 'a:b'],
    [[':', ['a', { 'Fn::If': ['C', 'b', NOTHING] }]], `a:b if ${IF_C}`, `a if not ${IF_C}`],
    [
      ['-', [{ 'Fn::If': ['C', 'a', 'b'] }, { 'Fn::If': ['C', 'c', 'd'] }]],
      `a-c if ${IF_C}`,
      `b-d if not ${IF_C}`,
    ],
    [[':', { 'Fn::Split': ['/', 'a/b'] }], 'a:b'],
    [[':', { 'Fn::Split': '/' }], '?'],
    [[':', { 'Fn::Split': [['/'], 'a/b'] }], '?'],
    [[':', { Ref: 'Queue' }], '?'],
    [[':', { Ref: ['Queue'] }], '?'],
    [[':', { 'Fn::GetAZs': '' }], '?'],
    [[':', 'abc'], '?'],
    [[{ Ref: 'Delimiter' }, ['a', 'b']], '?'],
    ['ab', '?'],
    [['-', { 'Fn::If': ['C', ['a', 'b'], ['c']] }], `a-b if ${IF_C}`, `c if not ${IF_C}`],
  ])('%j', (argument, ...texts) => {
    expect(resolved({ 'Fn::Join': argument }, { Conditions })).toEqual(texts);
  });
});

describe('Fn::Sub', () => {
  test.each<[written: unknown, ...texts: string[]]>([
    ['plain', 'plain'],
    ['${Queue}', '<Queue>'],
    ['a-${Queue.Arn}-b', 'a-<Queue.Arn>-b'],
    ['${ Queue }', '<Queue>'],
    ['${AWS::Region}', '<AWS::Region>'],
    ['${!Literal}', '${Literal}'],
    ['${!a}-${!b}', '${a}-${b}'],
    [['${X}-${Y}', { X: 'x', Y: QUEUE }], 'x-<Queue.Arn>'],
    [['${Queue}', { Queue: 'given' }], 'given'],
    [['${Queue.Arn}', { 'Queue.Arn': 'given' }], 'given'],
    [['a${X}b', { X: { 'Fn::If': ['C', '1', '2'] } }], `a1b if ${IF_C}`, `a2b if not ${IF_C}`],
    [['${Queue}'], '<Queue>'],
    ['a${AWS::NoValue}b', 'ab'],
    [{ Ref: 'Pattern' }, '?'],
    [[{ Ref: 'Pattern' }, {}], '?'],
  ])('%j', (argument, ...texts) => {
    expect(resolved({ 'Fn::Sub': argument }, { Conditions })).toEqual(texts);
  });
});

describe('Fn::Select', () => {
  test.each<[written: unknown, ...texts: string[]]>([
    [[0, ['a', 'b']], 'a'],
    [['1', ['a', 'b']], 'b'],
    [[1, ['a', NOTHING, 'b']], 'b'],
    [[5, { 'Fn::Split': [':', 'arn:aws:sqs:eu-west-1:111122223333:orders'] }], 'orders'],
    // The parts of an unknown ARN are unknown.
    [[5, { 'Fn::Split': [':', QUEUE] }], '?'],
    [[0, { 'Fn::Split': ['-', { 'Fn::If': ['C', 'a-b', 'c-d'] }] }], `a if ${IF_C}`, `c if not ${IF_C}`],
    [[0, { 'Fn::Split': ['-', NOTHING] }], '?'],
    [[2, ['a', 'b']], '?'],
    [[{ Ref: 'Index' }, ['a', 'b']], '?'],
    [[{ 'Fn::If': ['C', 0, '1'] }, ['a', 'b']], `a if ${IF_C}`, `b if not ${IF_C}`],
    [[1, { 'Fn::If': ['C', ['a', 'b'], ['c', 'd']] }], `b if ${IF_C}`, `d if not ${IF_C}`],
    [[0, { 'Fn::If': ['C', NOTHING, ['c']] }], `? if ${IF_C}`, `c if not ${IF_C}`],
    [[0, { 'Fn::GetAZs': '' }], '?'],
    [[0, 'ab'], '?'],
    [0, '?'],
  ])('%j', (argument, ...texts) => {
    expect(resolved({ 'Fn::Select': argument }, { Conditions })).toEqual(texts);
  });
});

describe('values known only at deployment', () => {
  test.each<[written: unknown, text: string]>([
    [UNKNOWN, '?'],
    [{}, '?'],
    [['a'], '?'],
    [{ Ref: 'Queue', More: 1 }, '?'],
    ['{{resolve:ssm:/mode}}', '<{{resolve:ssm:/mode}}>'],
    ['a{{resolve:ssm:/x}}{{resolve:ssm:/y}}b', 'a<{{resolve:ssm:/x}}><{{resolve:ssm:/y}}>b'],
    ['a{resolve}b', 'a{resolve}b'],
    // "Dynamic references" (AWS CloudFormation User Guide): any string may be one, whatever it is made by.
    [{ 'Fn::Sub': ['{{resolve:ssm:/${X}}}', { X: 'mode' }] }, '<{{resolve:ssm:/mode}}>'],
    [{ 'Fn::Join': ['', ['{{resolve:ssm:/', 'mode', '}}']] }, '<{{resolve:ssm:/mode}}>'],
  ])('%j', (value, text) => {
    expect(resolved(value)).toEqual([text]);
  });

  test.each<[are: 'the same' | 'perhaps the same', a: unknown, b: unknown]>([
    ['the same', UNKNOWN, UNKNOWN],
    ['perhaps the same', UNKNOWN, { 'Fn::Base64': 'y' }],
    ['perhaps the same', { 'Fn::Join': [':', 'a'] }, { 'Fn::Join': [':', 'b'] }],
    ['perhaps the same', { 'Fn::Join': [UNKNOWN, ['a']] }, { 'Fn::Join': [UNKNOWN, ['b']] }],
    ['perhaps the same', { 'Fn::Sub': { Ref: 'A' } }, { 'Fn::Sub': { Ref: 'B' } }],
    ['perhaps the same', { 'Fn::Select': [0, { Ref: 'A' }] }, { 'Fn::Select': [1, { Ref: 'A' }] }],
    ['perhaps the same', { 'Fn::FindInMap': ['A', 'a', 'a'] }, { 'Fn::FindInMap': ['A', 'a', 'b'] }],
    ['perhaps the same', { 'Fn::GetAtt': ['A', 'Arn'] }, { 'Fn::GetAtt': ['B', 'Arn'] }],
    ['the same', QUEUE, { 'Fn::Sub': '${Queue.Arn}' }],
    ['perhaps the same', QUEUE, { Ref: 'Queue' }],
    ['perhaps the same', QUEUE, { 'Fn::GetAtt': ['Fn', 'Arn'] }],
    ['perhaps the same', { Ref: 'AWS::StackName' }, { Ref: 'AWS::StackId' }],
    ['the same', '{{resolve:ssm:/x}}', { 'Fn::Sub': '{{resolve:ssm:/x}}' }],
    ['perhaps the same', '{{resolve:ssm:/x}}', '{{resolve:ssm:/y}}'],
  ])('%s: %j and %j', (are, a, b) => {
    const texts = resolved(
      { 'Fn::If': ['AreSame', 'same', 'other'] },
      { Conditions: { AreSame: { 'Fn::Equals': [a, b] } } },
    );
    expect(texts.length).toBe(are === 'the same' ? 1 : 2);
    expect(texts[0]).toMatch(/^same/);
  });
});

describe('limits', () => {
  const chooses = (name: number) => ({ 'Fn::If': [`C${name}`, 'a', 'b'] });
  const names = (count: number) => Array.from({ length: count }, (_, i) => i);

  test.each([
    [6, 64],
    [7, 1],
  ])('%i choices in a row resolve to %i strings', (choices, texts) => {
    const items = names(choices).map(chooses);
    expect(resolved({ 'Fn::Join': ['', items] })).toHaveLength(texts);
    expect(resolved({ 'Fn::Select': [0, items] })).toHaveLength(texts);
    const variables = Object.fromEntries(items.map((item, i) => [`X${i}`, item]));
    const pattern = names(choices).map((i) => `\${X${i}}`);
    expect(resolved({ 'Fn::Sub': [pattern.join(''), variables] })).toHaveLength(texts);
  });

  test.each([
    [63, 64],
    [64, 1],
  ])('%i nested choices resolve to %i strings', (choices, texts) => {
    const nested = names(choices).reduce<unknown>(
      (rest, i) => ({ 'Fn::If': [`C${i}`, `v${i}`, rest] }),
      'last',
    );
    expect(resolved(nested)).toHaveLength(texts);
  });

  test('a string longer than any policy is unknown', () => {
    const half = 'x'.repeat(10_000);
    const join = (...items: unknown[]) => resolved({ 'Fn::Join': ['', items] });
    expect(join(half, half)).toEqual([half + half]);
    expect(join(half, half, 'x')).toEqual(['<t#too long>']);
    expect(join(half, half, QUEUE)).toEqual(['<t#too long>']);
    expect(join(half, QUEUE)).toEqual([`${half}<Queue.Arn>`]);
  });
});
