import { Command, Option } from 'commander';
import { THRESHOLDS } from '../report/severity';
import { printable } from '../text/printable';
import { VERSION } from '../version';
import { reportFailure } from './errors';
import { CHECK_FORMATS, DIFF_FORMATS, MAP_FORMATS } from './formats';
import { CHECK_HELP, DIFF_HELP, MAP_HELP, PATHS } from './help';
import {
  type CheckOptions,
  type DiffOptions,
  ESTIMATE_FORMAT_NAMES,
  type EstimateOptions,
  type MapOptions,
  VERIFY_FORMAT_NAMES,
  type VerifyOptions,
} from './options';

const OUTPUT = ['--output <file>', 'write to a file instead of standard output'] as const;
const CONFIG = [
  '--config <file>',
  'the configuration (default: .cdk-lambda-xray.yaml in this folder or one of its parents)',
] as const;
const REGION = ['--region <region>', 'the region of stacks whose templates do not contain it'] as const;
const NO_COLOR = ['--no-color', 'write no colors, same as NO_COLOR=1'] as const;

const ESTIMATE_HELP = `
What X-Ray records in a month, and what it charges. Lambda's own sampling and X-Ray's default rule record 1 request a
second and 5 percent of the others, where it is decided first; what comes after it abides by that.

${PATHS}

How often functions are invoked, the templates don't tell. --rps is for each function that is called from outside;
functions behind others have the requests of those, and those that only schedules, deployments or dead-letter queues
call have none. For some, say it in .cdk-lambda-xray.yaml, by construct path or logical ID:
  requestsPerSecond:
    default: 2
    Orders/Intake: 50

Examples:
  $ cdk synth && cdk-lambda-xray estimate --rps 10
  $ cdk-lambda-xray estimate template.yaml --rps 0.5 --format json

Exit status:
  0  estimated
  2  input that could not be read, or wrong usage`;

const VERIFY_HELP = `
What is in force in the account, and in what it differs from the templates: functions whose mode was changed by hand,
aliases on versions that keep another mode or split their traffic between two, roles that may not write to X-Ray in fact,
functions that are gone; with the commands or the change of the stack that mend it. Nothing is changed.

${PATHS}
A template that doesn't say its stack's name needs --stack. A stack named by --stack has to be deployed, and without it
at least one has to be. Nested stacks are verified along with those around them.

The credentials are found as the AWS CLI finds them. They need cloudformation:DescribeStacks,
cloudformation:ListStackResources, cloudformation:GetTemplate, lambda:ListVersionsByFunction, lambda:ListAliases and
iam:SimulatePrincipalPolicy. Where one of these is denied, that is said, and what can be read is verified. What could be
read, and can't be compared all the same, is named and counted: a mode that the template leaves open, for instance.

AWS is asked through the proxy that HTTPS_PROXY names, but for the hosts in NO_PROXY (localhost,.example.com).

Examples:
  $ cdk synth && cdk-lambda-xray verify --profile production
  $ cdk-lambda-xray verify --stack Orders --stack Shipments
  $ cdk-lambda-xray verify template.yaml --stack orders-prod --region eu-west-1
  $ cdk-lambda-xray verify --format json --output verified.json

Exit status:
  0  the account is as the templates say
  1  it is not
  2  something could not be read, no such stack, or wrong usage`;

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
      .argument('[PATH...]', 'the templates to check (default: "cdk.out")')
      .addOption(formatOption(Object.keys(CHECK_FORMATS)))
      .option(
        '--baseline <baseline>',
        'compare with previous templates: PATH, git:REV[:PATH], deployed[:STACK]',
      ),
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
      .argument('[PATH...]', 'the new templates (default: "cdk.out")')
      .addOption(formatOption(Object.keys(DIFF_FORMATS))),
    'new findings',
  )
    .addHelpText('after', DIFF_HELP)
    .action(async (baseline: string, paths: string[], options: DiffOptions) => {
      const { diff } = await import('./diff.js');
      done(await diff(baseline, paths, options));
    });

  program
    .command('estimate')
    .description('say what X-Ray records, and what that costs')
    .argument('[PATH...]', 'what is deployed (default: "cdk.out")')
    .option('--rps <number>', 'requests per second of each function that is called from outside')
    .addOption(
      new Option('--format <format>', 'what to write').choices(ESTIMATE_FORMAT_NAMES).default('text'),
    )
    .option('--output <file>', 'write it to a file instead of standard output')
    .option('--region <region>', 'where stacks are deployed whose templates do not say it')
    .option('--config <file>', 'the configuration (default: .cdk-lambda-xray.yaml, from here upwards)')
    .option(...NO_COLOR)
    .addHelpText('after', ESTIMATE_HELP)
    .action(async (paths: string[], options: EstimateOptions) => {
      const { estimate } = await import('./estimate.js');
      done(await estimate(paths, options));
    });

  program
    .command('map')
    .description('draw the calls between functions and services, and where traces break')
    .argument('[PATH...]', 'the templates to draw (default: "cdk.out")')
    .addOption(formatOption(Object.keys(MAP_FORMATS), 'html'))
    .option(...OUTPUT)
    .option('--open', 'open the map in the browser')
    .option(...CONFIG)
    .addHelpText('after', MAP_HELP)
    .action(async (paths: string[], options: MapOptions) => {
      const { map } = await import('./map.js');
      done(await map(paths, options));
    });

  program
    .command('verify')
    .description('compare what is deployed with the templates, and say how to mend it')
    .argument('[PATH...]', 'what was deployed (default: "cdk.out")')
    .option('--stack <name>', 'verify this stack only; may be repeated', append)
    .addOption(new Option('--format <format>', 'what to write').choices(VERIFY_FORMAT_NAMES).default('text'))
    .option('--output <file>', 'write it to a file instead of standard output')
    .option('--region <region>', 'where stacks are deployed whose templates do not say it')
    .option('--profile <name>', 'the AWS profile by which to read what is deployed')
    .option('--concurrency <number>', 'how many requests are under way at once', '4')
    .option('--quiet', 'write deviations only: no summary, and nothing where there are none')
    .option(...NO_COLOR)
    .addHelpText('after', VERIFY_HELP)
    .action(async (paths: string[], options: VerifyOptions) => {
      const { verify } = await import('./verify.js');
      done(await verify(paths, options));
    });

  program
    .command('rules')
    .description('list all rules')
    .addOption(formatOption(['text', 'json']))
    .option(...NO_COLOR)
    .action(async (options: { format: 'text' | 'json'; color: boolean }) => {
      const { rules } = await import('./explain.js');
      done(rules(options));
    });

  program
    .command('explain')
    .description('explain a rule: what it requires, why, and how to fix findings')
    .argument('<ID>', 'the ID of a rule, such as LambdaXRay-ActiveTracing or ActiveTracing')
    .option(...NO_COLOR)
    .action(async (id: string, options: { color: boolean }) => {
      const { explain } = await import('./explain.js');
      done(explain(id, options));
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
    .option('--rule <ID=severity>', 'set a rule to off, info, warning or error; repeatable', append)
    .option(...REGION)
    .option('--profile <name>', 'the AWS profile for reading deployed stacks')
    .option(...CONFIG)
    .option('--quiet', `write only ${written}, without a summary`)
    .option(...NO_COLOR);
}

function formatOption(names: readonly string[], defaultName = 'text'): Option {
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
