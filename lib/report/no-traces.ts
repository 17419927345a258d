import pc from 'picocolors';
import type { RuleName } from '../rules';
import { wrap } from './text-layout';

const WIDTH = 80;

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
    answer,
    ...(command === undefined ? [] : [`\`\`\`sh\n${command}\n\`\`\``]),
    ...(rules.length > 0
      ? [`Rules: ${rules.map((rule) => `[${rule}](rules/LambdaXRay-${rule}.md)`).join(', ')}`]
      : []),
  ]);
  return `# ${TITLE}\n\n${INTRODUCTION}\n\n${blocks.join('\n\n')}\n`;
}
