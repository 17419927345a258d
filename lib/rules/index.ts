import { namesRule } from '../cloudformation/template';
import { nearestOf } from '../text/printable';
import { ACKNOWLEDGEMENT } from './acknowledgement';
import { ACTIVE_TRACING } from './active-tracing';
import { BROKEN_INSTRUMENTATION } from './broken-instrumentation';
import { BROKEN_TRACE } from './broken-trace';
import { DAEMON_MEMORY } from './daemon-memory';
import { DEPLOY_TIME_MODE } from './deploy-time-mode';
import { EDGE_FUNCTION } from './edge-function';
import { EXPLICIT_MODE } from './explicit-mode';
import { INSTRUMENTED_PASS_THROUGH } from './instrumented-pass-through';
import { INVALID_MODE } from './invalid-mode';
import { LEGACY_INSTRUMENTATION } from './legacy-instrumentation';
import { NEVER_SAMPLED } from './never-sampled';
import { RESERVED_ENVIRONMENT } from './reserved-environment';
import { type Rule, RULE_PREFIX } from './rule';
import { SAMPLING_RULE } from './sampling-rule';
import { STATE_MACHINE_PERMISSIONS } from './state-machine-permissions';
import { TOPIC_RESOURCE_POLICY } from './topic-resource-policy';
import { TRANSACTION_SEARCH_POLICY } from './transaction-search-policy';
import { UNCHANGED_VERSION } from './unchanged-version';
import { UNPUBLISHED_MODE } from './unpublished-mode';
import { UNSUPPORTED_EVENT_SOURCE } from './unsupported-event-source';
import { UNTRACED_ENTRY } from './untraced-entry';
import { VERSION_LOCK } from './version-lock';
import { WRITE_PERMISSIONS } from './write-permissions';

/** All rules by their names, in the order of reports. The ID of a rule is its name with the prefix `LambdaXRay-`. */
export const RULES_BY_NAME = {
  UnsupportedEventSource: UNSUPPORTED_EVENT_SOURCE,
  WritePermissions: WRITE_PERMISSIONS,
  StateMachinePermissions: STATE_MACHINE_PERMISSIONS,
  TransactionSearchPolicy: TRANSACTION_SEARCH_POLICY,
  VersionLock: VERSION_LOCK,
  UnchangedVersion: UNCHANGED_VERSION,
  InvalidMode: INVALID_MODE,
  ReservedEnvironment: RESERVED_ENVIRONMENT,
  BrokenInstrumentation: BROKEN_INSTRUMENTATION,
  EdgeFunction: EDGE_FUNCTION,
  InstrumentedPassThrough: INSTRUMENTED_PASS_THROUGH,
  LegacyInstrumentation: LEGACY_INSTRUMENTATION,
  ActiveTracing: ACTIVE_TRACING,
  BrokenTrace: BROKEN_TRACE,
  ExplicitMode: EXPLICIT_MODE,
  DeployTimeMode: DEPLOY_TIME_MODE,
  UnpublishedMode: UNPUBLISHED_MODE,
  UntracedEntry: UNTRACED_ENTRY,
  NeverSampled: NEVER_SAMPLED,
  DaemonMemory: DAEMON_MEMORY,
  SamplingRule: SAMPLING_RULE,
  TopicResourcePolicy: TOPIC_RESOURCE_POLICY,
  Acknowledgement: ACKNOWLEDGEMENT,
} satisfies Readonly<Record<string, Rule>>;

export type RuleName = keyof typeof RULES_BY_NAME;

/** All rules, in the order of reports. */
export const RULES: readonly Rule[] = Object.values(RULES_BY_NAME);

/** Returns a rule by its ID. The prefix `LambdaXRay-` is optional. */
export function findRule(name: string): Rule | undefined {
  return RULES.find(({ id }) => namesRule(name, id));
}

/** Returns the rules that stand for a rule, starting with the one that stands for all of them. */
export function standingRules({ id }: Rule): Rule[] {
  return RULES.filter(({ standsFor }) => standsFor?.includes(id)).sort(
    (a, b) => b.standsFor!.length - a.standsFor!.length,
  );
}

/** Returns an ID that is equal for all rules that report the same cause on a property. */
export function causeOf(rule: Rule): string {
  return standingRules(rule)[0]?.id ?? rule.id;
}

/** Returns the message for an unknown rule ID, with a suggestion. */
export function unknownRuleMessage(name: string): string {
  // Without the prefix, which would make all names similar.
  const written = name.toLowerCase().startsWith(RULE_PREFIX.toLowerCase())
    ? name.slice(RULE_PREFIX.length)
    : name;
  const nearest = nearestOf(
    written,
    RULES.map(({ id }) => id.slice(RULE_PREFIX.length)),
  );
  const advice = nearest === undefined ? '' : ` Did you mean ${RULE_PREFIX}${nearest}?`;
  return `There is no rule ${JSON.stringify(name)}.${advice} Run cdk-lambda-xray rules for a list of all rules.`;
}
