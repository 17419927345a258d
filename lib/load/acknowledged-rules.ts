import { isObject, type JsonObject } from '../model/json';
import type { ConstructAcknowledgement } from '../model/template';

/** The type of the metadata that `Validations.of(construct).acknowledge()` leaves on a construct. */
const METADATA_TYPE = 'aws:cdk:acknowledged-rules';

/** The name of the cdk-nag pack, which an ID may have before it, as CDK suggests. */
const PACK = 'lambdaxray';

/** What may stand before an ID that means the rule: what CDK, in its versions, puts there unasked, and the pack. */
const NAMESPACES = ['annotation', 'construct-annotations', PACK];

/**
 * The rules that are acknowledged on the constructs of a stack: its resources, the constructs around them, nested
 * stacks, and the stack itself. CDK writes what is on them into the stack's metadata, and what is on a stage or the
 * app nowhere; of that, there is only what `suppressedViolations` finds.
 */
export function acknowledgedRules(metadata: JsonObject): ConstructAcknowledgement[] {
  return Object.entries(metadata).flatMap(([path, entries]) =>
    (Array.isArray(entries) ? entries : [])
      .filter((entry): entry is JsonObject => isObject(entry) && entry.type === METADATA_TYPE)
      .flatMap(({ data }) => (isObject(data) ? Object.entries(data) : []))
      .flatMap(([id, reason]) => acknowledgement(id, reason, path.replace(/^\//, ''))),
  );
}

/**
 * What CDK says in `validation-report.json` that it left out of the pack's findings, as acknowledged: wherever the
 * acknowledgement is, on a stage or the app as well, if it names the pack before the rule, and the pack was a plugin
 * at the synthesis. One on a stage or the app that names the rule only leaves no trace in a cloud assembly.
 */
export function suppressedViolations(report: JsonObject): ConstructAcknowledgement[] {
  return objectsIn(report.pluginReports)
    .filter(({ pluginName }) => String(pluginName).toLowerCase() === PACK)
    .flatMap(({ suppressedViolations }) => objectsIn(suppressedViolations))
    .flatMap(({ ruleName, reason, violatingConstructs }) =>
      objectsIn(violatingConstructs).flatMap(({ constructPath }) =>
        acknowledgement(String(ruleName), reason, String(constructPath)),
      ),
    );
}

function acknowledgement(id: string, reason: unknown, constructPath: string): ConstructAcknowledgement[] {
  const [ruleId, namespace, ...others] = id.split('::').reverse();
  if (others.length > 0 || (namespace !== undefined && !NAMESPACES.includes(namespace.toLowerCase())))
    return [];
  return [{ ruleId, reason: typeof reason === 'string' ? reason : '', constructPath }];
}

function objectsIn(list: unknown): JsonObject[] {
  return Array.isArray(list) ? list.filter(isObject) : [];
}
