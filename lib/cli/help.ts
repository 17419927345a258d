import { columns } from '../text/printable';
import {
  CHECK_FORMATS,
  DIFF_FORMATS,
  ESTIMATE_FORMATS,
  type Format,
  MAP_FORMATS,
  VERIFY_FORMATS,
} from './formats';

const PATHS = `PATH is a template in JSON or YAML, a cloud assembly, a folder with templates, or - for standard input.
Below a folder, node_modules and folders whose names start with a dot, such as .aws-sam, are not read. Pass their path to
read them. Without a PATH, the command reads the output of cdk synth: cdk.out, or the output in cdk.json.`;

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
  $ cdk-lambda-xray check templates --fix-dry-run
  $ cdk-lambda-xray check templates --fix
  $ cdk-lambda-xray check --acknowledge-all "Found when we introduced the checks"

Exit status:
  0  no findings at or above --fail-on
  1  findings at or above --fail-on
  2  unreadable input, no templates (unless --allow-empty is set), or invalid usage

To keep severities and acknowledgements, write them to .cdk-lambda-xray.yaml:
  failOn: warning
  rules: { ExplicitMode: off }
  acknowledge:
    - rule: ActiveTracing
      path: Orders/NightlyReport
      reason: Nobody looks at its traces.

--fix edits templates in YAML and JSON where a finding has a safe fix, checks the result, and reports what is left. It does
not edit the code of a CDK app, but prints the line and the code to write. --fix-suggestions also applies fixes to review.

--acknowledge-all adds such an entry for each existing finding, so that only new findings fail.

${CONFIG}`;

export const DIFF_HELP = `
For each function, shows changes of its tracing mode, its permissions to write to X-Ray, its versions, and its event
sources that X-Ray does not support. Also shows which findings are new and which are resolved. Unchanged functions are
only counted.

If the baseline is a Git revision, or has a .cdk-lambda-xray.yaml, the command also compares the configurations. It shows
which rules the change turns off or lowers, and if it loosens failOn. Findings that fail with the configuration of the
baseline, but not with the new one, count as new findings. --rule and --fail-on apply to both configurations.

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

export const ESTIMATE_HELP = `
Estimates how many traces X-Ray records per month, and what they cost. By default, Lambda and X-Ray record 1 request per
second and 5 percent of additional requests. The first traced service that receives a request decides whether it is
recorded, and the services that it calls follow that decision.

${PATHS}

The templates do not contain request rates. --rps sets the rate of each function that is called from outside. Functions
called by other functions have the requests of their callers. Functions called only by streams, event buses, schedules,
deployments or dead-letter queues have none. To set the rate of single functions, name them in .cdk-lambda-xray.yaml by
their construct path or logical ID. A construct stands for all functions in it, and * for any name:
  requestsPerSecond:
    default: 2
    Reports/*: 0.1
    Orders/Intake: 50

${formatsHelp(ESTIMATE_FORMATS)}

Examples:
  $ cdk synth && cdk-lambda-xray estimate --rps 10
  $ cdk-lambda-xray estimate template.yaml --rps 0.5 --format json

Exit status:
  0  the estimate is written
  2  input that could not be read, or invalid usage`;

export const MAP_HELP = `
Draws every path that traces take and where traces break: what starts a trace, what propagates it, and which functions
do not record it. The page lists the problems with their fixes, and lets you search nodes, expand stacks and inspect
functions and calls. It is a single file and works offline.

${PATHS}

${formatsHelp(MAP_FORMATS)}

Examples:
  $ cdk synth && cdk-lambda-xray map --open --editor vscode
  $ cdk-lambda-xray map template.yaml --format mermaid
  $ cdk-lambda-xray map --format svg --output trace-map.svg

Exit status:
  0  the map is drawn
  2  unreadable input, or invalid usage; the map shows the readable input`;

export const MCP_HELP = `
Coding agents start this command and call its tools. It reads the files that they name and changes none. For example:
  $ claude mcp add lambda-tracing -- npx cdk-lambda-xray mcp

Or in the configuration of an agent, such as .mcp.json:
  { "mcpServers": { "lambda-tracing": { "command": "npx", "args": ["cdk-lambda-xray", "mcp"] } } }
`;

export const VERIFY_HELP = `
Compares the deployed functions with the templates, and prints the commands or the changes that fix each difference:
functions whose mode was changed outside of their stack, aliases on versions in a different mode, aliases that split
their traffic between modes, roles that are not allowed to write to X-Ray, and deleted functions. It changes nothing.

${PATHS}
A template without a stack name needs --stack. Each stack named by --stack must be deployed. Without --stack, at least
one of the stacks must be deployed. Nested stacks are verified with their parent stack.

--all-stacks needs no templates: it verifies all stacks of the region that have functions, with the templates that they were
deployed with, and finds what was changed outside of the stacks.

Credentials are found in the same way as by the AWS CLI. They need cloudformation:DescribeStacks,
cloudformation:ListStackResources, cloudformation:GetTemplate, lambda:ListVersionsByFunction, lambda:ListAliases and
iam:SimulatePrincipalPolicy. If an action is denied, the command reports it and verifies everything else. It also reports
what it could read but not compare, for example a mode that is known only at deployment. With lambda:ListFunctions, many
functions take fewer requests.

Requests to AWS use the proxy in HTTPS_PROXY, except for the hosts in NO_PROXY (localhost,.example.com).

${formatsHelp(VERIFY_FORMATS)}

Examples:
  $ cdk synth && cdk-lambda-xray verify --profile production
  $ cdk-lambda-xray verify --stack Orders --stack Shipments
  $ cdk-lambda-xray verify template.yaml --stack orders-prod --region eu-west-1
  $ cdk-lambda-xray verify --all-stacks --region eu-west-1 --profile production
  $ cdk-lambda-xray verify --format json --output verified.json

Exit status:
  0  the deployed functions match the templates
  1  there are differences
  2  something could not be read, a stack is not deployed, or invalid usage`;

export const GUARD_HELP = `
Writes a CloudFormation template with a Lambda Hook and its function, which CloudFormation calls before it creates or updates a
stack, and when it creates a change set. The findings are those of cdk-lambda-xray check, with the previous template as the
baseline. Only findings that an operation adds or makes more severe fail it.

The template contains the code and the configuration, and needs no assets. Its parameter Mode is WARN, which reports failed
checks in the events of stacks, or FAIL, which stops the operations. With ON, its parameter EvaluateFunctions adds an AWS Config
rule that evaluates the functions that exist. For accounts of an organization, see docs/guard.md.

Of the configuration, the function uses rules, acknowledge, parameters, failOn, includeCdkFunctions and
transactionSearch. template selects stacks by their names.

Examples:
  $ cdk-lambda-xray guard --template --output guard.template.json
  $ cdk-lambda-xray guard --template --fail-on warning --exempt 'legacy-*=Moves in May' --output guard.template.json

Exit status:
  0  the template is written
  2  invalid usage`;

function formatsHelp(formats: Readonly<Record<string, Pick<Format<never>, 'description'>>>): string {
  const rows = Object.entries(formats).map(([name, { description }]) => [name, description]);
  return ['Formats:', ...columns(rows).map((row) => `  ${row}`)].join('\n');
}
