import type { ReportedMode } from '../../function-summary';
import { count } from '../../wording';
import { type Announcer, elementOf } from './dom';
import { NO_FILTER, type PageState } from './state';

/** The filter checkboxes and the list of stacks. */
export class FilterBar {
  private readonly boxes = Array.from(elementOf('filter').querySelectorAll<HTMLInputElement>('input'));
  private readonly stacks = elementOf('stacks') as HTMLSelectElement;

  constructor(
    private readonly pageState: PageState,
    private readonly announcer: Announcer,
  ) {
    for (const box of this.boxes) box.addEventListener('change', () => this.filter());
    this.stacks.addEventListener('change', () => this.goTo(Number(this.stacks.value)));
    pageState.on(() => {
      this.stacks.value = String(this.stackOf(pageState.diagram.group) ?? 0);
      elementOf('matches').textContent = pageState.view.filter === NO_FILTER ? '' : this.matches();
    });
    addEventListener('pageshow', () => this.filter());
  }

  private filter(): void {
    const isChecked = (value: string) => this.boxes.some((box) => box.value === value && box.checked);
    const modes = this.boxes.filter((box) => box.name === 'mode' && box.checked).map(({ value }) => value);
    const isNone = this.boxes.every((box) => !box.checked);
    if (isNone && this.pageState.view.filter === NO_FILTER) return;
    this.pageState.show({
      filter: isNone
        ? NO_FILTER
        : {
            modes: new Set(modes as ReportedMode[]),
            isBroken: isChecked('breaks'),
            hasFindings: isChecked('findings'),
          },
    });
    this.announcer.say(isNone ? 'All nodes are shown.' : `${this.matches()}.`);
  }

  /** Returns the number of matches, such as `11 nodes match, 2 of them here`. */
  private matches(): string {
    const { pageState } = this;
    const all = pageState.unitsIn(0).filter((unit) => pageState.isMatching(unit)).length;
    const here = pageState
      .unitsIn(pageState.diagram.group)
      .filter((unit) => pageState.isMatching(unit)).length;
    const matches = `${count(all, 'node')} ${all === 1 ? 'matches' : 'match'}`;
    return here === all ? matches : `${matches}, ${here} of them here`;
  }

  private goTo(group: number): void {
    const { pageState } = this;
    pageState.show({ diagram: group === 0 ? pageState.expandedDiagram(0) : group });
    this.announcer.say(`Showing ${pageState.group.name}.`);
  }

  /** Returns the stack that a group is or belongs to. */
  private stackOf(group: number): number | undefined {
    const { kind, parent } = this.pageState.layout.groups[group];
    if (kind === 'stack' || kind === 'outside') return group;
    return parent === undefined ? undefined : this.stackOf(parent);
  }
}
