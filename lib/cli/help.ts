import { columns } from '../report/text-layout';
import { CHECK_FORMATS, DIFF_FORMATS, type Format, MAP_FORMATS } from './formats';

export const PATHS = `PATH is a template in JSON or YAML, a cloud assembly, a folder with templates, or - for standard input.
Without a PATH, the command reads cdk.out, the output of cdk synth.`;

const BASELINES = `A baseline is one of:
  PATH             a template, a folder or a cloud assembly
  git:REV[:PATH]   the files of a Git revision, by default those at the input PATHs
  deployed         the deployed stacks of the cloud assembly
  deployed:STACK   a deployed stack, for a template that does not contain its stack name`;

const CONFIG = `The command uses the nearest .cdk-lambda-xray.yaml in this folder or one of its parents, up to the root of the Git
repository. Outside of a repository, it searches up to your home folder. --config none ignores the file.`;

export const CHECK_HELP = `
${PATHS}

With --baseline, the command also compares the templates with their previous version. This finds mistakes in the change
itself, such as a version that keeps its old tracing mode.

${BASELINES}

${formatsHelp(CHECK_FORMATS)}

Examples:
  $ cdk synth && cdk-lambda-xray check
  $ cdk-lambda-xray check template.yaml
  $ cdk-lambda-xray check --format sarif --output tracing.sarif
  $ cdk-lambda-xray check --fail-on warning --rule ExplicitMode=off
  $ cdk synth Orders | cdk-lambda-xray check -
  $ cdk-lambda-xray check template.yaml --baseline git:origin/main
  $ cdk-lambda-xray check --baseline deployed --profile production

Exit status:
  0  no findings at or above --fail-on
  1  findings at or above --fail-on
  2  unreadable input, or invalid usage

To keep severities and acknowledgements, write them to .cdk-lambda-xray.yaml:
  failOn: warning
  rules: { ExplicitMode: off }
  acknowledge:
    - rule: ActiveTracing
      path: Orders/NightlyReport
      reason: Nobody looks at its traces.

${CONFIG}`;

export const DIFF_HELP = `
For each function, shows changes of its tracing mode, its permissions to write to X-Ray, its versions, and its event
sources that X-Ray does not support. Also shows which findings are new and which are resolved. Unchanged functions are
only counted.

${PATHS}

${BASELINES}

${formatsHelp(DIFF_FORMATS)}

Examples:
  $ cdk synth && cdk-lambda-xray diff deployed --profile production
  $ cdk-lambda-xray diff git:origin/main template.yaml
  $ cdk-lambda-xray diff git:origin/main template.yaml --format markdown --output comment.md
  $ cdk-lambda-xray diff before/cdk.out cdk.out

Exit status:
  0  no new findings at or above --fail-on
  1  new findings at or above --fail-on
  2  unreadable input, or invalid usage`;

export const MAP_HELP = `
Draws every path that traces take and where traces break: what starts a trace, what propagates it, and which functions
do not record it. The page lets you search nodes, expand stacks and inspect functions. It is a single file and works
offline.

${PATHS}

${formatsHelp(MAP_FORMATS)}

Examples:
  $ cdk synth && cdk-lambda-xray map --open
  $ cdk-lambda-xray map template.yaml --format mermaid
  $ cdk-lambda-xray map --format svg --output trace-map.svg

Exit status:
  0  the map is drawn
  2  unreadable input, or invalid usage; the map shows the readable input`;

function formatsHelp(formats: Readonly<Record<string, Pick<Format<never>, 'description'>>>): string {
  const rows = Object.entries(formats).map(([name, { description }]) => [name, description]);
  return ['Formats:', ...columns(rows).map((row) => `  ${row}`)].join('\n');
}
