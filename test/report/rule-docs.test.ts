import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { noTraces, noTracesPage } from '../../lib/report/no-traces';
import { ruleListJson, rulePages } from '../../lib/report/rule-docs';
import { RULES } from '../../lib/rules';
import { describeSchema } from './describe-schema';

const PROJECT = join(__dirname, '..', '..');
const PAGES = join(PROJECT, 'docs', 'rules');

describe('up to date with the rules (if not, run `npx tsx scripts/rule-pages.ts`):', () => {
  test('docs/rules', () => {
    const pages = readdirSync(PAGES).map((name) => [name, readFileSync(join(PAGES, name), 'utf-8')]);
    expect(Object.fromEntries(pages)).toEqual(Object.fromEntries(rulePages()));
  });

  test('docs/no-traces.md', () => {
    expect(readFileSync(join(PROJECT, 'docs', 'no-traces.md'), 'utf-8')).toBe(noTracesPage());
  });
});

test('the list for a function without traces is the same in the terminal and on its page', () => {
  const questions = (text: string) =>
    text.match(/^(## )?\d+\. .*$/gm)?.map((line) => line.replace(/^## /, ''));
  const list = noTraces({ color: false });
  expect(questions(list)).toHaveLength(9);
  expect(questions(list)).toEqual(questions(noTracesPage()));
  expect(list).toMatchInlineSnapshot(`
"My function is Active and there are no traces

Go through the questions in this order. Most of them need no access to the
account: cdk-lambda-xray check answers those with a rule.

1. Do you look at the right place and time?
Traces belong to the region of the function and appear after some seconds. The
console shows only the period at the top of its page. If CloudWatch Transaction
Search is on, spans are in the log group aws/spans, and X-Ray has summaries of
the indexed percentage only.

2. Is the deployed mode Active?
The template can be ahead of the deployment, and a console or a script can
change the mode. Without a mode, Lambda uses PassThrough, which records nothing.
cdk-lambda-xray verify compares all functions of the stacks with the templates.
  aws lambda get-function-configuration --function-name NAME --query TracingConfig.Mode
Rules: ActiveTracing, ExplicitMode, InvalidMode, DeployTimeMode

3. Does the caller invoke a version that was published before?
A version keeps the mode it was published with. A change of the mode alone
reaches an alias only if a new version is published and the alias points to it.
  aws lambda get-function-configuration --function-name NAME --qualifier ALIAS --query TracingConfig.Mode
Rules: VersionLock, UnpublishedMode, UnchangedVersion

4. Can the role write to X-Ray?
The role of the function needs xray:PutTraceSegments and
xray:PutTelemetryRecords, for example from the managed policy
AWSXRayDaemonWriteAccess. A permissions boundary or a policy of the organization
can take them away. Lambda reports no error if they are missing.
  aws iam simulate-principal-policy --policy-source-arn ROLE_ARN --action-names xray:PutTraceSegments xray:PutTelemetryRecords
Rules: WritePermissions, StateMachinePermissions

5. Did a caller decide not to sample?
An Active function follows the decision in the tracing header. Log the
environment variable _X_AMZN_TRACE_ID in the handler (in Java, the system
property com.amazonaws.xray.traceHeader): with Sampled=0, the decision was made
before the function. It can come from a function that is not Active, from the
sampling rule of an API, or from a client.
Rules: NeverSampled, UntracedEntry, SamplingRule

6. Are there enough requests?
Without a decision of a caller, Lambda samples the first request of each second
and 5 percent of the others, and this rate cannot be changed. An API with
tracing follows its sampling rule, which has the same rate by default.

7. Can X-Ray trace the event source at all?
Lambda does not support tracing with Amazon MSK, self-managed Apache Kafka,
Amazon MQ and Amazon DocumentDB as event sources. Functions of Lambda@Edge
cannot be traced.
Rules: UnsupportedEventSource, EdgeFunction

8. Does a trace exist, but end before the function?
Some services do not propagate the tracing header, so the function starts a
trace of its own. The map shows where a trace breaks, and whether that can be
changed.
  npx cdk-lambda-xray map --open
Rules: BrokenTrace, TopicResourcePolicy

9. Are there two nodes, but none of the calls that the function makes?
Lambda records a segment for the service and one for the function. The calls
need instrumentation, and environment variables can turn it off:
AWS_XRAY_SDK_ENABLED, POWERTOOLS_TRACE_ENABLED, OTEL_SDK_DISABLED and
OTEL_TRACES_SAMPLER.
Rules: BrokenInstrumentation, InstrumentedPassThrough, ReservedEnvironment, LegacyInstrumentation
"
`);
});

type Listed = {
  id: string;
  severity: string;
  standsFor?: unknown;
  check?: unknown;
  examples: { sam?: unknown };
};

const listed = () => JSON.parse(ruleListJson(RULES)) as Listed[];
describeSchema('rules', listed, {
  holdsFor: [
    ['all rules', listed],
    ['no rules', () => []],
  ],
  doesNotHoldFor: [
    ['an ID without the prefix', ([rule]) => (rule.id = 'ActiveTracing')],
    ['a severity that is off', ([rule]) => (rule.severity = 'off')],
    ['a rule that stands for none', ([rule]) => (rule.standsFor = [])],
    ['an unknown property', ([rule]) => (rule.check = true)],
    ['an example that is no text', ([rule]) => (rule.examples.sam = {})],
  ],
});
