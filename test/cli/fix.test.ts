import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Log } from 'sarif';
import { fixFindings } from '../../lib/cli/fix';
import { applyFixes, writeChanges } from '../../lib/cli/fix-output';
import { checkModel } from '../../lib/checker/check';
import { load } from '../../lib/input/load';
import { buildTracingModel } from '../../lib/model/build-model';
import { bundledCommand, folderWith, runShared } from './bundled-command';

const UNSET = `# Orders
Resources:
  Intake:
    Type: AWS::Lambda::Function
    Properties:
      Handler: index.handler # the entry
      MemorySize: 512
`;

const ACTIVE = `${UNSET}      TracingConfig:\n        Mode: Active\n`;

const PASS_THROUGH = UNSET.replace('MemorySize', 'TracingConfig: { Mode: PassThrough }\n      MemorySize');

let command: string;
beforeAll(async () => {
  command = await bundledCommand();
}, 60_000);

const runIn = (cwd: string, ...args: readonly string[]) => runShared(command, args, { cwd });
const textOf = (cwd: string, file = 'template.yaml') => readFileSync(join(cwd, file), 'utf-8');

test('edits a template, and reports what is left', async () => {
  const cwd = folderWith({ 'template.yaml': UNSET });
  chmodSync(join(cwd, 'template.yaml'), 0o640);
  expect(await runIn(cwd, 'check', 'template.yaml', '--fix', '--fail-on', 'info')).toMatchObject({
    status: 0,
    stderr: 'Fixed 1 finding in 1 file.\n',
    stdout: expect.stringContaining('No findings in 1 template.') as unknown,
  });
  expect(textOf(cwd)).toBe(ACTIVE);
  expect(statSync(join(cwd, 'template.yaml')).mode & 0o777).toBe(0o640);
  expect(readdirSync(cwd)).toEqual(['template.yaml']);
  expect(await runIn(cwd, 'check', 'template.yaml', '--fix')).toMatchObject({
    status: 0,
    stderr: 'No finding has a fix that can be applied.\n',
  });
  expect(textOf(cwd)).toBe(ACTIVE);
});

test('prints a diff that git applies, and changes nothing', async () => {
  const cwd = folderWith({ 'a/template.yaml': UNSET.trimEnd(), 'b.json': '{"Resources": {}}' });
  const { stdout, status, stderr } = await runIn(cwd, 'check', 'a', '--fix-dry-run', '--fail-on', 'warning');
  expect({ status, stderr }).toEqual({ status: 0, stderr: 'Would fix 1 finding in 1 file.\n' });
  expect(textOf(cwd, 'a/template.yaml')).toBe(UNSET.trimEnd());
  execFileSync('git', ['apply', '-'], { cwd, input: stdout });
  expect(textOf(cwd, 'a/template.yaml')).toBe(ACTIVE);
});

const ENCODINGS: readonly (readonly [name: string, encode: (text: string) => Buffer])[] = [
  ['UTF-8 with a byte order mark', (text) => Buffer.from(`\uFEFF${text}`)],
  ['UTF-16LE', (text) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
  ['UTF-16BE', (text) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
];

test.each(ENCODINGS)('keeps %s', async (_, encode) => {
  const cwd = folderWith({});
  writeFileSync(join(cwd, 'template.yaml'), encode(UNSET));
  expect(await runIn(cwd, 'check', 'template.yaml', '--fix')).toMatchObject({ status: 0 });
  expect(readFileSync(join(cwd, 'template.yaml'))).toEqual(encode(ACTIVE));
});

test('prints a diff that git and patch apply to a file with a byte order mark and a name with spaces', async () => {
  const file = 'my stacks/template 1.yaml';
  const text = `\uFEFF${UNSET.split('\n').slice(1).join('\n')}`;
  for (const program of [
    ['git', 'apply', '-'],
    ['patch', '-p1'],
  ]) {
    const cwd = folderWith({ [file]: text });
    const { stdout } = await runIn(cwd, 'check', file, '--fix-dry-run');
    execFileSync(program[0], program.slice(1), { cwd, input: stdout });
    expect(textOf(cwd, file)).toBe(`${text}      TracingConfig:\n        Mode: Active\n`);
  }
});

test('says that a file in UTF-16 can not be patched', async () => {
  const cwd = folderWith({});
  writeFileSync(join(cwd, 'template.yaml'), Buffer.from(UNSET, 'utf16le'));
  const { stderr } = await runIn(cwd, 'check', 'template.yaml', '--fix-dry-run');
  expect(stderr).toContain(
    "git apply and patch can't edit template.yaml, because it is in UTF-16. Use --fix.",
  );
});

test.each<[string, (file: string) => void, string]>([
  ['is read-only', (file) => chmodSync(file, 0o444), 'Permission to write'],
  [
    'is not valid UTF-8',
    (file) => writeFileSync(file, Buffer.concat([Buffer.from(`${UNSET}# `), Buffer.from([0xe9])])),
    'is not valid UTF-8',
  ],
])('leaves a file that %s, also in a dry run', async (_, prepare, problem) => {
  const cwd = folderWith({ 'template.yaml': UNSET });
  prepare(join(cwd, 'template.yaml'));
  const before = readFileSync(join(cwd, 'template.yaml'));
  const fix = await runIn(cwd, 'check', 'template.yaml', '--fix');
  expect(fix).toMatchObject({
    status: 2,
    stdout: expect.stringContaining(problem) as unknown,
    stderr: 'No finding has a fix that can be applied.\n',
  });
  expect(readFileSync(join(cwd, 'template.yaml'))).toEqual(before);
  const dryRun = await runIn(cwd, 'check', 'template.yaml', '--fix-dry-run');
  expect(dryRun).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringContaining(problem) as unknown,
  });
});

test('says why a template can not be edited', async () => {
  const cwd = folderWith({});
  const outside = folderWith({ 'other.yaml': UNSET });
  symlinkSync(join(outside, 'other.yaml'), join(cwd, 'outer.yaml'));
  const { stderr } = await runIn(cwd, 'check', 'outer.yaml', '--fix');
  expect(stderr).toBe(
    'No finding has a fix that can be applied.\nNot fixed: outer.yaml, because it is outside of the working directory and of ' +
      'the folders that you name. Pass its real path.\n',
  );
  const stdin = spawnSync(process.execPath, [command, 'check', '-', '--fix'], { cwd, input: UNSET });
  expect(String(stdin.stderr)).toContain('Not fixed: standard input. Pass the path of the file.');
});

test('applies suggested fixes only on request', async () => {
  const cwd = folderWith({ 'template.yaml': PASS_THROUGH });
  const safe = await runIn(cwd, 'check', 'template.yaml', '--fix', '--fail-on', 'warning');
  expect(safe).toMatchObject({ status: 1 });
  expect(safe.stderr).toContain('1 finding more can be fixed with --fix-suggestions.');
  expect(textOf(cwd)).toBe(PASS_THROUGH);
  expect(await runIn(cwd, 'check', 'template.yaml', '--fix-suggestions')).toMatchObject({ status: 0 });
  expect(textOf(cwd)).toBe(PASS_THROUGH.replace('PassThrough', 'Active'));
});

test('leaves findings that are acknowledged or whose rule is off', async () => {
  const config = `acknowledge: [{ rule: ActiveTracing, logicalId: Intake, reason: Later. }]\n`;
  const acknowledged = folderWith({ 'template.yaml': UNSET, '.cdk-lambda-xray.yaml': config });
  await runIn(acknowledged, 'check', 'template.yaml', '--fix');
  expect(textOf(acknowledged)).toBe(UNSET);
  const off = folderWith({ 'template.yaml': UNSET });
  await runIn(off, 'check', 'template.yaml', '--fix', '--rule', 'ActiveTracing=off');
  expect(textOf(off)).toBe(UNSET);
});

test.each<[string, BufferEncoding, string]>([
  ['UTF-8 with a mark', 'utf8', '\uFEFF'],
  ['UTF-16', 'utf16le', '\uFEFF'],
])('keeps the encoding %s', async (_, encoding, mark) => {
  const cwd = folderWith({});
  const file = join(cwd, 'template.yaml');
  writeFileSync(file, Buffer.from(mark + UNSET, encoding));
  await runIn(cwd, 'check', 'template.yaml', '--fix');
  expect(readFileSync(file).equals(Buffer.from(mark + ACTIVE, encoding))).toBe(true);
});

test('follows links only in the working directory', async () => {
  const cwd = folderWith({ 'real.yaml': UNSET });
  const outside = folderWith({ 'other.yaml': UNSET });
  symlinkSync('real.yaml', join(cwd, 'inner.yaml'));
  symlinkSync(join(outside, 'other.yaml'), join(cwd, 'outer.yaml'));
  expect(await runIn(cwd, 'check', 'inner.yaml', '--fix')).toMatchObject({ status: 0 });
  expect(textOf(cwd, 'real.yaml')).toBe(ACTIVE);
  expect(lstatSync(join(cwd, 'inner.yaml')).isSymbolicLink()).toBe(true);
  symlinkSync(outside, join(cwd, 'folder'));
  await runIn(cwd, 'check', 'outer.yaml', '--fix');
  expect(await runIn(cwd, 'check', 'folder/other.yaml', '--fix')).toMatchObject({
    status: 2,
    stdout: expect.stringContaining(
      'This is a symbolic link to a file outside of the working directory. Pass the path that it points to. It is not fixed.',
    ) as unknown,
  });
  expect(textOf(outside, 'other.yaml')).toBe(UNSET);
  expect(await runIn(cwd, 'check', join(outside, 'other.yaml'), '--fix')).toMatchObject({ status: 0 });
  expect(textOf(outside, 'other.yaml')).toBe(ACTIVE);
});

test('fixes the other files if one can not be written', async () => {
  // The name of the temporary file is too long.
  const long = `${'x'.repeat(248)}.yaml`;
  const cwd = folderWith({ [long]: UNSET, 'template.yaml': UNSET });
  const { status, stdout } = await runIn(cwd, 'check', '.', '--fix');
  expect(status).toBe(2);
  expect(stdout).toMatch(/x{248}\.yaml: Cannot write this file: ENAMETOOLONG.* It is not fixed\./);
  expect(textOf(cwd, long)).toBe(UNSET);
  expect(textOf(cwd)).toBe(ACTIVE);
  expect(readdirSync(cwd).sort()).toEqual(['template.yaml', long]);
});

test.each(['EACCES', 'ENOSPC'])('leaves a file whose write ends with %s', (code) => {
  const file = join(folderWith({ 'template.yaml': UNSET }), 'template.yaml');
  const problem = { EACCES: 'Permission to write', ENOSPC: 'The disk is full. Free some space.' }[code]!;
  const change = { file, before: UNSET, after: ACTIVE };
  const failing = () => {
    throw Object.assign(new Error(code), { code });
  };
  expect(writeChanges([change], failing)).toEqual([
    { file, message: expect.stringContaining(problem) as unknown },
  ]);
  expect(readFileSync(file, 'utf-8')).toBe(UNSET);
});

test('leaves the old text if the process ends while it writes', () => {
  const text = `${UNSET}# ${'x'.repeat(4000)}\n`;
  const cwd = folderWith({ 'template.yaml': text });
  // A write of more than 1024 bytes fails, or ends the process.
  const script = `ulimit -f 1; exec "$0" "$@"`;
  const { status, signal, stdout } = spawnSync(
    'bash',
    ['-c', script, process.execPath, command, 'check', 'template.yaml', '--fix'],
    { cwd, encoding: 'utf-8' },
  );
  expect(signal === 'SIGXFSZ' || (status === 2 && stdout.includes('It is not fixed.'))).toBe(true);
  expect(textOf(cwd)).toBe(text);
});

const checked = (file: string, texts?: ReadonlyMap<string, string>) => {
  const loaded = load([file], { texts });
  return { loaded, findings: checkModel(buildTracingModel(loaded.templates)) };
};

test('leaves a template that changed since it was read', async () => {
  const file = join(folderWith({ 'template.yaml': UNSET }), 'template.yaml');
  const first = checked(file);
  const changed = `${UNSET}# Somebody else\n`;
  writeFileSync(file, changed);
  const recheck = (texts: ReadonlyMap<string, string>) => Promise.resolve(checked(file, texts));
  const { errors, result } = await applyFixes(first, recheck, { suggestions: false, isDryRun: false });
  expect(errors).toEqual([
    { file, message: expect.stringContaining('changed since it was read') as unknown },
  ]);
  expect(readFileSync(file, 'utf-8')).toBe(changed);
  expect(result.findings).not.toEqual([]);
});

test('reports a template that can not be replaced, and leaves its content', async () => {
  const cwd = folderWith({ 'template.yaml': UNSET });
  const first = checked(join(cwd, 'template.yaml'));
  renameSync(join(cwd, 'template.yaml'), join(cwd, 'moved.yaml'));
  mkdirSync(join(cwd, 'template.yaml'));
  const recheck = () => Promise.resolve({ ...first, findings: [] });
  const { errors } = await applyFixes(first, recheck, { suggestions: false, isDryRun: false });
  expect(errors).toMatchObject([{ message: expect.stringContaining('It is not fixed.') as unknown }]);
  expect(textOf(cwd, 'moved.yaml')).toBe(UNSET);
});

test('withholds a fix that causes a warning which no other fix resolves', async () => {
  const alias = `  Live:
    Type: AWS::Lambda::Alias
    Properties: { FunctionName: !Ref Intake, FunctionVersion: "7", Name: live }
`;
  const cwd = folderWith({ 'template.yaml': UNSET + alias });
  const { stderr } = await runIn(cwd, 'check', 'template.yaml', '--fix');
  expect(stderr).toContain(
    "Not fixed: LambdaXRay-ActiveTracing of 'Intake' in template.yaml. Its fix would cause LambdaXRay-UnpublishedMode of 'Live'. Resolve that first.\n",
  );
  expect(textOf(cwd)).toBe(UNSET + alias);
});

test.each<[string, string, number]>([
  ['together with the mode', '', 1],
  ['after the mode is valid', '      TracingConfig: { Mode: active }\n', 2],
])('gives the role of an Active function its permissions %s', async (_, mode, expectedRounds) => {
  const role = `      Role: !GetAtt Role.Arn
  Role:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole']
`;
  const file = join(folderWith({ 'template.yaml': UNSET + mode + role }), 'template.yaml');
  const { rounds, changes, result } = await fixFindings(
    checked(file),
    (texts) => Promise.resolve(checked(file, texts)),
    { suggestions: false },
  );
  expect(rounds).toBe(expectedRounds);
  expect(result.findings).toEqual([]);
  expect(changes[0].after).toContain(
    `BasicExecutionRole', "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess"]`,
  );
});

test('prints the code of a CDK app, and does not edit its templates', async () => {
  const template = {
    Resources: {
      Fn: {
        Type: 'AWS::Lambda::Function',
        Properties: { MemorySize: 512 },
        Metadata: { 'aws:cdk:path': 'Orders/Fn/Resource' },
      },
    },
  };
  const manifest = {
    version: '38.0.0',
    artifacts: {
      Orders: {
        type: 'aws:cloudformation:stack',
        environment: 'aws://unknown-account/unknown-region',
        properties: { templateFile: 'Orders.template.json' },
        metadata: {
          '/Orders/Fn/Resource': [
            { type: 'aws:cdk:logicalId', data: 'Fn', trace: ['new Orders (APP/lib/orders.ts:2:5)'] },
          ],
        },
      },
    },
  };
  const text = JSON.stringify(template);
  const cwd = folderWith({
    'cdk.out/Orders.template.json': text,
    'cdk.out/manifest.json': '{}',
    'lib/orders.ts': 'class Orders {\n    new lambda.Function(this, "Fn", props);\n}\n',
  });
  writeFileSync(join(cwd, 'cdk.out/manifest.json'), JSON.stringify(manifest).replace('APP', cwd));
  const { stderr } = await runIn(cwd, 'check', 'cdk.out', '--fix');
  expect(stderr).toContain(
    `lib/orders.ts:2:5: 'Orders/Fn': write tracing: lambda.Tracing.ACTIVE,\n    new lambda.Function(this, "Fn", props);\n`,
  );
  expect(textOf(cwd, 'cdk.out/Orders.template.json')).toBe(text);
});

test.each<[string, object, string | undefined]>([
  [
    'a mode that is similar',
    { Type: 'AWS::Lambda::Function', Properties: { TracingConfig: { Mode: 'Actve' } } },
    'tracing: lambda.Tracing.ACTIVE,',
  ],
  // CDK adds no policy to a topic with tracing.
  ['a topic that lacks a policy', { Type: 'AWS::SNS::Topic', Properties: {} }, undefined],
])('offers code only if it is the whole fix: %s', (_, resource, code) => {
  const active = { Type: 'AWS::Lambda::Function', Properties: { TracingConfig: { Mode: 'Active' } } };
  const target = { ...resource, Metadata: { 'aws:cdk:path': 'Orders/It/Resource' } };
  const subscription = {
    Type: 'AWS::SNS::Subscription',
    Properties: { Protocol: 'lambda', Endpoint: { 'Fn::GetAtt': ['Fn', 'Arn'] }, TopicArn: { Ref: 'It' } },
  };
  const template = { Resources: { It: target, Fn: active, Subscription: subscription } };
  const { findings } = checked(
    join(folderWith({ 'template.json': JSON.stringify(template) }), 'template.json'),
  );
  const fixes = findings.flatMap((finding) => finding.fixes ?? []);
  expect(fixes.length).toBeGreaterThan(0);
  expect(fixes.find((fix) => fix.code !== undefined)?.code).toBe(code);
});

test('reports the edits in JSON, and the replaced text in SARIF', async () => {
  const cwd = folderWith({ 'template.yaml': UNSET });
  const json = await runIn(cwd, 'check', 'template.yaml', '--format', 'json');
  expect(JSON.parse(json.stdout)).toMatchObject({
    findings: [
      {
        fixes: [
          {
            template: 'template.yaml',
            path: ['Resources', 'Intake', 'Properties', 'TracingConfig', 'Mode'],
            set: 'Active',
            safety: 'safe',
          },
        ],
      },
    ],
  });
  const sarif = await runIn(cwd, 'check', 'template.yaml', '--format', 'sarif');
  const [{ fixes }] = (JSON.parse(sarif.stdout) as Log).runs[0].results!;
  expect(fixes).toMatchObject([
    {
      artifactChanges: [
        {
          artifactLocation: { uri: 'template.yaml' },
          replacements: [
            {
              deletedRegion: { startLine: 8, startColumn: 1, endLine: 8, endColumn: 1 },
              insertedContent: { text: '      TracingConfig:\n        Mode: Active\n' },
            },
          ],
        },
      ],
    },
  ]);
});

test('refuses to combine fixes with a comparison or with acknowledgements', async () => {
  const cwd = folderWith({ 'template.yaml': UNSET, 'old.yaml': UNSET });
  const both = await runIn(cwd, 'check', 'template.yaml', '--fix', '--baseline', 'old.yaml');
  expect(both).toMatchObject({ status: 2, stderr: expect.stringContaining('--baseline') as unknown });
  const all = await runIn(cwd, 'check', 'template.yaml', '--fix', '--acknowledge-all', 'Later.');
  expect(all).toMatchObject({ status: 2, stderr: expect.stringContaining('--acknowledge-all') as unknown });
  expect(textOf(cwd)).toBe(UNSET);
});
