import { cpSync, existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundledCommand, folderWith, runShared } from './bundled-command';
import { BROKEN, RIGHT, UNTRACED, WRONG } from './templates';

const FILE = '.cdk-lambda-xray.yaml';
const ADOPT = ['--acknowledge-all', 'Before: the rollout.'];
const STRICT = ['--fail-on', 'info'];

let command: string;
beforeAll(async () => {
  command = await bundledCommand();
}, 60_000);

const runIn = (cwd: string, ...args: readonly string[]) => runShared(command, args, { cwd });
const configIn = (cwd: string, name = FILE) => readFileSync(join(cwd, name), 'utf-8');

/** Returns a template of a CDK stack with an untraced function and its version. */
const cdkTemplate = (stack: string, hash: string) =>
  JSON.stringify({
    Resources: {
      Fn0123: {
        Type: 'AWS::Lambda::Function',
        Properties: { TracingConfig: { Mode: 'PassThrough' } },
        Metadata: { 'aws:cdk:path': `${stack}/Intake (v2)/Resource` },
      },
      [`FnCurrentVersion${hash}`]: {
        Type: 'AWS::Lambda::Version',
        Properties: { FunctionName: { Ref: 'Fn0123' } },
        Metadata: { 'aws:cdk:path': `${stack}/Intake (v2)/CurrentVersion/Resource` },
      },
    },
  });

test('creates a configuration, and only new findings fail', async () => {
  const cwd = folderWith({ 'a/template.yaml': WRONG, 'b/template.yaml': UNTRACED });
  expect(await runIn(cwd, 'check', '.', ...STRICT)).toMatchObject({ status: 1 });
  expect(await runIn(cwd, 'check', '.', ...STRICT, ...ADOPT)).toMatchObject({
    status: 0,
    stderr: `Added 2 acknowledgements of 2 findings to ${FILE}.\n`,
    stdout: expect.stringContaining('No findings, 2 acknowledged in 2 templates.') as unknown,
  });
  expect(configIn(cwd)).toBe(`\
# yaml-language-server: $schema=./node_modules/cdk-lambda-xray/docs/config.schema.json
acknowledge:
  - rule: UnsupportedEventSource
    logicalId: Orders
    template: ./a/template.yaml
    reason: "Before: the rollout."
  - rule: ActiveTracing
    logicalId: Intake
    template: ./b/template.yaml
    reason: "Before: the rollout."
`);
  expect(readdirSync(cwd).sort()).toEqual([FILE, 'a', 'b']);
  expect(await runIn(cwd, 'check', '.', ...STRICT)).toMatchObject({ status: 0, stderr: '' });
  cpSync(join(cwd, 'b'), join(cwd, 'c'), { recursive: true });
  const later = await runIn(cwd, 'check', '.', ...STRICT);
  expect(later).toMatchObject({ status: 1 });
  expect(later.stdout).toMatch(
    /^c\/template\.yaml\n {2}5:24 {2}warning {2}Function 'Intake' .* {2}ActiveTracing$/m,
  );
  expect(later.stdout).toContain('1 warning, 2 acknowledged in 3 templates.');
});

test('acknowledges no other template whose path has the same end', async () => {
  const cwd = folderWith({ 'template.yaml': UNTRACED });
  await runIn(cwd, 'check', 'template.yaml', ...ADOPT);
  cpSync(join(cwd, 'template.yaml'), join(cwd, 'new', 'template.yaml'));
  const { stdout } = await runIn(cwd, 'check', '.', ...STRICT);
  expect(stdout).toMatch(/^new\/template\.yaml\n.*ActiveTracing$/m);
  expect(stdout).toContain('1 warning, 1 acknowledged in 2 templates.');
});

test('acknowledges no other app with the same construct paths', async () => {
  const assembly = (app: string) => ({
    [`${app}/cdk.out/manifest.json`]: JSON.stringify({
      version: '36.0.0',
      artifacts: {
        Service: {
          type: 'aws:cloudformation:stack',
          displayName: 'Service',
          environment: 'aws://unknown-account/unknown-region',
          properties: { templateFile: 'Service.template.json' },
        },
      },
    }),
    [`${app}/cdk.out/Service.template.json`]: cdkTemplate('Service', 'A'),
  });
  const cwd = folderWith({ ...assembly('a'), ...assembly('b') });
  expect(await runIn(cwd, 'check', '.', ...ADOPT)).toMatchObject({ status: 0 });
  expect(configIn(cwd)).toContain(`\
  - rule: ActiveTracing
    path: "Service/Intake \\\\(v2\\\\)"
    template: ./a/cdk.out/Service.template.json
`);
  cpSync(join(cwd, 'a'), join(cwd, 'c'), { recursive: true });
  const { stdout } = await runIn(cwd, 'check', '.', ...STRICT);
  expect(stdout).toMatch(/^c\/cdk\.out\/Service\.template\.json\n.*ActiveTracing$/m);
});

test('a finding stays acknowledged if another rule stands for its cause', async () => {
  const stage = (tracing: boolean) => `
  Api: { Type: AWS::Serverless::Api, Properties: { StageName: prod, TracingEnabled: ${tracing} } }
  Cart:
    Type: AWS::Serverless::Function
    Properties:
      Events: { Get: { Type: Api, Properties: { RestApiId: !Ref Api, Path: /, Method: get } } }
`;
  const cwd = folderWith({ '.git/HEAD': '', 'template.yaml': `Resources:${stage(true)}` });
  const traced = await runIn(cwd, 'check', 'template.yaml');
  expect(traced.stdout).toMatch(/Cart.* {2}BrokenTrace$/m);
  const adopted = await runIn(cwd, 'check', 'template.yaml', ...ADOPT);
  expect(adopted.stderr).toBe(`Added 2 acknowledgements of 1 finding to ${FILE}.\n`);
  expect(configIn(cwd)).toContain('rule: ActiveTracing');
  expect(configIn(cwd)).not.toContain('rule: ExplicitMode');
  writeFileSync(join(cwd, 'template.yaml'), `Resources:${stage(false)}`);
  const untraced = await runIn(cwd, 'check', 'template.yaml');
  expect(untraced.stdout).not.toMatch(/Cart.* {2}ActiveTracing$/m);
  expect(untraced.stdout).toContain('The acknowledgement of LambdaXRay-BrokenTrace matches no finding.');
});

test('changes nothing the second time', async () => {
  const cwd = folderWith({ 'template.yaml': UNTRACED });
  await runIn(cwd, 'check', '.', ...ADOPT);
  const text = configIn(cwd);
  const again = await runIn(cwd, 'check', '.', '--acknowledge-all', 'Another reason.');
  expect(again).toMatchObject({ status: 0, stderr: 'There are no findings to acknowledge.\n' });
  expect(configIn(cwd)).toBe(text);
});

test('writes nothing if there are no findings', async () => {
  const cwd = folderWith({ 'template.yaml': RIGHT });
  expect(await runIn(cwd, 'check', '.', ...ADOPT)).toMatchObject({ status: 0 });
  expect(existsSync(join(cwd, FILE))).toBe(false);
});

test('applies in each working directory', async () => {
  const cwd = folderWith({ '.git/HEAD': '', 'app/template.yaml': UNTRACED });
  await runIn(cwd, 'check', 'app', ...ADOPT);
  for (const [folder, path] of [
    ['.', './app'],
    ['app', 'template.yaml'],
    ['app', '../app'],
    ['.', join(cwd, 'app')],
  ]) {
    const { status, stdout } = await runIn(join(cwd, folder), 'check', path, ...STRICT);
    expect([path, status, stdout]).toEqual([path, 0, expect.stringContaining('No findings, 1 acknowledged')]);
  }
});

test('adds to the configuration of a parent folder', async () => {
  const cwd = folderWith({ [FILE]: 'failOn: info # strict\n', 'app/template.yaml': UNTRACED });
  expect(await runIn(join(cwd, 'app'), 'check', 'template.yaml', ...ADOPT)).toMatchObject({ status: 0 });
  expect(configIn(cwd)).toContain('failOn: info # strict\nacknowledge:\n  - rule: ActiveTracing\n');
  expect(configIn(cwd)).toContain('    template: ./app/template.yaml\n');
  expect(existsSync(join(cwd, 'app', FILE))).toBe(false);
});

test.each<[string, string]>([
  ['.cdk-lambda-xray.json', '{ "failOn": "info" }'],
  ['.cdk-lambda-xray.json', '{ "failOn": "info", "acknowledge": null }'],
  ['.cdk-lambda-xray.yml', 'failOn: info\nacknowledge: []'],
  ['.cdk-lambda-xray.yml', '# Nothing yet.'],
])('adds to %s: %j', async (name, text) => {
  const cwd = folderWith({ 'template.yaml': UNTRACED, [name]: text });
  await runIn(cwd, 'check', '.', ...ADOPT);
  expect(await runIn(cwd, 'check', '.', ...STRICT)).toMatchObject({ status: 0 });
  expect(readdirSync(cwd).sort()).toEqual([name, 'template.yaml']);
});

test('names constructs by their path, which a new version keeps', async () => {
  const cwd = folderWith({ 'Orders.template.json': cdkTemplate('Orders', 'aaaa') });
  const files = ['check', 'Orders.template.json', ...STRICT, '--rule', 'UnpublishedMode=warning'];
  await runIn(cwd, ...files, ...ADOPT);
  expect(configIn(cwd)).toContain(String.raw`path: "Orders/Intake \\(v2\\)"`);
  expect(configIn(cwd)).not.toContain('template:');
  expect(configIn(cwd)).not.toContain('0123');
  expect(await runIn(cwd, ...files)).toMatchObject({ status: 0 });
  const changed = folderWith({
    'Orders.template.json': cdkTemplate('Orders', 'bbbb'),
    [FILE]: configIn(cwd),
  });
  expect(await runIn(changed, ...files)).toMatchObject({ status: 0 });
  const other = folderWith({
    'Orders.template.json': cdkTemplate('Billing', 'bbbb'),
    [FILE]: configIn(cwd),
  });
  expect(await runIn(other, ...files)).toMatchObject({ status: 1 });
});

test('is known to diff and to a comparison with a baseline', async () => {
  const cwd = folderWith({ 'before.yaml': WRONG.replace('Active', 'PassThrough'), 'template.yaml': WRONG });
  const compare = ['diff', 'before.yaml', 'template.yaml'];
  expect(await runIn(cwd, ...compare)).toMatchObject({ status: 1 });
  await runIn(cwd, 'check', 'template.yaml', ...ADOPT);
  expect(await runIn(cwd, ...compare)).toMatchObject({ status: 0 });
  const checked = await runIn(cwd, 'check', 'template.yaml', '--baseline', 'before.yaml');
  expect(checked).toMatchObject({ status: 0 });
});

test('acknowledges again after an acknowledgement has expired', async () => {
  const expired = 'acknowledge: [{ rule: ActiveTracing, path: Intake, reason: So., expires: 2020-01-31 }]\n';
  const cwd = folderWith({ 'template.yaml': UNTRACED, [FILE]: expired });
  const { stdout } = await runIn(cwd, 'check', '.', ...ADOPT);
  expect(stdout).toContain('expired after 2020-01-31');
  expect(stdout).toContain('1 warning, 1 acknowledged in 1 template.');
});

test('acknowledges the findings in readable input, and still fails', async () => {
  const cwd = folderWith({ 'template.yaml': UNTRACED, 'broken.yaml': BROKEN });
  const checked = await runIn(cwd, 'check', 'template.yaml', 'broken.yaml', ...ADOPT);
  expect(checked).toMatchObject({ status: 2 });
  expect(configIn(cwd)).toContain('logicalId: Intake');
});

test('does not write through a link', async () => {
  const cwd = folderWith({ 'template.yaml': UNTRACED, 'shared/config.yaml': 'failOn: info\n' });
  symlinkSync('shared/config.yaml', join(cwd, FILE));
  expect(await runIn(cwd, 'check', 'template.yaml', ...ADOPT)).toEqual({
    status: 2,
    stdout: '',
    stderr: `Cannot write the configuration to ${FILE}: ${FILE} is a symbolic link. Pass the path that it points to, or remove it.\n`,
  });
  expect(configIn(cwd, 'shared/config.yaml')).toBe('failOn: info\n');
  const outside = folderWith({ 'template.yaml': UNTRACED });
  symlinkSync(join(cwd, 'gone.yaml'), join(outside, FILE));
  expect(await runIn(outside, 'check', 'template.yaml', ...ADOPT)).toMatchObject({ status: 2 });
  expect(existsSync(join(cwd, 'gone.yaml'))).toBe(false);
});

test('requires a reason and a configuration', async () => {
  const cwd = folderWith({ 'template.yaml': UNTRACED });
  expect(await runIn(cwd, 'check', 'template.yaml', '--acknowledge-all', ' ')).toMatchObject({
    status: 2,
    stderr: '--acknowledge-all requires a reason: why the existing findings are acceptable.\n',
  });
  expect(await runIn(cwd, 'check', 'template.yaml', ...ADOPT, '--config', 'none')).toMatchObject({
    status: 2,
    stderr: '--acknowledge-all writes to the configuration. Omit --config none.\n',
  });
});
