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
Estimates how many traces X-Ray records per month, and what they cost. By default, Lambda and X-Ray record 1 request per
second and 5 percent of additional requests. The first traced service that receives a request decides whether it is
recorded, and the services that it calls follow that decision.

${PATHS}

The templates do not contain request rates. --rps sets the rate of each function that is called from outside. Functions
called by other functions have the requests of their callers. Functions called only by schedules, deployments or
dead-letter queues have none. To set the rate of single functions, name them in .cdk-lambda-xray.yaml by their construct
path or logical ID:
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
Compares the deployed functions with the templates, and prints the commands or the changes that fix each difference:
functions whose mode was changed outside of their stack, aliases on versions in a different mode, aliases that split
their traffic between modes, roles that are not allowed to write to X-Ray, and deleted functions. It changes nothing.

${PATHS}
A template without a stack name needs --stack. Each stack named by --stack must be deployed. Without --stack, at least
one of the stacks must be deployed. Nested stacks are verified with their parent stack.

Credentials are found in the same way as by the AWS CLI. They need cloudformation:DescribeStacks,
cloudformation:ListStackResources, cloudformation:GetTemplate, lambda:ListVersionsByFunction, lambda:ListAliases and
iam:SimulatePrincipalPolicy. If an action is denied, the command reports it and verifies everything else. It also reports
what it could read but not compare, for example a mode that is known only at deployment.

Requests to AWS use the proxy in HTTPS_PROXY, except for the hosts in NO_PROXY (localhost,.example.com).

Examples:
  $ cdk synth && cdk-lambda-xray verify --profile production
  $ cdk-lambda-xray verify --stack Orders --stack Shipments
  $ cdk-lambda-xray verify template.yaml --stack orders-prod --region eu-west-1
  $ cdk-lambda-xray verify --format json --output verified.json

Exit status:
  0  the deployed functions match the templates
  1  there are differences
  2  something could not be read, a stack is not deployed, or wrong usage`;

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
    .description('estimate how many traces X-Ray records and what they cost')
    .argument('[PATH...]', 'templates to estimate (default: "cdk.out")')
    .option('--rps <number>', 'requests per second of each function that is called from outside')
    .addOption(
      new Option('--format <format>', 'output format').choices(ESTIMATE_FORMAT_NAMES).default('text'),
    )
    .option('--output <file>', 'write to a file instead of standard output')
    .option('--region <region>', 'region of the stacks whose templates do not specify one')
    .option(
      '--config <file>',
      'configuration file (default: .cdk-lambda-xray.yaml in this folder or the nearest parent)',
    )
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
    .description('compare deployed functions with the templates and print the commands that fix differences')
    .argument('[PATH...]', 'templates of the deployed stacks (default: "cdk.out")')
    .option('--stack <name>', 'verify only this stack (repeatable)', append)
    .addOption(new Option('--format <format>', 'output format').choices(VERIFY_FORMAT_NAMES).default('text'))
    .option('--output <file>', 'write to a file instead of standard output')
    .option('--region <region>', 'region of the stacks whose templates do not specify one')
    .option('--profile <name>', 'AWS profile for reading the deployed resources')
    .option('--concurrency <number>', 'maximum number of concurrent requests', '4')
    .option('--quiet', 'print only differences, without notes and summary')
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
