import { buildTracingModel } from '../../lib/model/build-model';
import { DAEMON_MEMORY } from '../../lib/rules/daemon-memory';
import { lambda, type Resources, ruleTester, serverless, stack } from './templates';

const Layers = ['arn:aws:lambda:eu-west-1:111122223333:layer:telemetry:1'];

const memory = (MemorySize: unknown, mode: unknown = 'Active'): Resources => ({
  Fn: lambda(mode, { MemorySize, Layers }),
});
const layers = (layers: unknown): Resources => ({
  Fn: lambda('Active', { MemorySize: 128, Layers: layers }),
});

ruleTester(DAEMON_MEMORY, {
  valid: [
    ['160 MB', memory(160)],
    ['a gigabyte, as text', memory('1024')],
    ['little memory without tracing', memory(128, 'PassThrough')],
    ['memory that is not known', memory({ Ref: 'Memory' })],
    ['128 MB without layers', { Fn: lambda('Active', { MemorySize: 128 }) }],
    ['no layers', layers([])],
    ['layers that a condition can remove', layers([{ 'Fn::If': ['C', Layers[0], { Ref: 'AWS::NoValue' }] }])],
    ['layers that are not known', layers({ Ref: 'Layers' })],
    [
      'layers in a case with more memory',
      {
        Fn: lambda('Active', {
          MemorySize: { 'Fn::If': ['C', 128, 256] },
          Layers: { 'Fn::If': ['C', { Ref: 'AWS::NoValue' }, Layers] },
        }),
      },
    ],
  ],
  invalid: [
    ['Fn MemorySize', '128 MB', memory(128)],
    ['Fn MemorySize', '159 MB', memory(159)],
    ['Fn MemorySize', 'the default', { Fn: lambda('Active', { Layers }) }],
    ['Fn MemorySize', 'a layer of the template', layers([{ Ref: 'Layer' }])],
    [
      'Fn MemorySize',
      'layers in the case with little memory',
      {
        Fn: lambda('Active', {
          MemorySize: { 'Fn::If': ['C', 128, 256] },
          Layers: { 'Fn::If': ['C', Layers, { Ref: 'AWS::NoValue' }] },
        }),
      },
    ],
    [
      'Fn MemorySize',
      'the default of all SAM functions',
      stack('sam', serverless({ Tracing: 'Active' }), {
        sections: { Globals: { Function: { MemorySize: 128, Layers } } },
      }),
    ],
  ],
});

test.each([
  ['is Active', 'Active'],
  ['can be Active', { 'Fn::If': ['Traced', 'Active', 'PassThrough'] }],
])("the message has '%s' for mode %j", (phrase, mode) => {
  const [{ message }] = DAEMON_MEMORY.check(buildTracingModel([stack('t', memory(128, mode))]));
  expect(message).toMatch(new RegExp(`^Function 'Fn' ${phrase} with 128 MB of memory and has layers\\.`));
});
