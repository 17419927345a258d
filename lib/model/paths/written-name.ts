import type { Text } from '../text';

/** A name as a template writes it, with what only deployment tells under the name that it has there: `${Env}-jobs`. */
export function writtenName(text: Text): string | undefined {
  const [only] = text;
  if (text.length === 1 && typeof only === 'object') return nameOfPart(only);
  let written = '';
  for (const part of text) {
    const name = typeof part === 'string' ? part : nameOfPart(part);
    if (name === undefined) return undefined;
    written += typeof part === 'string' ? part : `\${${name}}`;
  }
  return written || undefined;
}

function nameOfPart(part: Exclude<Text[number], string>): string | undefined {
  if (part.kind === 'reference') return part.resource.logicalId;
  const name = part.id.slice(part.id.indexOf('#') + 1);
  // Anything else is a value that couldn't be looked into.
  return /^(import )?[\w:./-]+$/.test(name) ? name : undefined;
}
