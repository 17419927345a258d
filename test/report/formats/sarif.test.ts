import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import type { Log, Run } from 'sarif';
import { sarif } from '../../../lib/report/formats/sarif';
import type { Report } from '../../../lib/report/report';
import { functionNamed, reportOf, RULE, smallSystem } from '../small-system';

const SCHEMA = require.resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');

const isValid = (() => {
  const ajv = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false });
  addFormats(ajv);
  // It is of draft 4, but uses nothing that later drafts changed, save for these two. And one of its patterns has a
  // bracket too many, which expressions without the flag u put up with.
  const schema = JSON.parse(readFileSync(SCHEMA, 'utf-8')) as object;
  return ajv.compile({ ...schema, $schema: undefined, id: undefined });
})();

function runOf(report: Report): Run {
  return (JSON.parse(sarif(report)) as Log).runs[0];
}

describe('a small system', () => {
  const run = runOf(smallSystem());

  test('has rules', () => {
    expect(run.tool.driver).toMatchObject({
      name: 'cdk-lambda-xray',
      semanticVersion: '1.2.3',
      rules: [
        {
          id: 'LambdaXRay-Example',
          name: 'Example',
          shortDescription: { text: 'It is right' },
          fullDescription: { text: 'It matters.' },
          help: {
            text: 'It matters.\n\nFix: Mend it.\n\nA page: https://example.com/page',
            markdown: 'It matters.\n\n**Fix:** Mend it.\n\n[A page](https://example.com/page)',
          },
          helpUri: 'https://example.com/page',
          defaultConfiguration: { level: 'error' },
        },
        { id: 'LambdaXRay-Other', defaultConfiguration: { level: 'warning' } },
      ],
    });
  });

  test('has results', () => {
    const told = run.results?.map(({ ruleId, ruleIndex, level, message, suppressions }) => [
      ruleId,
      ruleIndex,
      level,
      message.text,
      suppressions,
    ]);
    const justification = 'It is meant so.';
    expect(told).toEqual([
      [
        'LambdaXRay-Example',
        0,
        'error',
        'It is wrong. Fix: Mend it.',
        [{ kind: 'external', status: 'accepted', justification }],
      ],
      ['LambdaXRay-Example', 0, 'error', "It feeds 'Orders/Consumer'. Fix: Mend it.", []],
      ['LambdaXRay-Example', 0, 'warning', 'Its role may not. Fix: Mend it.', []],
      ['LambdaXRay-Other', 1, 'note', 'It is wrong. Fix: Mend it.', []],
    ]);
  });

  test('has their places, and those of what they are about', () => {
    const uri = 'template.yaml';
    expect(run.results?.[1]).toMatchObject({
      locations: [
        {
          physicalLocation: { artifactLocation: { uri }, region: { startLine: 17, startColumn: 7 } },
          logicalLocations: [{ name: 'Orders', fullyQualifiedName: 'Orders', kind: 'resource' }],
        },
      ],
      relatedLocations: [
        {
          id: 1,
          message: { text: 'Orders/Consumer' },
          physicalLocation: { artifactLocation: { uri }, region: { startLine: 7, startColumn: 3 } },
          logicalLocations: [{ name: 'Consumer', fullyQualifiedName: 'Orders/Consumer/Resource' }],
        },
      ],
    });
  });

  test('has what could not be read', () => {
    expect(run.invocations).toEqual([
      {
        executionSuccessful: false,
        toolExecutionNotifications: [
          {
            level: 'error',
            message: { text: 'A map is not closed.' },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: 'broken.yaml' },
                  region: { startLine: 3, startColumn: 5 },
                },
              },
            ],
          },
        ],
      },
    ]);
  });
});

describe('fingerprints', () => {
  const fingerprints = (files: Record<string, string>) =>
    runOf(reportOf(files, (on) => [on('A'), on('A'), on('B')])).results?.map(
      ({ partialFingerprints }) => partialFingerprints?.['findingIdentity/v1'],
    );
  const text = 'Resources:\n  A: { Type: AWS::Lambda::Function }\n  B: { Type: AWS::Lambda::Function }\n';

  test('stay when lines move', () => {
    expect(fingerprints({ 't.yaml': `# A comment\n\n${text}` })).toEqual(fingerprints({ 't.yaml': text }));
  });

  test('are one for each finding', () => {
    expect(new Set(fingerprints({ 't.yaml': text })).size).toBe(3);
  });
});

test.each([
  ['templates/orders.yaml', 'templates/orders.yaml'],
  ['./orders.yaml', 'orders.yaml'],
  ['../orders.yaml', '../orders.yaml'],
  ['my templates/50%#1?.yaml', 'my%20templates/50%25%231%3F.yaml'],
  ['cdk.out\\Orders.template.json', 'cdk.out/Orders.template.json'],
  ['/srv/orders.yaml', 'file:///srv/orders.yaml'],
  ['C:\\orders.yaml', 'file:///C%3A/orders.yaml'],
  ['javascript:alert(1)', 'javascript%3Aalert(1)'],
])('the file %j is the URI %j', (file, uri) => {
  const run = runOf(reportOf({ [file]: functionNamed('Fn') }, (on) => [on('Fn')]));
  expect(run.results?.[0].locations?.[0].physicalLocation?.artifactLocation).toEqual({ uri });
});

test('a message has no links', () => {
  const message = "The function '[x](javascript:alert(1))' is wrong.";
  const run = runOf(reportOf({ 't.yaml': functionNamed('Fn') }, (on) => [on('Fn', { message })]));
  expect(run.results?.[0].message.text).not.toContain('](');
});

test.each<[string, Report]>([
  ['a small system', smallSystem()],
  ['nothing at all', reportOf({})],
  ['a rule that is not applied any more', { ...smallSystem(), rules: [] }],
  ['hostile names', reportOf({ '\u0000:// \ud800': functionNamed('\ud800') }, (on) => [on('\ud800')])],
])('%s is valid SARIF 2.1.0', (_, report) => {
  isValid(JSON.parse(sarif(report)));
  expect(isValid.errors).toBeNull();
});

test('what is no SARIF is told from it', () => {
  const log = JSON.parse(sarif(smallSystem())) as Log;
  (log.runs[0].results![0] as { level: string }).level = RULE.severity.toUpperCase();
  expect(isValid(log)).toBe(false);
});
