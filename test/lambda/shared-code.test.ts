import { buildTracingModel } from '../../lib/model/build-model';
import { lambda, stack } from '../rules/templates';

/** Returns the file that shows a tracing library in the code of each function with one, by handler. */
function libraries(files: Readonly<Record<string, string>>, handlers: readonly string[]) {
  const code = Object.entries(files).map(([path, text]) => ({ path, text }));
  const resources = Object.fromEntries(
    handlers.map((Handler, i) => [`Fn${i}`, lambda('Active', { Handler, Code: './src' })]),
  );
  const { functions } = buildTracingModel([stack('t', resources, { codeOf: () => code })]);
  return Object.fromEntries(
    functions.flatMap(({ code: { libraries: found } }, i) => found.map(({ file }) => [handlers[i], file])),
  );
}

const TRACER = 'from aws_lambda_powertools import Tracer\n';
const SDK = `const AWSXRay = require('aws-xray-sdk');\n`;

test.each<[string, Record<string, string>, Record<string, string>]>([
  ['in the handler', { 'a.py': TRACER, 'b.py': '' }, { 'a.handler': 'a.py' }],
  [
    'in a module that the handler imports',
    {
      'a.py': 'from utils.trace import span\n',
      'utils/trace.py': TRACER,
      'b.py': 'import utils.other',
      'utils/other.py': '',
    },
    { 'a.handler': 'utils/trace.py' },
  ],
  [
    'in a module that a package imports',
    {
      'a.py': 'import utils\n',
      'utils/__init__.py': 'from .trace import span\n',
      'utils/trace.py': TRACER,
      'b.py': '',
    },
    { 'a.handler': 'utils/trace.py' },
  ],
  [
    'in a module that is imported by name',
    { 'a.py': 'from utils import other, trace as t\n', 'utils/trace.py': TRACER, 'b.py': '' },
    { 'a.handler': 'utils/trace.py' },
  ],
  [
    'in a module that is imported by name in parentheses',
    {
      'a.py': 'from utils import (\n    other,  # (more)\n    trace,\n)\n',
      'utils/trace.py': TRACER,
      'b.py': '',
    },
    { 'a.handler': 'utils/trace.py' },
  ],
  [
    'in a module that both import',
    { 'a.js': `require('./lib/log')`, 'b.js': `import log from "./lib/log.js";`, 'lib/log.js': SDK },
    { 'a.handler': 'lib/log.js', 'b.handler': 'lib/log.js' },
  ],
  [
    'in the module of a folder',
    {
      'a.ts': `import { log } from './lib';`,
      'b.ts': '',
      'lib/index.ts': `export * from '../trace.js';`,
      'trace.ts': SDK,
    },
    { 'a.handler': 'trace.ts' },
  ],
  [
    'in a module that no handler is known to import',
    { 'a.py': '', 'b.py': '', 'trace.py': TRACER },
    { 'a.handler': 'trace.py', 'b.handler': 'trace.py' },
  ],
  [
    'in the list of packages, and in the other handler',
    { 'a.js': SDK, 'b.js': '', 'package.json': '{"dependencies":{"aws-xray-sdk":"3"}}' },
    { 'a.handler': 'a.js' },
  ],
  [
    'only in the list of packages',
    { 'a.js': '', 'b.js': '', 'package.json': '{"dependencies":{"aws-xray-sdk":"3"}}' },
    { 'a.handler': 'package.json', 'b.handler': 'package.json' },
  ],
  [
    'in modules that import each other',
    { 'a.py': 'import c\n', 'c.py': `import a\n${TRACER}`, 'b.py': '' },
    { 'a.handler': 'c.py' },
  ],
])('finds the functions that use a library %s', (_, files, expected) => {
  expect(libraries(files, ['a.handler', 'b.handler'])).toEqual(expected);
});

test.each([
  ['a.handler', 'other.handler'],
  ['a.handler', 'constructor'],
])('assumes that a function uses all files if its handler is not among them: %s, %s', (...handlers) => {
  expect(libraries({ 'a.py': TRACER, 'b.py': '' }, handlers)).toEqual({
    'a.handler': 'a.py',
    [handlers[1]]: 'a.py',
  });
});

test('finds handlers in folders, with dots or slashes', () => {
  const files = { 'src/a.py': TRACER, 'src/b.py': '' };
  expect(libraries(files, ['src.a.handler', 'src/b.handler'])).toEqual({ 'src.a.handler': 'src/a.py' });
});
