import { ALWAYS } from '../../lib/cloudformation/possible';
import { Resolver } from '../../lib/cloudformation/resolver';
import { stack } from '../rules/templates';
import { resolved } from './resolved';

const Mappings = {
  Modes: {
    dev: { mode: 'PassThrough', memory: 128 },
    prod: { mode: 'Active', memory: 512, layers: ['a', 'b'], secret: '{{resolve:ssm:/mode}}' },
  },
  Staged: {
    'app-dev': { mode: 'PassThrough' },
    'app-prod': { mode: 'Active' },
    'prod-app': { mode: 'Other' },
  },
  Empty: {},
  Wrong: 'x',
};
const Parameters = {
  Stage: { Type: 'String' },
  Known: { Type: 'String', AllowedValues: ['dev', 'prod'] },
  Key: { Type: 'String', AllowedValues: ['mode', 'memory'] },
};
const STAGE = { Ref: 'Stage' };
const [IS_DEV, IS_PROD] = ['${t#Stage}=dev', '${t#Stage}=prod'];

describe('Fn::FindInMap', () => {
  test.each<[argument: unknown, ...texts: string[]]>([
    [['Modes', 'prod', 'mode'], 'Active'],
    [['Modes', 'dev', 'memory'], '128'],
    [['Modes', 'prod', 'secret'], '<{{resolve:ssm:/mode}}>'],
    [[{ 'Fn::Sub': 'Modes' }, 'prod', { 'Fn::Sub': 'mode' }], 'Active'],
    // An unknown key is one of the existing keys.
    [['Modes', STAGE, 'mode'], `PassThrough if ${IS_DEV}`, `Active if ${IS_PROD}`],
    [['Modes', STAGE, 'layers'], `? if ${IS_PROD}`],
    [
      ['Modes', { Ref: 'Known' }, { Ref: 'Key' }],
      'PassThrough if ${t#Known}=dev, ${t#Key}=mode',
      '128 if ${t#Known}=dev, not ${t#Key}=mode',
      'Active if not ${t#Known}=dev, ${t#Key}=mode',
      '512 if not ${t#Known}=dev, not ${t#Key}=mode',
    ],
    // Text around a parameter leaves only the keys with this text. The rest decides, as in a condition.
    [['Staged', { 'Fn::Sub': 'app-${Stage}' }, 'mode'], `PassThrough if ${IS_DEV}`, `Active if ${IS_PROD}`],
    [['Staged', { 'Fn::Join': ['', [STAGE, '-app']] }, 'mode'], 'Other if ${t#Stage}=prod'],
    [
      ['Staged', { 'Fn::Sub': 'app-${Known}' }, 'mode'],
      'PassThrough if ${t#Known}=dev',
      'Active if not ${t#Known}=dev',
    ],
    [['Staged', { 'Fn::Sub': 'x-${Stage}' }, 'mode'], '?'],
    [['Modes', 'prod', 'layers'], '?'],
    [['Modes', 'prod', 'missing'], '?'],
    [['Modes', 'missing', 'mode'], '?'],
    [['Missing', 'prod', 'mode'], '?'],
    [['toString', 'prod', 'mode'], '?'],
    [[{ Ref: 'Unknown' }, 'prod', 'mode'], '?'],
    [['Empty', STAGE, 'mode'], '?'],
    [['Wrong', STAGE, 'mode'], '?'],
    [['Modes', { Ref: 'AWS::NoValue' }, 'mode'], '?'],
    [['Modes', 'prod'], '?'],
    ['Modes', '?'],
  ])('%j', (argument, ...texts) => {
    expect(resolved({ 'Fn::FindInMap': argument }, { Mappings, Parameters })).toEqual(texts);
  });

  test.each<[argument: unknown[], ...texts: string[]]>([
    [['Modes', 'prod', 'mode'], 'Active'],
    [['Modes', 'prod', 'missing'], 'default'],
    [['Modes', 'missing', 'mode'], 'default'],
    [['Missing', 'prod', 'mode'], 'default'],
    [
      ['Modes', STAGE, 'mode'],
      `PassThrough if ${IS_DEV}`,
      `Active if ${IS_PROD}`,
      `default if not ${IS_DEV}, not ${IS_PROD}`,
    ],
    [
      ['Staged', { 'Fn::Sub': 'app-${Stage}' }, 'mode'],
      `PassThrough if ${IS_DEV}`,
      `Active if ${IS_PROD}`,
      `default if not ${IS_DEV}, not ${IS_PROD}`,
    ],
    [['Staged', { 'Fn::Sub': 'x-${Stage}' }, 'mode'], 'default'],
    [
      ['Modes', STAGE, 'secret'],
      `<{{resolve:ssm:/mode}}> if ${IS_PROD}`,
      `default if not ${IS_DEV}, not ${IS_PROD}`,
      `default if ${IS_DEV}`,
    ],
    [
      ['Modes', 'dev', STAGE],
      'PassThrough if ${t#Stage}=mode',
      '128 if ${t#Stage}=memory',
      'default if not ${t#Stage}=mode, not ${t#Stage}=memory',
    ],
  ])('%j with a default', (argument, ...texts) => {
    const value = { 'Fn::FindInMap': [...argument, { DefaultValue: 'default' }] };
    expect(resolved(value, { Mappings, Parameters })).toEqual(texts);
  });

  test.each<[argument: unknown[], ...texts: string[]]>([
    [['Modes', 'prod', 'layers'], 'a-b'],
    [['Modes', STAGE, 'layers'], `a-b if ${IS_PROD}`],
    [['Modes', 'dev', 'layers', { DefaultValue: ['c', 'd'] }], 'c-d'],
    [['Modes', 'prod', 'mode'], '?'],
    [['Modes', 'prod', 'missing'], '?'],
  ])('%j as a list', (argument, ...texts) => {
    const list = { 'Fn::FindInMap': argument };
    expect(resolved({ 'Fn::Join': ['-', list] }, { Mappings, Parameters })).toEqual(texts);
  });

  test('leaves an allowed key without an entry unknown', () => {
    const sections = { Mappings, Parameters: { Key: { Type: 'String', AllowedValues: ['prod', 'test'] } } };
    expect(resolved({ 'Fn::FindInMap': ['Modes', { Ref: 'Key' }, 'mode'] }, sections)).toEqual([
      'Active if ${t#Key}=prod',
      '? if not ${t#Key}=prod',
    ]);
  });

  test('resolves equal keys to the same entry', () => {
    const mode = { 'Fn::FindInMap': ['Modes', STAGE, 'mode'] };
    const memory = { 'Fn::FindInMap': ['Modes', STAGE, 'memory'] };
    expect(resolved({ 'Fn::Join': ['-', [mode, memory]] }, { Mappings, Parameters })).toEqual([
      `PassThrough-128 if ${IS_DEV}`,
      `Active-512 if ${IS_PROD}`,
    ]);
  });

  test.each([
    [8, 64],
    [9, 1],
  ])('is unknown with too many combinations of keys: %i by 8', (count, texts) => {
    const names = (prefix: string, length: number) => Array.from({ length }, (_, i) => `${prefix}${i}`);
    const row = Object.fromEntries(names('c', 8).map((name) => [name, name]));
    const sections = {
      Mappings: { M: Object.fromEntries(names('r', count).map((name) => [name, row])) },
      Parameters: {
        R: { Type: 'String', AllowedValues: names('r', count) },
        C: { Type: 'String', AllowedValues: names('c', 8) },
      },
    };
    expect(resolved({ 'Fn::FindInMap': ['M', { Ref: 'R' }, { Ref: 'C' }] }, sections)).toHaveLength(texts);
  });
});

describe('a possible deployment', () => {
  const is = (name: string) => `\${t#Stage}\u0000=${name}`;

  /** Returns true if a deployment with a lookup is possible under assumptions on the stage. */
  function isPossible(assumed: Record<string, boolean>, argument?: unknown): boolean {
    const resolver = Resolver.of([stack('t', {}, { sections: { Mappings, Parameters } })]);
    if (argument !== undefined) resolver.strings({ 'Fn::FindInMap': argument }, resolver.templates[0]);
    return resolver.isPossible(assumed);
  }

  const NEITHER = { [is('dev')]: false, [is('prod')]: false };

  test.each<[what: string, can: boolean, assumed: Record<string, boolean>, argument: unknown]>([
    ['anything, where no key is asked for', true, NEITHER, undefined],
    ['with one of the keys', true, { [is('dev')]: false, [is('prod')]: true }, ['Modes', STAGE, 'mode']],
    ['with one key less', true, { [is('dev')]: false }, ['Modes', STAGE, 'mode']],
    ['without assumptions', true, ALWAYS, ['Modes', STAGE, 'mode']],
    ['with none of the keys', false, NEITHER, ['Modes', STAGE, 'mode']],
    [
      'with none of the keys that a parameter is part of',
      false,
      NEITHER,
      ['Staged', { 'Fn::Sub': 'app-${Stage}' }, 'mode'],
    ],
    ['with a default for others', true, NEITHER, ['Modes', STAGE, 'mode', { DefaultValue: 'x' }]],
    ['with a key that is written out', true, NEITHER, ['Modes', 'prod', 'mode']],
    ['with a mapping that has no keys', true, NEITHER, ['Empty', STAGE, 'mode']],
    ['with no mapping', true, NEITHER, ['Missing', STAGE, 'mode']],
    ['with no key', true, NEITHER, ['Modes']],
  ])('%s: %s', (_, can, assumed, argument) => {
    expect(isPossible(assumed, argument)).toBe(can);
  });

  test('finds the keys of all lookups', () => {
    const sections = {
      Mappings: { ...Mappings, Memory: { dev: { size: 1 }, test: { size: 2 } } },
      Parameters,
    };
    const resolver = Resolver.of([stack('t', {}, { sections })]);
    for (const argument of [
      ['Modes', STAGE, 'mode'],
      ['Memory', STAGE, 'size'],
    ]) {
      resolver.strings({ 'Fn::FindInMap': argument }, resolver.templates[0]);
    }
    expect(resolver.isPossible({ [is('dev')]: false, [is('test')]: false })).toBe(false);
    expect(resolver.isPossible(NEITHER)).toBe(false);
    expect(resolver.isPossible({ [is('dev')]: false })).toBe(true);
  });
});
