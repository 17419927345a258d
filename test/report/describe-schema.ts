import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv/dist/2020';
import addFormats from 'ajv-formats';

interface SchemaCases<T> {
  /** Valid documents. */
  readonly holdsFor: readonly [name: string, document: () => T][];
  /** Changes that make a document invalid. */
  readonly doesNotHoldFor: readonly [name: string, spoil: (document: T) => void][];
}

/**
 * Tests a schema.
 *
 * @param name the name of the schema in `docs`
 * @param document returns a valid document
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
