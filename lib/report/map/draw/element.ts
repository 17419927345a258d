import { printable } from '../../../text/printable';

/**
 * An element of a diagram or page, rendered as markup or as DOM nodes. Content from templates is text or an attribute
 * value in it, and never parsed as markup.
 */
export interface VirtualElement {
  readonly name: string;
  readonly attributes: Attributes;
  readonly children: readonly Content[];
}

export type Content = VirtualElement | string;

/** Attributes of an element. Undefined values are omitted. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** @param tag the name, with a class or several: `p.muted` */
export function element(
  tag: string,
  attributes: Attributes = {},
  ...children: readonly (Content | undefined)[]
): VirtualElement {
  const [name, ...classes] = tag.split('.');
  return {
    name,
    attributes: classes.length > 0 ? { class: classes.join(' '), ...attributes } : attributes,
    children: children.filter((child) => child !== undefined),
  };
}

/** Void elements of HTML, which have no end tag. */
const VOID = new Set(['br', 'input', 'link', 'meta']);

/** Returns an element as markup that is both XML and HTML. */
export function markup(content: Content): string {
  if (typeof content === 'string') return escapeMarkup(content);
  const { name, attributes, children } = content;
  const set = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${escapeMarkup(String(value))}"`],
  );
  const start = `<${name}${set.join('')}>`;
  return VOID.has(name) ? start : `${start}${children.map(markup).join('')}</${name}>`;
}

/** Escapes text for element content and attribute values. */
function escapeMarkup(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
