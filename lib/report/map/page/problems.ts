import { RULE_PREFIX, SEVERITIES } from '../../../rules/rule';
import { countBy } from '../../collections';
import { count, severityCounts } from '../../wording';
import type { MapProblem } from '../document';
import { h, type Value, type VirtualElement } from '../draw/element';
import { problemIcon } from '../draw/symbols';
import { documentation, position } from './parts';
import type { PageState } from './state';

/** Number of problems that a section lists. */
const MAX_LISTED = 100;

/** Number of problems to fix up to which there is room for those by design. */
const FEW = 3;

type Listed = readonly (readonly [number, MapProblem])[];

/** Returns the panel of problems: what to fix by severity, and apart from it what needs no change. */
export function problemsPanel(state: PageState): Value {
  const { problems, notes } = state.document;
  const withStatus = (status: MapProblem['status']): Listed =>
    [...problems.entries()].filter(([, problem]) => problem.status === status && state.isShown(problem));
  const [toFix, byDesign] = [withStatus('to fix'), withStatus('by design')];
  const severities = toFix.flatMap(([, { severity }]) => severity ?? []);
  const counts = severityCounts(countBy(SEVERITIES, (severity) => severity, severities));
  return [
    h`<h2 tabindex="-1">Problems</h2>`,
    h`<p class="counts">${counts.length > 0 ? `${counts.join(', ')} to fix.` : emptyText(byDesign, state)}</p>`,
    list(toFix, state),
    apart(
      'By design',
      byDesign,
      'X-Ray does not follow these calls. No setting changes that.',
      toFix.length < FEW,
      state,
    ),
    apart(
      'Accepted',
      withStatus('accepted'),
      'Acknowledged findings, and gaps that no rule reports.',
      false,
      state,
    ),
    notes.map((note) => h`<p class="muted note">${note}</p>`),
  ];
}

function emptyText(byDesign: Listed, { isFiltering }: PageState): string {
  if (byDesign.length > 0)
    return `Nothing to fix. Traces end at ${count(byDesign.length, 'call')} by design:`;
  return isFiltering ? 'No problems match the filters.' : 'No findings and no breaks.';
}

function apart(title: string, problems: Listed, why: string, isOpen: boolean, state: PageState): Value {
  return (
    problems.length > 0 &&
    h`
    <details class="apart" open=${isOpen ? '' : undefined}>
      <summary><h3>${title} (${problems.length})</h3></summary>
      <p class="muted">${why}</p>
      ${list(problems, state)}
    </details>`
  );
}

function list(problems: Listed, state: PageState): Value {
  const more = problems.length - MAX_LISTED;
  return (
    problems.length > 0 &&
    h`
    <ul class="problems">
      ${problems.slice(0, MAX_LISTED).map(([i, problem]) => item(i, problem, state))}
      ${more > 0 && h`<li class="more">And ${more} more. Select a stack to see fewer.</li>`}
    </ul>`
  );
}

function item(i: number, problem: MapProblem, state: PageState): VirtualElement {
  const { path, problem: short, severity } = problem;
  const { selected } = state.view;
  const isSelected = selected !== undefined && 'problem' in selected && selected.problem === i;
  const name = state.index.stackOf(problem)?.name;
  return h`
    <li class="problem ${severity ?? 'break'} ${isSelected ? 'selected' : ''}">
      <button type="button" data-problem=${i} aria-expanded=${String(isSelected)}>
        ${problemIcon(severity)}<span><strong>${path}</strong>: ${short}</span>
      </button>
      ${name !== undefined && h`<p class="muted">${[severity, name].filter(Boolean).join(' · ')}</p>`}
      ${problemText(problem, isSelected, state)}
    </li>`;
}

/** Returns the fix of a problem, with the message, its position and rule if the problem is selected. */
export function problemText(problem: MapProblem, isFull: boolean, state: PageState): Value {
  const { message, fix, reason, finding, stack, line, source } = problem;
  const rule = finding === undefined ? undefined : state.document.findings[finding].ruleId;
  const ruleLink = (id: string) =>
    documentation(state.document.rules[id].helpUrl, id.replace(RULE_PREFIX, ''));
  return [
    isFull && h`<p>${message}</p>`,
    reason !== undefined && h`<p><strong>Accepted: </strong>${reason}</p>`,
    fix !== undefined && reason === undefined && h`<p><strong>Fix: </strong>${fix}</p>`,
    isFull && stack !== undefined && h`<p>${position({ stack, line, source }, state)}</p>`,
    isFull && rule !== undefined && h`<p>${ruleLink(rule)}</p>`,
  ];
}
