import type { ReportedMode } from '../../function-summary';
import { count } from '../../wording';
import { type Announcer, elementOf } from './dom';
import { NO_FILTER, type PageState } from './state';

/** The boxes to tick and the list of stacks. */
export class FilterBar {
  private readonly boxes = Array.from(elementOf('filter').querySelectorAll<HTMLInputElement>('input'));
  private readonly stacks = elementOf('stacks') as HTMLSelectElement;

  constructor(
    private readonly reading: PageState,
    private readonly announcer: Announcer,
  ) {
    for (const box of this.boxes) box.addEventListener('change', () => this.filter());
    this.stacks.addEventListener('change', () => this.goTo(Number(this.stacks.value)));
    reading.on(() => {
      this.stacks.value = String(this.stackOf(reading.picture.group) ?? 0);
      elementOf('matches').textContent = reading.view.filter === NO_FILTER ? '' : this.matches();
    });
    addEventListener('pageshow', () => this.filter());
  }

  private filter(): void {
    const isTicked = (value: string) => this.boxes.some((box) => box.value === value && box.checked);
    const modes = this.boxes.filter((box) => box.name === 'mode' && box.checked).map(({ value }) => value);
    const isNone = this.boxes.every((box) => !box.checked);
    if (isNone && this.reading.view.filter === NO_FILTER) return;
    this.reading.show({
      filter: isNone
        ? NO_FILTER
        : {
            modes: new Set(modes as ReportedMode[]),
            isBroken: isTicked('breaks'),
            hasFindings: isTicked('findings'),
          },
    });
    this.announcer.say(isNone ? 'All nodes are shown.' : `${this.matches()}.`);
  }

  /** `11 nodes match, 2 of them here`. */
  private matches(): string {
    const { reading } = this;
    const all = reading.unitsIn(0).filter((unit) => reading.isWanted(unit)).length;
    const here = reading.unitsIn(reading.picture.group).filter((unit) => reading.isWanted(unit)).length;
    const told = `${count(all, 'node')} ${all === 1 ? 'matches' : 'match'}`;
    return here === all ? told : `${told}, ${here} of them here`;
  }

  private goTo(group: number): void {
    const { reading } = this;
    reading.show({ diagram: group === 0 ? reading.unfoldedPicture(0) : group });
    this.announcer.say(`Now shown: ${reading.group.name}.`);
  }

  /** The stack that a group is, or is a part of. */
  private stackOf(group: number): number | undefined {
    const { kind, parent } = this.reading.atlas.groups[group];
    if (kind === 'stack' || kind === 'outside') return group;
    return parent === undefined ? undefined : this.stackOf(parent);
  }
}
