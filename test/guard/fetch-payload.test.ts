import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { fetchPayload, type FetchOptions } from '../../lib/guard/request';

const SECRET = 'X-Amz-Signature=0123456789abcdef';

let server: Server;
afterEach(() => new Promise((resolve) => server.closeAllConnections() ?? server.close(resolve)));

/** Serves a payload on this machine, and fetches it by a URL with a signature. */
async function served(listener: RequestListener, options: Partial<FetchOptions> = {}): Promise<string> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/payload?${SECRET}`;
  return fetchPayload(url, { timeout: 5_000, protocol: 'http:', ...options });
}

async function messageOf(result: Promise<string>): Promise<string> {
  const { message } = await result.then(
    () => new Error('was fetched'),
    (error: Error) => error,
  );
  expect(message).not.toContain(SECRET);
  expect(message).not.toContain('127.0.0.1');
  return message;
}

test('fetches a payload', async () => {
  const payload = JSON.stringify({ template: 'Ä\u{1F600}'.repeat(50_000) });
  expect(await served((_, response) => response.end(payload))).toBe(payload);
});

test('fetches a payload that is compressed, or starts with a byte order mark', async () => {
  const compressed = served((_, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"template":"{}"}')),
  );
  expect(await compressed).toBe('{"template":"{}"}');
  await new Promise((resolve) => server.close(resolve));
  expect(await served((_, response) => response.end('\ufeff{}'))).toBe('{}');
});

test('stops reading a payload that is too large only when it is decompressed', async () => {
  const bomb = gzipSync(Buffer.alloc(20_000_000));
  const limited = served((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb), {
    maxSize: 1_000_000,
  });
  expect(bomb.length).toBeLessThan(100_000);
  expect(await messageOf(limited)).toBe('The payload of the request is larger than 1 MB.');
});

test('reports an expired URL', async () => {
  const expired = served((_, response) => response.writeHead(403).end(`<Error>${SECRET}</Error>`));
  expect(await messageOf(expired)).toBe("The payload of the request can't be fetched (HTTP status 403).");
});

test('tries again after a temporary error, but not after others', async () => {
  const attempts = async (...statuses: (number | 'reset')[]): Promise<[result: string, attempts: number]> => {
    const left = [...statuses];
    const result = served((_, response) => {
      const status = left.shift() ?? 200;
      if (status === 'reset') response.destroy();
      else response.writeHead(status).end('{}');
    });
    const text = await result.catch((error: Error) => error.message);
    await new Promise((resolve) => server.closeAllConnections() ?? server.close(resolve));
    return [text, statuses.length - left.length];
  };
  expect(await attempts(503, 'reset', 200)).toEqual(['{}', 3]);
  const failed = (reason: string) => `The payload of the request can't be fetched (${reason}).`;
  expect(await attempts(500, 500, 503, 200)).toEqual([failed('HTTP status 503'), 3]);
  expect(await attempts(403, 200)).toEqual([failed('HTTP status 403'), 1]);
});

test('does not follow redirections', async () => {
  const moved = served((_, response) => response.writeHead(302, { location: `/other?${SECRET}` }).end());
  expect(await messageOf(moved)).toMatch(/^The payload of the request can't be fetched \(\w+\)\.$/);
});

test('ends a response that takes too long', async () => {
  const slow = served((_, response) => void response.write('{'), { timeout: 200 });
  expect(await messageOf(slow)).toBe("The payload of the request can't be fetched (TimeoutError).");
});

test('stops reading a payload that is too large', async () => {
  const endless: RequestListener = (_, response) => {
    const more = (): void => {
      while (response.write('x'.repeat(100_000)));
      response.once('drain', more);
    };
    more();
  };
  expect(await messageOf(served(endless, { maxSize: 1_000_000 }))).toBe(
    'The payload of the request is larger than 1 MB.',
  );
});

test('reports a connection that ends', async () => {
  const broken = served((_, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('{');
    setTimeout(() => response.destroy(), 50);
  });
  expect(await messageOf(broken)).toMatch(/^The payload of the request can't be fetched \(\w+\)\.$/);
});

test('reports a server that is down', async () => {
  server = createServer();
  const closed = fetchPayload(`http://127.0.0.1:1/payload?${SECRET}`, { timeout: 5_000, protocol: 'http:' });
  expect(await messageOf(closed)).toMatch(/^The payload of the request can't be fetched \(/);
});

test.each([undefined, '', 'text', 'file:///etc/passwd', `http://127.0.0.1/payload?${SECRET}`])(
  'refuses the URL %s',
  async (url) => {
    server = createServer();
    expect(await messageOf(fetchPayload(url, { timeout: 1_000 }))).toBe(
      url === undefined ? 'The request has no payload.' : 'The payload of the request has an invalid URL.',
    );
  },
);
