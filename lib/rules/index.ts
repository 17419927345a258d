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
import type { Rule } from './rule';
import { SAMPLING_RULE } from './sampling-rule';
import { STATE_MACHINE_PERMISSIONS } from './state-machine-permissions';
import { TOPIC_RESOURCE_POLICY } from './topic-resource-policy';
import { UNCHANGED_VERSION } from './unchanged-version';
import { UNPUBLISHED_MODE } from './unpublished-mode';
import { UNSUPPORTED_EVENT_SOURCE } from './unsupported-event-source';
import { UNTRACED_ENTRY } from './untraced-entry';
import { VERSION_LOCK } from './version-lock';
import { WRITE_PERMISSIONS } from './write-permissions';

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
