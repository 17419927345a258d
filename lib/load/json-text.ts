import { jsonFault } from './json-fault';
import { countKeys, type Member, membersAt, repeatedKeys, skipSpace } from './json-scanner';
import { type Fault, MAX_DEPTH, type ParsedText, TOO_DEEP } from './parsed-text';
import { TextPositions } from './text-position';

/** Reads JSON. Where things stand in it is found out when it is asked for. */
export function parseJson(text: string): ParsedText {
  const positions = new JsonOffsets(text);
  const offsetOf = (path: readonly string[]) => positions.offsetOf(path);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { faults: [jsonFault(text)], offsetOf };
  }
  const { depth, keys } = extent(value);
  if (depth > MAX_DEPTH) return { faults: [{ offset: 0, message: TOO_DEEP }], offsetOf };
  return { value, faults: keys === countKeys(text) ? [] : repetitions(text), offsetOf };
}

function repetitions(text: string): Fault[] {
  const positions = new TextPositions(text);
  return repeatedKeys(text).map(({ key, offset, first }) => ({
    offset,
    message: `The key ${key} is given twice in one object, first on line ${positions.at(first).line}: keep one of the two.`,
  }));
}

/** How deep a value is nested, up to what is too deep, and how many keys it has. */
function extent(value: unknown): { depth: number; keys: number } {
  let depth = 0;
  let keys = 0;
  let level: object[] = typeof value === 'object' && value !== null ? [value] : [];
  while (level.length > 0 && depth <= MAX_DEPTH) {
    depth++;
    const next: object[] = [];
    for (const container of level) {
      const children: unknown[] = Array.isArray(container) ? container : Object.values(container);
      if (!Array.isArray(container)) keys += children.length;
      for (const child of children) if (typeof child === 'object' && child !== null) next.push(child);
    }
    level = next;
  }
  return { depth, keys };
}

/** Finds values in a text by scanning what is on the way, which is kept: many findings are in one template. */
class JsonOffsets {
  private readonly members = new Map<number, Map<string, Member>>();

  constructor(private readonly text: string) {}

  public offsetOf(path: readonly string[]): number {
    let here = skipSpace(this.text, 0);
    let found = here;
    for (const step of path) {
      const member = this.membersAt(here).get(step);
      if (!member) break;
      found = member.key;
      here = member.value;
    }
    return found;
  }

  private membersAt(offset: number): Map<string, Member> {
    const members = this.members.get(offset) ?? membersAt(this.text, offset);
    this.members.set(offset, members);
    return members;
  }
}
