import { buildTracingModel } from '../../lib/model/build-model';
import { DAEMON_MEMORY } from '../../lib/rules/daemon-memory';
import { lambda, type Resources, ruleTester, serverless, stack } from './templates';

const memory = (MemorySize: unknown, mode: unknown = 'Active'): Resources => ({
  Fn: lambda(mode, { MemorySize }),
});

ruleTester(DAEMON_MEMORY, {
  valid: [
    ['160 MB', memory(160)],
    ['a gigabyte, as text', memory('1024')],
    ['little memory without tracing', memory(128, 'PassThrough')],
    ['memory that is not known', memory({ Ref: 'Memory' })],
  ],
  invalid: [
    ['Fn MemorySize', '128 MB', memory(128)],
    ['Fn MemorySize', '159 MB', memory(159)],
    ['Fn MemorySize', 'the default', { Fn: lambda('Active') }],
    [
      'Fn MemorySize',
      'the default of all SAM functions',
      stack('sam', serverless({ Tracing: 'Active' }), {
        sections: { Globals: { Function: { MemorySize: 128 } } },
      }),
    ],
  ],
});

test.each([
  ['is Active', 'Active'],
  ['can be Active', { 'Fn::If': ['Traced', 'Active', 'PassThrough'] }],
])("the message has '%s' for mode %j", (phrase, mode) => {
  const [{ message }] = DAEMON_MEMORY.check(buildTracingModel([stack('t', memory(128, mode))]));
  expect(message).toMatch(new RegExp(`^Function 'Fn' ${phrase} with 128 MB of memory`));
});
