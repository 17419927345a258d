import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { deployed, restoreEnvironment, stack, withNobodysCredentials } from '../judged-stacks';
import { directoryWith, lines } from '../temporary';

beforeEach(withNobodysCredentials);

afterAll(restoreEnvironment);

describe('what keeps stacks from being read', () => {
  const servers: Server[] = [];
  afterEach(() => servers.splice(0).forEach((server) => server.close()));

  /** Has CloudFormation answer everything with an error, and counts how often it is asked. */
  async function answering(status: number, code: string, message: string): Promise<() => number> {
    let asked = 0;
    const server = createServer((request, response) => {
      asked++;
      request.resume();
      response
        .writeHead(status, { 'content-type': 'text/xml' })
        .end(
          '<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error><Type>Sender</Type>' +
            `<Code>${code}</Code><Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`,
        );
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return () => asked;
  }

  const PRINCIPAL = 'arn:aws:sts::111122223333:assumed-role/Ci/build';

  test.each<[string, number, string, string, string]>([
    [
      'no permission',
      403,
      'AccessDenied',
      `User: ${PRINCIPAL} is not authorized to perform: cloudformation:GetTemplate on resource: ` +
        'arn:aws:cloudformation:eu-west-1:111122223333:stack/Orders/* because no identity-based policy allows it',
      `since permission is denied: allow cloudformation:GetTemplate to ${PRINCIPAL}.`,
    ],
    [
      'no permission, without a word',
      403,
      'AccessDenied',
      'Access Denied',
      'since permission is denied: allow cloudformation:DescribeStacks, cloudformation:GetTemplate and ' +
        'cloudformation:DescribeStackResource to whom the credentials are of.',
    ],
    [
      'credentials of yesterday',
      403,
      'ExpiredToken',
      'The security token included in the request is expired',
      'since the AWS credentials have expired: get new ones, as by aws sso login.',
    ],
    [
      'credentials that nobody knows',
      403,
      'InvalidClientTokenId',
      'The security token included in the request is invalid.',
      "since AWS doesn't accept the credentials (The security token included in the request is invalid): check " +
        'them, and whether the region is enabled for the account.',
    ],
    ['something else', 400, 'ValidationError', 'No.', 'since AWS says: No.'],
  ])('%s', async (_, status, code, message, reason) => {
    await answering(status, code, message);
    const { templates, errors, notes } = await deployed('deployed', [stack('Orders')]);
    expect({ templates, notes }).toEqual({ templates: [], notes: [] });
    expect(lines(errors)).toEqual([`deployed: The stack 'Orders' in eu-west-1 can't be read, ${reason}`]);
  });

  test('is told once for all of them', async () => {
    const asked = await answering(
      403,
      'ExpiredToken',
      'The security token included in the request is expired',
    );
    const stacks = Array.from({ length: 200 }, (_, i) =>
      stack(`S${i}`, i % 2 ? { region: 'us-east-1' } : {}),
    );
    expect(lines((await deployed('deployed', stacks)).errors)).toEqual([
      "deployed: 200 stacks in eu-west-1, us-east-1 ('S0', 'S1', 'S2', 'S3', 'S4', 195 more) can't be read, since the AWS " +
        'credentials have expired: get new ones, as by aws sso login.',
    ]);
    expect(asked()).toBeLessThan(10);
  });

  test('no credentials', async () => {
    delete process.env.AWS_ACCESS_KEY_ID;
    expect(lines((await deployed('deployed', [stack('Orders')])).errors)).toEqual([
      "deployed: The stack 'Orders' in eu-west-1 can't be read, since there are no AWS credentials (Could not load " +
        'credentials from any providers): name a profile by --profile, or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and ' +
        'AWS_SECRET_ACCESS_KEY.',
    ]);
  });

  test('a session that has ended', async () => {
    const config = directoryWith({
      config:
        '[profile ci]\nsso_session = ci\nsso_account_id = 111122223333\nsso_role_name = Ci\n' +
        '[sso-session ci]\nsso_start_url = https://example.com\nsso_region = eu-west-1\n',
    });
    process.env.AWS_CONFIG_FILE = join(config, 'config');
    process.env.HOME = config;
    expect(lines((await deployed('deployed', [stack('Orders')], { profile: 'ci' })).errors)).toEqual([
      "deployed: The stack 'Orders' in eu-west-1 can't be read, since you aren't logged in: The SSO session token " +
        'associated with profile=ci was not found or is invalid. To refresh this SSO session run ' +
        "'aws sso login' with the corresponding profile.",
    ]);
  });

  test('a profile that is not there', async () => {
    expect(lines((await deployed('deployed', [stack('Orders')], { profile: 'gone' })).errors)).toEqual([
      "deployed: The stack 'Orders' in eu-west-1 can't be read, since there are no AWS credentials (Could not resolve " +
        'credentials using profile: [gone] in configuration/credentials file(s)): name a profile by --profile, or set ' +
        'AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
    ]);
  });
});
