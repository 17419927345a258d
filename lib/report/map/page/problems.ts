import { RULE_PREFIX, SEVERITIES } from '../../../rules/rule';
import { countBy, groupBy } from '../../collections';
import { count, severityCounts } from '../../wording';
import type { MapLocation, MapProblem } from '../document';
import { type Attributes, h, type Value, type VirtualElement } from '../draw/element';
import { problemIcon } from '../draw/symbols';
import type { PageState } from './state';

/** Number of problems of one kind that are listed. */
const MAX_LISTED = 100;

/** Number of kinds to fix up to which there is room for those by design. */
const FEW = 3;

/** Number of problems to fix up to which all are listed. Otherwise, there is a line for each kind. */
const MAX_OPEN = 8;

/** A problem and its index. */
type Listed = readonly [number, MapProblem];

/** Returns the panel of problems: what to fix by severity, and apart from it what needs no change. */
export function problemsPanel(state: PageState): Value {
  const { problems: shown } = state;
  const withStatus = (own: MapProblem['status']) => shown.filter(([, { status }]) => status === own);
  const [toFix, byDesign, accepted] = [withStatus('to fix'), withStatus('by design'), withStatus('accepted')];
  const severities = toFix.flatMap(([, { severity }]) => severity ?? []);
  const counts = severityCounts(countBy(SEVERITIES, (severity) => severity, severities));
  const isOpen = toFix.length <= MAX_OPEN;
  const why = 'X-Ray does not follow these calls. No setting changes that.';
  return [
    h`<h2 tabindex="-1">Problems</h2>`,
    h`<p class="counts">${counts.length > 0 ? `${counts.join(', ')} to fix.` : emptyText(byDesign, state)}</p>`,
    list(toFix, isOpen, state),
    apart('By design', byDesign, why, !isOpen || kindsOf(toFix).length < FEW, state),
    apart('Accepted', accepted, 'Acknowledged findings, and gaps that no rule reports.', false, state),
    state.document.notes.map((note) => h`<p class="muted note">${note}</p>`),
  ];
}

function emptyText(byDesign: readonly Listed[], { isFiltering, found }: PageState): string {
  if (byDesign.length > 0)
    return `Nothing to fix. Traces end at ${count(byDesign.length, 'call')} by design:`;
  if (found) return 'No problems at the nodes found.';
  return isFiltering ? 'No problems match the filters.' : 'No findings and no breaks.';
}

function apart(title: string, own: readonly Listed[], why: string, isOpen: boolean, state: PageState): Value {
  return (
    own.length > 0 &&
    h`
    <details class="apart" open=${isOpen ? '' : undefined}>
      <summary><h3>${title} (${own.length})</h3></summary>
      <p class="muted">${why}</p>
      ${list(own, own.length <= MAX_OPEN, state)}
    </details>`
  );
}

/** Returns the problems by kind, which is a rule and severity, or the reason of a break. The order is that of the worst. */
function kindsOf(own: readonly Listed[]): (readonly Listed[])[] {
  return [...groupBy(([, { severity, problem }]) => `${severity} ${problem}`, own).values()];
}

function list(own: readonly Listed[], isOpen: boolean, state: PageState): Value {
  const kinds = kindsOf(own).map((kind) =>
    kind.length === 1 ? item(kind[0], true, state) : group(kind, isOpen, state),
  );
  return own.length > 0 && h`<ul class="problems">${kinds}</ul>`;
}

/** Lists several problems of a kind below a line on all of them. */
function group(kind: readonly Listed[], isOpen: boolean, state: PageState): VirtualElement {
  const [[first, { problem, severity }]] = kind;
  const stacks = new Set(kind.flatMap(([, { stack }]) => stack ?? [])).size;
  const more = kind.length - MAX_LISTED;
  const text = [severity, `${kind.length} in ${count(stacks, 'stack')}`].filter(Boolean).join(' · ');
  // The ID has the initial state, because the page keeps the state of an element with the same ID.
  return h`
    <li>
      <details class="kind" id="kind-${first}-${String(isOpen)}" open=${isOpen ? '' : undefined}>
        <summary>${problemIcon(severity)}<span><strong>${problem}</strong> <span class="muted">${text}</span></span></summary>
        <ul class="problems">
          ${kind.slice(0, MAX_LISTED).map((one) => item(one, false, state))}
          ${more > 0 && h`<li class="more">And ${more} more. Select a stack to see fewer.</li>`}
        </ul>
      </details>
    </li>`;
}

function item([i, problem]: Listed, hasKind: boolean, state: PageState): VirtualElement {
  const { path, problem: kind, severity } = problem;
  const { selected } = state.view;
  const isSelected = selected !== undefined && 'problem' in selected && selected.problem === i;
  const name = state.index.stackOf(problem)?.name;
  return h`
    <li class="problem ${severity ?? 'break'} ${isSelected ? 'selected' : ''}">
      <button type="button" data-problem=${i} aria-expanded=${String(isSelected)}>
        ${problemIcon(severity)}<span><strong>${path}</strong>${hasKind && `: ${kind}`}</span>
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

/** Returns a button. Its action is in a data attribute. */
export function button(attributes: Attributes, ...contents: readonly Value[]): VirtualElement {
  return h`<button type="button" ...${attributes}>${contents}</button>`;
}

/** Returns a button that opens the details of a unit. */
export function unitButton(unit: number, { index }: PageState): VirtualElement {
  return button({ 'data-unit': unit }, index.labelOf(unit));
}

/** Shows a position, with a button that copies it and a link to the editor. */
export function position(location: MapLocation, { index, editor }: PageState): VirtualElement {
  const text = index.formatLocation(location);
  const { file, line = 1, column = 1 } = index.positionOf(location);
  const path = /^(\/|[A-Za-z]:)/.test(file) ? file : `${editor?.folder}/${file}`;
  const href = editor?.link
    .replace('{path}', encodeURI(path.replace(/^(?!\/)/, '/')))
    .replace('{line}', String(line))
    .replace('{column}', String(column));
  return h`
    <span class="position">
      <code>${text}</code>
      <button type="button" class="copy" data-copy=${text} aria-label="Copy ${text}" title="Copy the position">
        <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M6 6h7v8H6zM10 6V3H3v8h3"/></svg>
      </button>
      ${href !== undefined && h`<a href=${href} aria-label="Open ${text} in the editor">Open</a>`}
    </span>`;
}

/** Returns a link to a page of the documentation. */
export function documentation(url: string, text: string): VirtualElement {
  return h`<a href=${url} rel="noreferrer" target="_blank">${text}</a>`;
}
