import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import type { Log, Run } from 'sarif';
import { sarif } from '../../../lib/report/formats/sarif';
import type { SourceRoot } from '../../../lib/report/location';
import type { Report } from '../../../lib/report/report';
import {
  configuredSystem,
  functionNamed,
  reportOf,
  RULE,
  smallSystem,
  smallSystemWithWarning,
} from '../small-system';

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

test('contains warnings as notifications', () => {
  const [{ executionSuccessful, toolExecutionNotifications: notifications }] =
    runOf(smallSystemWithWarning()).invocations!;
  expect(executionSuccessful).toBe(true);
  expect(notifications).toMatchObject([{ level: 'warning', message: { text: "Duplicate key 'A'." } }]);
});

describe('a small system', () => {
  const run = runOf(smallSystem());

  test('contains the rules', () => {
    expect(run.tool.driver).toMatchObject({
      name: 'cdk-lambda-xray',
      semanticVersion: '1.2.3',
      rules: [
        {
          id: 'LambdaXRay-Example',
          name: 'Example',
          shortDescription: { text: 'It is wrong' },
          fullDescription: { text: 'It matters.' },
          help: {
            text: 'It is right.\n\nIt matters.\n\nFix: Correct it.\n\nA page: https://example.com/page',
            markdown:
              'It is right.\n\nIt matters.\n\n**Fix:** Correct it.\n\n[A page](https://example.com/page)',
          },
          helpUri:
            'https://github.com/cdk-lambda-xray/cdk-lambda-xray/blob/main/docs/rules/LambdaXRay-Example.md',
          defaultConfiguration: { level: 'error' },
        },
        { id: 'LambdaXRay-Other', defaultConfiguration: { level: 'warning' } },
      ],
    });
  });

  test('has a category of its own, up to the last slash', () => {
    expect(run.automationDetails).toEqual({ id: 'cdk-lambda-xray/check/template.yaml/' });
    expect(runOf({ ...smallSystem(), runName: 'production' }).automationDetails).toEqual({
      id: 'cdk-lambda-xray/production/',
    });
  });

  test('contains a result for each finding', () => {
    const results = run.results?.map(({ ruleId, ruleIndex, level, message, suppressions }) => [
      ruleId,
      ruleIndex,
      level,
      message.text,
      suppressions,
    ]);
    const justification = 'It is intended.';
    expect(results).toEqual([
      [
        'LambdaXRay-Example',
        0,
        'error',
        'It is wrong. Fix: Correct it.',
        [{ kind: 'external', status: 'accepted', justification }],
      ],
      ['LambdaXRay-Example', 0, 'error', "It feeds 'Orders/Consumer'. Fix: Correct it.", []],
      ['LambdaXRay-Example', 0, 'warning', 'Its role may not. Fix: Correct it.', []],
      ['LambdaXRay-Other', 1, 'note', 'It is wrong. Fix: Correct it.', []],
    ]);
  });

  test('contains the locations of findings and of related resources', () => {
    const artifactLocation = { uri: 'template.yaml', uriBaseId: '%SRCROOT%' };
    expect(run.originalUriBaseIds).toEqual({ '%SRCROOT%': { uri: 'file:///home/orders/' } });
    expect(run.results?.[1]).toMatchObject({
      locations: [
        {
          physicalLocation: { artifactLocation, region: { startLine: 17, startColumn: 7 } },
          logicalLocations: [{ name: 'Orders', fullyQualifiedName: 'Orders', kind: 'resource' }],
        },
      ],
      relatedLocations: [
        {
          id: 1,
          message: { text: 'Orders/Consumer' },
          physicalLocation: { artifactLocation, region: { startLine: 7, startColumn: 3 } },
          logicalLocations: [{ name: 'Consumer', fullyQualifiedName: 'Orders/Consumer/Resource' }],
        },
      ],
    });
  });

  test('contains errors as notifications', () => {
    expect(run.invocations).toEqual([
      {
        executionSuccessful: false,
        ruleConfigurationOverrides: [],
        properties: { failOn: 'error', acknowledged: 1 },
        toolExecutionNotifications: [
          {
            level: 'error',
            message: { text: 'A map is not closed.' },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: 'broken.yaml', uriBaseId: '%SRCROOT%' },
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

test('contains the configuration', () => {
  const { artifacts, invocations, tool } = runOf(configuredSystem(true));
  expect(artifacts).toEqual([
    {
      location: { uri: '.cdk-lambda-xray.yaml', uriBaseId: '%SRCROOT%' },
      roles: ['userSpecifiedConfiguration'],
    },
  ]);
  expect(invocations![0].properties).toEqual({ failOn: 'never', acknowledged: 1 });
  const overrides = invocations![0].ruleConfigurationOverrides!;
  expect(overrides).toMatchObject([
    { descriptor: { id: 'LambdaXRay-ActiveTracing' }, configuration: { enabled: false } },
    { descriptor: { id: 'LambdaXRay-VersionLock' }, configuration: { level: 'note' } },
  ]);
  for (const { descriptor } of overrides) {
    expect(tool.driver.rules![descriptor.index!].id).toBe(descriptor.id);
  }
});

describe('fingerprints', () => {
  const fingerprints = (files: Record<string, string>) =>
    runOf(reportOf(files, (on) => [on('A'), on('A'), on('B')])).results?.map(
      ({ partialFingerprints }) => partialFingerprints?.['findingIdentity/v1'],
    );
  const text = 'Resources:\n  A: { Type: AWS::Lambda::Function }\n  B: { Type: AWS::Lambda::Function }\n';

  test('are stable if lines move', () => {
    expect(fingerprints({ 't.yaml': `# A comment\n\n${text}` })).toEqual(fingerprints({ 't.yaml': text }));
  });

  test('are unique for each finding', () => {
    expect(new Set(fingerprints({ 't.yaml': text })).size).toBe(3);
  });
});

describe('the URI of a file', () => {
  const uriOf = (file: string, sourceRoot: SourceRoot) => {
    const report = reportOf({ [file]: functionNamed('Fn') }, (on) => [on('Fn')]);
    const { results, originalUriBaseIds } = runOf({ ...report, sourceRoot });
    const { uri, uriBaseId } = results![0].locations![0].physicalLocation!.artifactLocation!;
    return uriBaseId === undefined ? uri : `${originalUriBaseIds![uriBaseId].uri} ${uri}`;
  };

  test.each([
    ['orders.yaml', 'infra/orders.yaml'],
    ['./orders.yaml', 'infra/orders.yaml'],
    ['../orders.yaml', 'orders.yaml'],
    ['cdk.out/Orders.template.json', 'infra/cdk.out/Orders.template.json'],
    ['cdk.out\\Orders.template.json', 'infra/cdk.out/Orders.template.json'],
    ['/srv/my app/infra/orders.yaml', 'infra/orders.yaml'],
    ['my templates/50%#1?.yaml', 'infra/my%20templates/50%25%231%3F.yaml'],
    ['javascript:alert(1)', 'infra/javascript%3Aalert(1)'],
    ['-', '-'],
  ])('is relative to the root of the repository: %j', (file, uri) => {
    const folders = { root: '/srv/my app', workingDirectory: '/srv/my app/infra' };
    expect(uriOf(file, folders)).toBe(`file:///srv/my%20app/ ${uri}`);
  });

  test.each([
    ['../../orders.yaml', 'file:///srv/orders.yaml'],
    ['../../app2/orders.yaml', 'file:///srv/app2/orders.yaml'],
    ['/tmp/orders.yaml', 'file:///tmp/orders.yaml'],
    ['C:\\orders.yaml', 'file:///C%3A/orders.yaml'],
  ])('is absolute outside of the repository: %j', (file, uri) => {
    expect(uriOf(file, { root: '/srv/app', workingDirectory: '/srv/app/infra' })).toBe(uri);
  });

  test('is relative on Windows', () => {
    const folders = { root: 'C:/app', workingDirectory: 'C:/app/infra' };
    expect(uriOf('C:\\app\\infra\\orders.yaml', folders)).toBe('file:///C%3A/app/ infra/orders.yaml');
    expect(uriOf('orders.yaml', folders)).toBe('file:///C%3A/app/ infra/orders.yaml');
    expect(uriOf('D:/orders.yaml', folders)).toBe('file:///D%3A/orders.yaml');
  });
});

test('keeps a message from containing links', () => {
  const message = "The function '[x](javascript:alert(1))' is wrong.";
  const run = runOf(reportOf({ 't.yaml': functionNamed('Fn') }, (on) => [on('Fn', { message })]));
  expect(run.results?.[0].message.text).not.toContain('](');
});

/** Returns a report on a finding with two edits: one adds a property, and one removes a property. */
function systemWithFixes(): Report {
  const text = `Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      MemorySize: 128
      Timeout: 3
`;
  const report = reportOf({ 't.yaml': text }, (on) => {
    const { template } = on('Fn').resource;
    const properties = ['Resources', 'Fn', 'Properties'];
    return [
      on('Fn', {
        fixes: [
          { template, path: [...properties, 'TracingConfig', 'Mode'], set: 'Active', safety: 'safe' },
          { template, path: [...properties, 'MemorySize'], remove: true, safety: 'suggested' },
        ],
      }),
    ];
  });
  return {
    ...report,
    texts: new Map([...report.texts].map(([id, read]) => [id, { ...read, text: { read: () => text } }])),
  };
}

test('contains the edits of a finding', () => {
  const [{ fixes }] = runOf(systemWithFixes()).results!;
  expect(fixes).toMatchObject([
    {
      description: { text: 'Correct it.' },
      artifactChanges: [{ artifactLocation: { uri: 't.yaml' }, replacements: [{}, {}] }],
    },
  ]);
});

test.each<[string, Report]>([
  ['a small system', smallSystem()],
  ['a system with a warning', smallSystemWithWarning()],
  ['edits', systemWithFixes()],
  ['a note', { ...smallSystem(), notes: ['A note.'] }],
  ['no templates', reportOf({})],
  ['a configuration', configuredSystem()],
  ['a rule that is no longer applied', { ...smallSystem(), rules: [] }],
  ['hostile names', reportOf({ '\u0000:// \ud800': functionNamed('\ud800') }, (on) => [on('\ud800')])],
])('%s is valid SARIF 2.1.0', (_, report) => {
  isValid(JSON.parse(sarif(report)));
  expect(isValid.errors).toBeNull();
});

test('the schema rejects invalid SARIF', () => {
  const log = JSON.parse(sarif(smallSystem())) as Log;
  (log.runs[0].results![0] as { level: string }).level = RULE.severity.toUpperCase();
  expect(isValid(log)).toBe(false);
});
