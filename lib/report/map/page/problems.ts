import { RULE_PREFIX, SEVERITIES } from '../../../rules/rule';
import { count } from '../../wording';
import type { MapProblem } from '../document';
import { element, type VirtualElement } from '../draw/element';
import { breakIcon, severityIcon } from '../draw/symbols';
import { button, documentation, position } from './parts';
import type { PageState } from './state';

/** Number of problems that a section lists. */
const MAX_LISTED = 100;

type Listed = readonly (readonly [number, MapProblem])[];

/** Returns the panel of problems: what to fix by severity, and apart from it what needs no change. */
export function problemsPanel(state: PageState): VirtualElement[] {
  const { problems, notes, summary } = state.document;
  const shown = problems
    .map((problem, i) => [i, problem] as const)
    .filter(([, problem]) => state.isShown(problem));
  const [toFix, byDesign, accepted] = (['to fix', 'by design', 'accepted'] as const).map((status) =>
    shown.filter(([, problem]) => problem.status === status),
  );
  const counts = SEVERITIES.flatMap((severity) => {
    const own = toFix.filter(([, problem]) => problem.severity === severity).length;
    return own > 0 ? [count(own, severity, severity === 'info' ? 'info' : undefined)] : [];
  });
  return [
    element('h2', { tabindex: -1 }, 'Problems'),
    element('p.counts', {}, counts.length > 0 ? `${counts.join(', ')} to fix.` : emptyText(byDesign, state)),
    list(toFix, state),
    ...apart(
      'By design',
      byDesign,
      toFix.length === 0,
      'X-Ray does not follow these calls. No setting changes that.',
      state,
    ),
    ...apart('Accepted', accepted, false, 'Acknowledged findings, and gaps that no rule reports.', state),
    ...notes.map((note) => element('p.muted.note', {}, note)),
    summary.functions > 0 ? undefined : element('p.muted', {}, 'There is no function to check.'),
  ].filter((content) => content !== undefined);
}

function emptyText(byDesign: Listed, { isFiltering }: PageState): string {
  if (byDesign.length === 0)
    return isFiltering ? 'No problems match the filters.' : 'No findings and no breaks.';
  return `Nothing to fix. Traces end at ${count(byDesign.length, 'call')} by design:`;
}

function apart(
  title: string,
  problems: Listed,
  isOpen: boolean,
  explanation: string,
  state: PageState,
): VirtualElement[] {
  if (problems.length === 0) return [];
  return [
    element(
      'details.apart',
      isOpen ? { open: '' } : {},
      element('summary', {}, element('h3', {}, `${title} (${problems.length})`)),
      element('p.muted', {}, explanation),
      list(problems, state),
    ),
  ];
}

function list(problems: Listed, state: PageState): VirtualElement | undefined {
  if (problems.length === 0) return undefined;
  const more = problems.length - MAX_LISTED;
  return element(
    'ul.problems',
    {},
    ...problems.slice(0, MAX_LISTED).map(([i, problem]) => item(i, problem, state)),
    more > 0 ? element('li.more', {}, `And ${more} more. Select a stack to see fewer.`) : undefined,
  );
}

function item(i: number, problem: MapProblem, state: PageState): VirtualElement {
  const { path, problem: short, severity, stack } = problem;
  const { selected } = state.view;
  const isSelected = selected !== undefined && 'problem' in selected && selected.problem === i;
  const name = stack === undefined ? undefined : state.document.stacks.find(({ id }) => id === stack)?.name;
  return element(
    'li',
    { class: `problem ${severity ?? 'break'}${isSelected ? ' selected' : ''}` },
    button(
      { 'data-problem': i, 'aria-expanded': String(isSelected) },
      severity === undefined ? breakIcon() : severityIcon(severity),
      element('span', {}, element('strong', {}, path), ': ', short),
    ),
    name === undefined ? undefined : element('p.muted', {}, [severity, name].filter(Boolean).join(' · ')),
    ...problemText(problem, isSelected, state),
  );
}

/** Returns the fix of a problem, with the message, its position and rule if the problem is selected. */
export function problemText(problem: MapProblem, isFull: boolean, state: PageState): VirtualElement[] {
  const { message, fix, reason, finding, stack, line, source } = problem;
  const rule = finding === undefined ? undefined : state.document.findings[finding].ruleId;
  return [
    isFull ? element('p', {}, message) : undefined,
    reason === undefined ? undefined : element('p', {}, element('strong', {}, 'Accepted: '), reason),
    fix === undefined || reason !== undefined
      ? undefined
      : element('p', {}, element('strong', {}, 'Fix: '), fix),
    isFull && stack !== undefined ? element('p', {}, position({ stack, line, source }, state)) : undefined,
    isFull && rule !== undefined
      ? element('p', {}, documentation(state.document.rules[rule].helpUrl, rule.replace(RULE_PREFIX, '')))
      : undefined,
  ].filter((content) => content !== undefined);
}
