import { Command, Option } from 'commander';
import { THRESHOLDS } from '../report/severities';
import { VERSION } from '../version';
import { type CheckOptions, FORMAT_NAMES } from './check-options';
import { reportFailure } from './failure';

const NO_COLOR = ['--no-color', 'write no colors; NO_COLOR=1 does the same'] as const;

const CHECK_HELP = `
Without a PATH it reads cdk.out, which cdk synth writes. A PATH is a template in JSON or YAML, a cloud assembly,
a folder with templates, or - for standard input.

Examples:
  $ cdk synth && cdk-lambda-xray check
  $ cdk-lambda-xray check template.yaml
  $ cdk-lambda-xray check --format sarif --output tracing.sarif
  $ cdk-lambda-xray check --fail-on warning --rule ExplicitMode=off
  $ cdk synth Orders | cdk-lambda-xray check -

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
    .showSuggestionAfterError()
    .showHelpAfterError('Add --help to see what there is.');

  program
    .command('check')
    .description('judge templates')
    .argument('[PATH...]', 'what to judge (default: "cdk.out")')
    .addOption(new Option('--format <format>', 'what to write').choices(FORMAT_NAMES).default('text'))
    .option('--output <file>', 'write it to a file instead of standard output')
    .addOption(
      new Option(
        '--fail-on <severity>',
        'exit with 1 on findings of this severity and graver ones; unless given, error',
      ).choices(THRESHOLDS),
    )
    .option('--rule <ID=severity>', 'make a rule off, info, warning or error; may be repeated', append)
    .option('--config <file>', 'the configuration (default: .cdk-lambda-xray.yaml, from here upwards)')
    .option('--quiet', 'write findings only: no summary, and nothing where there are none')
    .option(...NO_COLOR)
    .addHelpText('after', CHECK_HELP)
    .action(async (paths: string[], options: CheckOptions) => {
      const { check } = await import('./check.js');
      done(await check(paths, options));
    });

  program
    .command('rules')
    .description('list the rules')
    .addOption(new Option('--format <format>', 'what to write').choices(['text', 'json']).default('text'))
    .option(...NO_COLOR)
    .action(async (options: { format: 'text' | 'json'; color: boolean }) => {
      const { rules } = await import('./rules.js');
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

function append(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value];
}
