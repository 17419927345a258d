import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { FORMATS } from '../properties/template-formats';
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
    // Fetching it seems to have taken nearly all of the time, on machines of any speed.
    const template = JSON.stringify(application('Active', 5_000));
    const limits = { remaining: 30_000, late: 24_980, memory: 4_096 };
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

  /** Returns an application with a role, a function, a version, an alias, an API method and a queue for each number. */
  function application(mode: string, size: number): object {
    const parts = Array.from({ length: size }, (_, i) => ({
      [`Role${i}`]: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: { Statement: [{ Action: 'sts:AssumeRole', Effect: 'Allow' }] },
          Policies: [
            {
              PolicyName: 'Send',
              PolicyDocument: {
                Statement: [
                  { Effect: 'Allow', Action: ['xray:Put*'], Resource: '*' },
                  {
                    Effect: 'Allow',
                    Action: 'sqs:SendMessage',
                    Resource: { 'Fn::GetAtt': [`Queue${i}`, 'Arn'] },
                  },
                ],
              },
            },
          ],
        },
      },
      [`Fn${i}`]: {
        Type: 'AWS::Lambda::Function',
        Properties: { Role: { 'Fn::GetAtt': [`Role${i}`, 'Arn'] }, TracingConfig: { Mode: mode } },
      },
      [`Version${i}`]: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: `Fn${i}` } } },
      [`Alias${i}`]: {
        Type: 'AWS::Lambda::Alias',
        Properties: {
          Name: 'live',
          FunctionName: { Ref: `Fn${i}` },
          FunctionVersion: { 'Fn::GetAtt': [`Version${i}`, 'Version'] },
        },
      },
      [`Method${i}`]: {
        Type: 'AWS::ApiGateway::Method',
        Properties: {
          RestApiId: { Ref: 'Api' },
          Integration: {
            Type: 'AWS_PROXY',
            Uri: { 'Fn::Sub': `arn:aws:apigateway:x:lambda:path/\${Alias${i}}/invocations` },
          },
        },
      },
      [`Queue${i}`]: { Type: 'AWS::SQS::Queue', Properties: {} },
    }));
    const api = { Api: { Type: 'AWS::ApiGateway::RestApi', Properties: {} } };
    return { Resources: Object.assign(api, ...parts) as object };
  }

  test.each(FORMATS.map((write, i) => [['JSON', 'YAML', 'short YAML'][i], write] as const))(
    'checks 500 resources in %s within 5 seconds of a cold start and 512 MB',
    async (_, write) => {
      // 83 parts of 6 resources, and the API.
      const payload = {
        template: write(application('PassThrough', 83)),
        previousTemplate: write(application('Active', 83)),
      };
      const { response, time, memory } = await invoked(stackRequest('UPDATE', url), payload);
      expect(response).toMatchObject({ hookStatus: 'FAILED', errorCode: 'NonCompliant' });
      // Unlike the duration, it does not depend on the other processes of the machine.
      expect(time).toBeLessThan(5_000);
      expect(memory).toBeLessThan(512);
    },
  );
});
