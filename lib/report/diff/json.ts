import type { Bill } from '../../estimate/pricing';
import { contractJson, errorOf, findingOf, resourceOf } from '../formats/json';
import type { FunctionSummary } from '../function-summary';
import { type Diff, summaryOf } from './diff';
import type { FunctionChange, UntracedSource, VersionChange } from './function-changes';

/** Returns a report for programs, as defined by docs/diff-report.schema.json. */
export function diffJson(diff: Diff): string {
  const { before, after, findings, notes, isCompared } = diff;
  const summary = summaryOf(diff);
  return contractJson(diff.tool, {
    configuration: after.configuration,
    isCompared,
    summary: {
      templates: { before: before.summary.templates, after: after.summary.templates },
      functions: summary.functions,
      findings: {
        new: summary.findings.new,
        gone: summary.findings.resolved,
        acknowledged: summary.findings.acknowledged,
      },
    },
    functions: diff.functions.map(functionOf),
    findings: { new: findings.new.map(findingOf), gone: findings.resolved.map(findingOf) },
    callers: diff.callers.map((caller) => ({
      change: caller.change,
      ...resourceOf(caller),
      service: caller.service,
      property: caller.property,
    })),
    estimatedCost: diff.cost && { before: costOf(diff.cost.before), after: costOf(diff.cost.after) },
    configurationChanges: diff.configurationChanges,
    errors: [
      ...before.errors.map((error) => ({ side: 'before', ...errorOf(error) })),
      ...after.errors.map((error) => ({ side: 'after', ...errorOf(error) })),
    ],
    notes,
  });
}

function costOf({ recorded, usd }: Bill): object {
  return { recordedPerMonth: recorded, usdPerMonth: usd };
}

function functionOf(change: FunctionChange): object {
  const { before, after, permissions, versions, untracedSources } = change;
  return {
    change: change.change,
    ...resourceOf(change),
    type: (after ?? before)?.type,
    before: before && stateOf(before),
    after: after && stateOf(after),
    permissionsGained: permissions.gained,
    permissionsLost: permissions.lost,
    versions: versions.map(versionOf),
    untracedEventSources: {
      added: untracedSources.added.map(sourceOf),
      removed: untracedSources.removed.map(sourceOf),
    },
  };
}

function stateOf({ mode, possibleModes, permissions }: FunctionSummary): object {
  return { mode, possibleModes, permissions };
}

function versionOf(version: VersionChange): object {
  const { change, kind, before, after, kept, number } = version;
  return {
    change,
    ...resourceOf(version),
    kind,
    before,
    after,
    kept: kept.map(({ mode, functionMode, unless }) => ({ mode, instead: functionMode, unless })),
    number,
  };
}

function sourceOf(source: UntracedSource): object {
  return { ...resourceOf(source), kind: source.kind };
}
