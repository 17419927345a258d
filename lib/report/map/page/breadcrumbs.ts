import { element, type VirtualElement } from '../draw/element';
import { elementOf, fill, numberAt } from './dom';
import type { PageState } from './state';

/** Path to the current group, buttons that expand and collapse it, and the choice between diagram and list. */
export class Breadcrumbs {
  private readonly trail = elementOf('trail');
  private readonly views = elementOf('views');

  constructor(private readonly pageState: PageState) {
    this.trail.addEventListener('click', ({ target }) => {
      const diagram = numberAt(target, 'diagram');
      if (diagram !== undefined) pageState.show({ diagram });
    });
    this.views.addEventListener('click', ({ target }) => {
      const isList = numberAt(target, 'list');
      if (isList !== undefined) pageState.show({ isList: isList === 1 });
    });
    pageState.on(({ diagram, isList }, before) => {
      if (before?.diagram !== diagram) fill(this.trail, element('ol', {}, ...this.steps()));
      for (const button of Array.from(this.views.querySelectorAll('[data-list]'))) {
        button.setAttribute('aria-pressed', String(isList === (numberAt(button, 'list') === 1)));
      }
    });
  }

  private steps(): VirtualElement[] {
    const { layout, diagram } = this.pageState;
    const { groups } = layout;
    const chain: number[] = [];
    for (let group: number | undefined = diagram.group; group !== undefined; group = groups[group].parent) {
      chain.unshift(group);
    }
    // A single stack cannot be collapsed.
    const isAlone = groups[0].groups.length === 1;
    const steps = (isAlone ? chain.slice(1) : chain).map((group, i, { length }) =>
      i === length - 1
        ? element('li', { 'aria-current': 'page' }, groups[group].name)
        : element('li', {}, button(groups[group].name, group)),
    );
    return [...steps, ...this.expansionButton()];
  }

  /** Returns the button that expands or collapses stacks. */
  private expansionButton(): VirtualElement[] {
    const { diagram, layout } = this.pageState;
    const parent = layout.groups[diagram.group].parent;
    if (diagram.isExpanded)
      return [element('li', { class: 'collapse' }, button('Collapse stacks', diagram.group))];
    const expanded = this.pageState.expandedDiagram(diagram.group);
    if (expanded !== diagram.group) {
      return [element('li', { class: 'collapse' }, button('Expand all stacks', expanded))];
    }
    if (parent === undefined || layout.groups[parent].groups.length === 1) return [];
    return [
      element(
        'li',
        { class: 'collapse' },
        button('Collapse', this.pageState.layout.groups[parent].kind === 'system' ? 0 : parent),
      ),
    ];
  }
}

function button(text: string, diagram: number): VirtualElement {
  return element('button', { type: 'button', 'data-diagram': diagram }, text);
}
