import { type Content, element, type VirtualElement } from '../drawing/element';

/** A part of the panel, below a heading. */
export function section(title: string, ...contents: readonly (Content | undefined)[]): VirtualElement {
  return element('section', {}, element('h3', {}, title), ...contents);
}
