import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { load } from '../../../lib/input/load';
import type { LoadedTemplate } from '../../../lib/input/loaded-template';
import type { EffectiveMode } from '../../../lib/lambda/lambda-function';
import { buildTracingModel } from '../../../lib/model/build-model';
import { verifyJson } from '../../../lib/report/verify/json';
import { type VerifyReport, createVerifyReport } from '../../../lib/report/verify/report';
import { verifyText } from '../../../lib/report/verify/text';
import { DRIFT_KINDS } from '../../../lib/verify/drift';
import { LATEST, type ObservedAccount } from '../../../lib/verify/deployed-functions';
import { verify } from '../../../lib/verify/verify';
import { harmIn, NAME } from '../hostile-name';

const KINDS = ['Mode', 'Alias', 'Split', 'Version', 'Role', 'Denied', 'Gone', 'Unread', 'New'] as const;
type Kind = (typeof KINDS)[number];

/** A report with a function for each kind of drift. The name is in each text from a template, an account or AWS. */
function reportOn(name: string): VerifyReport {
  const templates = [templateOn(name)];
  const model = buildTracingModel(templates, templates);
  const account = accountOn(name);
  return createVerifyReport({
    tool: { name: 'cdk-lambda-xray', version: '1.2.3', homepage: 'https://example.com' },
    loaded: { templates, errors: [{ file: name, message: name }] },
    model,
    stacks: account.stacks,
    results: verify(model, account, name),
    notes: [name],
  });
}

function templateOn(name: string): LoadedTemplate {
  const functions = KINDS.map((kind) => ({
    [name + kind]: {
      Type: 'AWS::Lambda::Function',
      Metadata: { 'aws:cdk:path': `${name}${kind}/Resource` },
      Properties: { TracingConfig: { Mode: 'Active' } },
    },
  }));
  const version = {
    Type: 'AWS::Lambda::Version',
    Properties: { FunctionName: { Ref: `${name}Version` } },
  };
  const Resources = Object.assign({ [`${name}V`]: version }, ...functions) as object;
  const [template] = load(['-'], { readStdin: () => JSON.stringify({ Resources }) }).templates;
  return { ...template, id: name, file: name, stackName: name };
}

function accountOn(name: string): ObservedAccount {
  const region = name;
  // The ARN of a version contains the function name, which has no colons.
  const nameOf = (kind: Kind) => (kind === 'Version' ? 'version-1A2B' : name + kind);
  const functionOf = (kind: Kind, latest: EffectiveMode, aliases?: readonly (readonly string[])[]) => ({
    name: nameOf(kind),
    region,
    versions: [
      { number: LATEST, mode: latest, role: `arn:aws:iam::111122223333:role/${name}${kind}` },
      { number: `${name}1`, mode: 'Active' as const, role: '' },
      { number: `${name}2`, mode: 'PassThrough' as const, role: '' },
      // The version in the stack.
      { number: '3', mode: 'PassThrough' as const, role: '' },
    ],
    ...(aliases && { aliases: aliases.map((versions) => ({ name, versions })) }),
  });
  const roleOf = (kind: Kind, exists: boolean, dependsOn: readonly string[] = []) => ({
    arn: `arn:aws:iam::111122223333:role/${name}${kind}`,
    region,
    exists,
    decisions: [
      { action: name, isAllowed: false, deniedBy: 'explicit-deny' as const, policies: [name], dependsOn },
    ],
  });
  return {
    stacks: [
      {
        template: name,
        name,
        region,
        resources: [
          ...KINDS.filter((kind) => kind !== 'New').map((kind) => ({
            logicalId: name + kind,
            type: 'AWS::Lambda::Function',
            physicalId: nameOf(kind),
          })),
          {
            logicalId: `${name}V`,
            type: 'AWS::Lambda::Version',
            physicalId: `arn:aws:lambda:eu-west-1:111122223333:function:version-1A2B:3`,
          },
        ],
      },
    ],
    functions: [
      functionOf('Mode', 'PassThrough', []),
      functionOf('Alias', 'Active', [[`${name}2`]]),
      functionOf('Split', 'Active', [[`${name}1`, `${name}2`]]),
      functionOf('Version', 'Active', []),
      functionOf('Role', 'Active', []),
      functionOf('Denied', 'Active'),
      { name: `${name}Gone`, region, versions: [] },
      { name: `${name}Unread`, region },
    ],
    roles: [roleOf('Role', false), roleOf('Denied', true), roleOf('Mode', true, [name])],
  };
}

function holdsFor(claim: (report: VerifyReport, name: string) => void) {
  const property = fc.property(NAME, (name) => claim(reportOn(name), name));
  const examples: [string][] = [['x; touch pwned'], ['$(touch pwned)'], ["'`touch pwned`'"], ['--profile']];
  return () => fc.assert(property, { examples: [...examples, ['::add-mask::x'], [' ##[add-mask]x']] });
}

/** A name must not change the number of lines. */
const PLAIN = reportOn('Plain');

test('the report contains each kind of drift', () => {
  const kinds = PLAIN.functions.flatMap(({ drift }) => drift.map(({ kind }) => kind));
  expect([...new Set(kinds)].sort()).toEqual([...DRIFT_KINDS].sort());
});

test(
  'text keeps its lines and contains no control characters',
  holdsFor((report) => {
    const written = verifyText(report, { color: false, quiet: false });
    expect(written.split('\n')).toHaveLength(textOf(PLAIN).split('\n').length);
    expect(harmIn(written)).toEqual([]);
  }),
);

test(
  'JSON contains the name',
  holdsFor((report, name) => {
    const written = verifyJson(report);
    expect(harmIn(written)).toEqual([]);
    const { functions } = JSON.parse(written) as { functions: { functionName: string }[] };
    const named = ['Mode', 'Alias', 'Split', 'Role', 'Denied', 'Gone', 'Unread'].map((kind) => name + kind);
    expect(functions.map(({ functionName }) => functionName)).toEqual(expect.arrayContaining(named));
  }),
);

test(
  'commands run only the AWS CLI, and are harmless to copy',
  holdsFor((report) => {
    const commands = commandsOf(report);
    expect(commands).toHaveLength(commandsOf(PLAIN).length);
    expect(commands.flatMap((command) => harmIn(command))).toEqual([]);
    expect(textOf(report)).toContain(commands.map((command) => `      ${command}\n`)[0]);
    // The AWS CLI commands that run. Any other command would print a different output or fail.
    const shell = `PATH=; aws() { echo "$1 $2"; }; ${commands.join('\n')}`;
    const output = execFileSync('/bin/sh', ['-c', shell], { encoding: 'utf-8', stdio: 'pipe' });
    const expected = commandsOf(PLAIN).map((command) => command.split(' ').slice(1, 3).join(' '));
    expect(output.trim().split('\n')).toEqual(expected);
  }),
);

function textOf(report: VerifyReport): string {
  return verifyText(report, { color: false, quiet: false });
}

function commandsOf(report: VerifyReport): string[] {
  const { functions } = JSON.parse(verifyJson(report)) as {
    functions: { drift: { commands: string[] }[] }[];
  };
  return functions.flatMap(({ drift }) => drift.flatMap(({ commands }) => commands));
}
