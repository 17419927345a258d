import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import { transformSync } from '@swc/core';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CloudWatchLogGroup } from 'aws-cdk-lib/aws-events-targets';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { NO_CONFIG } from '../../lib/config/config';
import { FUNCTION } from '../../lib/constructs/private/guard-code';
import * as library from '../../lib/constructs/tracing-guard';
import { stackTemplate } from '../../lib/guard/stack-template';
import { app } from '../apps/app';

const PAGE = readFileSync(join(__dirname, '..', '..', 'docs', 'guard.md'), 'utf-8');

/** Returns the code of a language on the page. */
function blocks(language: string): string[] {
  return [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, code]) => code);
}

describe('the examples', () => {
  const directory = process.cwd();
  const { folder } = FUNCTION;
  beforeAll(() => {
    const temporary = mkdtempSync(join(tmpdir(), 'guard-'));
    writeFileSync(join(temporary, 'guard.yaml'), 'failOn: warning\n');
    writeFileSync(join(temporary, 'index.js'), 'exports.handler = 0;');
    FUNCTION.folder = temporary;
    process.chdir(temporary);
  });
  afterAll(() => {
    process.chdir(directory);
    FUNCTION.folder = folder;
  });

  test.each(blocks('ts'))('in TypeScript make a stack: %#', (code) => {
    const stack = new Stack(app(), 'Stack');
    const target = new CloudWatchLogGroup(new LogGroup(stack, 'Target'));
    const compiled = transformSync(code, {
      jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
      module: { type: 'commonjs' },
    });
    const load = (name: string): unknown => {
      expect(name).toBe('cdk-lambda-xray');
      return library;
    };
    const run = compileFunction(compiled.code, ['require', 'exports', 'stack', 'target']) as (
      ...values: readonly unknown[]
    ) => void;
    run(load, {}, stack, target);
    Template.fromStack(stack).resourceCountIs('AWS::CloudFormation::LambdaHook', 1);
    const rules = code.includes('configRule:') ? 1 : 0;
    Template.fromStack(stack).resourceCountIs('AWS::Config::ConfigRule', rules);
    Template.fromStack(stack).resourceCountIs('AWS::Events::Rule', rules);
  });

  test('in JSON can be parsed', () => {
    expect(blocks('json').map((code) => typeof JSON.parse(code))).toEqual(['object']);
  });
});

test('names the parameters of the template', () => {
  const options = { config: NO_CONFIG, failOn: 'error', onError: 'ALLOW', exemptStacks: [] } as const;
  const { Parameters: parameters } = stackTemplate('', options) as { Parameters: object };
  const [, named] = /ParameterKey=(\w+)/.exec(PAGE)!;
  expect(Object.keys(parameters)).toEqual([named, 'EvaluateFunctions']);
  expect(PAGE).toContain('`EvaluateFunctions`');
});
