import { join } from 'node:path';
import { App, NestedStack } from 'aws-cdk-lib';
import { load } from '../../lib/input/load';
import { SourcePositions } from '../../lib/input/source-positions';
import { TracedFunction } from '../../lib/constructs/traced-function';
import { activeLambda, CODE, lambda, quietly, stackIn } from '../apps/app';
import { directoryWith } from './temporary';

const PATH = 'Orders/Fn/Resource';
const OWN_CONSTRUCT = join(__dirname, '..', '..', 'lib', 'constructs', 'traced-function.ts');

/** Returns the position of a construct with a stack trace: `file:line:column`. */
function positionOf(data: unknown, assembly = 'cdk.out'): string | undefined {
  return positionIn({ [`/${PATH}`]: [{ type: 'aws:cdk:creationStack', data }] }, PATH, assembly);
}

function positionIn(
  metadata: Record<string, unknown>,
  path = PATH,
  assembly = 'cdk.out',
): string | undefined {
  const found = new SourcePositions(metadata, assembly).of(path);
  return found && [found.file, found.position?.line, found.position?.column].join(':');
}

describe('reads the first frame of the user', () => {
  test.each([
    ['a constructor', 'new OrdersStack (/app/lib/orders-stack.ts:18:19)', '/app/lib/orders-stack.ts:18:19'],
    ['a file without a function', '/app/bin/app.ts:3:1', '/app/bin/app.ts:3:1'],
    ['the prefix of Node.js', '    at new Orders (/app/orders.ts:1:2)', '/app/orders.ts:1:2'],
    ['a frame without a column', 'build (/app/app.py:12)', '/app/app.py:12:1'],
    ['a folder with spaces and parentheses', 'run (/a b (copy)/app.ts:1:2)', '/a b (copy)/app.ts:1:2'],
    ['an ES module', 'run (file:///app/my%20lib/app.mjs:7:3)', '/app/my lib/app.mjs:7:3'],
    ['an ES module on Windows', 'run (file:///C:/app/app.mjs:7:3)', 'C:/app/app.mjs:7:3'],
    ['a path of Windows', String.raw`run (C:\app\lib\app.ts:7:3)`, 'C:/app/lib/app.ts:7:3'],
    ['a frame that CDK cut', 'file:///app/app.mjs:3: (file:///app/app.mjs:3::)', '/app/app.mjs:3:1'],
    ['a frame whose column CDK cut', 'file:///app/app.mjs:3:2 (file:///app/app.mjs:3:2)', '/app/app.mjs:3:1'],
    ['a file of Java', 'com.example.OrdersApp.main (OrdersApp.java:33)', 'OrdersApp.java:33:1'],
    ['a path with steps up', 'run (/app/dist/../lib/app.ts:7:3)', '/app/lib/app.ts:7:3'],
  ])('%s', (_, frame, expected) => {
    expect(positionOf([frame])).toBe(expected);
  });

  test.each([
    ["CDK's summary of a library", '...new Function2 in aws-cdk-lib...'],
    [
      "CDK's note that there is no user code",
      '(no user code in 10 frames, use --stack-trace-limit to capture more)',
    ],
    ['a library', 'new Api (/app/node_modules/@acme/api/lib/api.js:1:2)'],
    ['a library on Windows', String.raw`new Api (C:\app\node_modules\api\index.js:1:2)`],
    ['a library of Python', 'build (/app/.venv/lib/python3.12/site-packages/acme/api.py:4)'],
    ['a module of Python', 'run (/usr/lib/python3.12/runpy.py:198)'],
    ['a class of Java', 'java.lang.reflect.Method.invoke (Method.java:580)'],
    ['a class of CDK in Java', 'software.amazon.awscdk.services.lambda.Function.<init> (Function.java:33)'],
    ['a module of Go', 'acme.New (/home/me/go/pkg/mod/acme@v1/api.go:12)'],
    ['Node.js', 'Module._compile (node:internal/modules/cjs/loader:1554:14)'],
    ['a construct of this package', `new TracedFunction (${OWN_CONSTRUCT}:95:5)`],
    ['evaluated code', 'eval (eval at run (/app/run.js:1:1), <anonymous>:1:1)'],
    ['code without a file', 'Array.map (<anonymous>)'],
    ['a bundler', 'new Orders (webpack:///./lib/orders.ts:1:2)'],
    ['an ES module on another computer', 'run (file://host/share/app.mjs:7:3)'],
    ['a wrong URL', 'run (file:///%E0%A4%A/app.mjs:7:3)'],
    ['line 0', 'run (/app/app.ts:0:0)'],
    ['no line', 'run (/app/app.ts)'],
    ['no text', ''],
  ])('skips %s', (_, frame) => {
    expect(positionOf([frame])).toBeUndefined();
    expect(positionOf([frame, 'new Orders (/app/orders.ts:18:19)'])).toBe('/app/orders.ts:18:19');
  });
});

test('reads the trace that older versions of CDK write, and a trace in one text', () => {
  const entry = { type: 'aws:cdk:logicalId', data: 'Fn', trace: ['new Orders (/app/orders.ts:18:19)'] };
  expect(positionIn({ [`/${PATH}`]: [entry] })).toBe('/app/orders.ts:18:19');
  expect(positionOf('...aws-cdk-lib...\nnew Orders (/app/orders.ts:18:19)')).toBe('/app/orders.ts:18:19');
});

test('uses the closest parent with a position', () => {
  const at = (line: number) => [
    { type: 'aws:cdk:creationStack', data: [`new Orders (/app/orders.ts:${line}:1)`] },
  ];
  const metadata = { '/Orders': at(1), '/Orders/Fn': at(2), '/Orders/Fn/Role': [], '/Other/Fn': at(3) };
  expect(positionIn(metadata, 'Orders/Fn/Role/Resource')).toBe('/app/orders.ts:2:1');
  expect(positionIn(metadata, 'Orders/Queue')).toBe('/app/orders.ts:1:1');
  expect(positionIn(metadata, 'Orders2')).toBeUndefined();
  expect(positionIn(metadata, '')).toBeUndefined();
});

describe('finds the call of code that creates several constructs', () => {
  const HELPER = 'Orders.lambda (/app/orders.ts:60:12)';
  const APP = '/app/bin/app.ts:8:1';
  const call = (line: number) => `new Orders (/app/orders.ts:${line}:5)`;

  /** Returns the position that the function `Fn` is called from, beside other constructs of the stack. */
  function callOf(trace: readonly string[], ...others: readonly (readonly string[])[]): string | undefined {
    const at = (data: readonly string[]) => [{ type: 'aws:cdk:creationStack', data }];
    const metadata = Object.fromEntries(others.map((other, i) => [`/Orders/Other${i}`, at(other)]));
    const found = new SourcePositions({ ...metadata, [`/${PATH}`]: at(trace) }, 'cdk.out').of(
      PATH,
    )?.calledFrom;
    return found && [found.file, found.position?.line, found.position?.column].join(':');
  }

  test.each<[string, string[], string[][], string | undefined]>([
    ['a function', [HELPER, call(20), APP], [[HELPER, call(21), APP]], '/app/orders.ts:20:5'],
    [
      'a function in a function',
      [HELPER, 'build (/app/orders.ts:70:1)', call(20), APP],
      [
        [HELPER, 'build (/app/orders.ts:70:1)', call(21), APP],
        [HELPER, call(22), APP],
      ],
      '/app/orders.ts:20:5',
    ],
    [
      'a function that a library calls',
      [HELPER, 'each (/app/node_modules/a/index.js:1:1)', call(20), APP],
      [[HELPER, 'each (/app/node_modules/a/index.js:2:1)', call(21), APP]],
      '/app/orders.ts:20:5',
    ],
    [
      'a function in a loop, beside other calls',
      [HELPER, call(20), APP],
      [
        [HELPER, call(20), APP],
        [HELPER, call(21), APP],
      ],
      '/app/orders.ts:20:5',
    ],
    ['a line that creates one construct', [HELPER, call(20), APP], [[call(21), APP]], undefined],
    [
      'a construct and its parts',
      [call(20), APP],
      [['...new Role2 in aws-cdk-lib...', call(20), APP]],
      undefined,
    ],
    ['a trace that CDK cuts', [call(20), APP], [[call(20)]], undefined],
  ])('%s', (_, trace, others, expected) => {
    expect(callOf(trace, ...others)).toBe(expected);
  });
});

test('shows paths relative to the working directory, and else below the folder of the app as it was given', () => {
  expect(positionOf([`run (${join(process.cwd(), 'lib-of-app', 'app.ts')}:1:2)`])).toBe(
    'lib-of-app/app.ts:1:2',
  );
  const app = directoryWith({ 'lib/app.ts': '', 'cdk.out/manifest.json': '{}' });
  expect(positionOf([`run (${app}/lib/app.ts:1:2)`], join(app, 'cdk.out'))).toBe(`${app}/lib/app.ts:1:2`);
  expect(positionOf(['run (lib/app.ts:1:2)'], join(app, 'cdk.out'))).toBe(`${app}/lib/app.ts:1:2`);
  expect(positionOf(['run (lib/other.ts:1:2)'], join(app, 'cdk.out'))).toBe('lib/other.ts:1:2');
});

describe('reads malformed metadata', () => {
  test.each<[string, unknown]>([
    ['a number', 7],
    ['an object', { 0: 'run (/app/app.ts:1:2)' }],
    ['frames of other types', [null, 7, {}, ['run (/app/app.ts:1:2)']]],
    ['a long frame', [`run (/${'a'.repeat(1e6)}.ts:1:2)`]],
    ['many colons', [':'.repeat(4000)]],
    ['many parentheses', [`${' ('.repeat(2000)})`]],
    ['a large number', ['run (/app/app.ts:99999999999999999999:1)']],
  ])('%s', (_, data) => {
    expect(positionOf(data)).toBeUndefined();
  });

  test.each<[string, unknown]>([
    ['null', null],
    ['a text', 'aws:cdk:creationStack'],
    ['entries of other types', [null, 'x', [], { type: ['aws:cdk:creationStack'] }]],
  ])('entries that are %s', (_, entries) => {
    expect(positionIn({ [`/${PATH}`]: entries })).toBeUndefined();
  });

  test('paths of Object.prototype, and long paths', () => {
    expect(positionIn({}, 'constructor/toString')).toBeUndefined();
    expect(positionIn({}, '/'.repeat(1e6))).toBeUndefined();
  });
});

test('CDK writes the positions of resources in stacks and nested stacks', () => {
  const outdir = directoryWith({});
  const app = new App({ outdir, analyticsReporting: false, treeMetadata: false });
  const stack = stackIn(app, 'Orders');
  const fn = activeLambda(stack, 'Fn');
  new TracedFunction(stack, 'Traced', CODE);
  lambda(new NestedStack(stack, 'Nested'), 'Inner');
  expect(fn.node.path).toBe('Orders/Fn');
  quietly(() => app.synth());

  const { templates } = load([outdir]);
  const [outer, inner] = templates;
  const lines = [
    outer.sourceOf!('Orders/Fn/Resource'),
    outer.sourceOf!('Orders/Fn/ServiceRole/Resource'),
    outer.sourceOf!('Orders/Traced/Resource'),
    inner.sourceOf!('Orders/Nested/Inner/Resource'),
  ];
  // The functions are created in test/apps/app.ts, which is the code of the user for CDK and for this package.
  expect(lines.map((found) => found?.file)).toEqual([
    'test/apps/app.ts',
    'test/apps/app.ts',
    'test/input/source-positions.test.ts',
    'test/apps/app.ts',
  ]);
  expect(lines[3]?.calledFrom?.file).toBe('test/input/source-positions.test.ts');
});

test.each([
  ['are disabled', { 'aws:cdk:disable-creation-stack-traces': true }, undefined],
  ['are disabled by stackTraces for annotations only', {}, 'test/apps/app.ts'],
])('stack traces %s', (_, context, expected) => {
  const outdir = directoryWith({});
  const app = new App({
    outdir,
    analyticsReporting: false,
    treeMetadata: false,
    stackTraces: false,
    context,
  });
  activeLambda(stackIn(app, 'Orders'), 'Fn');
  quietly(() => app.synth());
  expect(load([outdir]).templates[0].sourceOf!('Orders/Fn/Resource')?.file).toBe(expected);
});
