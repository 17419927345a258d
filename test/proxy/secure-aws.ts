import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { type Certificate, certificateFor } from './certificate';

/** An AWS that is reached by HTTPS, under the names of the endpoints in eu-west-1. */
export interface SecureAws {
  readonly port: number;
  readonly certificate: Certificate;
  /** The hosts that it was asked as, a request each. */
  readonly asked: string[];
  readonly stop: () => Promise<void>;
}

const HOSTS = ['localhost', '*.amazonaws.com', '*.eu-west-1.amazonaws.com', '*.sso.eu-west-1.amazonaws.com'];
const ROLE = 'arn:aws:iam::111122223333:role/Fn';

/** The template of the stack `Orders`. */
export function ordersTemplate(functions: number): string {
  const properties = { Role: ROLE, TracingConfig: { Mode: 'Active' } };
  const resources = namesOf(functions).map((name) => [
    name,
    { Type: 'AWS::Lambda::Function', Properties: properties },
  ]);
  return JSON.stringify({ Resources: Object.fromEntries(resources) as object });
}

/** Starts one with a stack `Orders`, which has so many functions and is as its template says. */
export async function secureAws(functions: number): Promise<SecureAws> {
  const certificate = certificateFor(HOSTS);
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer(certificate, (request, response) => {
    asked.push(request.headers.host ?? '');
    void text(request).then((body) => {
      const answer = answerTo(request.url ?? '', new URLSearchParams(body), functions);
      response.setHeader('content-type', answer.startsWith('<') ? 'text/xml' : 'application/json');
      // As long as several requests need to be under way at once.
      setTimeout(() => response.end(answer), 10);
    });
  });
  server.on('connection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    certificate,
    asked,
    stop: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function namesOf(functions: number): string[] {
  return Array.from({ length: functions }, (_, i) => `Fn${i}`);
}

function answerTo(path: string, form: URLSearchParams, functions: number): string {
  const json = JSON_ANSWERS.find(([end]) => path.split('?')[0].endsWith(end))?.[1];
  if (json) return JSON.stringify(json());
  const action = form.get('Action') ?? '';
  const result = XML_ANSWERS[action]?.(functions) ?? '';
  return `<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`;
}

const KEYS = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' };

/** By the ends of their paths. */
const JSON_ANSWERS: readonly [string, () => object][] = [
  [
    '/versions',
    () => ({ Versions: [{ Version: '$LATEST', TracingConfig: { Mode: 'Active' }, Role: ROLE }] }),
  ],
  ['/aliases', () => ({ Aliases: [] })],
  ['/federation/credentials', () => ({ roleCredentials: { ...KEYS, expiration: Date.now() + 3_600_000 } })],
  ['/token', () => ({ accessToken: 'renewed', refreshToken: 'next', expiresIn: 3_600 })],
];

const XML_ANSWERS: Readonly<Record<string, (functions: number) => string>> = {
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
  return `<${name}>${all.map((one) => `<member>${elements(one)}</member>`).join('')}</${name}>`;
}

function elements(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join('');
}
