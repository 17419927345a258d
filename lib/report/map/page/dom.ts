import { printable } from '../../../text/printable';
import type { Content } from '../draw/element';

const SVG = 'http://www.w3.org/2000/svg';

/** The element with an ID, which is in the page. */
export function elementOf(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`There is no #${id} in the page.`);
  return found;
}

/** Makes a document's nodes. Nothing of them is ever parsed as markup. */
export function rendered(content: Content, namespace?: string): Node {
  if (typeof content === 'string') return document.createTextNode(printable(content));
  const own = content.name === 'svg' ? SVG : namespace;
  const element = own ? document.createElementNS(own, content.name) : document.createElement(content.name);
  for (const [key, value] of Object.entries(content.attributes)) {
    if (value !== undefined) element.setAttribute(key, printable(String(value)));
  }
  element.append(...content.children.map((child) => rendered(child, own)));
  return element;
}

/** Puts contents into an element instead of what was in it. */
export function fill(element: Element, ...contents: readonly (Content | undefined)[]): void {
  const shown = contents.filter((content) => content !== undefined);
  element.replaceChildren(...shown.map((content) => rendered(content)));
}

/** The number in a data attribute of an element or of what it is in; nothing where there is none. */
export function numberAt(target: EventTarget | null, name: string): number | undefined {
  const found = target instanceof Element ? target.closest(`[data-${name}]`) : null;
  const value = found?.getAttribute(`data-${name}`);
  return value === null || value === undefined ? undefined : Number(value);
}

/** Tells readers who don't see the page what has changed in it. */
export class Announcer {
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** @param status a live region */
  constructor(private readonly status: HTMLElement) {}

  /** Says something, once the reader has stopped typing. */
  public say(text: string): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.status.textContent = text;
    }, PATIENCE);
  }
}

/** In milliseconds. */
const PATIENCE = 250;
