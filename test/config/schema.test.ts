import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { parse } from 'yaml';
import { parseConfig } from '../../lib/config/parse-config';
import { RULES } from '../../lib/rules';
import { THRESHOLDS } from '../../lib/report/configuration';
import { SEVERITY_OPTIONS } from '../../lib/config/config';

const SCHEMA = JSON.parse(
  readFileSync(join(__dirname, '..', '..', 'docs', 'config.schema.json'), 'utf-8'),
) as {
  properties: Record<string, { enum?: string[]; additionalProperties?: { enum: string[] } }>;
  definitions: { rule: { enum: string[] } };
};
const isValid = new Ajv({ strict: true, allowUnionTypes: true }).compile(SCHEMA);

function isParsed(text: string): boolean {
  try {
    parseConfig(text, 'config.yaml');
    return true;
  } catch {
    return false;
  }
}

test('has the rules, severities and thresholds', () => {
  const ids = RULES.map(({ id }) => id);
  const names = [...ids, ...ids.map((id) => id.replace('LambdaXRay-', ''))];
  expect([...SCHEMA.definitions.rule.enum].sort()).toEqual(names.sort());
  expect(SCHEMA.properties.rules.additionalProperties!.enum).toEqual(SEVERITY_OPTIONS);
  expect(SCHEMA.properties.failOn.enum).toEqual(THRESHOLDS);
});

test('has the keys of the parser', () => {
  const [, keys] = /Valid keys: (.*)\.$/.exec(problemOf('xyzxyzxyzxyz: 1'))!;
  expect(keys.split(', ').sort()).toEqual(Object.keys(SCHEMA.properties).sort());
});

function problemOf(text: string): string {
  try {
    parseConfig(text, 'config.yaml');
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('There is no problem.');
}

test.each([
  'null',
  'failOn: never',
  '$schema: ./node_modules/cdk-lambda-xray/docs/config.schema.json',
  '{ "$schema": "x", "failOn": "warning", "rules": { "ExplicitMode": "off" } }',
  'rules:\nacknowledge:\nrequestsPerSecond:',
  'rules: { LambdaXRay-ActiveTracing: error }',
  'acknowledge: [{ rule: ActiveTracing, reason: So. }]',
  'acknowledge: [{ rule: ActiveTracing, reason: So., path: a/**, logicalId: Fn, template: "*.yaml" }]',
  'acknowledge: [{ rule: ActiveTracing, reason: So., expires: 2027-01-31 }]',
  'exclude:\nparameters:',
  'exclude: [build, "**/packaged.yaml"]',
  'parameters: { "*": { Stage: prod, Memory: 128, IsTraced: true, Zones: [a, b] }, template.yaml: }',
  'requestsPerSecond: 10',
  'includeCdkFunctions: true',
  'transactionSearch: true',
  'requestsPerSecond: { default: 2, Orders/Intake: 0.5 }',
])('accepts as the parser does: %j', (text) => {
  expect([isValid(parse(text)), isParsed(text)]).toEqual([true, true]);
});

test.each([
  'failOn: no',
  'failOn:',
  'rulez: {}',
  '[]',
  '$schema: 1',
  'rules: { ActiveTracin: off }',
  'rules: { ActiveTracing: eror }',
  'rules: off',
  'acknowledge: {}',
  'acknowledge: [{ rule: ActiveTracing }]',
  'acknowledge: [{ reason: So. }]',
  'acknowledge: [{ rule: ActiveTracing, reason: " " }]',
  'acknowledge: [{ rule: ActiveTracing, reason: So., logicalID: Fn }]',
  'acknowledge: [{ rule: ActiveTracing, reason: So., path: 7 }]',
  'acknowledge: [{ rule: ActiveTracing, reason: So., expires: tomorrow }]',
  'exclude: build',
  'exclude: [7]',
  'parameters: { Stage: prod }',
  'parameters: { "*": { Stage: { a: b } } }',
  'parameters: { "*": { Stage: } }',
  'includeCdkFunctions: all',
  'transactionSearch: on',
  'includeCdkFunctions:',
  'requestsPerSecond: -1',
  'requestsPerSecond: many',
  'requestsPerSecond: { a: "2" }',
])('rejects as the parser does: %j', (text) => {
  expect([isValid(parse(text)), isParsed(text)]).toEqual([false, false]);
});
