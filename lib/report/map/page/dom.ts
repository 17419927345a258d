import { printable } from '../../../text/printable';
import type { Content } from '../draw/element';

const SVG = 'http://www.w3.org/2000/svg';

/**
 * Returns the element with an ID.
 *
 * @throws Error if the page has no such element
 */
export function elementOf(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no element #${id}.`);
  return found;
}

/** Creates DOM nodes. Nothing in them is parsed as markup. */
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

/** Replaces the contents of an element. */
export function fill(element: Element, ...contents: readonly (Content | undefined)[]): void {
  const shown = contents.filter((content) => content !== undefined);
  element.replaceChildren(...shown.map((content) => rendered(content)));
}

/** Returns the number in a data attribute of an element or its closest ancestor. Undefined if there is none. */
export function numberAt(target: EventTarget | null, name: string): number | undefined {
  const found = target instanceof Element ? target.closest(`[data-${name}]`) : null;
  const value = found?.getAttribute(`data-${name}`);
  return value === null || value === undefined ? undefined : Number(value);
}

/** Announces changes to screen readers. */
export class Announcer {
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** @param status the live region */
  constructor(private readonly status: HTMLElement) {}

  /** Announces a text after a delay, so that typing causes one announcement. */
  public say(text: string): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.status.textContent = text;
    }, DELAY);
  }
}

/** Delay of announcements, in milliseconds. */
const DELAY = 250;
