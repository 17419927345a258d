import * as fc from 'fast-check';
import { Document, isScalar, Scalar, visit } from 'yaml';
import { checkAlways } from '../properties/replayable';
import { loaded } from './temporary';

const INTRINSICS = fc.constantFrom<unknown>(
  { Ref: 'A' },
  { 'Fn::GetAtt': ['A', 'Arn'] },
  { 'Fn::Sub': '${A}:${AWS::Region}' },
  { 'Fn::If': ['C', { Ref: 'A' }, 'yes'] },
);

const RESOURCE = fc.record({
  Type: fc.constantFrom('AWS::Lambda::Function', 'AWS::SNS::Topic'),
  Properties: fc.dictionary(fc.string(), fc.oneof(INTRINSICS, fc.jsonValue())),
});

const TEMPLATE = fc.record({
  Resources: fc.dictionary(
    fc.string(),
    fc.oneof({ weight: 4, arbitrary: RESOURCE }, { weight: 1, arbitrary: fc.jsonValue() }),
  ),
  Outputs: fc.jsonValue(),
});

/** YAML 1.1 without merge keys: in quotes, `<<` is an ordinary key. */
function asYaml(value: unknown): string {
  const document = new Document(value, {
    version: '1.1',
    aliasDuplicateObjects: false,
    // This option would write the key without quotes.
    customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || !tag.tag.endsWith(':merge')),
  });
  visit(document, {
    Pair: (_, { key }) => {
      if (isScalar(key) && key.value === '<<') key.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return document.toString();
}

test('reads the same template from JSON and YAML', () => {
  checkAlways(
    fc.property(TEMPLATE, fc.nat(4), (template, indent) => {
      const json = JSON.stringify(template, undefined, indent);
      const yaml = asYaml(JSON.parse(json));
      const [fromJson, fromYaml] = [json, yaml].map(loaded);
      expect(fromJson.errors).toEqual([]);
      expect(fromJson.templates[0].template).toEqual(JSON.parse(json));
      expect(fromYaml.errors).toEqual([]);
      expect(fromYaml.templates[0].template).toEqual(JSON.parse(json));
    }),
    300,
  );
});

test('reads any text, or reports an error', () => {
  const pieces = fc.constantFrom(
    'Resources:',
    '\n',
    '  ',
    '- ',
    '[',
    ']',
    '{',
    '}',
    '"',
    "'",
    ':',
    ',',
    '&a ',
    '*a',
    '!Sub ',
    '<<: ',
    '? ',
    '|',
    '#',
    'A',
    '\t',
    '---\n',
    '\\',
    '%',
    '@',
    '0',
  );
  checkAlways(
    fc.property(fc.array(fc.oneof(pieces, fc.string()), { maxLength: 60 }), (parts) => {
      const { templates, errors } = loaded(parts.join(''));
      expect(templates.length + errors.length).toBeGreaterThan(0);
      for (const { message } of errors) expect(message).toMatch(/^\S.*\.$/s);
    }),
    1_000,
  );
});

test('finds all positions in both formats', () => {
  const paths = (value: unknown, path: string[] = []): string[][] =>
    typeof value === 'object' && value !== null
      ? [path, ...Object.entries(value).flatMap(([key, child]) => paths(child, [...path, key]))]
      : [path];
  checkAlways(
    fc.property(TEMPLATE, (template) => {
      const json = JSON.stringify(template, undefined, 1);
      const yaml = asYaml(JSON.parse(json));
      for (const text of [json, yaml]) {
        const { locate } = loaded(text).templates[0];
        const offset = (path: string[]) => {
          const { line, column } = locate!(path)!;
          return (
            text
              .split('\n')
              .slice(0, line - 1)
              .join('\n').length + column
          );
        };
        // Each place is after that of what it is in, in the order in which they are written.
        for (const path of paths(template).slice(2)) {
          expect(offset(path)).toBeGreaterThanOrEqual(offset(path.slice(0, -1)));
        }
      }
    }),
    50,
  );
});
