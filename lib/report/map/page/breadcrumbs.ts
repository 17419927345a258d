import { element, type VirtualElement } from '../draw/element';
import { elementOf, fill, numberAt } from './dom';
import type { PageState } from './state';

/** Where the picture is among the others, how to fold it, and the choice between picture and list. */
export class Breadcrumbs {
  private readonly trail = elementOf('trail');
  private readonly views = elementOf('views');

  constructor(private readonly reading: PageState) {
    this.trail.addEventListener('click', ({ target }) => {
      const picture = numberAt(target, 'picture');
      if (picture !== undefined) reading.show({ diagram: picture });
    });
    this.views.addEventListener('click', ({ target }) => {
      const isList = numberAt(target, 'list');
      if (isList !== undefined) reading.show({ isList: isList === 1 });
    });
    reading.on(({ diagram, isList }, before) => {
      if (before?.diagram !== diagram) fill(this.trail, element('ol', {}, ...this.steps()));
      for (const button of Array.from(this.views.querySelectorAll('[data-list]'))) {
        button.setAttribute('aria-pressed', String(isList === (numberAt(button, 'list') === 1)));
      }
    });
  }

  private steps(): VirtualElement[] {
    const { atlas, picture } = this.reading;
    const { groups } = atlas;
    const chain: number[] = [];
    for (let group: number | undefined = picture.group; group !== undefined; group = groups[group].parent) {
      chain.unshift(group);
    }
    // With but one stack, there is nothing to fold it into.
    const isAlone = groups[0].groups.length === 1;
    const steps = (isAlone ? chain.slice(1) : chain).map((group, i, { length }) =>
      i === length - 1
        ? element('li', { 'aria-current': 'page' }, groups[group].name)
        : element('li', {}, button(groups[group].name, group)),
    );
    return [...steps, ...this.folding()];
  }

  /** From the stacks to all that is in them, and back. */
  private folding(): VirtualElement[] {
    const { picture, atlas } = this.reading;
    const parent = atlas.groups[picture.group].parent;
    if (picture.isUnfolded)
      return [element('li', { class: 'fold' }, button('Fold the stacks', picture.group))];
    const unfolded = this.reading.unfoldedPicture(picture.group);
    if (unfolded !== picture.group) {
      return [element('li', { class: 'fold' }, button('Unfold all stacks', unfolded))];
    }
    if (parent === undefined || atlas.groups[parent].groups.length === 1) return [];
    return [
      element(
        'li',
        { class: 'fold' },
        button('Fold', this.reading.atlas.groups[parent].kind === 'system' ? 0 : parent),
      ),
    ];
  }
}

function button(text: string, picture: number): VirtualElement {
  return element('button', { type: 'button', 'data-picture': picture }, text);
}
