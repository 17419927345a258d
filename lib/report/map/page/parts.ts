import type { MapLocation } from '../document';
import { type Attributes, h, type Value, type VirtualElement } from '../draw/element';
import type { PageState } from './state';

/** Returns a button. Its action is in a data attribute. */
export function button(attributes: Attributes, ...contents: readonly Value[]): VirtualElement {
  return h`<button type="button" ...${attributes}>${contents}</button>`;
}

/** Returns a button that opens the details of a unit. */
export function unitButton(unit: number, { index }: PageState): VirtualElement {
  return button({ 'data-unit': unit }, index.labelOf(unit));
}

/** Shows a position, with a button that copies it and a link to the editor. */
export function position(location: MapLocation, { index, editor }: PageState): VirtualElement {
  const text = index.formatLocation(location);
  const { file, line = 1, column = 1 } = index.positionOf(location);
  const path = /^(\/|[A-Za-z]:)/.test(file) ? file : `${editor?.folder}/${file}`;
  const href = editor?.link
    .replace('{path}', encodeURI(path.replace(/^(?!\/)/, '/')))
    .replace('{line}', String(line))
    .replace('{column}', String(column));
  return h`
    <span class="position">
      <code>${text}</code>
      <button type="button" class="copy" data-copy=${text} aria-label="Copy ${text}" title="Copy the position">
        <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M6 6h7v8H6zM10 6V3H3v8h3"/></svg>
      </button>
      ${href !== undefined && h`<a href=${href} aria-label="Open ${text} in the editor">Open</a>`}
    </span>`;
}

/** Returns a link to a page of the documentation. */
export function documentation(url: string, text: string): VirtualElement {
  return h`<a href=${url} rel="noreferrer" target="_blank">${text}</a>`;
}
