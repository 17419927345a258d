import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { bundledCommand, folderWith, run } from './bundled-command';

const TEMPLATE = `Resources:
  Worker:
    Type: AWS::Lambda::Function
    Properties:
      Handler: index.handler
      Runtime: nodejs22.x
      Role: arn:aws:iam::123456789012:role/worker
      Code: { ZipFile: '' }
`;

let client: Client;
let folder: string;

beforeAll(async () => {
  folder = folderWith({ 'template.yaml': TEMPLATE });
  client = new Client({ name: 'test', version: '1' });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [await bundledCommand(), 'mcp'],
      cwd: folder,
    }),
  );
}, 60_000);

afterAll(() => client.close());

async function call(name: string, input: Record<string, unknown> = {}) {
  const { content, isError } = await client.callTool({ name, arguments: input });
  const [{ text }] = content as { text: string }[];
  return { text, isError };
}

test('lists tools that change nothing, with descriptions of all inputs', async () => {
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toEqual([
    'check_tracing',
    'preview_fixes',
    'trace_map',
    'explain_rule',
  ]);
  for (const { annotations, inputSchema } of tools) {
    expect(annotations).toEqual({ readOnlyHint: true });
    for (const property of Object.values(inputSchema.properties ?? {})) {
      expect(property).toMatchObject({ description: expect.stringMatching(/\.$/) as string });
    }
  }
});

test('the instructions name the folder of relative paths', () => {
  expect(client.getInstructions()).toContain(`Paths are relative to ${folder}`);
});

test.each<[string, Record<string, unknown>, RegExp]>([
  ['check_tracing', { paths: ['template.yaml'] }, /template\.yaml[^]*4:5 [^]*Fix: Set TracingConfig/],
  ['check_tracing', { paths: ['template.yaml'], verbose: true, baseline: 'template.yaml' }, /is the input/],
  ['preview_fixes', { paths: ['template.yaml'] }, /^\+ +TracingConfig:/m],
  ['trace_map', { paths: ['template.yaml'] }, /^flowchart LR[^]*Worker/],
  ['explain_rule', { rule: 'ActiveTracing' }, /^LambdaXRay-ActiveTracing/],
  ['explain_rule', { rule: 'no-traces' }, /has no traces|no traces/],
  ['explain_rule', {}, /^Rule[^]*LambdaXRay-VersionLock[^]*LambdaXRay-ActiveTracing/],
])('%s answers %j', async (name, input, expected) => {
  const { text } = await call(name, input);
  expect(text).toMatch(expected);
  expect(readFileSync(join(folder, 'template.yaml'), 'utf-8')).toBe(TEMPLATE);
});

test('findings are no error of the tool', async () => {
  expect(await call('check_tracing', { paths: ['template.yaml'] })).toMatchObject({ isError: false });
});

test.each<[string, Record<string, unknown>, RegExp]>([
  ['check_tracing', { paths: ['missing.yaml'] }, /missing\.yaml/],
  ['check_tracing', {}, /Pass template\.yaml/],
  ['explain_rule', { rule: 'ActivTracing' }, /Did you mean/i],
  ['check_tracing', { paths: 'template.yaml' }, /paths/],
  ['check_tracing', { path: ['template.yaml'] }, /Unrecognized key: "path"/],
  ['check_tracing', { paths: [''] }, /paths\.0: expected text that is not empty/],
  ['check_tracing', { paths: ['a\0b'] }, /paths\.0: expected text that .* has no null bytes/],
  ['check_tracing', { paths: ['template.yaml'], baseline: '' }, /baseline: expected text/],
])('%s fails with the reason for %j', async (name, input, expected) => {
  const { text, isError } = await call(name, input);
  expect({ text, isError }).toEqual({ text: expect.stringMatching(expected) as string, isError: true });
});

test('a path is never an option', async () => {
  const { text, isError } = await call('check_tracing', { paths: ['--fix', 'template.yaml'] });
  expect(isError).toBe(true);
  expect(text).toContain('--fix');
  expect(readFileSync(join(folder, 'template.yaml'), 'utf-8')).toBe(TEMPLATE);
});

test('the middle of an output that is too long for clients is left out', async () => {
  const names = Array.from({ length: 4000 }, (_, index) => `Function${index}`);
  const functions = names.map((name) => TEMPLATE.slice('Resources:\n'.length).replace('Worker', name));
  writeFileSync(join(folder, 'many.yaml'), `Resources:\n${functions.join('')}`);
  const { text, isError } = await call('check_tracing', { paths: ['many.yaml'], verbose: true });
  expect(isError).toBe(false);
  expect(text.length).toBeLessThan(1_001_000);
  expect(text).toMatch(
    /^many\.yaml[^]*\n\[\d+ characters are left out here\. Pass fewer paths[^]*4000 warnings in 1 template/,
  );
}, 60_000);

test('arguments that are too long for a process are an error with a way out', async () => {
  expect(await call('trace_map', { paths: ['x'.repeat(3_000_000)] })).toEqual({
    text: 'The command could not be started: spawn E2BIG. Pass fewer paths, and call one tool at a time.',
    isError: true,
  });
});

test('a message that is not of the protocol is an error on standard error', async () => {
  const { status, stdout, stderr } = await run(await bundledCommand(), ['mcp'], {
    stdin: '{"jsonrpc":"1.0"}\n',
  });
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  expect(stderr).toMatch(/^.*invalid.*\n$/i);
});

test('ends when the client closes the input', async () => {
  expect(await run(await bundledCommand(), ['mcp'])).toMatchObject({ status: 0, stdout: '' });
});
