import type { Announcer } from './announcer';
import { elementOf, fill, numberAt } from './dom';
import { panelContents } from './panel-contents';
import type { Reading, View } from './reading';

/** All that there is to tell of one node, beside the picture. */
export class Panel {
  private readonly panel = elementOf('panel');
  /** Where the focus was before. */
  private opener: Element | null = null;

  constructor(
    private readonly reading: Reading,
    private readonly announcer: Announcer,
  ) {
    this.panel.addEventListener('click', ({ target }) => {
      const unit = numberAt(target, 'unit');
      if (unit !== undefined) reading.open(unit);
      if (target instanceof Element && target.closest('.close')) this.close();
    });
    document.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape' && reading.view.unit !== undefined) this.close();
    });
    reading.on((view, before) => this.follow(view, before));
  }

  private follow({ unit }: View, before: View | undefined): void {
    if (unit === before?.unit) return;
    if (before?.unit === undefined) this.opener = document.activeElement;
    this.panel.hidden = unit === undefined;
    document.documentElement.classList.toggle('with-panel', unit !== undefined);
    if (unit === undefined) return;
    const { index } = this.reading;
    fill(this.panel, ...panelContents(unit, index));
    this.panel.scrollTo(0, 0);
    this.panel.querySelector('h2')?.focus();
  }

  private close(): void {
    const { unit } = this.reading.view;
    this.reading.show({ unit: undefined });
    const card = this.reading.picture.cards.findIndex(({ shows }) => 'unit' in shows && shows.unit === unit);
    const drawn = document.querySelector<SVGElement>(`#canvas [data-card="${card}"]`);
    const back = [drawn, this.opener].find((element) => element?.checkVisibility());
    (back as HTMLElement | undefined)?.focus();
    this.announcer.say('The panel is closed.');
  }
}
