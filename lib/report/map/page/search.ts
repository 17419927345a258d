import { count } from '../../wording';
import { element, type VirtualElement } from '../draw/element';
import { stateIcon } from '../draw/symbols';
import type { MapIndex } from '../layout/units';
import { shortTitle, stateOf } from '../wording';
import { type Announcer, elementOf, fill, numberAt } from './dom';
import type { PageState } from './state';

/** Number of results that are listed. */
const MAX_RESULTS = 40;

/**
 * The search field and the list of its results ("Combobox Pattern", ARIA Authoring Practices Guide).
 */
export class SearchBox {
  private readonly input = elementOf('search') as HTMLInputElement;
  private readonly list = elementOf('found');
  private readonly search: Search;
  private results: readonly number[] = [];
  private active = -1;

  constructor(
    private readonly pageState: PageState,
    private readonly announcer: Announcer,
  ) {
    this.search = new Search(pageState.index);
    this.input.addEventListener('input', () => this.find());
    this.input.addEventListener('keydown', (event) => this.onKey(event));
    this.input.addEventListener('blur', () => this.close());
    this.input.addEventListener('focus', () => this.showResults());
    // A mouse press would move the focus, which closes the list before the click.
    this.list.addEventListener('mousedown', (event) => event.preventDefault());
    this.list.addEventListener('click', (event) => {
      const option = numberAt(event.target, 'option');
      if (option !== undefined) this.select(option);
    });
  }

  private find(): void {
    const found = this.search.find(this.input.value);
    const isTyped = this.input.value.trim() !== '';
    this.results = found.slice(0, MAX_RESULTS);
    this.active = -1;
    this.pageState.show({ found: isTyped ? new Set(found) : undefined });
    this.showResults(found.length);
    this.announcer.say(isTyped ? `${count(found.length, 'node')} found.` : '');
  }

  private showResults(total = this.results.length): void {
    if (this.input.value.trim() === '') return this.close();
    const more = total - this.results.length;
    const { index } = this.pageState;
    fill(
      this.list,
      ...this.results.map((unit, i) => this.option(unit, i)),
      total === 0 ? element('li', { class: 'none', role: 'presentation' }, 'No nodes found.') : undefined,
      more > 0
        ? element('li', { class: 'none', role: 'presentation' }, `And ${more} more of ${index.units.length}.`)
        : undefined,
    );
    this.list.hidden = false;
    this.input.setAttribute('aria-expanded', 'true');
    this.mark();
  }

  private option(unit: number, i: number): VirtualElement {
    const { index } = this.pageState;
    const shown = index.units[unit];
    const location = index.stackOf(shown)?.name ?? 'outside of the templates';
    return element(
      'li',
      { role: 'option', id: `option-${i}`, 'data-option': i, 'aria-selected': 'false' },
      stateIcon(stateOf(shown, index.document)),
      element('span', { class: 'name' }, index.labelOf(shown)),
      element(
        'span',
        { class: 'muted' },
        `${shortTitle(index.document.services[shown.node.kind].title)}, ${location}`,
      ),
    );
  }

  private onKey(event: KeyboardEvent): void {
    if (event.key === 'Escape' && this.input.value !== '') {
      event.stopPropagation();
      this.input.value = '';
      return this.find();
    }
    if (this.results.length === 0) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      if (this.list.hidden) this.showResults();
      const last = this.results.length - 1;
      this.active = this.active + step > last ? 0 : this.active + step < 0 ? last : this.active + step;
      this.mark();
    } else if (event.key === 'Enter') {
      event.preventDefault();
      this.select(Math.max(0, this.active));
    }
  }

  /** Marks the result that Enter selects. */
  private mark(): void {
    Array.from(this.list.querySelectorAll('[role=option]')).forEach((option, i) => {
      option.setAttribute('aria-selected', String(i === this.active));
      if (i === this.active) option.scrollIntoView({ block: 'nearest' });
    });
    if (this.active === -1) this.input.removeAttribute('aria-activedescendant');
    else this.input.setAttribute('aria-activedescendant', `option-${this.active}`);
  }

  private select(option: number): void {
    this.close();
    this.pageState.show({ found: undefined });
    this.pageState.open(this.results[option]);
  }

  private close(): void {
    this.list.hidden = true;
    this.input.setAttribute('aria-expanded', 'false');
    this.input.removeAttribute('aria-activedescendant');
  }
}

/** Finds units by words in their names, logical IDs, services and stacks. */
class Search {
  private readonly texts: readonly string[];

  constructor(index: MapIndex) {
    const { services } = index.document;
    this.texts = index.units.map((unit) => {
      const { name, logicalId, kind } = unit.node;
      return [name, logicalId, services[kind].title, index.stackOf(unit)?.name].join('\n').toLowerCase();
    });
  }

  /** Returns the units that contain all typed words. Units whose names begin with the first word come first. */
  public find(typed: string): number[] {
    const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0) return [];
    const found = this.texts.flatMap((text, i) => (words.every((word) => text.includes(word)) ? [i] : []));
    const rank = (unit: number) => {
      const [name] = this.texts[unit].split('\n', 1);
      const last = name.slice(name.lastIndexOf('/') + 1);
      return last.startsWith(words[0]) ? 0 : name.includes(words[0]) ? 1 : 2;
    };
    const ranks = new Map(found.map((unit) => [unit, rank(unit)]));
    return found.sort((a, b) => ranks.get(a)! - ranks.get(b)! || a - b);
  }
}
