import { element, type VirtualElement } from '../draw/element';
import { elementOf, fill, numberAt } from './dom';
import type { Reading } from './state';

/** Where the picture is among the others, how to fold it, and the choice between picture and list. */
export class Trail {
  private readonly trail = elementOf('trail');
  private readonly views = elementOf('views');

  constructor(private readonly reading: Reading) {
    this.trail.addEventListener('click', ({ target }) => {
      const picture = numberAt(target, 'picture');
      if (picture !== undefined) reading.show({ picture });
    });
    this.views.addEventListener('click', ({ target }) => {
      const isList = numberAt(target, 'list');
      if (isList !== undefined) reading.show({ isList: isList === 1 });
    });
    reading.on(({ picture, isList }, before) => {
      if (before?.picture !== picture) fill(this.trail, element('ol', {}, ...this.steps()));
      for (const button of Array.from(this.views.querySelectorAll('[data-list]'))) {
        button.setAttribute('aria-pressed', String(isList === (numberAt(button, 'list') === 1)));
      }
    });
  }

  private steps(): VirtualElement[] {
    const { atlas, picture } = this.reading;
    const { folders } = atlas;
    const chain: number[] = [];
    for (
      let folder: number | undefined = picture.folder;
      folder !== undefined;
      folder = folders[folder].parent
    ) {
      chain.unshift(folder);
    }
    // With but one stack, there is nothing to fold it into.
    const isAlone = folders[0].folders.length === 1;
    const steps = (isAlone ? chain.slice(1) : chain).map((folder, i, { length }) =>
      i === length - 1
        ? element('li', { 'aria-current': 'page' }, folders[folder].name)
        : element('li', {}, button(folders[folder].name, folder)),
    );
    return [...steps, ...this.folding()];
  }

  /** From the stacks to all that is in them, and back. */
  private folding(): VirtualElement[] {
    const { picture, atlas } = this.reading;
    const parent = atlas.folders[picture.folder].parent;
    if (picture.isUnfolded)
      return [element('li', { class: 'fold' }, button('Fold the stacks', picture.folder))];
    const unfolded = this.reading.unfoldedPicture(picture.folder);
    if (unfolded !== picture.folder) {
      return [element('li', { class: 'fold' }, button('Unfold all stacks', unfolded))];
    }
    if (parent === undefined || atlas.folders[parent].folders.length === 1) return [];
    return [
      element(
        'li',
        { class: 'fold' },
        button('Fold', this.reading.atlas.folders[parent].kind === 'system' ? 0 : parent),
      ),
    ];
  }
}

function button(text: string, picture: number): VirtualElement {
  return element('button', { type: 'button', 'data-picture': picture }, text);
}
