import { LambdaClient, ListAliasesCommand, ListVersionsByFunctionCommand } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFunctions } from '../../lib/deployed/read-functions';
import { awsError, denied, inAccount, NOBODY, PRINCIPAL } from './account';

const environment = { ...process.env };
beforeAll(() => Object.assign(process.env, NOBODY));
afterAll(() => {
  process.env = environment;
});

const ROLE = 'arn:aws:iam::111122223333:role/fn';
const progress: string[] = [];
const region = 'eu-west-1';

function read(names: readonly string[], concurrency?: number) {
  progress.length = 0;
  const named = names.map((name) => ({ name, region }));
  const show = (what: string) => progress.push(what);
  return inAccount((account) => readFunctions(named, account, show), concurrency);
}

describe('answers', () => {
  const lambda = mockClient(LambdaClient);
  beforeEach(() => {
    lambda.reset();
    lambda.on(ListVersionsByFunctionCommand).resolves({ Versions: [{ Version: '$LATEST', Role: ROLE }] });
    lambda.on(ListAliasesCommand).resolves({ Aliases: [] });
  });
  afterAll(() => lambda.restore());

  test('of several pages', async () => {
    lambda
      .on(ListVersionsByFunctionCommand, { FunctionName: 'fn' })
      .resolves({
        Versions: [{ Version: '$LATEST', TracingConfig: { Mode: 'Active' }, Role: ROLE }],
        NextMarker: 'more',
      })
      .on(ListVersionsByFunctionCommand, { FunctionName: 'fn', Marker: 'more' })
      .resolves({ Versions: [{ Version: '1', TracingConfig: { Mode: 'PassThrough' }, Role: ROLE }] })
      .on(ListAliasesCommand, { FunctionName: 'fn' })
      .resolves({ Aliases: [{ Name: 'live', FunctionVersion: '1' }], NextMarker: 'more' })
      .on(ListAliasesCommand, { FunctionName: 'fn', Marker: 'more' })
      .resolves({
        Aliases: [
          {
            Name: 'shifting',
            FunctionVersion: '1',
            RoutingConfig: { AdditionalVersionWeights: { 2: 0.1, 3: 0 } },
          },
        ],
      });
    expect(await read(['fn'])).toEqual({
      functions: [
        {
          name: 'fn',
          region,
          versions: [
            { number: '$LATEST', mode: 'Active', role: ROLE },
            { number: '1', mode: 'PassThrough', role: ROLE },
          ],
          aliases: [
            { name: 'live', versions: ['1'] },
            { name: 'shifting', versions: ['1', '2'] },
          ],
        },
      ],
      failures: [],
    });
  });

  test('without a mode, which is PassThrough', async () => {
    const { functions } = await read(['fn']);
    expect(functions[0].versions).toEqual([{ number: '$LATEST', mode: 'PassThrough', role: ROLE }]);
  });

  test('that there is no such function', async () => {
    const gone = awsError('ResourceNotFoundException', 'Function not found: fn');
    lambda.on(ListVersionsByFunctionCommand).rejects(gone).on(ListAliasesCommand).rejects(gone);
    expect(await read(['fn'])).toEqual({
      functions: [{ name: 'fn', region, versions: [], aliases: [] }],
      failures: [],
    });
  });

  test('of a function that is not published, without being asked for its aliases', async () => {
    const { functions } = await read(['fn']);
    expect(functions[0].aliases).toEqual([]);
    expect(lambda.commandCalls(ListAliasesCommand)).toEqual([]);
  });

  test('without aliases on what is not published', async () => {
    lambda
      .on(ListVersionsByFunctionCommand)
      .resolves({ Versions: [{ Version: '$LATEST' }, { Version: '1' }] })
      .on(ListAliasesCommand)
      .resolves({
        Aliases: [
          { Name: 'dev', FunctionVersion: '$LATEST' },
          { Name: 'live', FunctionVersion: '1' },
        ],
      });
    const { functions } = await read(['fn']);
    expect(functions[0].aliases).toEqual([{ name: 'live', versions: ['1'] }]);
  });

  test('that something is denied, which takes nothing from the rest', async () => {
    lambda.on(ListAliasesCommand).rejects(denied('lambda:ListAliases'));
    lambda.on(ListVersionsByFunctionCommand).resolves({ Versions: [{ Version: '1', Role: ROLE }] });
    lambda
      .on(ListVersionsByFunctionCommand, { FunctionName: 'b' })
      .rejects(denied('lambda:ListVersionsByFunction'));
    const { functions, failures } = await read(['c', 'b', 'a']);
    expect(functions.map(({ name, ...known }) => [name, ...Object.keys(known)])).toEqual([
      ['c', 'region', 'versions'],
      ['b', 'region'],
      ['a', 'region', 'versions'],
    ]);
    expect(failures).toEqual([
      `Can't read the function 'b' in eu-west-1: Access denied. Allow lambda:ListVersionsByFunction for ${PRINCIPAL}.`,
      `Can't read the aliases of 2 functions in eu-west-1 ('a', 'c'): Access denied. Allow lambda:ListAliases for ${PRINCIPAL}.`,
    ]);
  });

  test('that nothing can be read, which is not asked for again', async () => {
    lambda
      .on(ListVersionsByFunctionCommand)
      .rejects(awsError('ExpiredTokenException', 'The security token included in the request is expired'));
    const { failures } = await read(
      Array.from({ length: 50 }, (_, i) => `fn${i}`),
      1,
    );
    expect(failures).toEqual([
      "Can't read 50 functions in eu-west-1 ('fn0', 'fn1', 'fn2', 'fn3', 'fn4', 45 more): The AWS credentials " +
        'have expired. Renew them, for example with `aws sso login`.',
    ]);
    expect(lambda.calls().length).toBeLessThan(5);
  });

  test('to so many requests at once', async () => {
    let [now, most] = [0, 0];
    lambda.on(ListVersionsByFunctionCommand).callsFake(async () => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 5));
      now--;
      return { Versions: [] };
    });
    await read(
      Array.from({ length: 30 }, (_, i) => `fn${i}`),
      3,
    );
    expect(most).toBe(3);
    expect(progress.at(-1)).toBe('Reading function 30 of 30');
  });
});

test('Lambda refuses some of many requests for a while', async () => {
  let asked = 0;
  const server = createServer((request, response) => {
    const isRefused = ++asked % 3 === 1;
    const body = isRefused
      ? { Reason: 'CallerRateLimitExceeded', message: 'Rate exceeded', Type: 'User' }
      : { Versions: [{ Version: '1', TracingConfig: { Mode: 'Active' }, Role: ROLE }], Aliases: [] };
    const headers = isRefused ? { 'x-amzn-errortype': 'TooManyRequestsException' } : {};
    request.resume();
    response.writeHead(isRefused ? 429 : 200, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const { functions, failures } = await read(['a', 'b']);
    expect(failures).toEqual([]);
    expect(functions.map(({ versions }) => versions?.[0].mode)).toEqual(['Active', 'Active']);
    expect(asked).toBeGreaterThan(4);
  } finally {
    delete process.env.AWS_ENDPOINT_URL;
    server.close();
  }
}, 60_000);
