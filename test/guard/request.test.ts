import { GuardError } from '../../lib/guard/options';
import { readPayload, readRequest } from '../../lib/guard/request';
import { changeSetRequest, PAYLOAD_URL, resourceRequest, stackRequest } from './requests';

const STACK = { name: 'Orders', account: '123456789012', region: 'us-west-2' };
const TOKEN = 'f8da6d11-b23f-48f4-814c-0fb6a667f50e';

test.each(['CREATE', 'UPDATE', 'DELETE'] as const)('reads a request to %s a stack', (operation) => {
  expect(readRequest(stackRequest(operation))).toEqual({
    token: TOKEN,
    target: 'STACK',
    operation,
    stack: STACK,
    payloadUrl: PAYLOAD_URL,
  });
});

test('reads a request for a change set, which has no operation', () => {
  expect(readRequest(changeSetRequest())).toEqual({
    token: TOKEN,
    target: 'CHANGE_SET',
    stack: STACK,
    payloadUrl: PAYLOAD_URL,
  });
});

test('reads a request for a resource', () => {
  expect(readRequest(resourceRequest())).toEqual({
    token: TOKEN,
    target: 'OTHER',
    operation: 'CREATE',
    stack: STACK,
  });
});

test('reads the names as the syntax of the guide writes them', () => {
  const { clientRequestToken, stackId, ...others } = stackRequest('CREATE') as Record<string, unknown>;
  const request = readRequest({ ...others, clientRequesttoken: clientRequestToken, stackID: stackId });
  expect(request).toMatchObject({ token: TOKEN, stack: STACK });
});

test.each([undefined, null, 'text', [], {}, { requestData: 'text', clientRequestToken: 7, stackId: {} }])(
  'reads %j as a request that is not checked',
  (event) => {
    expect(readRequest(event)).toEqual({ token: '', target: 'OTHER', stack: { name: '' } });
  },
);

test('takes the name of a stack without an ARN from the request', () => {
  const { stack } = readRequest({ ...stackRequest('CREATE'), stackId: 'Orders' });
  expect(stack).toEqual({ name: 'Orders' });
});

const CREATE = readRequest(stackRequest('CREATE'));
const UPDATE = readRequest(stackRequest('UPDATE'));
const CHANGE_SET = readRequest(changeSetRequest());

test('reads the payload of a new stack', () => {
  expect(readPayload(CREATE, '{"template":"{}"}')).toEqual({ stack: STACK, template: '{}' });
});

test('reads the payload of an update', () => {
  expect(readPayload(UPDATE, '{"template":"{}","previousTemplate":"a: b"}')).toEqual({
    stack: STACK,
    template: '{}',
    previousTemplate: 'a: b',
  });
});

test('reads the payload of a change set', () => {
  const changedResources = [
    { logicalResourceId: 'Old', action: 'DELETE', lineNumber: null, afterContext: null },
    { logicalResourceId: 'New', action: 'CREATE', lineNumber: 14, beforeContext: null },
    { action: 'CREATE' },
    'text',
  ];
  expect(readPayload(CHANGE_SET, JSON.stringify({ template: '{}', changedResources }))).toEqual({
    stack: STACK,
    template: '{}',
    changed: ['Old', 'New'],
  });
});

test('reads the resources before and after a change set', () => {
  const change = (
    logicalResourceId: string,
    action: string,
    beforeContext?: unknown,
    afterContext?: unknown,
  ) => ({
    ...{ logicalResourceId, action, resourceType: 'AWS::SQS::Queue', beforeContext, afterContext },
  });
  const read = (...changedResources: unknown[]) =>
    readPayload(CHANGE_SET, JSON.stringify({ template: '{}', changedResources })).changes;
  const definition = { Properties: { QueueName: 'a' } };
  const [context, type] = [JSON.stringify(definition), 'AWS::SQS::Queue'];
  const all = [
    change('A', 'UPDATE', context, '{}'),
    change('B', 'CREATE', null, context),
    change('__proto__', 'DELETE', context),
  ];
  expect(read(...all)).toEqual(
    new Map([
      ['A', { type, before: definition, after: {} }],
      ['B', { type, after: definition }],
      ['__proto__', { type, before: definition }],
    ]),
  );
  expect(read()).toEqual(new Map());
  for (const unknown of [null, undefined, '', '{', '[]', '"x"', {}]) {
    expect(read(...all, change('C', 'UPDATE', unknown, context))).toBeUndefined();
    expect(read(...all, change('C', 'UPDATE', context, unknown))).toBeUndefined();
  }
  expect(read({ action: 'CREATE', afterContext: context })).toBeUndefined();
});

test.each([
  ['no JSON', CREATE, '<Error>AccessDenied</Error>', 'The payload of the request is not JSON.'],
  ['no object', CREATE, '[]', 'The payload of the request is not a JSON object.'],
  ['no template', CREATE, '{"template":null}', 'The payload of the request has no template.'],
  [
    'no previous template',
    UPDATE,
    '{"template":"{}","previousTemplate":""}',
    'The payload of the request has no previous template.',
  ],
  [
    'no changed resources',
    CHANGE_SET,
    '{"template":"{}"}',
    'The payload of the request has no list of changed resources.',
  ],
])('refuses a payload with %s', (_, request, body, message) => {
  expect(() => readPayload(request, body)).toThrow(new GuardError(message));
});
