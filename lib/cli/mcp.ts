import { execFile, type ExecFileException } from 'node:child_process';
import { McpServer } from '@modelcontextprotocol/server';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { array, boolean, strictObject, string, type ZodType } from 'zod';
import { printable } from '../text/printable';
import { TOOL, VERSION } from '../version';
import { UsageError } from './errors';

/** Milliseconds that a call may take. Thousands of templates take some seconds. */
const TIMEOUT = 120_000;

/** The maximum number of characters in an answer. Clients close the connection after 10 MB of JSON, which escapes some. */
const MAX_ANSWER = 1_000_000;

const INSTRUCTIONS = `Checks the AWS X-Ray tracing of AWS Lambda functions in CloudFormation, SAM and CDK templates.
After you change such a template or app, run check_tracing. For a CDK app, run cdk synth first, and edit the construct at the
position that a finding names, not the templates in cdk.out. preview_fixes shows edits of SAM and CloudFormation templates.
explain_rule says why a finding matters. The tools change no files. Paths are relative to ${process.cwd()}.`;

/** Text that a process can get as an argument. */
const argument = string().regex(/^[^\0]+$/, 'expected text that is not empty and has no null bytes');

const paths = array(argument)
  .optional()
  .describe(
    'Templates in JSON or YAML, cloud assemblies, or folders with templates. Without it, the output of cdk synth is read.',
  );

/** A tool: the arguments of a command, which prints text. */
interface McpTool<Input> {
  readonly title: string;
  readonly description: string;
  readonly input: ZodType<Input>;
  args(this: void, input: Input): string[];
}

function tool<Input>(definition: McpTool<Input>): McpTool<Input> {
  return definition;
}

const TOOLS = {
  check_tracing: tool({
    title: 'Check X-Ray tracing',
    description:
      'Lists what is wrong with the tracing of the Lambda functions in templates: functions without tracing, roles without permission, event sources that X-Ray cannot trace, versions that keep an old mode. Each finding has its position and a fix.',
    input: strictObject({
      paths,
      baseline: argument
        .optional()
        .describe(
          'Previous templates, to also find mistakes in the change: a path, git:REVISION, or deployed (reads the AWS account).',
        ),
      verbose: boolean().optional().describe('List all findings, with their resources.'),
    }),
    args: ({ paths: inputs, baseline, verbose }) => [
      'check',
      '--no-color',
      ...(baseline === undefined ? [] : [`--baseline=${baseline}`]),
      ...(verbose ? ['--verbose'] : []),
      ...operands(inputs),
    ],
  }),
  preview_fixes: tool({
    title: 'Preview fixes',
    description:
      'Shows as a unified diff how check --fix would edit SAM and CloudFormation templates so that findings go away.',
    input: strictObject({
      paths,
      suggestions: boolean()
        .optional()
        .describe('Include fixes that need a review, such as those of a mode that was set on purpose.'),
    }),
    args: ({ paths: inputs, suggestions }) => [
      'check',
      '--no-color',
      '--fix-dry-run',
      ...(suggestions ? ['--fix-suggestions'] : []),
      ...operands(inputs),
    ],
  }),
  trace_map: tool({
    title: 'Map of traces',
    description:
      'Draws as a Mermaid flowchart which services and functions call each other, and where a trace breaks.',
    input: strictObject({ paths }),
    args: ({ paths: inputs }) => ['map', '--format', 'mermaid', ...operands(inputs)],
  }),
  explain_rule: tool({
    title: 'Explain a rule',
    description:
      'Explains a rule: why it matters, correct and incorrect templates, and fixes. Without a rule, lists all rules. The rule no-traces has the steps to find out why a function is Active and has no traces.',
    input: strictObject({
      rule: argument.optional().describe('The ID of a rule, such as ActiveTracing.'),
    }),
    args: ({ rule }) =>
      rule === undefined ? ['rules', '--no-color'] : ['explain', '--no-color', ...operands([rule])],
  }),
};

/** Returns values after `--`, which ends the options. */
function operands(values: readonly string[] = []): string[] {
  return values.length === 0 ? [] : ['--', ...values];
}

/**
 * Runs `cdk-lambda-xray mcp`: serves the tools on standard input and output, until the client closes it.
 *
 * @returns the exit status
 * @throws UsageError if standard input is a terminal
 * @see https://modelcontextprotocol.io
 */
export async function mcp(): Promise<number> {
  if (process.stdin.isTTY) {
    throw new UsageError(
      'mcp is started by a coding agent, which talks to it on standard input. Add it to the configuration of the agent.',
    );
  }
  const server = new McpServer({ name: TOOL.name, version: VERSION }, { instructions: INSTRUCTIONS });
  for (const [name, definition] of Object.entries(TOOLS)) register(server, name, definition);
  server.server.onerror = ({ message }) => process.stderr.write(`${printable(message)}\n`);
  const closed = new Promise<void>((resolve) => {
    server.server.onclose = resolve;
    process.stdin.once('end', resolve);
  });
  await server.connect(new StdioServerTransport());
  await closed;
  return 0;
}

function register(
  server: McpServer,
  name: string,
  { title, description, input, args }: McpTool<unknown>,
): void {
  server.registerTool(
    name,
    { title, description, inputSchema: input, annotations: { readOnlyHint: true } },
    async (given, { mcpReq: { signal } }) => {
      const { text, isError } = await runCommand(args(given), signal);
      return { content: [{ type: 'text', text }], isError };
    },
  );
}

/** Runs this command in a process of its own, whose output cannot get between the messages to the client. */
function runCommand(
  args: readonly string[],
  signal: AbortSignal,
): Promise<{ readonly text: string; readonly isError: boolean }> {
  return new Promise((resolve) => {
    const ended = (error: ExecFileException | null, stdout = '', stderr = '') => {
      const text = [cut(stdout.trim()), cut(stderr.trim()), reasonOf(error)].filter(Boolean).join('\n\n');
      // Status 1: there are findings.
      resolve({ text: text || 'No output.', isError: error !== null && error.code !== 1 });
    };
    const options = { signal, timeout: TIMEOUT, maxBuffer: 64 * 1024 * 1024 };
    try {
      execFile(process.execPath, [process.argv[1], ...args], options, ended).stdin?.end();
    } catch (error) {
      // Node.js throws some errors of the start, such as E2BIG for too many arguments.
      ended(error as ExecFileException);
    }
  });
}

/** Returns why a command has ended without an answer of its own, and the way out. */
function reasonOf(error: ExecFileException | null): string {
  if (error === null || typeof error.code === 'number') return '';
  if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return 'The output is too long. Pass fewer paths.';
  if (error.killed) return `Stopped after ${TIMEOUT / 1000} seconds. Pass fewer paths.`;
  if (error.signal) return `Stopped by ${error.signal}. Pass fewer paths.`;
  return `The command could not be started: ${error.message}. Pass fewer paths, and call one tool at a time.`;
}

/** Leaves out the middle of a long text: the end has the summary. */
function cut(text: string): string {
  const more = text.length - MAX_ANSWER;
  if (more <= 0) return text;
  const end = MAX_ANSWER / 10;
  return [
    text.slice(0, MAX_ANSWER - end),
    `[${more} characters are left out here. Pass fewer paths, or omit verbose.]`,
    text.slice(-end),
  ].join('\n\n');
}
