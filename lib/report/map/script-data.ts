import { plainJson } from '../plain-json';

/** Data as JSON that can stand in a script element: nothing in it ends the element, or begins a comment. */
export function scriptData(data: unknown): string {
  return plainJson(data).replaceAll('<', '\\u003c');
}
