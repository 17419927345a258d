import { execFileSync } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CHECK_FORMATS, DIFF_FORMATS, MAP_FORMATS } from '../../lib/cli/formats';
import { NOBODY } from '../deployed/account';
import { harmIn } from '../report/hostile-name';
import { bundledCommand, folderWith, runShared } from './bundled-command';
import { BROKEN, WRONG } from './templates';

let command: string;
let aws: Server;
// The command is a process of its own, and so is Git.
jest.setTimeout(60_000);

beforeAll(async () => {
  command = await bundledCommand();
  aws = createServer((_, response) => response.writeHead(400, { 'x-amzn-errortype': 'Odd' }).end(REFUSAL));
  await new Promise<void>((resolve) => aws.listen(0, '127.0.0.1', resolve));
}, 60_000);

afterAll(() => aws.close());

/** A name with control characters and commands of CI systems. */
const NAME = '::add-mask::x\u001b[31m\r\n ::error::x\b\u0085\u2028\u202e\u2066\u200b\u{e0041}##[add-mask]y';
const FILE = `${NAME}.yaml`;
const OPTION = `--${NAME.replaceAll('=', '')}`;
/** A harmless part of the name, which shows that the name is written. */
const VISIBLE = 'add-mask';

const REFUSAL = `<ErrorResponse><Error><Type>Sender</Type><Code>Odd</Code><Message>${NAME.replaceAll('\n', ' ')}</Message></Error></ErrorResponse>`;

const QUOTED = JSON.stringify(NAME);

/** A template with the name wherever possible. */
const TEMPLATE = JSON.stringify({
  Resources: {
    [NAME]: { Type: 'AWS::Lambda::Function', Properties: { TracingConfig: { Mode: NAME } } },
    [`${NAME}Fn`]: {
      Type: 'AWS::Lambda::Function',
      Metadata: { 'aws:cdk:path': `${NAME}/${NAME}/Resource` },
      Properties: { TracingConfig: { Mode: 'Active' } },
    },
    [`${NAME}Source`]: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        FunctionName: { Ref: `${NAME}Fn` },
        EventSourceArn: `arn:aws:kafka:eu-west-1:111122223333:cluster/${NAME}/0123`,
      },
    },
  },
});

const CONFIG = '.cdk-lambda-xray.yaml';

const ASSEMBLY = {
  'cdk.out/manifest.json': JSON.stringify({
    version: '48.0.0',
    artifacts: {
      [NAME]: {
        type: 'aws:cloudformation:stack',
        environment: `aws://111122223333/${NAME}`,
        displayName: NAME,
        properties: { templateFile: 't.template.json', stackName: NAME },
      },
      Gone: { type: 'aws:cloudformation:stack', properties: { templateFile: `${NAME}.json` } },
    },
  }),
  'cdk.out/t.template.json': TEMPLATE,
};

const FORMATS: Readonly<Record<string, readonly string[]>> = {
  check: Object.keys(CHECK_FORMATS),
  estimate: ['text', 'json'],
  verify: ['text', 'json'],
  map: Object.keys(MAP_FORMATS).filter((format) => format !== 'html'),
};

const MORE: Readonly<Record<string, readonly string[]>> = { estimate: ['--rps', '2'] };

type Case = [what: string, args: readonly string[], files?: Readonly<Record<string, string>>];

/** Each format of each command. */
const inAllFormats: Case[] = Object.entries(FORMATS).flatMap(([name, formats]) =>
  formats.flatMap((format): Case[] => {
    const args = [name, ...(MORE[name] ?? []), '--format', format];
    return [
      [`${name} ${format}: a template`, [...args, FILE], { [FILE]: TEMPLATE }],
      [`${name} ${format}: an invalid file`, [...args, FILE], { [FILE]: BROKEN }],
      [`${name} ${format}: a missing file`, [...args, FILE]],
      [`${name} ${format}: a cloud assembly`, args, ASSEMBLY],
    ];
  }),
);

const inDiff: Case[] = Object.keys(DIFF_FORMATS).flatMap((format): Case[] => [
  [`diff ${format}`, ['diff', FILE, 't.yaml', '--format', format], { [FILE]: WRONG, 't.yaml': TEMPLATE }],
  [`diff ${format}: a missing file`, ['diff', FILE, 't.yaml', '--format', format], { 't.yaml': TEMPLATE }],
]);

const t = { 't.yaml': WRONG };

const inArguments: Case[] = [
  ['a command', [NAME]],
  ['an option', ['check', OPTION]],
  ['a format', ['check', '--format', NAME]],
  ['a threshold', ['check', '--fail-on', NAME]],
  ['a rule to explain', ['explain', NAME]],
  ['a format of the rules', ['rules', '--format', NAME]],
  ['a rule', ['check', 't.yaml', '--rule', NAME], t],
  ['a rule with a severity', ['check', 't.yaml', '--rule', `${NAME}=off`], t],
  ['a severity', ['check', 't.yaml', '--rule', `ActiveTracing=${NAME}`], t],
  ['a baseline', ['check', 't.yaml', '--baseline', NAME], t],
  ['a baseline that is the input', ['check', FILE, '--baseline', FILE], { [FILE]: WRONG }],
  ['a baseline below the input', ['check', '.', '--baseline', FILE], { [FILE]: WRONG, ...t }],
  ['a baseline of another kind', ['diff', FILE, 't.yaml'], { [FILE]: '[]', ...t }],
  ['a revision', ['diff', `git:${NAME.replaceAll(':', '')}add-mask`, 't.yaml'], t],
  ['a path of a revision', ['diff', `git:HEAD:${NAME}`, 't.yaml'], t],
  ['a stack to compare with', ['diff', `deployed:${NAME.replaceAll(':', '')}`, 't.yaml'], t],
  ['a profile to compare with', ['diff', 'deployed:Orders', 't.yaml', '--profile', NAME], t],
  ['a region to compare with', ['diff', 'deployed:Orders', 't.yaml', '--region', NAME], t],
  ['stacks to compare with', ['diff', 'deployed'], ASSEMBLY],
  ['a stack', ['verify', 't.yaml', '--stack', NAME], t],
  ['a profile', ['verify', 't.yaml', '--stack', 'Orders', '--profile', NAME], t],
  ['a region', ['verify', 't.yaml', '--stack', 'Orders', '--region', NAME], t],
  ['a response of AWS', ['verify', 't.yaml', '--stack', 'Orders'], t],
  ['a number of requests', ['verify', 't.yaml', '--concurrency', NAME], t],
  ['requests per second', ['estimate', 't.yaml', '--rps', NAME], t],
  ['a file to write', ['check', 't.yaml', '--output', FILE], t],
  ['a file to write the estimate to', ['estimate', 't.yaml', '--rps', '1', '--output', FILE], t],
  ['a file to write the page to', ['map', 't.yaml', '--output', FILE], t],
  ['a file to write in a missing folder', ['check', 't.yaml', '--output', `${NAME}/x`], t],
  ['a file to write that is the input', ['check', FILE, '--output', FILE], { [FILE]: WRONG }],
  ['a missing configuration', ['check', 't.yaml', '--config', FILE], t],
];

/** Texts of configurations, and the command that reads them. */
const CONFIGS: readonly [what: string, text: string, ...args: readonly string[]][] = [
  ['a key', `${QUOTED}: 1`],
  ['a rule', `rules: { ${QUOTED}: off }`],
  ['the rule of an acknowledgement', `acknowledge: [{ rule: ${QUOTED}, reason: x }]`],
  ['a key of an acknowledgement', `acknowledge: [{ rule: ActiveTracing, reason: x, ${QUOTED}: x }]`],
  ['the path of an acknowledgement', `acknowledge: [{ rule: ActiveTracing, reason: x, path: ${QUOTED} }]`],
  ['a function', `requestsPerSecond: { default: 1, ${QUOTED}: 1 }`, 'estimate'],
  ['a rate', `requestsPerSecond: { ${QUOTED}: x }`, 'estimate'],
];

const inConfigurations: Case[] = CONFIGS.map(([what, text, name = 'check']) => [
  what,
  [name, 't.yaml'],
  { ...t, [CONFIG]: text },
]);

test.each([...inAllFormats, ...inDiff, ...inArguments, ...inConfigurations])(
  '%s',
  async (_, args, files = {}) => {
    const cwd = folderWith(files);
    if (args.some((arg) => arg.startsWith('git:'))) makeRepository(cwd);
    const { address, port } = aws.address() as AddressInfo;
    const env = { ...NOBODY, AWS_ENDPOINT_URL: `http://${address}:${port}`, AWS_MAX_ATTEMPTS: '1' };
    const { stdout, stderr } = await runShared(command, args, { cwd, env });
    const written = stdout.replace(/^::(error|warning|notice) (?=file=)/gm, '') + stderr;
    expect(written).toContain(VISIBLE);
    expect(harmIn(written)).toEqual([]);
    expect(stderr).not.toContain('unexpectedly');
  },
);

function makeRepository(cwd: string): void {
  execFileSync('git', ['init', '--quiet'], { cwd });
  execFileSync('git', ['add', '--all'], { cwd });
  const identity = ['-c', 'user.name=Nobody', '-c', 'user.email=nobody@example.com'];
  execFileSync('git', [...identity, 'commit', '--quiet', '--message', 'Begin'], { cwd });
}
