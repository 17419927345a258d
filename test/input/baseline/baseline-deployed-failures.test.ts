import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { directoryWith, lines } from '../temporary';
import { deployedBaseline, restoreEnvironment, setExampleCredentials, stack } from './deployed-stacks';

beforeEach(setExampleCredentials);

afterAll(restoreEnvironment);

describe('stacks that can not be read', () => {
  const servers: Server[] = [];
  afterEach(() => servers.splice(0).forEach((server) => server.close()));

  /** Starts a CloudFormation that answers all requests with an error. Returns a function that counts the requests. */
  async function failingCloudFormation(status: number, code: string, message: string): Promise<() => number> {
    let requests = 0;
    const server = createServer((request, response) => {
      requests++;
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
    return () => requests;
  }

  const PRINCIPAL = 'arn:aws:sts::111122223333:assumed-role/Ci/build';

  test.each<[string, number, string, string, string]>([
    [
      'no permission',
      403,
      'AccessDenied',
      `User: ${PRINCIPAL} is not authorized to perform: cloudformation:GetTemplate on resource: ` +
        'arn:aws:cloudformation:eu-west-1:111122223333:stack/Orders/* because no identity-based policy allows it',
      `Access denied. Allow cloudformation:GetTemplate for ${PRINCIPAL}.`,
    ],
    [
      'no permission, without details',
      403,
      'AccessDenied',
      'Access Denied',
      'Access denied. Allow cloudformation:DescribeStacks, cloudformation:GetTemplate and ' +
        'cloudformation:DescribeStackResource for the identity of your credentials.',
    ],
    [
      'expired credentials',
      403,
      'ExpiredToken',
      'The security token included in the request is expired',
      'The AWS credentials have expired. Renew them, for example with `aws sso login`.',
    ],
    [
      'unknown credentials',
      403,
      'InvalidClientTokenId',
      'The security token included in the request is invalid.',
      'AWS rejects the credentials (The security token included in the request is invalid). Check ' +
        'them, and check that the region is enabled for the account.',
    ],
    ['another error', 400, 'ValidationError', 'No.', 'AWS responds: No.'],
  ])('%s', async (_, status, code, message, reason) => {
    await failingCloudFormation(status, code, message);
    const { templates, errors, notes } = await deployedBaseline('deployed', [stack('Orders')]);
    expect({ templates, notes }).toEqual({ templates: [], notes: [] });
    expect(lines(errors)).toEqual([`deployed: Can't read the stack 'Orders' in eu-west-1: ${reason}`]);
  });

  test('reports a reason once for all stacks', async () => {
    const requests = await failingCloudFormation(
      403,
      'ExpiredToken',
      'The security token included in the request is expired',
    );
    const stacks = Array.from({ length: 200 }, (_, i) =>
      stack(`S${i}`, i % 2 ? { region: 'us-east-1' } : {}),
    );
    expect(lines((await deployedBaseline('deployed', stacks)).errors)).toEqual([
      "deployed: Can't read 200 stacks in eu-west-1, us-east-1 ('S0', 'S1', 'S2', 'S3', 'S4', 195 more): The AWS " +
        'credentials have expired. Renew them, for example with `aws sso login`.',
    ]);
    expect(requests()).toBeLessThan(10);
  });

  test('without credentials', async () => {
    delete process.env.AWS_ACCESS_KEY_ID;
    expect(lines((await deployedBaseline('deployed', [stack('Orders')])).errors)).toEqual([
      "deployed: Can't read the stack 'Orders' in eu-west-1: No AWS credentials found (Could not load " +
        'credentials from any providers). Pass a profile with --profile, or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and ' +
        'AWS_SECRET_ACCESS_KEY.',
    ]);
  });

  test('with an expired session', async () => {
    const config = directoryWith({
      config:
        '[profile ci]\nsso_session = ci\nsso_account_id = 111122223333\nsso_role_name = Ci\n' +
        '[sso-session ci]\nsso_start_url = https://example.com\nsso_region = eu-west-1\n',
    });
    process.env.AWS_CONFIG_FILE = join(config, 'config');
    process.env.HOME = config;
    expect(lines((await deployedBaseline('deployed', [stack('Orders')], { profile: 'ci' })).errors)).toEqual([
      "deployed: Can't read the stack 'Orders' in eu-west-1: You are not logged in to AWS. The SSO session token " +
        'associated with profile=ci was not found or is invalid. To refresh this SSO session run ' +
        "'aws sso login' with the corresponding profile.",
    ]);
  });

  test('with an unknown profile', async () => {
    expect(
      lines((await deployedBaseline('deployed', [stack('Orders')], { profile: 'gone' })).errors),
    ).toEqual([
      "deployed: Can't read the stack 'Orders' in eu-west-1: No AWS credentials found (Could not resolve " +
        'credentials using profile: [gone] in configuration/credentials file(s)). Pass a profile with --profile, or set ' +
        'AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
    ]);
  });
});
