import { effectiveProperties, isInGlobals } from '../../lib/cloudformation/sam-globals';
import { type Resource, Template } from '../../lib/cloudformation/template';

function resource(type: string, own: object, Globals: unknown, attributes: object = {}): Resource {
  const template = new Template({
    id: 't',
    template: { Globals, Resources: { It: { Type: type, Properties: own, ...attributes } } },
  });
  return template.resources.get('It')!;
}

function effective(type: string, own: object, Globals: unknown): unknown {
  return effectiveProperties(resource(type, own, Globals));
}

// The examples of "Globals section of the AWS SAM template" (AWS SAM Developer Guide), and cases beyond them.
test.each<[what: string, globals: object, own: object, effective: object]>([
  ['a global property', { Tracing: 'Active' }, {}, { Tracing: 'Active' }],
  ['a property of its own', {}, { Tracing: 'Active' }, { Tracing: 'Active' }],
  ['of two values, its own', { Timeout: 30 }, { Timeout: 60 }, { Timeout: 60 }],
  [
    'the keys of two maps',
    { Environment: { Variables: { STAGE: 'Production', TABLE_NAME: 'global-table' } } },
    { Environment: { Variables: { TABLE_NAME: 'resource-table', NEW_VAR: 'hello' } } },
    { Environment: { Variables: { STAGE: 'Production', TABLE_NAME: 'resource-table', NEW_VAR: 'hello' } } },
  ],
  [
    'the items of two lists, the global ones first',
    { VpcConfig: { SecurityGroupIds: ['sg-123', 'sg-456'] } },
    { VpcConfig: { SecurityGroupIds: ['sg-first'] } },
    { VpcConfig: { SecurityGroupIds: ['sg-123', 'sg-456', 'sg-first'] } },
  ],
  [
    'of a list and something else, its own',
    { Layers: ['a'] },
    { Layers: { Ref: 'L' } },
    { Layers: { Ref: 'L' } },
  ],
  ['of something else and a list, its own', { Layers: { Ref: 'L' } }, { Layers: ['a'] }, { Layers: ['a'] }],
  ['of a map and a value, its own', { Role: { a: 1 } }, { Role: 'arn' }, { Role: 'arn' }],
  ['of a value and a map, its own', { Role: 'arn' }, { Role: { a: 1 } }, { Role: { a: 1 } }],
  [
    'of two functions, its own',
    { Role: { Ref: 'A' } },
    { Role: { 'Fn::Sub': 'b' } },
    { Role: { 'Fn::Sub': 'b' } },
  ],
  ['of a function and a map, its own', { Tags: { Ref: 'A' } }, { Tags: { b: 1 } }, { Tags: { b: 1 } }],
  ['of a map and a function, its own', { Tags: { b: 1 } }, { Tags: { Ref: 'A' } }, { Tags: { Ref: 'A' } }],
])('a function has %s', (_, globals, own, expected) => {
  expect(effective('AWS::Serverless::Function', own, { Function: globals })).toEqual(expected);
});

test.each(['Api', 'Function', 'HttpApi', 'SimpleTable', 'StateMachine', 'WebSocketApi'])(
  'a %s has the globals of its own section only',
  (section) => {
    const Globals = { [section]: { Own: 1 }, Other: { Others: 1 }, '': { Nobodys: 1 } };
    expect(effective(`AWS::Serverless::${section}`, { More: 2 }, Globals)).toEqual({ Own: 1, More: 2 });
  },
);

test('resources of other types have only their own properties', () => {
  const Globals = { Function: { Timeout: 30 }, undefined: { Timeout: 30 } };
  expect(effective('AWS::Lambda::Function', {}, Globals)).toEqual({});
});

test('ignores malformed globals', () => {
  expect(effective('AWS::Serverless::Function', { a: 1 }, { Function: 'x' })).toEqual({ a: 1 });
  expect(effective('AWS::Serverless::Function', { a: 1 }, undefined)).toEqual({ a: 1 });
});

describe('IgnoreGlobals', () => {
  const ENVIRONMENT = { Variables: { A: 'a' } };
  const Globals = { Function: { Tracing: 'Active', Environment: ENVIRONMENT } };
  const ignoring = (IgnoreGlobals: unknown, own: object = {}) =>
    resource('AWS::Serverless::Function', own, Globals, { IgnoreGlobals });

  test.each<[ignored: unknown, effective: object]>([
    ['*', {}],
    [['Tracing'], { Environment: ENVIRONMENT }],
    [['Tracing', 'Environment'], {}],
    [['Timeout'], Globals.Function],
    [[], Globals.Function],
    // SAM accepts no other values.
    ['Tracing', Globals.Function],
    [{ Ref: 'X' }, Globals.Function],
  ])('%j leaves %j', (ignored, expected) => {
    expect(effectiveProperties(ignoring(ignored))).toEqual(expected);
    expect(isInGlobals(ignoring(ignored), ['Tracing'])).toBe('Tracing' in expected);
  });

  test('keeps the properties of the resource', () => {
    const own = { Tracing: 'PassThrough', Environment: { Variables: { B: 'b' } } };
    expect(effectiveProperties(ignoring('*', own))).toEqual(own);
  });
});
