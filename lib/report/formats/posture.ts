import { nameOf, type Resource } from '../../cloudformation/template';
import { effectiveProperties } from '../../cloudformation/sam-globals';
import { EVENT_SOURCE_NAMES } from '../../lambda/event-sources';
import type { AliasedVersion, FunctionAlias, FunctionVersion, StaleMode } from '../../lambda/lambda-function';
import { withoutHash } from '../../lambda/version-modes';
import type { TracingModel } from '../../model/tracing-model';
import { type Breaks, breaksOf } from '../../trace-map/reachability';
import type { TraceEdge, TraceNode } from '../../trace-map/trace-map';
import { modeSettingOf, modesText, type ReportedPermissions, summaryOf } from '../function-summary';
import { printable } from '../../text/printable';
import type { Report } from '../report';
import { callText } from '../wording';
import { plainJson } from './json';

/**
 * The tracing of a function, in texts for a reviewer. The properties are in alphabetical order, and those without content
 * are left out.
 */
export interface FunctionPosture {
  /** The modes of its aliases, by name. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** The effect of its callers on the trace, by name. */
  readonly callers?: Readonly<Record<string, string>>;
  /** The kinds of its event sources. */
  readonly eventSources?: readonly string[];
  /** The reasons why it is missing in traces. */
  readonly gaps?: readonly string[];
  readonly mode: string;
  /** The property that sets the mode, if one does. */
  readonly modeSetAt?: string;
  readonly permissions: ReportedPermissions;
  /** The modes of its versions, by name. */
  readonly versions?: Readonly<Record<string, string>>;
}

/**
 * The tracing of functions, by their names. It does not depend on the code of the functions, on hashes or on the order of
 * resources, so that it is the same until the tracing changes.
 */
export type Posture = Readonly<Record<string, FunctionPosture>>;

/** Returns the tracing of the functions of a model as JSON, as defined by docs/posture.schema.json. */
export function posture({ tool, model }: Report): string {
  // The version of the tool would change the file on an update.
  const content = { functions: postureOf(model), schemaVersion: 1, tool: { name: tool.name } };
  return `${plainJson(content, 2)}\n`;
}

/**
 * Returns the tracing of functions.
 *
 * @param isIncluded selects the functions; all by default
 */
export function postureOf(
  model: TracingModel,
  isIncluded: (resource: Resource) => boolean = () => true,
): Posture {
  const breaks = breaksOf(model.traceMap);
  const nodes = model.traceMap.nodes.filter(
    (node) => node.kind === 'function' && node.function && isIncluded(node.function.resource),
  );
  const names = nodes.map(({ function: fn }) => stableName(fn!.resource));
  const seen = new Set<string>();
  const repeated = new Set(names.filter((name) => seen.size === seen.add(name).size));
  return sorted(
    nodes.map((node, i) => {
      const { template } = node.function!.resource;
      return [
        repeated.has(names[i]) ? `${names[i]} (${printable(template.id)})` : names[i],
        functionPosture(node, breaks, model),
      ];
    }),
  );
}

function functionPosture(node: TraceNode, breaks: Breaks, model: TracingModel): FunctionPosture {
  const fn = node.function!;
  const summary = summaryOf(fn);
  const aliases = fn.aliases.map((alias): [string, string] => [aliasName(alias), aliasText(alias, model)]);
  const versions = fn.versions.map((version): [string, string] => [
    versionName(version),
    versionText(version, model),
  ]);
  const setAt = modeSettingOf(fn);
  return {
    ...ifAny('aliases', sorted(aliases)),
    ...ifAny('callers', callersOf(node, breaks)),
    ...ifAny('eventSources', sortedTexts(summary.eventSources.map(sourceText))),
    ...ifAny('gaps', gapsOf(node, breaks)),
    mode: printable(modesText(summary)),
    ...(setAt !== undefined && { modeSetAt: setAt }),
    permissions: summary.permissions,
    ...ifAny('versions', sorted(versions)),
  };
}

function ifAny<K extends string, T extends object>(key: K, value: T): Partial<Record<K, T>> {
  return Object.keys(value).length > 0 ? ({ [key]: value } as Record<K, T>) : {};
}

function callersOf(node: TraceNode, breaks: Breaks): Record<string, string> {
  const calls = new Map<string, string[]>();
  for (const edge of node.incoming) {
    const name = nodeName(edge.from);
    calls.set(name, [...(calls.get(name) ?? []), callerText(edge, breaks)]);
  }
  return sorted([...calls].map(([name, texts]) => [name, sortedTexts(texts).join('; ')]));
}

function callerText(edge: TraceEdge, breaks: Breaks): string {
  const { from, through } = edge;
  const call = callText({
    ...edge,
    isBroken: breaks.edges.has(edge),
    through: through.map((resource) => throughName(resource, edge.to)),
  });
  return from.kind !== 'function' && from.recording === 'no' ? `tracing is off, ${call}` : call;
}

/** Returns the name of a version or alias. SAM generates those of a SAM function, which refer to the function. */
function throughName(resource: Resource, { function: fn }: TraceNode): string {
  const alias = fn?.aliases.find((candidate) => candidate.resource === resource);
  return alias ? aliasName(alias) : stableName(resource);
}

function gapsOf(node: TraceNode, { gaps, neverSampled }: Breaks): string[] {
  const deciding = neverSampled.get(node);
  return [
    ...(gaps.has(node) ? ['records nothing on a traced path'] : []),
    ...(deciding
      ? [
          `may record nothing: called only from ${sortedTexts(deciding.map(nodeName)).join(', ')}, without active tracing`,
        ]
      : []),
  ];
}

function sourceText({
  kind,
  traceable,
}: {
  readonly kind: keyof typeof EVENT_SOURCE_NAMES;
  readonly traceable: boolean;
}) {
  return `${EVENT_SOURCE_NAMES[kind]}${traceable ? '' : ', which X-Ray does not support'}`;
}

/** The mode of a version that a change of its function's mode does not publish again. The templates do not show it. */
const KEPT = 'the mode it was published with';

/**
 * Returns the modes of a version. Only a baseline shows the mode of a version that its function's mode need not have.
 */
function versionText(version: FunctionVersion, { baseline }: TracingModel): string {
  const { modes, staleModes, publishesOnModeChange } = version;
  if (staleModes.length > 0) return staysOn(staleModes);
  if (baseline) return orList(modes);
  if (publishesOnModeChange === 'no') return KEPT;
  return orList(publishesOnModeChange === 'unknown' ? [...modes, KEPT] : modes);
}

function aliasText({ versions, staleModes }: FunctionAlias, model: TracingModel): string {
  if (staleModes.length > 0) return staysOn(staleModes);
  const textsOf = (isAdditional: boolean) =>
    versions
      .filter((version) => version.isAdditional === isAdditional)
      .map((version) => aliasedVersionText(version, model));
  const [main, additional] = [textsOf(false), textsOf(true)];
  return `${orList(main)}${additional.length > 0 ? `, and ${orList(additional)} for part of the requests` : ''}`;
}

function aliasedVersionText({ version, number }: AliasedVersion, model: TracingModel): string {
  if (version) return versionText(version, model);
  return number === undefined ? UNKNOWN : `${KEPT} (version ${number})`;
}

function staysOn(staleModes: readonly StaleMode[]): string {
  return `stays on ${orList(staleModes.map(({ mode }) => mode))}`;
}

const UNKNOWN = 'Unknown';

function orList(texts: readonly string[]): string {
  return texts.length > 0 ? sortedTexts(texts).join(' or ') : UNKNOWN;
}

/** Returns the name of a version. SAM generates that of a SAM function, which refers to the function. */
function versionName({ resource, function: fn }: FunctionVersion): string {
  return resource === fn.resource ? 'published by SAM' : stableName(resource);
}

function aliasName({ resource, function: fn }: FunctionAlias): string {
  if (resource !== fn.resource) return stableName(resource);
  const { AutoPublishAlias: name } = effectiveProperties(resource);
  return typeof name === 'string' ? `${printable(name)}, created by SAM` : 'created by SAM';
}

function nodeName({ resource, name }: TraceNode): string {
  return resource ? stableName(resource) : printable(name);
}

/** Returns the name of a resource without a hash that changes with its properties. */
function stableName(resource: Resource): string {
  const name = nameOf(resource);
  return printable(resource.constructPath === undefined ? withoutHash(name) : name);
}

/** Returns texts in alphabetical order, each once. The order does not depend on the language of the machine. */
function sortedTexts(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}

/** Returns an object with its keys in alphabetical order. A number follows a key that occurs again. */
function sorted<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  // The values make the order of equal keys stable.
  const inOrder = entries
    .map(([key, value]) => ({ key, value, text: JSON.stringify(value) }))
    .sort((a, b) => compare(a.key, b.key) || compare(a.text, b.text));
  const times = new Map<string, number>();
  return Object.fromEntries(
    inOrder.map(({ key, value }) => {
      const time = (times.get(key) ?? 0) + 1;
      times.set(key, time);
      return [time === 1 ? key : `${key} (${time})`, value];
    }),
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
