import { printable } from '../../../text/printable';
import type { Content, VirtualElement } from '../draw/element';

const SVG = 'http://www.w3.org/2000/svg';

/** Returns the element with an ID that each page has. */
export function elementOf(id: string): HTMLElement {
  return document.getElementById(id)!;
}

/** Attributes that the reader or the zoom changes. They are set only when an element is created. */
const KEPT = new Set(['style', 'open']);

/**
 * Makes the children of an element those that are given. Nodes stay in the document if they can, so that the focus and
 * the scroll position stay. Nothing is parsed as markup.
 */
export function patch(parent: Element, children: readonly Content[]): void {
  children.forEach((child, i) => {
    const old = parent.childNodes[i] as ChildNode | undefined;
    if (typeof child === 'string') {
      const text = printable(child);
      if (!(old instanceof Text)) place(parent, document.createTextNode(text), old);
      else if (old.data !== text) old.data = text;
    } else if (
      old instanceof Element &&
      old.localName === child.name &&
      old.id === (child.attributes.id ?? '')
    ) {
      update(old, child);
    } else {
      const svg =
        child.name === 'svg' || (parent.namespaceURI === SVG && parent.localName !== 'foreignObject');
      const created = svg ? document.createElementNS(SVG, child.name) : document.createElement(child.name);
      for (const key of KEPT) {
        if (child.attributes[key] !== undefined) created.setAttribute(key, String(child.attributes[key]));
      }
      update(created, child);
      place(parent, created, old);
    }
  });
  while (parent.childNodes.length > children.length) parent.lastChild?.remove();
}

function place(parent: Element, node: Node, old: ChildNode | undefined): void {
  if (old) old.replaceWith(node);
  else parent.append(node);
}

function update(element: Element, { attributes, children }: VirtualElement): void {
  for (const name of element.getAttributeNames()) {
    if (attributes[name] === undefined && !KEPT.has(name)) element.removeAttribute(name);
  }
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || KEPT.has(key)) continue;
    const text = printable(String(value));
    if (element.getAttribute(key) !== text) element.setAttribute(key, text);
  }
  patch(element, children);
  if (element instanceof HTMLSelectElement) element.value = String(attributes['data-value'] ?? '');
}

/** Returns the value of a data attribute of an element or its closest ancestor. Undefined if there is none. */
export function valueAt(target: EventTarget | null, name: string): string | undefined {
  const found = target instanceof Element ? target.closest(`[data-${name}]`) : null;
  return found?.getAttribute(`data-${name}`) ?? undefined;
}

/** Delay of announcements, in milliseconds. Typing causes one announcement. */
const DELAY = 250;

let announcement: ReturnType<typeof setTimeout> | undefined;

/** Announces a text to screen readers. */
export function announce(text: string): void {
  clearTimeout(announcement);
  announcement = setTimeout(() => patch(elementOf('status'), [text]), DELAY);
}
