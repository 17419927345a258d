import { Command, Option } from 'commander';
import { THRESHOLDS } from '../report/configuration';
import { printable } from '../text/printable';
import { VERSION } from '../version';
import { reportFailure } from './errors';
import {
  CHECK_FORMATS,
  DIFF_FORMATS,
  EDITORS,
  ESTIMATE_FORMATS,
  MAP_FORMATS,
  VERIFY_FORMATS,
} from './formats';
import type { GuardCommandOptions } from './guard';
import { CHECK_HELP, DIFF_HELP, ESTIMATE_HELP, GUARD_HELP, MAP_HELP, MCP_HELP, VERIFY_HELP } from './help';
import type { CheckOptions, DiffOptions, EstimateOptions, MapOptions, VerifyOptions } from './options';

const OUTPUT = ['--output <file>', 'write to a file instead of standard output'] as const;
const CONFIG = [
  '--config <file>',
  'the configuration, or none (default: the nearest .cdk-lambda-xray.yaml in this repository)',
] as const;
const RULE = [
  '--rule <ID=severity>',
  'set a rule to off, info, warning or error; repeatable',
  append,
] as const;
const REGION = ['--region <region>', 'the region of stacks whose templates do not contain it'] as const;
const TRANSACTION_SEARCH = [
  '--transaction-search',
  'assume that Transaction Search is on in the accounts, even if the templates do not turn it on',
] as const;
const NO_COLOR = ['--no-color', 'write no colors, same as NO_COLOR=1'] as const;

/**
 * Runs the command line.
 *
 * @param args the arguments after the name of the command
 * @returns the exit status
 */
export async function run(args: readonly string[]): Promise<number> {
  let status = 0;
  const program = commandLine((result) => {
    status = result;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return status;
  } catch (error) {
    return reportFailure(error);
  }
}

/** Each command loads its code on demand: it must not slow down the start of the others. */
function commandLine(done: (status: number) => void): Command {
  const program = new Command('cdk-lambda-xray')
    .description('Checks the AWS X-Ray tracing of Lambda functions in CloudFormation, SAM and CDK templates.')
    .version(VERSION)
    .exitOverride()
    .configureOutput({ outputError: (message, write) => write(printableUsage(message)) })
    .showSuggestionAfterError()
    .showHelpAfterError('Run with --help for usage.');

  withSharedCheckOptions(
    program
      .command('check')
      .description('check templates')
      .argument('[PATH...]', 'the templates to check (default: the output of cdk synth)')
      .addOption(formatOption(CHECK_FORMATS))
      .option(
        '--baseline <baseline>',
        'compare with previous templates: PATH, git:REV[:PATH], deployed[:STACK]',
      )
      .option(
        '--acknowledge-all <reason>',
        'acknowledge all existing findings in the configuration, so that only new ones fail',
      )
      .option('--fix', 'edit templates in place where a finding has a safe fix, and report what is left')
      .option(
        '--fix-suggestions',
        'also apply fixes that need a review, such as those of a mode set on purpose',
      )
      .option('--fix-dry-run', 'print the edits as a unified diff, and change nothing')
      .option('--allow-empty', 'exit with 0 if there are no templates', false)
      .option('--no-code', 'do not search the code of functions for tracing libraries'),
    'findings',
  )
    .addHelpText('after', CHECK_HELP)
    .action(async (paths: string[], options: CheckOptions) => {
      const { check } = await import('./check.js');
      done(await check(paths, options));
    });

  withSharedCheckOptions(
    program
      .command('diff')
      .description('show how tracing changes, for a review')
      .argument('<BASELINE>', 'the previous templates: PATH, git:REV[:PATH], deployed[:STACK]')
      .argument('[PATH...]', 'the new templates (default: the output of cdk synth)')
      .addOption(formatOption(DIFF_FORMATS)),
    'new findings',
  )
    .addHelpText('after', DIFF_HELP)
    .action(async (baseline: string, paths: string[], options: DiffOptions) => {
      const { diff } = await import('./diff.js');
      done(await diff(baseline, paths, options));
    });

  program
    .command('estimate')
    .description('estimate how many traces X-Ray records and what they cost')
    .argument('[PATH...]', 'templates to estimate (default: the output of cdk synth)')
    .option('--rps <number>', 'requests per second of each function that is called from outside')
    .option(...TRANSACTION_SEARCH)
    .addOption(formatOption(ESTIMATE_FORMATS))
    .option(...OUTPUT)
    .option(...REGION)
    .option(...CONFIG)
    .option('--verbose', 'write all entries of a text report, not only the ten with the highest cost')
    .option(...NO_COLOR)
    .addHelpText('after', ESTIMATE_HELP)
    .action(async (paths: string[], options: EstimateOptions) => {
      const { estimate } = await import('./estimate.js');
      done(await estimate(paths, options));
    });

  program
    .command('map')
    .description('draw the calls between functions and services, and where traces break')
    .argument('[PATH...]', 'the templates to draw (default: the output of cdk synth)')
    .addOption(formatOption(MAP_FORMATS, 'html'))
    .option(...OUTPUT)
    .option('--open', 'open the map in the browser')
    .addOption(
      new Option('--editor <name>', 'link positions on the page to an editor').choices(Object.keys(EDITORS)),
    )
    .option(...CONFIG)
    .addHelpText('after', MAP_HELP)
    .action(async (paths: string[], options: MapOptions) => {
      const { map } = await import('./map.js');
      done(await map(paths, options));
    });

  program
    .command('verify')
    .description('compare deployed functions with the templates and print the commands that fix differences')
    .argument('[PATH...]', 'templates of the deployed stacks (default: the output of cdk synth)')
    .option('--stack <name>', 'verify only this stack; repeatable', append)
    .option('--all-stacks', 'verify all stacks of the region with their deployed templates')
    .addOption(formatOption(VERIFY_FORMATS))
    .option(...OUTPUT)
    .option(...REGION)
    .option('--profile <name>', 'the AWS profile for reading deployed stacks')
    .option('--concurrency <number>', 'maximum number of concurrent requests', '4')
    .option('--quiet', 'print only differences, without notes and summary')
    .option(...NO_COLOR)
    .addHelpText('after', VERIFY_HELP)
    .action(async (paths: string[], options: VerifyOptions) => {
      const { verify } = await import('./verify.js');
      done(await verify(paths, options));
    });

  program
    .command('guard')
    .description('write a template that checks all stacks of an account before they are deployed')
    .option('--template', 'write the template, for CloudFormation StackSets or one account')
    .option(...OUTPUT)
    .addOption(
      new Option(
        '--fail-on <severity>',
        'fail operations that add findings of this severity or higher (default: error)',
      ).choices(THRESHOLDS),
    )
    .addOption(
      new Option('--on-error <answer>', 'the answer to an operation that cannot be checked')
        .choices(['allow', 'deny'])
        .default('allow'),
    )
    .option(
      '--exempt <STACK=REASON>',
      'do not check the stacks with this name or pattern; repeatable',
      append,
    )
    .option(...RULE)
    .option(...CONFIG)
    .addHelpText('after', GUARD_HELP)
    .action(async (options: GuardCommandOptions) => {
      const { guard } = await import('./guard.js');
      done(await guard(options));
    });

  program
    .command('rules')
    .description('list all rules')
    .addOption(formatOption({ text: {}, json: {} }))
    .option(...NO_COLOR)
    .action(async (options: { format: 'text' | 'json'; color: boolean }) => {
      const { rules } = await import('./explain.js');
      done(rules(options));
    });

  program
    .command('explain')
    .description('explain a rule: what it requires, why, and how to fix findings')
    .argument(
      '<ID>',
      'the ID of a rule, such as LambdaXRay-ActiveTracing or ActiveTracing; or no-traces, for a function that is Active and has no traces',
    )
    .option(...NO_COLOR)
    .action(async (id: string, options: { color: boolean }) => {
      const { explain } = await import('./explain.js');
      done(explain(id, options));
    });

  program
    .command('mcp')
    .description(
      'serve check, fix previews, the map and explanations to a coding agent (Model Context Protocol)',
    )
    .addHelpText('after', MCP_HELP)
    .action(async () => {
      const { mcp } = await import('./mcp.js');
      done(await mcp());
    });

  return program;
}

/** Adds the options that `check` and `diff` share. */
function withSharedCheckOptions(command: Command, failing: 'findings' | 'new findings'): Command {
  const written = failing === 'findings' ? 'findings' : 'changes';
  return command
    .option(...OUTPUT)
    .addOption(
      new Option(
        '--fail-on <severity>',
        `exit with 1 on ${failing} of this severity or higher (default: error)`,
      ).choices(THRESHOLDS),
    )
    .option(
      '--max-warnings <number>',
      `exit with 1 on more than this number of warnings among the ${failing}`,
    )
    .option(...RULE)
    .option(...TRANSACTION_SEARCH)
    .option(...REGION)
    .option('--profile <name>', 'the AWS profile for reading deployed stacks')
    .option(...CONFIG)
    .option(
      '--run-name <name>',
      'a name for this run, if several runs on one commit write SARIF or comments (default: the command and its paths)',
    )
    .option(
      '--source-url <url>',
      'the URL for links to files in Markdown, such as https://HOST/REPOSITORY/blob/REVISION (default: from GitHub or GitLab)',
    )
    .option('--quiet', `write only ${written}, without a summary`)
    .option('--verbose', 'write all findings of a text report, with their resources and related ones')
    .option(...NO_COLOR);
}

function formatOption(formats: object, defaultName = 'text'): Option {
  const names = Object.keys(formats);
  return new Option('--format <format>', 'the format of the output').choices(names).default(defaultName);
}

/** Escapes an error of commander, except for the line break before its suggestion. */
function printableUsage(message: string): string {
  const lines = message.trimEnd().split(/\n(?=\(Did you mean [^\n]*\?\)$)/);
  return lines.map((line) => `${printable(line)}\n`).join('');
}

function append(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value];
}
