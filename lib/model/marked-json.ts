/** JSON that a template writes as a string, with values in it that aren't text. */
export interface MarkedJson<T extends object> {
  readonly json: unknown;
  /** What a string of the JSON is made of. */
  partsOf(text: string): (string | T)[];
}

/** In the place of a value; characters of private use, which no template has. */
const mark = (index: number) => `\uE000${index}\uE001`;
const MARK = /\uE000(\d+)\uE001/;

/** Reads JSON of which some parts are values; nothing where it is no JSON. */
export function parseMarkedJson<T extends object>(parts: readonly (string | T)[]): MarkedJson<T> | undefined {
  const values: T[] = [];
  let isInString = false;
  const written = parts.map((part) => {
    if (typeof part === 'string') {
      isInString = endsInString(part, isInString);
      return part;
    }
    const marked = mark(values.push(part) - 1);
    // Outside of a string, a value stands for a number, a list and the like.
    return isInString ? marked : `"${marked}"`;
  });
  try {
    return {
      json: JSON.parse(written.join('')),
      partsOf: (text) =>
        text
          .split(MARK)
          .map((piece, i) => (i % 2 === 0 ? piece : (values[Number(piece)] ?? mark(Number(piece)))))
          .filter((part) => part !== ''),
    };
  } catch {
    return undefined;
  }
}

function endsInString(json: string, startsInString: boolean): boolean {
  let isInString = startsInString;
  for (const [found] of json.matchAll(/\\.|"/gs)) {
    if (found === '"') isInString = !isInString;
  }
  return isInString;
}
