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

interface Template {
  readonly name: string;
  readonly attributes: readonly string[];
  readonly children: (Template | string)[];
}

const templates = new WeakMap<TemplateStringsArray, Template>();

/**
 * Returns the element that a template describes: h`<p class="muted">${text}</p>`. Only the template is parsed, never its
 * values. Line breaks, with the spaces around them, are left out.
 */
export function h(strings: TemplateStringsArray, ...values: readonly Value[]): VirtualElement {
  let template = templates.get(strings);
  if (!template) templates.set(strings, (template = parsed(strings)));
  return filled(template, values);
}

/** The place of a value, by its index between characters for private use. */
const SLOT = /\ue000(\d+)\ue000/g;

function parsed(strings: TemplateStringsArray): Template {
  const text = strings.map((part, i) => (i === 0 ? part : `\ue000${i - 1}\ue000${part}`)).join('');
  const root: Template = { name: '', attributes: [], children: [] };
  const open = [root];
  text.split(/[<>]/).forEach((part, i) => {
    const parent = open[open.length - 1];
    if (i % 2 === 0) parent.children.push(...withoutBreaks(part).split(/(\ue000\d+\ue000)/));
    else if (part.startsWith('/')) open.pop();
    else {
      const [name, ...attributes] = part.replace(/\/$/, '').match(/[^\s"]+(?:"[^"]*")?/g)!;
      const child: Template = { name, attributes, children: [] };
      parent.children.push(child);
      if (!part.endsWith('/')) open.push(child);
    }
  });
  return root.children.find((child) => typeof child !== 'string') as Template;
}

function withoutBreaks(text: string): string {
  const lines = text.split('\n');
  const inner = lines.map((line, i) => (i > 0 ? line.trimStart() : line));
  return inner.map((line, i) => (i < lines.length - 1 ? line.trimEnd() : line)).join('');
}

function filled({ name, attributes, children }: Template, values: readonly Value[]): VirtualElement {
  const valueOf = (text: string): Value => {
    const slots = [...text.matchAll(SLOT)];
    if (slots.length === 1 && slots[0][0] === text) return values[Number(slots[0][1])];
    return text.replace(SLOT, (_, i: string) => {
      const value = values[Number(i)];
      return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
    });
  };
  const set = attributes.map((attribute): Attributes => {
    if (attribute.startsWith('...')) return (valueOf(attribute.slice(3)) as Attributes | undefined) ?? {};
    const [key, value = ''] = attribute.split(/=(.*)/s);
    return { [key]: valueOf(value.replace(/^"|"$/g, '')) as string | number | undefined };
  });
  const contents = children.flatMap((child) =>
    contentOf(typeof child === 'string' ? valueOf(child) : filled(child, values)),
  );
  return { name, attributes: Object.assign({}, ...set) as Attributes, children: contents };
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
