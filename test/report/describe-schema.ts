import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv/dist/2020';
import addFormats from 'ajv-formats';

interface SchemaCases<T> {
  /** Documents as they are to be. */
  readonly holdsFor: readonly [name: string, document: () => T][];
  /** What makes such a document one that isn't. */
  readonly doesNotHoldFor: readonly [name: string, spoil: (document: T) => void][];
}

/**
 * Puts a schema to the test.
 *
 * @param name the schema's, in `docs`
 * @param document makes a document for which it holds
 */
export function describeSchema<T>(name: string, document: () => T, cases: SchemaCases<T>): void {
  const ajv = new Ajv({ allErrors: true });
  addFormats(ajv);
  const isValid = ajv.compile(schemaNamed(name));

  describe('the schema', () => {
    test.each(cases.holdsFor)('holds for %s', (_, valid) => {
      isValid(valid());
      expect(isValid.errors).toBeNull();
    });

    test.each(cases.doesNotHoldFor)('does not hold for %s', (_, spoil) => {
      const spoilt = document();
      spoil(spoilt);
      expect(isValid(spoilt)).toBe(false);
    });
  });
}

export function schemaNamed(name: string): { $defs: Record<string, unknown> } {
  const file = join(__dirname, '..', '..', 'docs', `${name}.schema.json`);
  return JSON.parse(readFileSync(file, 'utf-8')) as { $defs: Record<string, unknown> };
}
