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
