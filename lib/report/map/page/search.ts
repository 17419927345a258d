import type { MapIndex } from '../atlas/map-index';

/** Finds units by words that they are called by. */
export class Search {
  private readonly texts: readonly string[];

  constructor(index: MapIndex) {
    const { services } = index.document;
    this.texts = index.units.map((unit) => {
      const { name, logicalId, kind } = unit.node;
      return [name, logicalId, services[kind].title, index.stackOf(unit)?.name].join('\n').toLowerCase();
    });
  }

  /** The units in which all words are found, those first whose name begins with what is typed. */
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
