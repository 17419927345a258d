import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parse } from 'yaml';
import { bundledCommand, folderWith, run, type Run } from '../cli/bundled-command';
import { RIGHT, UNTRACED, WRONG } from '../cli/templates';

const PROJECT = join(__dirname, '..', '..');
const STEP = join(PROJECT, 'action', 'run.mjs');
const MARKER = '<!-- cdk-lambda-xray orders -->';

let command: string;
beforeAll(async () => {
  command = await bundledCommand();
}, 60_000);

interface Comment {
  readonly id: number;
  body: string | null;
  readonly user: { readonly type: string; readonly login?: string };
}

const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

/** Starts a stand-in for GitHub's API of comments. It answers writing requests with a status. */
async function gitHub({ comments = [] as Comment[], status = 200 } = {}) {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { method, url = '' } = request;
      requests.push(`${method} ${url}`);
      const page = Number(/&page=(\d+)/.exec(url)?.[1] ?? 1);
      if (url === '/user') {
        response.end(JSON.stringify({ login: 'ann' }));
        return;
      }
      if (method === 'GET') {
        response.end(JSON.stringify(comments.slice(100 * (page - 1), 100 * page)));
        return;
      }
      response.statusCode = status;
      response.end('{}');
      if (status !== 200) return;
      const { body: written } = JSON.parse(body) as Comment;
      if (method === 'POST') comments.push({ id: 7, body: written, user: { type: 'Bot' } });
      else comments.find(({ id }) => url.endsWith(`/comments/${id}`))!.body = written;
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  servers.push(server);
  return { comments, requests, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function commentOf(login: string, id = 7): Comment {
  return { id, body: `${MARKER}\nold`, user: { type: 'User', login } };
}

interface Change {
  /** The files in the base of the pull request, or none for a push. */
  readonly base?: Readonly<Record<string, string>>;
  readonly head: Readonly<Record<string, string>>;
  /** The files that the base has gained since the event. GitHub merges the pull request with them. */
  readonly newerBase?: Readonly<Record<string, string>>;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly event?: object;
  readonly api?: string;
}

interface ActionRun extends Run {
  readonly sarif?: { readonly runs: readonly { readonly results: readonly unknown[] }[] };
  readonly summary: string;
}

/** Runs the action's step in a clone that has only the head of the change, as actions/checkout makes it. */
async function runAction({
  base,
  head,
  newerBase,
  inputs = {},
  event,
  api = 'http://127.0.0.1:9',
}: Change): Promise<ActionRun> {
  const origin = folderWith({});
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.com', ...args], {
      cwd: origin,
      encoding: 'utf-8',
    }).trim();
  const commit = (files: Readonly<Record<string, string>>) => {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(origin, path)), { recursive: true });
      writeFileSync(join(origin, path), content);
    }
    git('add', '--all');
    git('commit', '--quiet', '--allow-empty', '--message', 'A change');
    return git('rev-parse', 'HEAD');
  };
  git('init', '--quiet');
  git('config', 'uploadpack.allowAnySHA1InWant', 'true');
  const sha = base && commit(base);
  const headSha = commit(head);
  if (sha && newerBase) {
    git('checkout', '--quiet', '-b', 'newer-base', sha);
    commit(newerBase);
    git('merge', '--quiet', '--no-ff', headSha);
  }

  const runner = folderWith({
    output: '',
    summary: '',
    'event.json': JSON.stringify(
      event ?? (sha ? { pull_request: { number: 12, base: { sha }, head: { sha: headSha } } } : {}),
    ),
  });
  const workspace = join(runner, 'workspace');
  execFileSync('git', ['clone', '--quiet', '--depth=1', `file://${origin}`, workspace]);

  const result = await run(STEP, [], {
    cwd: workspace,
    env: {
      RUNNER_TEMP: runner,
      GITHUB_OUTPUT: join(runner, 'output'),
      GITHUB_STEP_SUMMARY: join(runner, 'summary'),
      GITHUB_EVENT_PATH: join(runner, 'event.json'),
      GITHUB_REPOSITORY: 'acme/orders',
      GITHUB_API_URL: api,
      XRAY_COMMAND: `${process.execPath} ${command}`,
      XRAY_PATHS: 'template.yaml',
      XRAY_SYNTH: '',
      XRAY_INSTALL: '',
      XRAY_FAIL_ON: '',
      XRAY_WORKING_DIRECTORY: '.',
      XRAY_RUN_NAME: 'orders',
      XRAY_COMMENT: 'true',
      XRAY_TOKEN: 'secret',
      ...inputs,
    },
  });
  const [, sarif] = /^sarif-file=(.+)$/m.exec(readFileSync(join(runner, 'output'), 'utf-8')) ?? [];
  return {
    ...result,
    sarif: sarif ? (JSON.parse(readFileSync(sarif, 'utf-8')) as ActionRun['sarif']) : undefined,
    summary: readFileSync(join(runner, 'summary'), 'utf-8'),
  };
}

describe('on a push', () => {
  test('all findings are annotations and in the SARIF file', async () => {
    const { status, stdout, sarif, summary } = await runAction({ head: { 'template.yaml': WRONG } });
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /^::error file=template\.yaml,line=\d+,.*title=LambdaXRay-UnsupportedEventSource::/m,
    );
    expect(sarif?.runs[0].results).toHaveLength(1);
    expect(summary).toBe('');
  });

  test.each([
    ['', 0],
    ['warning', 1],
  ])('fail-on: %p decides if the job fails', async (failOn, expected) => {
    const head = { 'template.yaml': UNTRACED };
    const { status } = await runAction({ head, inputs: { XRAY_FAIL_ON: failOn } });
    expect(status).toBe(expected);
  });

  test('a template that cannot be read fails the job', async () => {
    const { status, stdout, sarif } = await runAction({ head: { 'template.yaml': 'Resources: [' } });
    expect({ status, sarif }).toEqual({ status: 2, sarif: undefined });
    expect(stdout).toContain('::error file=template.yaml');
  });

  test('a file whose name looks like an option is a file', async () => {
    const { status } = await runAction({
      head: { '--fail-on=never': RIGHT, 'template.yaml': WRONG },
      inputs: { XRAY_PATHS: '--fail-on=never template.yaml' },
    });
    expect(status).toBe(1);
  });

  test('paths with spaces are quoted', async () => {
    const { status, stdout } = await runAction({
      head: { 'my template.yaml': WRONG, "the team's": RIGHT },
      inputs: { XRAY_PATHS: `'my template.yaml'\n"the team's"\n` },
    });
    expect(status).toBe(1);
    expect(stdout).toContain('::error file=my template.yaml,');
  });

  test('the command can have quotes, and line breaks around it', async () => {
    const inputs = { XRAY_COMMAND: `\n"${process.execPath}"  '${command}'\n` };
    const { status } = await runAction({ head: { 'template.yaml': WRONG }, inputs });
    expect(status).toBe(1);
  });

  test.each([
    ['true', '::error::true check wrote no SARIF file: see the log.'],
    ['missing-command', '::error::missing-command could not be started: see the log.'],
  ])('a command that checks nothing fails the job: %s', async (XRAY_COMMAND, message) => {
    const { status, stdout } = await runAction({
      head: { 'template.yaml': RIGHT },
      inputs: { XRAY_COMMAND },
    });
    expect({ status, stdout: stdout.trim() }).toEqual({ status: 2, stdout: message });
  });
});

describe('on a pull request', () => {
  test('a comment shows the changes, and a new finding fails the job', async () => {
    const { url, requests, comments } = await gitHub();
    const { status, summary } = await runAction({
      base: { 'template.yaml': RIGHT },
      head: { 'template.yaml': WRONG },
      api: url,
    });
    expect(status).toBe(1);
    expect(requests).toEqual([
      'GET /repos/acme/orders/issues/12/comments?per_page=100&page=1',
      'POST /repos/acme/orders/issues/12/comments',
    ]);
    expect(comments[0].body).toMatch(new RegExp(`^${MARKER}\n\n### ❌ AWS X-Ray tracing: 1 new error`));
    expect(summary).toBe(comments[0].body);
  });

  test('existing findings do not fail it, and no change is no reason for a comment', async () => {
    const { url, requests } = await gitHub();
    const { status, sarif, summary } = await runAction({
      base: { 'template.yaml': WRONG },
      head: {},
      api: url,
    });
    expect(status).toBe(0);
    expect(sarif?.runs[0].results).toHaveLength(1);
    expect(requests).toEqual(['GET /repos/acme/orders/issues/12/comments?per_page=100&page=1']);
    expect(summary).toContain('no changes');
  });

  test('the comment of an earlier run is updated, and not one that quotes it', async () => {
    const others = Array.from({ length: 101 }, (_, index) => ({
      id: 100 + index,
      body: `${MARKER}\nquoted`,
      user: { type: 'User' },
    }));
    const { url, requests, comments } = await gitHub({
      comments: [
        ...others,
        { id: 6, body: null, user: { type: 'Bot' } },
        { id: 7, body: `${MARKER}\nold`, user: { type: 'Bot' } },
      ],
    });
    await runAction({ base: { 'template.yaml': WRONG }, head: {}, api: url });
    expect(requests).toEqual([
      'GET /repos/acme/orders/issues/12/comments?per_page=100&page=1',
      'GET /repos/acme/orders/issues/12/comments?per_page=100&page=2',
      'PATCH /repos/acme/orders/issues/comments/7',
    ]);
    expect(comments.filter(({ body }) => body?.includes('no changes'))).toHaveLength(1);
  });

  test.each<[string, Comment[]]>([
    ['PATCH /repos/acme/orders/issues/comments/7', [commentOf('ann'), commentOf('eve', 8)]],
    ['POST /repos/acme/orders/issues/12/comments', [commentOf('eve')]],
  ])('the token of a person updates the comment of that person only: %s', async (request, comments) => {
    const { url, requests } = await gitHub({ comments });
    await runAction({
      base: { 'template.yaml': RIGHT },
      head: { 'template.yaml': WRONG },
      inputs: { XRAY_TOKEN: 'github_pat_secret' },
      api: url,
    });
    expect(requests).toEqual([
      'GET /user',
      'GET /repos/acme/orders/issues/12/comments?per_page=100&page=1',
      request,
    ]);
  });

  test('changes of the base since the event are not those of the pull request', async () => {
    const { status, summary } = await runAction({
      base: { 'template.yaml': RIGHT },
      head: { 'README.md': 'Orders' },
      newerBase: { 'template.yaml': WRONG },
      inputs: { XRAY_COMMENT: 'false' },
    });
    expect(status).toBe(0);
    expect(summary).toContain('no changes');
  });

  test.each([
    ['without findings', RIGHT, 0],
    ['with findings', WRONG, 1],
  ])('all resources of a new template %s are new', async (_, template, expected) => {
    const { status, summary } = await runAction({
      base: { 'README.md': 'Orders' },
      head: { 'template.yaml': template },
      inputs: { XRAY_COMMENT: 'false' },
    });
    expect(status).toBe(expected);
    expect(summary).toContain('1 function added');
    expect(summary).toMatch(
      /git:[0-9a-f]{7} contains no baseline for template\.yaml, so all resources are new\./,
    );
  });

  test('a template that cannot be read any more updates the comment', async () => {
    const { url, comments } = await gitHub();
    const base = { 'template.yaml': RIGHT };
    await runAction({ base, head: { 'template.yaml': WRONG }, api: url });
    const { status } = await runAction({ base, head: { 'template.yaml': 'Resources: [' }, api: url });
    expect(status).toBe(2);
    expect(comments).toHaveLength(1);
    expect(comments[0].body).toContain('comparison not possible');
  });

  test('a template that is not committed is an error', async () => {
    const { status, stderr } = await runAction({
      base: { source: RIGHT },
      head: { source: RIGHT, '.gitignore': 'template.yaml' },
      inputs: {
        XRAY_COMMENT: 'false',
        XRAY_COMMAND: `cp source template.yaml; ${process.execPath} ${command}`,
      },
    });
    expect(status).toBe(2);
    expect(stderr).toContain('does not contain template.yaml');
  });

  test('a base that is not in the repository any more is an error with a way out', async () => {
    const missing = { sha: '0123456789012345678901234567890123456789' };
    const { status, stdout } = await runAction({
      head: { 'template.yaml': RIGHT },
      event: { pull_request: { number: 12, base: missing } },
    });
    expect(status).toBe(2);
    expect(stdout).toMatch(/^::error::git fetch failed: .*%0ASet fetch-depth: 0 for actions\/checkout/m);
  });

  test('a token that cannot write is a warning: the summary has the same text', async () => {
    const { url } = await gitHub({ status: 403 });
    const { status, stdout, summary } = await runAction({
      base: { 'template.yaml': WRONG },
      head: { 'template.yaml': RIGHT },
      api: url,
    });
    expect(status).toBe(0);
    expect(stdout).toContain(
      '::warning::The comment on the pull request could not be written: POST /repos/acme/orders/issues/12/comments: 403 Forbidden',
    );
    expect(stdout).not.toContain('secret');
    expect(summary).toContain('1 resolved');
  });
});

describe('a project that does not commit its templates', () => {
  test('can add the template', async () => {
    const { url, comments } = await gitHub();
    const { status } = await runAction({
      base: { 'README.md': 'Orders' },
      head: { 'template.yaml': WRONG },
      inputs: { XRAY_PATHS: 'template.yaml' },
      api: url,
    });
    expect(status).toBe(1);
    expect(comments[0].body).toContain('contains no baseline for template.yaml, so all resources are new.');
  });

  const SYNTH = { XRAY_SYNTH: 'mkdir -p build && cp source.txt build/template.yaml', XRAY_PATHS: 'build' };

  test('is synthesized at the base too', async () => {
    const { url, comments } = await gitHub();
    const { status } = await runAction({
      base: { 'app/source.txt': RIGHT, '.gitignore': 'build' },
      head: { 'app/source.txt': UNTRACED },
      inputs: { ...SYNTH, XRAY_WORKING_DIRECTORY: 'app', XRAY_INSTALL: 'test -f source.txt' },
      api: url,
    });
    expect(status).toBe(0);
    expect(comments[0].body).toContain('1 new warning');
  });

  test('all findings count if the pull request adds it', async () => {
    const { status, stdout } = await runAction({
      base: { 'README.md': 'Orders' },
      head: { 'app/source.txt': WRONG },
      inputs: { ...SYNTH, XRAY_WORKING_DIRECTORY: 'app' },
    });
    expect(status).toBe(1);
    expect(stdout).toContain('::notice::The project is new');
  });

  test('its commands get no token', async () => {
    const { stdout } = await runAction({
      base: { 'source.txt': RIGHT },
      head: { 'source.txt': RIGHT },
      inputs: {
        ...SYNTH,
        XRAY_SYNTH: `env; ${SYNTH.XRAY_SYNTH}`,
        XRAY_INSTALL: 'env',
        XRAY_COMMENT: 'false',
      },
    });
    expect(stdout).toContain('XRAY_PATHS=build');
    expect(stdout).not.toContain('secret');
  });

  test.each<[string, Change['inputs'], string]>([
    ['synth fails', { XRAY_SYNTH: 'exit 3' }, '::error::exit 3 failed with exit status 3.'],
    ['the first line of synth fails', { XRAY_SYNTH: 'false\ntrue' }, '::error::false%0Atrue failed with'],
    ['install fails', { ...SYNTH, XRAY_INSTALL: 'false' }, '::error::false failed in the base '],
    [
      'there are two folders',
      { ...SYNTH, XRAY_PATHS: 'build source.txt' },
      'With synth, paths can have one folder only.',
    ],
    [
      'the folder is misspelled',
      { XRAY_WORKING_DIRECTORY: 'ap' },
      '::error::The working-directory ap does not exist.',
    ],
  ])('%s', async (_, inputs, message) => {
    const { status, stdout } = await runAction({
      base: { 'source.txt': RIGHT },
      head: { 'source.txt': UNTRACED },
      inputs: { XRAY_COMMENT: 'false', ...inputs },
    });
    expect(status).toBe(2);
    expect(stdout).toContain(message);
  });
});

describe('the files of pipelines', () => {
  const read = (...path: string[]) => readFileSync(join(PROJECT, ...path), 'utf-8');
  const action = parse(read('action.yml')) as {
    inputs: Record<string, unknown>;
    runs: { steps: { env?: Record<string, string>; with?: Record<string, unknown> }[] };
  };

  test('the step gets each input that it reads, in its environment and not in its script', () => {
    const passed = Object.keys(action.runs.steps[0].env ?? {});
    const used = new Set(
      ['run.mjs', 'comment.mjs'].flatMap((file) => read('action', file).match(/XRAY_\w+/g) ?? []),
    );
    expect(passed.sort()).toEqual([...used].sort());
    expect(
      JSON.stringify(action.runs.steps.map((step) => ({ ...step, if: '', env: {}, with: {} }))),
    ).not.toContain('${{');
  });

  test.each(['github-actions.yml', 'github-actions-cdk.yml'])('%s has inputs that exist', (file) => {
    const { jobs } = parse(read('examples', 'pipelines', file)) as {
      jobs: { tracing: { steps: { uses?: string; with?: Record<string, unknown> }[] } };
    };
    const step = jobs.tracing.steps.find(({ uses }) => uses?.startsWith('cdk-lambda-xray/'));
    expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(step?.with ?? {})));
  });

  test.each([
    ['.pre-commit-hooks.yaml'],
    ['examples/pipelines/github-actions.yml'],
    ['examples/pipelines/github-actions-cdk.yml'],
    ['examples/pipelines/gitlab-component.yml'],
    ['docs/continuous-integration.md'],
  ])('%s names the version of package.json', (file) => {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    expect(read(file).match(/\d+\.\d+\.\d+/g)).toEqual([version]);
  });
});
