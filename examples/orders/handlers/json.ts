/** The properties of an object in JSON from outside; none if it is no object, or no JSON. */
export function parseObject(text: string | null): Record<string, unknown> {
  try {
    return Object(JSON.parse(text ?? '')) as Record<string, unknown>;
  } catch {
    return {};
  }
}

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
