import htm from 'htm';
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

/** A value in a template: content, a list, or nothing. In the place of an attribute, its value or `...` some attributes. */
export type Value = Content | number | false | undefined | Attributes | readonly Value[];

/**
 * Returns the element that a template describes: h`<p class="muted">${text}</p>`. Only the template is parsed, never its
 * values. Line breaks, with the spaces around them, are left out.
 */
export const h = htm.bind(elementOf) as (
  strings: TemplateStringsArray,
  ...values: readonly Value[]
) => VirtualElement;

function elementOf(
  name: string,
  attributes: Attributes | null,
  ...children: readonly Value[]
): VirtualElement {
  return { name, attributes: attributes ?? {}, children: children.flatMap(contentOf) };
}

function contentOf(value: Value): Content[] {
  if (Array.isArray(value)) return (value as readonly Value[]).flatMap(contentOf);
  if (value === undefined || value === false || value === '') return [];
  return [typeof value === 'number' ? String(value) : (value as Content)];
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
