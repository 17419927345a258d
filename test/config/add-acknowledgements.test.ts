import fc from 'fast-check';
import { withAcknowledgements } from '../../lib/config/add-acknowledgements';
import { parseConfig } from '../../lib/config/parse-config';

const YAML = '.cdk-lambda-xray.yaml';
const JSON_FILE = '.cdk-lambda-xray.json';

const NEW = [
  { rule: 'ActiveTracing', path: 'Orders/Intake', reason: "Later: it's planned." },
  { rule: 'ExplicitMode', logicalId: 'Fn', template: 'a/template.yaml', reason: 'Later.' },
];

const BLOCK = `  - rule: ActiveTracing
    path: Orders/Intake
    reason: "Later: it's planned."
  - rule: ExplicitMode
    logicalId: Fn
    template: a/template.yaml
    reason: Later.
`;

describe('adds entries to', () => {
  test.each<[string, string, string]>([
    [
      'a list, and keeps all comments',
      `# Our rules.
rules: { ExplicitMode: off } # noisy
acknowledge: # with Anna
  # The old one:
  - { rule: InvalidMode, template: other.yaml, reason: So. } # yes
    # until we know more

  # The next keys:
failOn: info # strict
`,
      `# Our rules.
rules: { ExplicitMode: off } # noisy
acknowledge: # with Anna
  # The old one:
  - { rule: InvalidMode, template: other.yaml, reason: So. } # yes
    # until we know more
${BLOCK}
  # The next keys:
failOn: info # strict
`,
    ],
    [
      'a list without indentation',
      'acknowledge:\n- rule: InvalidMode\n  reason: "So."\n# The end.\nfailOn: info',
      `acknowledge:\n- rule: InvalidMode\n  reason: "So."\n${BLOCK.replace(/^ {2}/gm, '')}# The end.\nfailOn: info`,
    ],
    [
      'a list at the end of a file',
      'acknowledge:\n  - rule: InvalidMode\n    reason: So.',
      `acknowledge:\n  - rule: InvalidMode\n    reason: So.\n${BLOCK}`,
    ],
    [
      'a list that ends with a text in several lines',
      'acknowledge:\n  - rule: InvalidMode\n    reason: |\n      So.\n\nfailOn: info\n',
      `acknowledge:\n  - rule: InvalidMode\n    reason: |\n      So.\n${BLOCK}\nfailOn: info\n`,
    ],
    [
      'a key without a value',
      'acknowledge: # none\n\nfailOn: info\n',
      `acknowledge: # none\n${BLOCK}\nfailOn: info\n`,
    ],
    ['a null', 'acknowledge: null # none\nfailOn: info\n', `acknowledge: # none\n${BLOCK}failOn: info\n`],
    ['an empty list', 'failOn: info\nacknowledge: []', `failOn: info\nacknowledge:\n${BLOCK}`],
    [
      'a file without the key',
      'failOn: info # strict\n# The end.',
      `failOn: info # strict\n# The end.\nacknowledge:\n${BLOCK}`,
    ],
    ['a document with an end', '---\nfailOn: info\n...\n', `---\nfailOn: info\nacknowledge:\n${BLOCK}...\n`],
    ['a file with only comments', '# Nothing yet.\n', `# Nothing yet.\nacknowledge:\n${BLOCK}`],
    ['an empty file', '', `acknowledge:\n${BLOCK}`],
    ['a file with null', '~\n', `\nacknowledge:\n${BLOCK}`],
    [
      'a file with line ends of Windows',
      'failOn: info\r\n',
      `failOn: info\r\nacknowledge:\r\n${BLOCK.replaceAll('\n', '\r\n')}`,
    ],
    [
      'a list in brackets',
      'acknowledge: [{ rule: InvalidMode, reason: So. }] # short\n',
      `acknowledge: [{ rule: InvalidMode, reason: So. },
  { rule: "ActiveTracing", path: "Orders/Intake", reason: "Later: it's planned." },
  { rule: "ExplicitMode", logicalId: "Fn", template: "a/template.yaml", reason: "Later." }] # short
`,
    ],
    [
      'a mapping in braces',
      '{ failOn: info }\n',
      `{ failOn: info,
  acknowledge: [
    { rule: "ActiveTracing", path: "Orders/Intake", reason: "Later: it's planned." },
    { rule: "ExplicitMode", logicalId: "Fn", template: "a/template.yaml", reason: "Later." }
  ] }
`,
    ],
  ])('%s', (_, text, expected) => {
    expect(withAcknowledgements(text, NEW, YAML)).toBe(expected);
  });

  const json = (...lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');
  const ITEMS = NEW.map(
    (entry) =>
      `{ ${JSON.stringify(entry).slice(1, -1).replaceAll('":"', '": "').replaceAll('","', '", "')} }`,
  );

  test.each<[string, string, string]>([
    [
      'a list in JSON',
      json(
        '{',
        '    "acknowledge": [',
        '        { "rule": "InvalidMode", "reason": "So." }',
        '    ],',
        '    "failOn": "info"',
        '}',
      ),
      json(
        '{',
        '    "acknowledge": [',
        '        { "rule": "InvalidMode", "reason": "So." },',
        `        ${ITEMS[0]},`,
        `        ${ITEMS[1]}`,
        '    ],',
        '    "failOn": "info"',
        '}',
      ),
    ],
    [
      'an object in JSON',
      json('{', '  "$schema": "x",', '  "rules": { "ExplicitMode": "off" }', '}'),
      json(
        '{',
        '  "$schema": "x",',
        '  "rules": { "ExplicitMode": "off" },',
        '  "acknowledge": [',
        `    ${ITEMS[0]},`,
        `    ${ITEMS[1]}`,
        '  ]',
        '}',
      ),
    ],
    [
      'a null in JSON',
      json('{', '  "acknowledge": null,', '  "failOn": "info"', '}'),
      json(
        '{',
        '  "acknowledge": [',
        `    ${ITEMS[0]},`,
        `    ${ITEMS[1]}`,
        '  ],',
        '  "failOn": "info"',
        '}',
      ),
    ],
    [
      'JSON in one line',
      '{ "acknowledge": [], "failOn": "info" }',
      `${JSON.stringify({ acknowledge: NEW, failOn: 'info' }, undefined, 2)}\n`,
    ],
    ['empty JSON', '', `${JSON.stringify({ acknowledge: NEW }, undefined, 2)}\n`],
  ])('%s', (_, text, expected) => {
    const changed = withAcknowledgements(text, NEW, JSON_FILE);
    expect(changed).toBe(expected);
    expect(() => JSON.parse(changed) as unknown).not.toThrow();
  });
});

test('adds entries to a JSON file that contains YAML', () => {
  for (const text of ['failOn: info # strict\n', ' ', '{ failOn: info }']) {
    const changed = withAcknowledgements(text, NEW, JSON_FILE);
    expect(parseConfig(changed, JSON_FILE).acknowledgements).toHaveLength(2);
    expect(changed).toContain(text.trim().replace(/ }$/, ''));
  }
});

test('creates a file with the line for editors', () => {
  expect(withAcknowledgements(undefined, NEW, YAML)).toBe(
    `# yaml-language-server: $schema=./node_modules/cdk-lambda-xray/docs/config.schema.json\nacknowledge:\n${BLOCK}`,
  );
});

test('refuses a list that is an alias', () => {
  const text = 'acknowledge: &list []\n';
  expect(parseConfig(withAcknowledgements(text, NEW, YAML), YAML).acknowledgements).toHaveLength(2);
  const aliased = 'exclude: &none []\nacknowledge: *none\n';
  expect(() => withAcknowledgements(aliased, NEW, YAML)).toThrow(
    `${YAML}: there is no place for the new entries. Write acknowledge as a list of its own at the end of the file, and run the command again.`,
  );
});

test('any text is read as it was given', () => {
  const text = fc.string({ unit: 'grapheme', minLength: 1 }).filter((given) => given.trim() !== '');
  const special = fc.constantFrom(
    'a: b',
    'a #b',
    'true',
    'No',
    '~',
    '- a',
    '"',
    "it's",
    'a\nb',
    '{a}',
    'x ',
    '&a',
    '012',
  );
  fc.assert(
    fc.property(fc.oneof(text, special), fc.constantFrom(YAML, JSON_FILE), (reason, file) => {
      const entries = [{ rule: 'ActiveTracing', logicalId: 'Fn', reason }];
      for (const before of ['', '{}', '{\n  "acknowledge": []\n}']) {
        const changed = withAcknowledgements(before, entries, file);
        expect(parseConfig(changed, file).acknowledgements).toMatchObject([{ reason }]);
      }
    }),
  );
});
