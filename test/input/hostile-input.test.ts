import { execFileSync } from 'node:child_process';
import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { load } from '../../lib/input/load';
import { directoryWith, ids, lines, loaded, template, TEMPLATE } from './temporary';

const DEEP = 'The file is nested more than 500 levels deep. Check the tool that generates it.';

const LARGE = 'The file is larger than 100 MB. CloudFormation accepts templates up to 1 MB.';

/** Runs a task, and expects it to take less than 5 seconds. */
function soon<T>(run: () => T): T {
  // CPU time of this process, since other tests run at the same time.
  const start = process.cpuUsage();
  const result = run();
  const { user, system } = process.cpuUsage(start);
  expect((user + system) / 1000).toBeLessThan(5_000);
  return result;
}

describe('nesting', () => {
  const nested = (depth: number, open: string, close: string) => open.repeat(depth) + close.repeat(depth);

  test('200 levels are accepted', () => {
    const json = `{"Resources": {"A": ${nested(200, '[', ']')}}}`;
    expect(template(json)).toEqual(template(`Resources:\n  A: ${nested(200, '[', ']')}`));
    expect(template(json)).toEqual(JSON.parse(json));
  });

  test.each<[string, string]>([
    ['JSON', `{"Resources": {"A": ${nested(100_000, '[', ']')}}}`],
    ['JSON objects', `{"Resources": ${'{"A":'.repeat(100_000)}1${'}'.repeat(100_001)}`],
    ['YAML in brackets', `Resources:\n  A: ${nested(100_000, '[', ']')}`],
    ['YAML that never ends', `Resources:\n  A: ${'{a: '.repeat(100_000)}`],
    ['YAML lists', `Resources:\n  ${'- '.repeat(100_000)}`],
    ['YAML keys', `Resources:\n  ${'? '.repeat(100_000)}`],
    [
      'YAML by indentation',
      `Resources:\n${Array.from({ length: 2_000 }, (_, i) => `${' '.repeat(i)} a:`).join('\n')}`,
    ],
    [
      'YAML by aliases',
      `Resources:\n${Array.from({ length: 50 }, (_, i) => `  a${i}: &a${i} ${nested(20, '[', ']').replace('[]', i === 0 ? '[]' : `[*a${i - 1}]`)}`).join('\n')}`,
    ],
  ])('%s, far too deep', (_, text) => {
    const { templates, errors } = soon(() => loaded(text));
    expect(templates).toEqual([]);
    expect(lines(errors)).toEqual([expect.stringContaining(DEEP)]);
  });
});

test('reports a YAML bomb', () => {
  const levels = Array.from(
    { length: 30 },
    (_, i) =>
      `a${i}: &a${i} [${
        i === 0
          ? 'lol'
          : Array(9)
              .fill(`*a${i - 1}`)
              .join(', ')
      }]`,
  );
  const { templates, errors } = soon(() => loaded(`Resources: {}\n${levels.join('\n')}`));
  expect(templates).toEqual([]);
  expect(lines(errors)).toEqual([
    '-:9:15: The aliases expand to more than any template contains. Replace them with their values.',
  ]);
});

test('reads merge keys that double on each level in time that grows with their number', () => {
  const levels = Array.from(
    { length: 30 },
    (_, i) => `a${i}: &a${i} {k${i}: x, ${i === 0 ? '' : `<<: [*a${i - 1}, *a${i - 1}]`}}`,
  );
  const { templates, errors } = soon(() => loaded(`Resources: {}\n${levels.join('\n')}`));
  expect(errors).toEqual([]);
  const [{ template: read }] = templates;
  expect(Object.keys((read as Record<string, object>).a29)).toHaveLength(30);
});

test('accepts ordinary aliases', () => {
  const uses = Array.from(
    { length: 1_000 },
    (_, i) => `  Fn${i}: {Type: X, Properties: {<<: *properties, Env: *env}}`,
  );
  const text = `Env: &env {A: b, C: d}\nProperties: &properties {Runtime: x, Handler: y}\nResources:\n${uses.join('\n')}`;
  expect(Object.keys((template(text) as typeof TEMPLATE).Resources)).toHaveLength(1_000);
});

test('reads 60 MB of JSON, and finds positions in it', () => {
  const resource = JSON.stringify({
    Type: 'AWS::Lambda::Function',
    Properties: { Description: 'x'.repeat(500) },
  });
  const resources = Array.from({ length: 110_000 }, (_, i) => `"Fn${i}": ${resource}`);
  const text = `{"Resources": {\n${resources.join(',\n')}}}`;
  expect(text.length).toBeGreaterThan(60_000_000);
  const { templates, errors } = soon(() => loaded(text));
  expect(errors).toEqual([]);
  expect(templates[0].locate!(['Resources', 'Fn109999', 'Properties'])).toEqual({
    line: 110_001,
    column: 45,
  });
});

test('refuses 60 MB of YAML', () => {
  const line = `  A: ${'x'.repeat(1_000)}\n`;
  const { errors } = soon(() => loaded(`Resources:\n${line.repeat(60_000)}`));
  expect(lines(errors)).toEqual([
    '-:1:1: The file has 61 MB of YAML, but the limit is 10 MB. Convert it to JSON.',
  ]);
});

test('refuses a file of 200 MB', () => {
  const directory = directoryWith({ 'a.json': '', 'b.json': TEMPLATE });
  truncateSync(join(directory, 'a.json'), 200_000_000);
  expect(lines(load([join(directory, 'a.json')]).errors, directory)).toEqual([`a.json: ${LARGE}`]);
  expect(ids(load([directory]), directory)).toEqual(['b.json']);
});

test('refuses a file without an end', () => {
  expect(lines(soon(() => load(['/dev/zero'])).errors)).toEqual([`/dev/zero: ${LARGE}`]);
});

test('ignores a pipe below a directory', () => {
  const directory = directoryWith({ 'a.json': TEMPLATE });
  execFileSync('mkfifo', [join(directory, 'pipe.json')]);
  expect(ids(load([directory]), directory)).toEqual(['a.json']);
});

test.each<[string, number[], string]>([
  [
    'a picture',
    [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0, 0],
    'This is not a text file: it contains null bytes.',
  ],
  ['UTF-32', [0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0], 'This is not a text file: it contains null bytes.'],
  [
    'bytes that are not text',
    [0xc3, 0x28, 0xa0, 0xff],
    'This is not a CloudFormation template: it has no Resources.',
  ],
])('%s', (_, bytes, message) => {
  const directory = directoryWith({ 'a.json': Uint8Array.from(bytes) });
  expect(lines(load([join(directory, 'a.json')]).errors, directory)).toEqual([`a.json: ${message}`]);
});

describe.each([
  ['JSON', JSON.stringify(TEMPLATE, undefined, 1)],
  ['YAML', 'Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n'],
])('reads %s', (_, text) => {
  test.each<[string, (text: string) => Buffer]>([
    ['UTF-8', (text) => Buffer.from(text)],
    ['UTF-8 with a byte order mark', (text) => Buffer.from(`\ufeff${text}`)],
    ['UTF-16, little-endian', (text) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16, big-endian', (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
    ['UTF-16, little-endian, without a byte order mark', (text) => Buffer.from(text, 'utf16le')],
    ['UTF-16, big-endian, without a byte order mark', (text) => Buffer.from(text, 'utf16le').swap16()],
  ])('in %s', (_, encoded) => {
    const directory = directoryWith({ 'a.template': encoded(text) });
    for (const path of [directory, join(directory, 'a.template')]) {
      const { templates, errors } = load([path]);
      expect(errors).toEqual([]);
      expect(templates[0].template).toEqual(TEMPLATE);
      expect(templates[0].locate?.(['Resources', 'Topic'])).toEqual(
        text.startsWith('{') ? { line: 3, column: 3 } : { line: 2, column: 3 },
      );
    }
  });
});

// `String()` of such a value throws an error.
test.each([
  '{"Resources":{"Fn":{"Type":{"toString":null}}}}',
  '{"Resources":{"Fn":{"Type":"AWS::Lambda::Function","Properties":{"Layers":[{"toString":null}]}}}}',
  'Resources: { Fn: { Type: AWS::Lambda::Function, Properties: { Layers: [toString: null] } } }',
  '{"Transform":"AWS::LanguageExtensions","Resources":{"Fn::ForEach::Fns":["N",{"Ref":{"toString":null}},{}]}}',
])('reads a value without a text: %s', (text) => {
  const { templates, errors } = load([directoryWith({ 'template.yaml': text })]);
  expect(errors).toEqual([]);
  expect(() => templates[0].locate!(['Resources', 'Fn', 'Properties', 'Layers', '0'])).not.toThrow();
});

test('reads resources that are not objects', () => {
  const resources = { A: null, B: [], C: 'x', D: 1, E: { Type: {} }, F: { Type: 'X', Properties: 'y' } };
  expect(template(JSON.stringify({ Resources: resources }))).toEqual({ Resources: resources });
});

test('limits the number of reported errors', () => {
  const { warnings = [] } = loaded('Resources: {}\n'.repeat(1_000));
  expect(warnings).toHaveLength(21);
  expect(lines(warnings).at(-1)).toBe('-:22:1: The file has 979 more errors from here on.');
  const { errors } = loaded(`Resources: {A: [${'!x a, '.repeat(1_000)}]}`);
  expect(errors).toHaveLength(21);
});

test('reads many keys in linear time', () => {
  const keys = Array.from({ length: 50_000 }, (_, i) => `  Key${i}: x`);
  expect(soon(() => loaded(`Resources:\n${keys.join('\n')}`)).errors).toEqual([]);
});

test.each<[string, string]>([
  ['brackets', '['.repeat(400)],
  ['quotes', '"'.repeat(100_001)],
  ['anchors', '&a '.repeat(20_000)],
  ['aliases', '*a '.repeat(20_000)],
  ['tags', '!a '.repeat(20_000)],
  ['colons', ':'.repeat(100_000)],
  ['commas', `[${','.repeat(20_000)}]`],
  ['documents', '---\n'.repeat(100_000)],
  ['directives', '%YAML 1.1\n'.repeat(20_000)],
  ['block scalars', '|\n'.repeat(100_000)],
  ['faults', 'Resources: {}\n'.repeat(20_000)],
])('reads a file of only %s', (_, text) => {
  const { templates, errors } = soon(() => loaded(text));
  expect(templates.length + errors.length).toBeGreaterThan(0);
});
