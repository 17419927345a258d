import pc from 'picocolors';
import { type RuleName, RULES, standingRules } from '../rules';
import type { Rule } from '../rules/rule';
import { columns, listAll, wrap } from '../text/printable';
import { helpUrlOf } from '../version';

const WIDTH = 80;

/** A section of the page of a rule, which has a title, text, code, or several of them. */
interface Section {
  readonly title: string;
  /** True for a section of the one before. */
  readonly isPart?: boolean;
  readonly text?: string;
  readonly code?: { readonly language: 'ts' | 'yaml'; readonly text: string };
}

/** Returns the sections of the page of a rule. */
function sectionsOf(rule: Rule): Section[] {
  const { id, rationale, fix, examples } = rule;
  const { baseline, incorrect, correct, typescript, sam, cloudFormation } = examples;
  const yaml = (text: string) => ({ language: 'yaml', text }) as const;
  const isSam = correct.includes('AWS::Serverless::');
  return [
    { title: 'Why', text: rationale },
    ...(baseline === undefined
      ? []
      : [{ title: 'Baseline', text: 'The previous template:', code: yaml(baseline) }]),
    { title: 'Incorrect', code: yaml(incorrect) },
    { title: 'Correct', code: yaml(correct) },
    { title: 'How to fix it', text: fix },
    { title: 'TypeScript', isPart: true, code: { language: 'ts', text: typescript } },
    {
      title: 'SAM',
      isPart: true,
      ...(sam === undefined
        ? { text: isSam ? 'See the correct template above.' : 'As in CloudFormation.' }
        : { code: yaml(sam) }),
    },
    {
      title: 'CloudFormation',
      isPart: true,
      ...(cloudFormation === undefined
        ? { text: 'See the correct template above.' }
        : { code: yaml(cloudFormation) }),
    },
    ...repairs(rule),
    ...reportedOnce(rule),
    ...(rule.skipsCdkFunctions ? [CDK_FUNCTIONS] : []),
    {
      title: 'If this is intentional',
      text: 'Acknowledge the finding and give the reason. In a CDK app:',
      code: {
        language: 'ts',
        text: `Validations.of(construct).acknowledge({ id: '${id}', reason: '...' });`,
      },
    },
    {
      title: 'In a template',
      isPart: true,
      text: 'On the resource:',
      code: yaml(`Metadata:
  cdk_nag:
    rules_to_suppress:
      - { id: ${id}, reason: ... }`),
    },
    {
      title: 'In the configuration of the command',
      isPart: true,
      text: 'In .cdk-lambda-xray.yaml, with the construct path of the resource:',
      code: yaml(`acknowledge:
  - { rule: ${id}, path: Stack/Function, reason: ... }`),
    },
  ];
}

const CDK_FUNCTIONS: Section = {
  title: 'Functions of CDK',
  text: 'Functions that CDK makes for itself, such as the handlers of its custom resources, are not reported. To include them, set includeCdkFunctions to true in .cdk-lambda-xray.yaml or in the props of LambdaXRayChecks.',
};

/** Returns the section on the fixes of the command, if there are any. */
function repairs({ repairs: safeties = [] }: Rule): Section[] {
  const isSafe = safeties.includes('safe');
  const isSuggested = safeties.includes('suggested');
  if (!isSafe && !isSuggested) return [];
  const option = isSafe ? '--fix' : '--fix-suggestions';
  const review = isSafe
    ? ' Fixes that need a review are applied with --fix-suggestions: they change more than tracing, or a setting that somebody wrote on purpose.'
    : ' Review the change: it affects more than tracing.';
  const text = `cdk-lambda-xray check ${option} edits templates in YAML and JSON.${isSuggested ? review : ''} For a CDK app, the command prints the code to write.`;
  return [{ title: 'By the command', isPart: true, text }];
}

/** Returns the section on rules that report the same cause, if there are any. */
function reportedOnce(rule: Rule): Section[] {
  const { standsFor = [] } = rule;
  const standing = standingRules(rule).map(({ id }) => id);
  const sentences = [
    ...(standsFor.length > 0
      ? [
          `If a resource also violates ${listAll(standsFor, 'or')}, the reports contain only this finding. Acknowledging it covers the same cause, unless the severity of the other rule is higher.`,
        ]
      : []),
    ...(standing.length > 0
      ? [
          `If a resource also violates ${listAll(standing, 'or')}, the reports contain only the finding of that rule.`,
        ]
      : []),
  ];
  return sentences.length > 0 ? [{ title: 'One finding per cause', text: sentences.join(' ') }] : [];
}

/** Returns the page of a rule, for the terminal. */
export function explanation(rule: Rule, { color }: { readonly color: boolean }): string {
  const { id, title, severity, source } = rule;
  const colors = pc.createColors(color);
  const indented = (text: string) =>
    text
      .split('\n')
      .map((line) => `  ${line}`)
      .join('\n');
  const blocks = [
    `${colors.bold(id)} (${severity})\n${title}.`,
    ...sectionsOf(rule).map((section) =>
      [
        colors.bold(section.title),
        ...(section.text === undefined ? [] : wrap(section.text, WIDTH)),
        ...(section.code ? [indented(section.code.text)] : []),
      ].join('\n'),
    ),
    `${colors.bold('Source')}\n${source.title}\n${source.url}`,
    `${colors.bold('Page')}\n${helpUrlOf(rule)}`,
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** Returns the list of rules for the terminal, one line per rule. */
export function ruleList(rules: readonly Rule[], { color }: { readonly color: boolean }): string {
  const [head, ...lines] = columns([
    ['Rule', 'Severity', 'Requirement'],
    ...rules.map(({ id, severity, title }) => [id, severity, title]),
  ]);
  return `${[pc.createColors(color).dim(head), ...lines].join('\n')}\n`;
}

/** Returns the list of rules as JSON. */
export function ruleListJson(rules: readonly Rule[]): string {
  const list = rules.map((rule) => ({ ...rule, check: undefined, helpUrl: helpUrlOf(rule) }));
  return `${JSON.stringify(list, undefined, 2)}\n`;
}

/** Returns the pages in docs/rules by file name: one per rule, and the list. */
export function rulePages(rules = RULES): Map<string, string> {
  return new Map([
    ['README.md', `# Rules\n\n${ruleTable(rules)}\n`],
    ...rules.map((rule): [string, string] => [`${rule.id}.md`, page(rule)]),
  ]);
}

/** Aligned, as the formatter writes tables. */
function ruleTable(rules: readonly Rule[]): string {
  const rows = rules.map(({ id, severity, title }) => [`[${id}](${id}.md)`, severity, title]);
  const head = ['Rule', 'Severity', 'Requirement'];
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i].length)));
  const [first, ...rest] = [head, ...rows].map((row) => row.map((cell, i) => cell.padEnd(widths[i])));
  return [first, widths.map((width) => '-'.repeat(width)), ...rest]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');
}

/** Commands, options, variables, IAM actions, resource types, names of files and calls in a text. */
const CODE =
  /(?<![\w:/-])(?:cdk-lambda-xray [a-z]+(?: --[a-z-]+)?|--[a-z-]+|_?[A-Z][A-Z\d]*(?:_[A-Z\d]+)+(?:=\w+)?|\w+=\d|[a-z]+:[A-Z]\w+|AWS(?:::\w+){2}|\.cdk-lambda-xray\.yaml|LambdaTracing\.of\(\w+\)\.\w+\([^)]*\))/g;

/** Returns a text in Markdown, with its code marked. */
function markdown(text: string): string {
  return text.replace(CODE, '`$&`');
}

function page(rule: Rule): string {
  const { id, title, severity, source } = rule;
  const blocks = sectionsOf(rule).flatMap((section) => [
    `${section.isPart ? '###' : '##'} ${section.title}`,
    ...(section.text === undefined ? [] : [markdown(section.text)]),
    ...(section.title === 'Why' ? [`Source: [${source.title}](${source.url})`] : []),
    ...(section.code ? [`\`\`\`${section.code.language}\n${section.code.text}\n\`\`\``] : []),
  ]);
  return `# ${id}\n\n${title}. The default severity is \`${severity}\`.\n\n${blocks.join('\n\n')}\n`;
}

const TITLE = 'My function is Active and there are no traces';
const INTRODUCTION =
  'Go through the questions in this order. Most of them need no access to the account: cdk-lambda-xray check answers those with a rule.';

/** A question of the list, with the way to answer it. */
interface Step {
  readonly question: string;
  readonly answer: string;
  /** A command that shows it. */
  readonly command?: string;
  /** The rules that find it in a template. */
  readonly rules?: readonly RuleName[];
}

/** The order is that of likelihood and effort. */
const STEPS: readonly Step[] = [
  {
    question: 'Do you look at the right place and time?',
    answer:
      'Traces belong to the region of the function and appear after some seconds. The console shows only the period at the top of its page. If CloudWatch Transaction Search is on, spans are in the log group aws/spans, and X-Ray has summaries of the indexed percentage only.',
  },
  {
    question: 'Is the deployed mode Active?',
    answer:
      'The template can be ahead of the deployment, and a console or a script can change the mode. Without a mode, Lambda uses PassThrough, which records nothing. cdk-lambda-xray verify compares all functions of the stacks with the templates.',
    command: 'aws lambda get-function-configuration --function-name NAME --query TracingConfig.Mode',
    rules: ['ActiveTracing', 'ExplicitMode', 'InvalidMode', 'DeployTimeMode'],
  },
  {
    question: 'Does the caller invoke a version that was published before?',
    answer:
      'A version keeps the mode it was published with. A change of the mode alone reaches an alias only if a new version is published and the alias points to it.',
    command:
      'aws lambda get-function-configuration --function-name NAME --qualifier ALIAS --query TracingConfig.Mode',
    rules: ['VersionLock', 'UnpublishedMode', 'UnchangedVersion'],
  },
  {
    question: 'Can the role write to X-Ray?',
    answer:
      'The role of the function needs xray:PutTraceSegments and xray:PutTelemetryRecords, for example from the managed policy AWSXRayDaemonWriteAccess. A permissions boundary or a policy of the organization can take them away. Lambda reports no error if they are missing.',
    command:
      'aws iam simulate-principal-policy --policy-source-arn ROLE_ARN --action-names xray:PutTraceSegments xray:PutTelemetryRecords',
    rules: ['WritePermissions', 'StateMachinePermissions'],
  },
  {
    question: 'Did a caller decide not to sample?',
    answer:
      'An Active function follows the decision in the tracing header. Log the environment variable _X_AMZN_TRACE_ID in the handler (in Java, the system property com.amazonaws.xray.traceHeader): with Sampled=0, the decision was made before the function. It can come from a function that is not Active, from the sampling rule of an API, or from a client.',
    rules: ['NeverSampled', 'UntracedEntry', 'SamplingRule'],
  },
  {
    question: 'Are there enough requests?',
    answer:
      'Without a decision of a caller, Lambda samples the first request of each second and 5 percent of the others, and this rate cannot be changed. An API with tracing follows its sampling rule, which has the same rate by default.',
  },
  {
    question: 'Can X-Ray trace the event source at all?',
    answer:
      'Lambda does not support tracing with Amazon MSK, self-managed Apache Kafka, Amazon MQ and Amazon DocumentDB as event sources. Functions of Lambda@Edge cannot be traced.',
    rules: ['UnsupportedEventSource', 'EdgeFunction'],
  },
  {
    question: 'Does a trace exist, but end before the function?',
    answer:
      'Some services do not propagate the tracing header, so the function starts a trace of its own. The map shows where a trace breaks, and whether that can be changed.',
    command: 'npx cdk-lambda-xray map --open',
    rules: ['BrokenTrace', 'TopicResourcePolicy'],
  },
  {
    question: 'Are there two nodes, but none of the calls that the function makes?',
    answer:
      'Lambda records a segment for the service and one for the function. The calls need instrumentation, and environment variables can turn it off: AWS_XRAY_SDK_ENABLED, POWERTOOLS_TRACE_ENABLED, OTEL_SDK_DISABLED and OTEL_TRACES_SAMPLER.',
    rules: [
      'BrokenInstrumentation',
      'InstrumentedPassThrough',
      'ReservedEnvironment',
      'LegacyInstrumentation',
    ],
  },
];

/** The name that `explain` takes, and that of the page. */
export const NO_TRACES = 'no-traces';

/** Returns the list for a function without traces, for the terminal. */
export function noTraces({ color }: { readonly color: boolean }): string {
  const colors = pc.createColors(color);
  const blocks = STEPS.map(({ question, answer, command, rules = [] }, index) =>
    [
      colors.bold(`${index + 1}. ${question}`),
      ...wrap(answer, WIDTH),
      ...(command === undefined ? [] : [`  ${command}`]),
      ...(rules.length > 0 ? [colors.dim(`Rules: ${rules.join(', ')}`)] : []),
    ].join('\n'),
  );
  return `${[colors.bold(TITLE), wrap(INTRODUCTION, WIDTH).join('\n'), ...blocks].join('\n\n')}\n`;
}

/** Returns the same list as a page in Markdown. */
export function noTracesPage(): string {
  const blocks = STEPS.flatMap(({ question, answer, command, rules = [] }, index) => [
    `## ${index + 1}. ${question}`,
    markdown(answer),
    ...(command === undefined ? [] : [`\`\`\`sh\n${command}\n\`\`\``]),
    ...(rules.length > 0
      ? [`Rules: ${rules.map((rule) => `[${rule}](rules/LambdaXRay-${rule}.md)`).join(', ')}`]
      : []),
  ]);
  return `# ${TITLE}\n\n${markdown(INTRODUCTION)}\n\n${blocks.join('\n\n')}\n`;
}
