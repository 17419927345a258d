import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type Certificate, certificateFor, describeWithOpenSsl } from '../proxy/certificate';
import { deployedFunction, invoke, type Invocation, type Invoked } from './deployed-function';
import { changeSetRequest, functions, resourceRequest, stackRequest } from './requests';

const SECRET = 'X-Amz-Signature=0123456789abcdef';

describeWithOpenSsl('the function as it is deployed', () => {
  let certificate: Certificate;
  let server: Server;
  let body = '';
  let url: string;

  beforeAll(async () => {
    certificate = certificateFor(['localhost']);
    server = createServer(certificate, (_, response) => response.end(body));
    await new Promise<void>((resolve) => server.listen(0, resolve));
    url = `https://localhost:${(server.address() as AddressInfo).port}/payload?${SECRET}`;
  });
  afterAll(() => server.close());

  async function invoked(
    event: object,
    payload: object,
    { options = {}, ...invocation }: Invocation & { options?: Parameters<typeof deployedFunction>[0] } = {},
  ): Promise<Invoked> {
    body = JSON.stringify(payload);
    const env = { NODE_EXTRA_CA_CERTS: certificate.file, NODE_NO_WARNINGS: '1' };
    return invoke(await deployedFunction(options), event, { env, ...invocation });
  }

  test('allows a new stack without findings, and has nothing to log', async () => {
    const { response, log } = await invoked(stackRequest('CREATE', url), {
      template: functions({ Fn: 'Active' }),
    });
    expect(response).toMatchObject({ hookStatus: 'SUCCESS', annotations: [{ status: 'PASSED' }] });
    expect(log).toBe('');
  });

  test('fails an update in YAML that adds an error', async () => {
    const yaml = (mode: string) =>
      `Resources:\n  Fn:\n    Type: AWS::Lambda::Function\n    Properties:\n      TracingConfig: { Mode: ${mode} }\n`;
    const { response } = await invoked(stackRequest('UPDATE', url), {
      template: yaml('Enabled'),
      previousTemplate: yaml('PassThrough'),
    });
    expect(response).toMatchObject({ hookStatus: 'FAILED', errorCode: 'NonCompliant' });
    // The version of the package is part of the function.
    expect(response.annotations![0].remediationLink).toMatch(/docs\/rules\/LambdaXRay-InvalidMode\.md$/);
  });

  test('checks a change set', async () => {
    const changedResources = [{ logicalResourceId: 'Fn', action: 'UPDATE' }];
    const template = functions({ Fn: 'Enabled' });
    const { response } = await invoked(changeSetRequest(url), { template, changedResources });
    expect(response.hookStatus).toBe('FAILED');
  });

  test('fetches nothing for operations that it does not check', async () => {
    for (const event of [stackRequest('DELETE', 'https://localhost:1'), resourceRequest(), {}]) {
      const { response } = await invoked(event, {});
      expect(response.hookStatus).toBe('SUCCESS');
    }
  });

  test.each([
    ['ALLOW', { hookStatus: 'SUCCESS' }],
    ['DENY', { hookStatus: 'FAILED', errorCode: 'InternalFailure' }],
  ] as const)('answers if the payload cannot be fetched: %s', async (onError, expected) => {
    const event = stackRequest('CREATE', `https://localhost:1/payload?${SECRET}`);
    const { response, log } = await invoked(event, {}, { options: { onError } });
    expect(response).toMatchObject(expected);
    expect(JSON.stringify(response) + log).not.toContain('0123456789abcdef');
  });

  const large = (count: number) =>
    functions(Object.fromEntries(Array.from({ length: count }, (_, i) => [`Function${i}`, 'Active'])));

  test('answers before the time is over', async () => {
    // Checking it takes many times longer than fetching it, with sufficient memory.
    const template = large(20_000);
    const limits = { remaining: 3_000, memory: 4_096 };
    const { response, duration } = await invoked(stackRequest('CREATE', url), { template }, limits);
    expect(response.message).toMatch(/^The check took too long/);
    expect(response.hookStatus).toBe('SUCCESS');
    expect(duration).toBeLessThan(10_000);
  });

  test('answers if the memory is not sufficient', async () => {
    const payload = { template: large(3_000) };
    const { response } = await invoked(stackRequest('CREATE', url), payload, { memory: 166 });
    expect(response.message).toMatch(/^The check needs more memory than the function has/);
  });

  test('checks 500 resources within 5 seconds of a cold start and 512 MB', async () => {
    const modes = (mode: string) =>
      functions(Object.fromEntries(Array.from({ length: 499 }, (_, i) => [`Function${i}`, mode])));
    const payload = { template: modes('PassThrough'), previousTemplate: modes('Active') };
    const { response, duration, memory } = await invoked(stackRequest('UPDATE', url), payload);
    expect(response.annotations).toHaveLength(100);
    expect(duration).toBeLessThan(5_000);
    expect(memory).toBeLessThan(512);
  });
});
