import {
  LambdaClient,
  ListAliasesCommand,
  ListFunctionsCommand,
  ListVersionsByFunctionCommand,
} from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFunctions } from '../../lib/deployed/read-functions';
import { awsError, denied, inAccount, PRINCIPAL, withNobody } from './account';

withNobody();

const ROLE = 'arn:aws:iam::111122223333:role/fn';
const progress: string[] = [];
const region = 'eu-west-1';

function read(names: readonly string[], concurrency?: number) {
  progress.length = 0;
  const named = names.map((name) => ({ name, region }));
  const show = (text: string) => progress.push(text);
  return inAccount((account) => readFunctions(named, account, show), concurrency);
}

describe('functions', () => {
  const lambda = mockClient(LambdaClient);
  beforeEach(() => {
    lambda.reset();
    lambda.on(ListVersionsByFunctionCommand).resolves({ Versions: [{ Version: '$LATEST', Role: ROLE }] });
    lambda.on(ListAliasesCommand).resolves({ Aliases: [] });
    lambda.on(ListFunctionsCommand).rejects(denied('lambda:ListFunctions'));
  });
  afterAll(() => lambda.restore());

  test('are read from several pages', async () => {
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

  test('without a mode have PassThrough', async () => {
    const { functions } = await read(['fn']);
    expect(functions[0].versions).toEqual([{ number: '$LATEST', mode: 'PassThrough', role: ROLE }]);
  });

  test('that do not exist have no versions', async () => {
    const gone = awsError('ResourceNotFoundException', 'Function not found: fn');
    lambda.on(ListVersionsByFunctionCommand).rejects(gone).on(ListAliasesCommand).rejects(gone);
    expect(await read(['fn'])).toEqual({
      functions: [{ name: 'fn', region, versions: [], aliases: [] }],
      failures: [],
    });
  });

  test('without versions are read without a request for aliases', async () => {
    const { functions } = await read(['fn']);
    expect(functions[0].aliases).toEqual([]);
    expect(lambda.commandCalls(ListAliasesCommand)).toEqual([]);
  });

  test('are read without aliases of $LATEST', async () => {
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

  test('without access are reported, and the others are read', async () => {
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

  test('are not requested after an error that affects all requests', async () => {
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

  test('are read with limited concurrency', async () => {
    let [active, maximum] = [0, 0];
    lambda.on(ListVersionsByFunctionCommand).callsFake(async () => {
      maximum = Math.max(maximum, ++active);
      await new Promise((resolve) => setTimeout(resolve, 5));
      active--;
      return { Versions: [] };
    });
    await read(
      Array.from({ length: 30 }, (_, i) => `fn${i}`),
      3,
    );
    expect(maximum).toBe(3);
    expect(progress.at(-1)).toBe('Reading function 30 of 30');
  });
});

/** Runs a test against a local endpoint. */
async function withEndpoint(answer: RequestListener, test: () => Promise<void>): Promise<void> {
  const server = createServer((request, response) => {
    request.resume();
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    await test();
  } finally {
    delete process.env.AWS_ENDPOINT_URL;
    server.close();
  }
}

describe('many functions', () => {
  const names = Array.from({ length: 300 }, (_, i) => `fn${i}`);

  /** Answers as Lambda does in a region that also has other functions, with 50 functions per page. */
  function regionWith(others: number, requests: string[], status = 200): RequestListener {
    const all = [...Array.from({ length: others }, (_, i) => `other${i}`), ...names.slice(1)];
    return ({ url = '' }, response) => {
      const { pathname, searchParams } = new URL(url, 'http://localhost');
      requests.push(pathname.replace(/fn\d+/, 'NAME'));
      const start = Number(searchParams.get('Marker') ?? 0);
      const versions = [{ Version: '$LATEST', TracingConfig: { Mode: 'Active' }, Role: ROLE }];
      const isList = /functions\/?$/.test(pathname);
      const body = isList
        ? {
            Functions: all
              .slice(start, start + 50)
              .flatMap((FunctionName) => versions.map((version) => ({ FunctionName, ...version }))),
            ...(start + 50 < all.length && { NextMarker: String(start + 50) }),
          }
        : { Versions: versions };
      response.writeHead(isList ? status : 200, {
        'content-type': 'application/json',
        ...(isList && status === 403 && { 'x-amzn-errortype': 'AccessDeniedException' }),
      });
      response.end(JSON.stringify(body));
    };
  }

  test('are read with fewer requests than functions', async () => {
    const requests: string[] = [];
    await withEndpoint(regionWith(900, requests), async () => {
      const { functions, failures } = await read(names);
      expect(failures).toEqual([]);
      expect(functions.map(({ versions = [] }) => versions.length)).toEqual([
        0,
        ...names.slice(1).map(() => 1),
      ]);
      expect(functions[1]).toEqual({
        name: 'fn1',
        region,
        versions: [{ number: '$LATEST', mode: 'Active', role: ROLE }],
        aliases: [],
      });
    });
    expect(requests.length).toBeLessThan(60);
    expect(new Set(requests)).toEqual(new Set(['/2015-03-31/functions']));
  });

  test.each([
    ['if the region has many more of them', 10_000, 200, 60],
    ['if listing them is denied', 0, 403, 1],
  ])('are read one by one %s', async (_, others, status, lists) => {
    const requests: string[] = [];
    await withEndpoint(regionWith(others, requests, status), async () => {
      const { functions, failures } = await read(names);
      expect(failures).toEqual([]);
      expect(functions.every(({ versions }) => versions?.[0].mode === 'Active')).toBe(true);
    });
    expect(requests.filter((path) => !path.includes('NAME'))).toHaveLength(lists);
    expect(requests).toHaveLength(lists + names.length);
  });
});

test('retries throttled requests', async () => {
  let requests = 0;
  await withEndpoint(
    (_, response) => {
      const isThrottled = ++requests % 3 === 1;
      const body = isThrottled
        ? { Reason: 'CallerRateLimitExceeded', message: 'Rate exceeded', Type: 'User' }
        : { Versions: [{ Version: '1', TracingConfig: { Mode: 'Active' }, Role: ROLE }], Aliases: [] };
      const headers = isThrottled ? { 'x-amzn-errortype': 'TooManyRequestsException' } : {};
      response.writeHead(isThrottled ? 429 : 200, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(body));
    },
    async () => {
      const { functions, failures } = await read(['a', 'b']);
      expect(failures).toEqual([]);
      expect(functions.map(({ versions }) => versions?.[0].mode)).toEqual(['Active', 'Active']);
      expect(requests).toBeGreaterThan(4);
    },
  );
}, 60_000);
