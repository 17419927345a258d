import { printable } from '../../../printable';
import type { Content } from './element';

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
