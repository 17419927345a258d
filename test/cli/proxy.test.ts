import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { NOBODY } from '../deployed/account';
import { describeWithOpenSsl } from '../proxy/certificate';
import { type ConnectProxy, connectProxy } from '../proxy/connect-proxy';
import { ordersTemplate, type SecureAws, secureAws } from '../proxy/secure-aws';
import { bundledCommand, folderWith, run, runShared } from './bundled-command';

const FUNCTIONS = 20;
const CLOUDFORMATION = 'cloudformation.eu-west-1.amazonaws.com';
const SERVICES = [
  CLOUDFORMATION,
  'iam.amazonaws.com',
  'lambda.eu-west-1.amazonaws.com',
  'xray.eu-west-1.amazonaws.com',
];

// The command is a process of its own.
jest.setTimeout(60_000);

describeWithOpenSsl('an AWS behind a proxy', () => {
  let command: string;
  let aws: SecureAws;
  let proxy: ConnectProxy;
  const proxies: ConnectProxy[] = [];

  beforeAll(async () => {
    [command, aws] = await Promise.all([bundledCommand(), secureAws(FUNCTIONS)]);
  }, 60_000);
  beforeEach(async () => {
    aws.requestedHosts.length = 0;
    proxy = await proxyThat(200);
  });
  afterEach(async () => {
    await Promise.all(proxies.splice(0).map(({ stop }) => stop()));
  });
  afterAll(() => aws.stop());

  /** Starts a proxy that answers with that. */
  async function proxyThat(answers: number): Promise<ConnectProxy> {
    const started = await connectProxy(aws.port, answers);
    proxies.push(started);
    return started;
  }

  /** Runs the command where the template of the stack `Orders` is. */
  function xray(args: readonly string[], env: Readonly<Record<string, string>>) {
    // With a profile, the SDK keeps the credentials.
    const start = 'AWS_CONFIG_FILE' in env ? run : runShared;
    return start(command, args, {
      cwd: folderWith({ 'template.json': ordersTemplate(FUNCTIONS) }),
      env: { ...NOBODY, NODE_EXTRA_CA_CERTS: aws.certificate.file, ...env },
    });
  }

  function verify(env: Readonly<Record<string, string>>, ...more: readonly string[]) {
    return xray(['verify', 'template.json', '--stack', 'Orders', '--quiet', ...more], env);
  }

  const FINE = { status: 0, stdout: '', stderr: '' };
  const local = () => `127.0.0.1:${proxy.port}`;
  const hosts = () => [...new Set(proxy.requestedHosts)].sort();

  test('is verified through it, with a connection for each service and each request that is under way', async () => {
    expect(await verify({ HTTPS_PROXY: `http://${local()}` }, '--concurrency', '1')).toEqual(FINE);
    expect([...proxy.requestedHosts].sort()).toEqual(SERVICES.map((host) => `${host}:443`));
    expect(aws.requestedHosts.length).toBeGreaterThan(FUNCTIONS);
  });

  test('is asked by several connections at once', async () => {
    expect(await verify({ HTTPS_PROXY: `http://${local()}` }, '--concurrency', '4')).toEqual(FINE);
    const toLambda = proxy.requestedHosts.filter((host) => host.startsWith('lambda.'));
    expect(toLambda.length).toBeGreaterThan(1);
    expect(toLambda.length).toBeLessThanOrEqual(4);
  });

  test('has its stack as a baseline', async () => {
    const args = ['check', 'template.json', '--baseline', 'deployed:Orders', '--fail-on', 'never'];
    const { status, stderr } = await xray(args, { HTTPS_PROXY: `http://${local()}` });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(hosts()).toEqual([`${CLOUDFORMATION}:443`]);
  });

  test('in lower case, which counts before the other, and without a scheme', async () => {
    const env = { https_proxy: local(), HTTPS_PROXY: 'http://127.0.0.1:1' };
    expect(await verify(env)).toEqual(FINE);
    expect(hosts()).toEqual(SERVICES.map((host) => `${host}:443`));
  });

  test.each([
    ['NO_PROXY', 'localhost', false],
    ['no_proxy', '.example.com, localhost', false],
    ['NO_PROXY', '.example.com', true],
  ])('%s=%s', async (variable, value, isProxied) => {
    const endpoint = `localhost:${aws.port}`;
    const env = {
      HTTPS_PROXY: `http://${local()}`,
      [variable]: value,
      AWS_ENDPOINT_URL: `https://${endpoint}`,
    };
    expect(await verify(env)).toEqual(FINE);
    expect(hosts()).toEqual(isProxied ? [endpoint] : []);
    expect(new Set(aws.requestedHosts)).toEqual(new Set([endpoint]));
  });

  test('plain HTTP goes around it', async () => {
    const env = { HTTPS_PROXY: `http://${local()}`, AWS_ENDPOINT_URL: 'http://127.0.0.1:1' };
    const { status, stdout } = await verify(env);
    expect(status).toBe(2);
    expect(stdout).toContain('CloudFormation is unreachable (connect ECONNREFUSED 127.0.0.1:1)');
    expect(proxy.requestedHosts).toEqual([]);
  });

  test('its credentials are sent, and never told', async () => {
    const env = { HTTPS_PROXY: `http://b%6Fb:p%40ss%zz@${local()}`, DEBUG: '*' };
    const { status, stdout, stderr } = await verify(env);
    expect(status).toBe(0);
    const told = [...proxy.authorizations].map((header) =>
      Buffer.from(header!.replace('Basic ', ''), 'base64').toString(),
    );
    expect(told).toEqual(['bob:p@ss%zz']);
    expect(stdout + stderr).not.toMatch(/b%6Fb|bob|p%40ss|p@ss|Basic/);
  });

  describe('by credentials that are asked for themselves', () => {
    const SSO = 'sso_account_id = 111122223333\nsso_role_name = Ci\n';
    const SESSION = '[sso-session ci]\nsso_start_url = https://example.com\nsso_region = eu-west-1\n';
    const IN_AN_HOUR = new Date(Date.now() + 3_600_000).toISOString();
    const SOON = new Date(Date.now() + 60_000).toISOString();
    const PORTAL = 'portal.sso.eu-west-1.amazonaws.com:443';

    const profiles: [string, string, string, string[]][] = [
      ['of a session', `[profile ci]\nsso_session = ci\n${SSO}${SESSION}`, IN_AN_HOUR, [PORTAL]],
      [
        'of a session that is renewed',
        `[profile ci]\nsso_session = ci\n${SSO}${SESSION}`,
        SOON,
        ['oidc.eu-west-1.amazonaws.com:443', PORTAL],
      ],
      [
        'of a role',
        '[profile ci]\nrole_arn = arn:aws:iam::111122223333:role/Ci\nsource_profile = base\n' +
          '[profile base]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = secret\n',
        IN_AN_HOUR,
        ['sts.eu-west-1.amazonaws.com:443'],
      ],
    ];

    /** The environment of somebody who has such a profile, and has logged in. */
    function environment(config: string, expiresAt: string): Record<string, string> {
      const cached = `.aws/sso/cache/${createHash('sha1').update('ci').digest('hex')}.json`;
      const token = {
        ...{ accessToken: 'token', expiresAt, refreshToken: 'refresh' },
        ...{ clientId: 'id', clientSecret: 'secret', region: 'eu-west-1' },
      };
      const home = folderWith({ '.aws/config': config, [cached]: JSON.stringify(token) });
      const keys = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };
      return { ...keys, HOME: home, AWS_CONFIG_FILE: join(home, '.aws', 'config') };
    }

    test.each(profiles)('%s', async (_, config, expiresAt, asked) => {
      const env = { ...environment(config, expiresAt), HTTPS_PROXY: `http://${local()}` };
      expect(await verify(env, '--profile', 'ci', '--region', 'eu-west-1')).toEqual(FINE);
      expect(hosts()).toEqual(expect.arrayContaining(asked));
    });

    test.each(profiles)('%s, as the environment says', async (_, config, expiresAt, asked) => {
      const env = { ...environment(config, expiresAt), AWS_PROFILE: 'ci', HTTPS_PROXY: `http://${local()}` };
      expect(await verify(env)).toEqual(FINE);
      expect(hosts()).toEqual(expect.arrayContaining(asked));
    });

    test.each([profiles[0], profiles[2]])('%s, which the proxy refuses', async (_, config, expiresAt) => {
      const refusing = await proxyThat(403);
      const env = {
        ...environment(config, expiresAt),
        AWS_PROFILE: 'ci',
        HTTPS_PROXY: `http://127.0.0.1:${refusing.port}`,
      };
      const { status, stdout } = await verify(env);
      expect(status).toBe(2);
      expect(stdout).toContain(
        `Can't read the stack 'Orders' in eu-west-1: The proxy http://127.0.0.1:${refusing.port} (HTTPS_PROXY) ` +
          `does not connect to ${refusing.requestedHosts[0]} (403 Forbidden). Allow the host in the proxy, or list the hosts that ` +
          'need no proxy in NO_PROXY.\n',
      );
    });
  });

  describe('that does not let it through', () => {
    const NOT_REACHED = 'Check HTTPS_PROXY, or list the hosts that need no proxy in NO_PROXY.';
    const NO_URL =
      'HTTPS_PROXY is not the URL of a proxy. Use a URL like http://proxy.example.com:8080, and write / ? # @ in a password as ' +
      '%2F %3F %23 %40.';

    /** Why the stack can't be read. */
    async function reason(HTTPS_PROXY: string): Promise<string | undefined> {
      const { status, stdout, stderr } = await verify({ HTTPS_PROXY, NO_PROXY: '' });
      expect({ status, stderr }).toEqual({ status: 2, stderr: '' });
      expect(stdout).not.toMatch(/bob|s3cret/);
      expect(stdout).not.toMatch(/^ +at /m);
      return /^ {2}deployed: Can't read the stack 'Orders' in eu-west-1: (.*)$/m.exec(stdout)?.[1];
    }

    test.each([
      [
        407,
        (at: string) =>
          `The proxy http://${at} (HTTPS_PROXY) rejects the credentials (407 Proxy Authentication Required). Write the ` +
          `user name and password in HTTPS_PROXY, as http://NAME:PASSWORD@${at}.`,
      ],
      [
        403,
        (at: string) =>
          `The proxy http://${at} (HTTPS_PROXY) does not connect to ${CLOUDFORMATION}:443 (403 Forbidden). Allow the ` +
          'host in the proxy, or list the hosts that need no proxy in NO_PROXY.',
      ],
    ])('%d', async (status, message) => {
      const { port, requestedHosts } = await proxyThat(status);
      expect(await reason(`http://bob:s3cret@127.0.0.1:${port}`)).toBe(message(`127.0.0.1:${port}`));
      expect(requestedHosts).toHaveLength(1);
    });

    test('502, which is tried again', async () => {
      const { port, requestedHosts } = await proxyThat(502);
      expect(await reason(`http://127.0.0.1:${port}`)).toMatch(/ \(502 Bad Gateway\)\. /);
      expect(requestedHosts.length).toBeGreaterThan(1);
    });

    test.each([
      [
        'http://bob:s3cret@127.0.0.1:1',
        `The proxy http://127.0.0.1:1 (HTTPS_PROXY) is unreachable (connect ECONNREFUSED 127.0.0.1:1). ${NOT_REACHED}`,
      ],
      [
        'socks5://bob:s3cret@127.0.0.1:1080',
        'The proxy socks5://127.0.0.1:1080 (HTTPS_PROXY) has an unsupported scheme. Use http:// or https://.',
      ],
      ['http://', NO_URL],
      ['http://bob:s3cret/@127.0.0.1:1', NO_URL],
      ['http://bob:12/s3cret@127.0.0.1:1', NO_URL],
    ])('%s', async (value, message) => {
      expect(await reason(value)).toBe(message);
    });

    test('nonsense', async () => {
      expect(await reason('nonsense')).toMatch(
        /^The proxy http:\/\/nonsense \(HTTPS_PROXY\) is unreachable \(.+\)\. Check HTTPS_PROXY, /,
      );
    });

    test.each(['SSH-2.0-\u001b[31mOpenSSH\r\n\r\n', 'HTTP/1.1 200 OK\r\n\u001b[31m\r\n\r\n'])(
      'no proxy: %j',
      async (text) => {
        const server = createServer((socket) => {
          socket.on('error', () => undefined).once('data', () => socket.end(text));
        });
        await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
        const at = `127.0.0.1:${(server.address() as AddressInfo).port}`;
        expect(await reason(`http://${at}`)).toBe(
          `The proxy http://${at} (HTTPS_PROXY) is unreachable (the response is not from a proxy). ${NOT_REACHED}`,
        );
        server.close();
      },
    );

    test('its own certificate is not trusted', async () => {
      const env = { HTTPS_PROXY: `https://localhost:${aws.port}`, NODE_EXTRA_CA_CERTS: '' };
      const { stdout } = await verify(env);
      expect(stdout).toMatch(
        /The proxy https:\/\/localhost:\d+ \(HTTPS_PROXY\) is unreachable \(self[- ]signed certificate\)\. Set NODE_EXTRA_CA_CERTS to its certificate file\./,
      );
    });
  });
});
