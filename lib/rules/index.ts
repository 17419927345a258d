import { didYouMean } from '../text/printable';
import { ACKNOWLEDGEMENT } from './acknowledgement';
import { ACTIVE_TRACING } from './active-tracing';
import { BROKEN_TRACE } from './broken-trace';
import { DAEMON_MEMORY } from './daemon-memory';
import { DEPLOY_TIME_MODE } from './deploy-time-mode';
import { EDGE_FUNCTION } from './edge-function';
import { EXPLICIT_MODE } from './explicit-mode';
import { INVALID_MODE } from './invalid-mode';
import { NEVER_SAMPLED } from './never-sampled';
import { RESERVED_ENVIRONMENT } from './reserved-environment';
import { type Rule, RULE_PREFIX } from './rule';
import { SAMPLING_RULE } from './sampling-rule';
import { STATE_MACHINE_PERMISSIONS } from './state-machine-permissions';
import { TOPIC_RESOURCE_POLICY } from './topic-resource-policy';
import { UNCHANGED_VERSION } from './unchanged-version';
import { UNPUBLISHED_MODE } from './unpublished-mode';
import { UNSUPPORTED_EVENT_SOURCE } from './unsupported-event-source';
import { UNTRACED_ENTRY } from './untraced-entry';
import { VERSION_LOCK } from './version-lock';
import { WRITE_PERMISSIONS } from './write-permissions';

/** Returns a rule by its ID. The prefix `LambdaXRay-` is optional. */
export function findRule(name: string): Rule | undefined {
  return RULES.find(({ id }) => id === name || id === RULE_PREFIX + name);
}

/** Returns the message for an unknown rule ID, with a suggestion. */
export function unknownRuleMessage(name: string): string {
  const ids = RULES.map(({ id }) => id);
  const written = name.toLowerCase().startsWith(RULE_PREFIX.toLowerCase()) ? name : RULE_PREFIX + name;
  return `There is no rule ${JSON.stringify(name)}.${didYouMean(written, ids)} Run cdk-lambda-xray rules for a list of all rules.`;
}

/** All rules, in the order of reports. */
export const RULES: readonly Rule[] = [
  UNSUPPORTED_EVENT_SOURCE,
  WRITE_PERMISSIONS,
  STATE_MACHINE_PERMISSIONS,
  VERSION_LOCK,
  UNCHANGED_VERSION,
  INVALID_MODE,
  RESERVED_ENVIRONMENT,
  EDGE_FUNCTION,
  ACTIVE_TRACING,
  BROKEN_TRACE,
  EXPLICIT_MODE,
  DEPLOY_TIME_MODE,
  UNPUBLISHED_MODE,
  UNTRACED_ENTRY,
  NEVER_SAMPLED,
  DAEMON_MEMORY,
  SAMPLING_RULE,
  TOPIC_RESOURCE_POLICY,
  ACKNOWLEDGEMENT,
];
