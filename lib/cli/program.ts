import { Command, Option } from 'commander';
import { THRESHOLDS } from '../report/severity';
import { printable } from '../text/printable';
import { VERSION } from '../version';
import { reportFailure } from './errors';
import {
  type CheckOptions,
  DIFF_FORMAT_NAMES,
  type DiffOptions,
  ESTIMATE_FORMAT_NAMES,
  type EstimateOptions,
  FORMAT_NAMES,
  MAP_FORMAT_NAMES,
  type MapOptions,
  VERIFY_FORMAT_NAMES,
  type VerifyOptions,
} from './options';

const NO_COLOR = ['--no-color', 'write no colors; NO_COLOR=1 does the same'] as const;

const PATHS = `Without a PATH it reads cdk.out, which cdk synth writes. A PATH is a template in JSON or YAML, a cloud assembly,
a folder with templates, or - for standard input.`;

const BASELINES = `A baseline is one of
  PATH             a template, a folder or a cloud assembly
  git:REV[:PATH]   the files of a revision, by default those at the PATHs that are judged
  deployed         the stacks of the cloud assembly as they are deployed
  deployed:STACK   that stack, for a template that doesn't say its stack's name`;

const CHECK_HELP = `
${PATHS}

With a --baseline, what is judged is compared with what it was: some mistakes, such as a version that keeps its old
tracing mode, are in the step from the one to the other. ${BASELINES}

Examples:
  $ cdk synth && cdk-lambda-xray check
  $ cdk-lambda-xray check template.yaml
  $ cdk-lambda-xray check --format sarif --output tracing.sarif
  $ cdk-lambda-xray check --fail-on warning --rule ExplicitMode=off
  $ cdk synth Orders | cdk-lambda-xray check -
  $ cdk-lambda-xray check template.yaml --baseline git:origin/main
  $ cdk-lambda-xray check --baseline deployed --profile production

Exit status:
  0  nothing at or above --fail-on
  1  findings at or above --fail-on
  2  input that could not be read, or wrong usage

Severities and acknowledgements that are to stay go into .cdk-lambda-xray.yaml, found from here upwards:
  failOn: warning
  rules: { ExplicitMode: off }
  acknowledge:
    - rule: ActiveTracing
      path: Orders/NightlyReport
      reason: Nobody looks at its traces.`;

const DIFF_HELP = `
What becomes of each function: its tracing mode, its permissions to write to X-Ray, its versions, and the event
sources behind which X-Ray does not trace; and which findings are new, and gone. Unchanged functions are counted.

${PATHS} ${BASELINES}

Examples:
  $ cdk synth && cdk-lambda-xray diff deployed --profile production
  $ cdk-lambda-xray diff git:origin/main template.yaml
  $ cdk-lambda-xray diff git:origin/main template.yaml --format markdown --output comment.md
  $ cdk-lambda-xray diff before/cdk.out cdk.out

Exit status:
  0  no new findings at or above --fail-on
  1  new findings at or above --fail-on
  2  input that could not be read, or wrong usage`;

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

const MAP_HELP = `
A picture of every path that traces take, and of where they break: who starts them, who hands them on, who records
nothing of them. The page finds nodes, unfolds stacks and tells all about a function; it is one file, and needs no network.

${PATHS}

Formats:
  html     a page to look around in; written to trace-map.html unless --output says otherwise
  svg      a picture
  mermaid  a flowchart, for Markdown
  dot      a graph, for Graphviz
  json     for programs, as docs/trace-map.schema.json has it

Examples:
  $ cdk synth && cdk-lambda-xray map --open
  $ cdk-lambda-xray map template.yaml --format mermaid
  $ cdk-lambda-xray map --format svg --output trace-map.svg

Exit status:
  0  drawn
  2  input that could not be read, or wrong usage; what could be read is drawn`;

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
 * Does what the command line says.
 *
 * @param args what follows the command's name
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

/** Commands and their code are loaded as they are called for: the others shall not slow them down. */
function commandLine(done: (status: number) => void): Command {
  const program = new Command('cdk-lambda-xray')
    .description('Checks the AWS X-Ray tracing of Lambda functions in CloudFormation, SAM and CDK templates.')
    .version(VERSION)
    .exitOverride()
    .configureOutput({ outputError: (told, write) => write(printableUsage(told)) })
    .showSuggestionAfterError()
    .showHelpAfterError('Add --help to see what there is.');

  withRunChecksOptions(
    program
      .command('check')
      .description('judge templates')
      .argument('[PATH...]', 'what to judge (default: "cdk.out")')
      .addOption(new Option('--format <format>', 'what to write').choices(FORMAT_NAMES).default('text'))
      .option(
        '--baseline <baseline>',
        'compare with templates of before: PATH, git:REV[:PATH], deployed[:STACK]',
      ),
    'findings',
  )
    .addHelpText('after', CHECK_HELP)
    .action(async (paths: string[], options: CheckOptions) => {
      const { check } = await import('./check.js');
      done(await check(paths, options));
    });

  withRunChecksOptions(
    program
      .command('diff')
      .description('say what changes in the tracing, for a reviewer')
      .argument('<BASELINE>', 'what to compare with: PATH, git:REV[:PATH], deployed[:STACK]')
      .argument('[PATH...]', 'what takes its place (default: "cdk.out")')
      .addOption(new Option('--format <format>', 'what to write').choices(DIFF_FORMAT_NAMES).default('text')),
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
    .description('draw who calls whom, and where traces break')
    .argument('[PATH...]', 'what to draw (default: "cdk.out")')
    .addOption(new Option('--format <format>', 'what to write').choices(MAP_FORMAT_NAMES).default('html'))
    .option('--output <file>', 'write it to a file instead of standard output')
    .option('--open', 'open it in the browser')
    .option('--config <file>', 'the configuration (default: .cdk-lambda-xray.yaml, from here upwards)')
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
    .description('list the rules')
    .addOption(new Option('--format <format>', 'what to write').choices(['text', 'json']).default('text'))
    .option(...NO_COLOR)
    .action(async (options: { format: 'text' | 'json'; color: boolean }) => {
      const { rules } = await import('./explain.js');
      done(rules(options));
    });

  program
    .command('explain')
    .description('say what a rule demands, why, and how to meet it')
    .argument('<ID>', 'such as LambdaXRay-ActiveTracing, or ActiveTracing')
    .option(...NO_COLOR)
    .action(async (id: string, options: { color: boolean }) => {
      const { explain } = await import('./explain.js');
      done(explain(id, options));
    });

  return program;
}

/** What all commands that judge may be told. */
function withRunChecksOptions(command: Command, failing: 'findings' | 'new findings'): Command {
  const written = failing === 'findings' ? 'findings' : 'changes';
  return command
    .option('--output <file>', 'write it to a file instead of standard output')
    .addOption(
      new Option(
        '--fail-on <severity>',
        `exit with 1 on ${failing} of this severity and graver ones; unless given, error`,
      ).choices(THRESHOLDS),
    )
    .option('--rule <ID=severity>', 'make a rule off, info, warning or error; may be repeated', append)
    .option('--region <region>', 'where stacks are deployed whose templates do not say it')
    .option('--profile <name>', 'the AWS profile by which to read what is deployed')
    .option('--config <file>', 'the configuration (default: .cdk-lambda-xray.yaml, from here upwards)')
    .option('--quiet', `write ${written} only: no summary, and nothing where there are none`)
    .option(...NO_COLOR);
}

/** What commander has to say of arguments, in a line, and below that what it takes for what was meant. */
function printableUsage(told: string): string {
  const lines = told.trimEnd().split(/\n(?=\(Did you mean [^\n]*\?\)$)/);
  return lines.map((line) => `${printable(line)}\n`).join('');
}

function append(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value];
}
