import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { type Certificate, certificateFor } from './certificate';

/** A simulated AWS with HTTPS endpoints of eu-west-1. */
export interface SecureAws {
  readonly port: number;
  readonly certificate: Certificate;
  /** The hosts of the requests. */
  readonly requestedHosts: string[];
  readonly stop: () => Promise<void>;
}

const HOSTS = ['localhost', '*.amazonaws.com', '*.eu-west-1.amazonaws.com', '*.sso.eu-west-1.amazonaws.com'];
const ROLE = 'arn:aws:iam::111122223333:role/Fn';

/** Returns the template of the stack `Orders`. */
export function ordersTemplate(functions: number): string {
  const properties = { Role: ROLE, TracingConfig: { Mode: 'Active' } };
  const resources = namesOf(functions).map((name) => [
    name,
    { Type: 'AWS::Lambda::Function', Properties: properties },
  ]);
  return JSON.stringify({ Resources: Object.fromEntries(resources) as object });
}

/** Starts a simulated AWS with a stack `Orders`, whose functions have the modes of the template. */
export async function secureAws(functions: number): Promise<SecureAws> {
  const certificate = certificateFor(HOSTS);
  const requestedHosts: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer(certificate, (request, response) => {
    requestedHosts.push(request.headers.host ?? '');
    void text(request).then((body) => {
      const result = responseTo(request.url ?? '', new URLSearchParams(body), functions);
      response.setHeader('content-type', result.startsWith('<') ? 'text/xml' : 'application/json');
      // The delay makes concurrent requests overlap.
      setTimeout(() => response.end(result), 10);
    });
  });
  server.on('connection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    certificate,
    requestedHosts,
    stop: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function namesOf(functions: number): string[] {
  return Array.from({ length: functions }, (_, i) => `Fn${i}`);
}

function responseTo(path: string, form: URLSearchParams, functions: number): string {
  const json = JSON_RESPONSES.find(([end]) => path.split('?')[0].endsWith(end))?.[1];
  if (json) return JSON.stringify(json());
  const action = form.get('Action') ?? '';
  const result = XML_RESPONSES[action]?.(functions) ?? '';
  return `<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`;
}

const KEYS = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' };

/** Responses by the end of the path. */
const JSON_RESPONSES: readonly [string, () => object][] = [
  [
    '/versions',
    () => ({ Versions: [{ Version: '$LATEST', TracingConfig: { Mode: 'Active' }, Role: ROLE }] }),
  ],
  ['/aliases', () => ({ Aliases: [] })],
  ['/federation/credentials', () => ({ roleCredentials: { ...KEYS, expiration: Date.now() + 3_600_000 } })],
  ['/token', () => ({ accessToken: 'renewed', refreshToken: 'next', expiresIn: 3_600 })],
];

const XML_RESPONSES: Readonly<Record<string, (functions: number) => string>> = {
  DescribeStacks: () =>
    members('Stacks', [
      {
        StackName: 'Orders',
        StackId: 'arn:aws:cloudformation:eu-west-1:111122223333:stack/Orders/0',
        StackStatus: 'CREATE_COMPLETE',
        CreationTime: '2026-01-01T00:00:00Z',
      },
    ]),
  ListStackResources: (functions) =>
    members(
      'StackResourceSummaries',
      namesOf(functions).map((name) => ({
        LogicalResourceId: name,
        PhysicalResourceId: `Orders-${name}`,
        ResourceType: 'AWS::Lambda::Function',
        ResourceStatus: 'CREATE_COMPLETE',
      })),
    ),
  GetTemplate: (functions) => elements({ TemplateBody: ordersTemplate(functions) }),
  SimulatePrincipalPolicy: () =>
    members(
      'EvaluationResults',
      ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'].map((action) => ({
        EvalActionName: action,
        EvalDecision: 'allowed',
      })),
    ),
  AssumeRole: () => {
    const { accessKeyId, secretAccessKey, sessionToken } = KEYS;
    return `<Credentials>${elements({
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: sessionToken,
      Expiration: '2099-01-01T00:00:00Z',
    })}</Credentials>`;
  },
};

function members(name: string, all: readonly Readonly<Record<string, string>>[]): string {
  return `<${name}>${all.map((values) => `<member>${elements(values)}</member>`).join('')}</${name}>`;
}

function elements(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join('');
}
