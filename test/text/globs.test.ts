import { assert, constantFrom, array, property } from 'fast-check';
import { compileGlob, globProblem, matchesWithin } from '../../lib/text/globs';

type Matcher = (path: string) => boolean;

/** Has no types. */
// oxlint-disable-next-line typescript/no-require-imports
const picomatch = require('picomatch') as (glob: string, options: object) => Matcher;

describe('a glob', () => {
  test.each<[glob: string, matching: string[], other: string[]]>([
    ['Orders/*', ['Orders/Fn', 'Orders/.hidden'], ['Orders', 'Orders/Api/Fn']],
    ['Orders/**', ['Orders', 'Orders/Fn', 'Orders/Api/Fn'], ['OrdersApi', 'Orders2/Fn']],
    ['**/Fn', ['Fn', 'Orders/Fn', 'Orders/Api/Fn'], ['MyFn', 'Orders/MyFn']],
    ['Orders/**/Fn', ['Orders/Fn', 'Orders/Api/V1/Fn'], ['Orders/ApiFn']],
    ['**', ['Fn', 'Orders/Fn'], ['']],
    ['Legacy*/**', ['LegacyApi/Fn'], ['Legacy', 'LegacyApi']],
    ['Fn?', ['Fn1'], ['Fn', 'Fn12', 'Fn/']],
    ['{Orders,Bills}/F*', ['Orders/Fn', 'Bills/F'], ['Reports/Fn']],
    ['Fn[12]', ['Fn1', 'Fn2'], ['Fn3', 'Fn[12']],
    ['Fn[^0-9]', ['FnA'], ['Fn1', 'Fn/']],
    [String.raw`Fn\*`, ['Fn*'], ['Fn1']],
    ['Fn.+$^', ['Fn.+$^'], ['Fnx+$^']],
  ])('%s', (glob, matching, other) => {
    expect([...matching, ...other].filter(compileGlob(glob))).toEqual(matching);
  });

  test.each([
    '!Orders',
    '+(a)',
    'a(b)',
    '{1..3}',
    '{a}',
    '{a,{b,c}}',
    '[[:alpha:]]',
    '[a',
    'a}',
    'a|b',
    'a\\',
  ])('%s is rejected', (glob) => {
    expect(globProblem(glob)).toContain('is not supported in a path');
  });

  test('has the results of picomatch', () => {
    const plain = ['a', 'b', 'ab', '.', '-', '$', '+', ' '];
    const special = [
      '*',
      '**',
      '?',
      '{a,b}',
      '{a,}',
      '{ab,*}',
      '[ab]',
      '[^a]',
      '[a-b]',
      String.raw`\*`,
      String.raw`\[`,
    ];
    const pieces = array(constantFrom(...plain, '*', '[', '/', '/'), { minLength: 1, maxLength: 7 });
    const globs = array(constantFrom(...plain, ...special, '/', '/', '/'), { minLength: 1, maxLength: 7 });
    // A construct path has no empty names and, in picomatch, `.` and `..` are folders.
    const isPath = (text: string) => text.split('/').every((name) => !['', '.', '..'].includes(name));
    let matching = 0;
    assert(
      property(globs, array(pieces, { minLength: 20, maxLength: 20 }), (glob, paths) => {
        const text = glob.join('');
        if (!isPath(text) || globProblem(text) !== undefined) return;
        const [ours, theirs] = [compileGlob(text), picomatch(text, { dot: true })];
        for (const path of paths.map((parts) => parts.join('')).filter(isPath)) {
          if (ours(path)) matching++;
          expect([text, path, ours(path)]).toEqual([text, path, theirs(path)]);
        }
      }),
      { numRuns: 2000 },
    );
    expect(matching).toBeGreaterThan(100);
  });

  test('includes everything below a matching path', () => {
    expect(
      ['Orders/Api', 'Orders/Api/Fn', 'Orders2'].filter((path) => matchesWithin('Ord*s/A*', path)),
    ).toEqual(['Orders/Api', 'Orders/Api/Fn']);
  });
});
