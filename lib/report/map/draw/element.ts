import { printable } from '../../../text/printable';

/**
 * An element of a picture or a page, from which markup or a document's nodes are made: what comes from a template gets
 * into it as text or as an attribute's value, and is never read as markup.
 */
export interface VirtualElement {
  readonly name: string;
  readonly attributes: Attributes;
  readonly children: readonly Content[];
}

export type Content = VirtualElement | string;

/** Those that are `undefined` are left out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

export function element(
  name: string,
  attributes: Attributes = {},
  ...children: readonly (Content | undefined)[]
): VirtualElement {
  return { name, attributes, children: children.filter((child) => child !== undefined) };
}

/** Elements that HTML knows to be empty, so that they have no end tag. */
const VOID = new Set(['br', 'input', 'link', 'meta']);

/** An element as XML that is HTML as well. */
export function markup(content: Content): string {
  if (typeof content === 'string') return escapeMarkup(content);
  const { name, attributes, children } = content;
  const set = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${escapeMarkup(String(value))}"`],
  );
  const start = `<${name}${set.join('')}>`;
  return VOID.has(name) ? start : `${start}${children.map(markup).join('')}</${name}>`;
}

/** Text as it is written between tags, and within quotes. */
function escapeMarkup(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
