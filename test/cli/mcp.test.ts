import { readFileSync } from 'node:fs';
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

test('ends when the client closes the input', async () => {
  expect(await run(await bundledCommand(), ['mcp'])).toMatchObject({ status: 0, stdout: '' });
});
