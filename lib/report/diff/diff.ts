import { effectiveProperties } from '../../cloudformation/sam-globals';
import type { Estimate } from '../../estimate/estimate';
import { type Bill, billFor } from '../../estimate/pricing';
import { causeOf } from '../../rules';
import { SEVERITIES, type Severity } from '../../rules/rule';
import type { Service } from '../../trace-map/service';
import { SERVICES } from '../../trace-map/services';
import type { TraceMap, TraceNode } from '../../trace-map/trace-map';
import { countBy } from '../collections';
import { type Location, locationOf, type Templates, templatesById } from '../location';
import { isOpen, type Report, type ReportedFinding, type ReportInput, reportOn, type Tool } from '../report';
import { formatNumber, formatUsd } from '../wording';
import {
  type ConfigurationChange,
  configurationChanges,
  type ConfiguredFindings,
} from './configuration-changes';
import { type Change, CHANGES, type FunctionChange, functionChanges, type Side } from './function-changes';

/** The changes that a deployment makes to the tracing of functions, in the order of the report. */
export interface Diff {
  readonly tool: Tool;
  /** The report on the baseline alone. */
  readonly before: Report;
  /** The report on the new templates. */
  readonly after: Report;
  /** False if one side could not be read at all. */
  readonly isCompared: boolean;
  /** The changed functions by template, then line. Removed functions come last in their template. */
  readonly functions: readonly FunctionChange[];
  /** The number of functions without changes. */
  readonly unchanged: number;
  readonly findings: FindingChanges;
  /** The services that invoke functions and whose tracing is turned on or off. */
  readonly callers: readonly CallerChange[];
  /** The estimated cost of the traces, if request rates are configured. */
  readonly cost?: CostChange;
  /** The checks that the new configuration loosens. Empty if the configuration of the baseline is not known. */
  readonly configurationChanges: readonly ConfigurationChange[];
  /** Notes on the baseline and on the report, one or more sentences each. */
  readonly notes: readonly string[];
}

/** The results of a run. */
export interface DiffInput extends Pick<
  ReportInput,
  'tool' | 'rules' | 'configuration' | 'sourceRoot' | 'runName'
> {
  /** The baseline. */
  readonly before: Side;
  /** The new templates. Their model is linked to that of the baseline. */
  readonly after: Side;
  readonly notes: readonly string[];
  /** The estimates of both sides, if request rates are configured. */
  readonly estimates?: { readonly before: Estimate; readonly after: Estimate };
  /**
   * The configuration of the baseline, and the findings on the new templates with it.
   *
   * @default - the configuration is the same
   */
  readonly previous?: ConfiguredFindings;
}

/** Creates the report on the changes between two sets of templates. */
export function diffOn({ before: old, after: now, notes, previous, estimates, ...shared }: DiffInput): Diff {
  const before = reportOn({ ...shared, ...old });
  const after = reportOn({ ...shared, ...now });
  const both = { tool: shared.tool, before, after, notes: [...notes, ...after.notes] };
  if ([before, after].some(isUnreadable)) {
    return {
      ...both,
      isCompared: false,
      functions: [],
      unchanged: 0,
      findings: { new: [], resolved: [] },
      callers: [],
      configurationChanges: [],
    };
  }
  const functions = functionChanges(old, now);
  const present = functions.filter(({ change }) => change !== 'removed');
  return {
    ...both,
    isCompared: true,
    functions,
    unchanged: after.functions.length - present.length,
    findings: findingChanges(before, after),
    callers: callerChanges(old.model.traceMap, now.model.traceMap, templatesById(now.loaded)),
    ...(estimates && { cost: costChange(estimates.before, estimates.after) }),
    configurationChanges: previous
      ? configurationChanges(previous, { configuration: shared.configuration, findings: now.findings })
      : [],
  };
}

/** True if no template of a side could be read. All functions would look added or removed. */
function isUnreadable({ templates, errors }: Report): boolean {
  return templates.length === 0 && errors.length > 0;
}

/** True if there are changes for a reviewer. */
export function isChanged({ functions, findings, callers, configurationChanges: loosened }: Diff): boolean {
  return (
    functions.some(isNoteworthy) ||
    [findings.new, findings.resolved, callers, loosened].some((changes) => changes.length > 0)
  );
}

/** True unless the only change is a new version in the same mode, which any change of the code publishes. */
export function isNoteworthy({ change }: FunctionChange): boolean {
  return change !== 'republished';
}

/** The findings that a deployment adds or resolves. */
export interface FindingChanges {
  /**
   * New findings, including acknowledged ones, and findings that are more severe, no longer acknowledged, or mistakes in the
   * change itself.
   */
  readonly new: readonly ReportedFinding[];
  /** Findings that no longer exist, or are acknowledged now. */
  readonly resolved: readonly ReportedFinding[];
}

/**
 * Compares the findings of a baseline with those of the new templates. Two findings are the same if their rule, resource
 * and property are, or if their rules report the same cause.
 */
export function findingChanges(before: Report, after: Report): FindingChanges {
  const unmatched = new Unmatched(before.findings);
  const predecessors = new Map<ReportedFinding, ReportedFinding>();
  // Equal messages first: of several findings on one property, these are certainly the same.
  for (const take of [unmatched.sameMessage, unmatched.sameProperty, unmatched.sameCause]) {
    for (const finding of after.findings) {
      if (predecessors.has(finding)) continue;
      const predecessor = take(finding);
      if (predecessor) predecessors.set(finding, predecessor);
    }
  }
  const successors = new Map<ReportedFinding, ReportedFinding[]>();
  for (const [now, old] of predecessors) successors.set(old, [...(successors.get(old) ?? []), now]);
  return {
    new: after.findings.filter((finding) => {
      const predecessor = predecessors.get(finding);
      if (predecessor === undefined) return true;
      return (
        isOpen(finding) &&
        (!isOpen(predecessor) || isMoreSevere(finding, predecessor) || isOnChange(finding, predecessor))
      );
    }),
    resolved: before.findings.filter(isOpen).flatMap((finding) => {
      const [successor, ...others] = successors.get(finding) ?? [];
      if (successor) return [successor, ...others].some(isOpen) ? [] : [successor];
      // Findings on the configuration are about that of the new templates, so those on the baseline are not resolved.
      return before.templates.includes(finding.template) ? [finding] : [];
    }),
  };
}

/** True if a finding got worse, such as that of a rule which stands for others. */
function isMoreSevere(a: ReportedFinding, b: ReportedFinding): boolean {
  return SEVERITIES.indexOf(a.severity) < SEVERITIES.indexOf(b.severity);
}

/** True if a finding is a mistake in the change itself, which was only possible before, such as a version on an old mode. */
function isOnChange({ rule }: ReportedFinding, predecessor: ReportedFinding): boolean {
  return rule.comparesWithBaseline === true && rule !== predecessor.rule;
}

/** Findings of the baseline that are not matched with a new finding yet. */
class Unmatched {
  private readonly byKey = new Map<string, ReportedFinding[]>();
  private readonly byCause = new Map<string, ReportedFinding>();

  constructor(findings: readonly ReportedFinding[]) {
    for (const finding of findings) {
      const key = keyOf(finding);
      this.byKey.set(key, [...(this.byKey.get(key) ?? []), finding]);
      if (finding.rule.standsFor || causeOf(finding.rule) !== finding.rule.id) {
        const cause = keyOf(finding, causeOf(finding.rule));
        if (isOpen(finding) || !this.byCause.has(cause)) this.byCause.set(cause, finding);
      }
    }
  }

  public readonly sameMessage = (finding: ReportedFinding): ReportedFinding | undefined =>
    this.take(finding, ({ message }) => message === finding.message);

  public readonly sameProperty = (finding: ReportedFinding): ReportedFinding | undefined =>
    this.take(finding, () => true);

  /** A finding of another rule, which can have several successors if one of them is acknowledged. */
  public readonly sameCause = (finding: ReportedFinding): ReportedFinding | undefined =>
    this.byCause.get(keyOf(finding, causeOf(finding.rule)));

  private take(
    finding: ReportedFinding,
    isSame: (candidate: ReportedFinding) => boolean,
  ): ReportedFinding | undefined {
    const candidates = this.byKey.get(keyOf(finding)) ?? [];
    const found = candidates.findIndex(isSame);
    return found === -1 ? undefined : candidates.splice(found, 1)[0];
  }
}

function keyOf(
  { rule, template, logicalId, constructPath, property }: ReportedFinding,
  cause = rule.id,
): string {
  // Findings without a resource differ by their construct.
  return JSON.stringify([cause, template, logicalId === '' ? (constructPath ?? '') : logicalId, property]);
}

/** The number of changes. */
export interface DiffSummary {
  readonly functions: Readonly<Record<Change | 'unchanged', number>>;
  readonly findings: {
    /** New findings that are not acknowledged. */
    readonly new: Readonly<Record<Severity, number>>;
    /** Findings that no longer exist. */
    readonly resolved: Readonly<Record<Severity, number>>;
    /** Findings that are acknowledged now and were not before. */
    readonly acknowledged: number;
  };
}

export function summaryOf({ functions, unchanged, findings }: Diff): DiffSummary {
  const bySeverity = (list: readonly ReportedFinding[]) =>
    countBy(SEVERITIES, ({ severity }) => severity, list.filter(isOpen));
  return {
    functions: { ...countBy(CHANGES, ({ change }) => change, functions), unchanged },
    findings: {
      new: bySeverity(findings.new),
      resolved: bySeverity(findings.resolved),
      acknowledged: [...findings.new, ...findings.resolved].filter((finding) => !isOpen(finding)).length,
    },
  };
}

/** The change of the tracing of a service that invokes functions, such as the stage of an API. */
interface CallerChange extends Location {
  /** `kept` if its tracing stays on, although the new template leaves the property out. */
  readonly change: 'turned on' | 'turned off' | 'kept';
  /** The name of the service. */
  readonly service: string;
  /** The property that turns tracing on. */
  readonly property: string;
}

/** Returns the callers whose tracing a deployment turns on or off. */
export function callerChanges(before: TraceMap, after: TraceMap, templates: Templates): CallerChange[] {
  const previous = new Map(before.nodes.map((node) => [node.id, node]));
  return after.nodes.flatMap((node) => {
    const change = changeOf(previous.get(node.id), node);
    if (!change || !node.tracingProperty) return [];
    const { resource, property } = node.tracingProperty;
    const service: Service = SERVICES[node.kind];
    return [{ ...locationOf(resource, templates, property), change, service: service.title, property }];
  });
}

function changeOf(before: TraceNode | undefined, after: TraceNode): CallerChange['change'] | undefined {
  if (!before || after.kind === 'function') return undefined;
  if (before.recording === 'no' && after.recording === 'yes') return 'turned on';
  if (before.recording !== 'yes' || after.recording !== 'no') return undefined;
  return keepsTracing(after) ? 'kept' : 'turned off';
}

/** True if tracing that was on stays on, because the new template leaves the property out. */
function keepsTracing({ kind, tracingProperty }: TraceNode): boolean {
  const { keepsOmittedTracing }: Service = SERVICES[kind];
  if (!keepsOmittedTracing || !tracingProperty) return false;
  const [section] = tracingProperty.property.split('.');
  return effectiveProperties(tracingProperty.resource)[section] === undefined;
}

/** The estimated traces of both sides. */
interface CostChange {
  readonly before: Bill;
  readonly after: Bill;
}

/** Returns the estimated cost of the traces before and after a deployment. */
export function costChange(before: Estimate, after: Estimate): CostChange {
  return { before: billFor(before.samplingPoints), after: billFor(after.samplingPoints) };
}

/** Describes a caller: `turned on`, or why it stays on. */
export function callerChangeText({ change, property }: CallerChange): string {
  return change === 'kept' ? `stays on: an update without ${property} does not turn it off` : change;
}

/** Returns a sentence such as `Estimated cost: USD 1.20 → USD 3.40 per month, 300,000 → 700,000 traces.` */
export function costChangeText(cost: CostChange | undefined): string {
  if (!cost) {
    return 'To see the change in cost, set requestsPerSecond in the configuration.';
  }
  const { before, after } = cost;
  const usd = [before, after].map((bill) =>
    bill.usd === undefined ? 'unknown' : `USD ${formatUsd(bill.usd)}`,
  );
  const traces = [before, after].map(({ recorded }) => formatNumber(recorded));
  return `Estimated cost: ${usd.join(' → ')} per month, ${traces.join(' → ')} traces.`;
}
