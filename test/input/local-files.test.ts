import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { load } from '../../lib/input/load';
import { BROKEN_TRACE } from '../../lib/rules/broken-trace';
import { edgeLines } from '../trace-map/edge-lines';
import { findingsIn } from '../rules/templates';
import { directoryWith } from './temporary';

const SAM = 'AWS::Serverless-2016-10-31';
const DEFINITION = { StartAt: 'A', States: { A: { Type: 'Task', Resource: '${Fn}', End: true } } };
const OPEN_API = {
  paths: {
    '/': {
      get: {
        'x-amazon-apigateway-integration': {
          uri: 'arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111122223333:function:worker/invocations',
        },
      },
    },
  },
};

type Files = Parameters<typeof directoryWith>[0];

/** Returns a template with one resource. */
function withResource(Type: string, Properties: object, more: object = {}) {
  return { Transform: SAM, Resources: { It: { Type, Properties } }, ...more };
}

/** Loads `app/template.json` of a repository with these files. */
function loadIn(template: object, files: Files) {
  const directory = directoryWith({ 'app/template.json': template, ...files });
  mkdirSync(join(directory, '.git'));
  return load([join(directory, 'app', 'template.json')]);
}

function templateIn(template: object, files: Files = {}): Record<string, unknown> {
  const { templates, errors } = loadIn(template, files);
  expect(errors).toEqual([]);
  return templates[0].template as Record<string, unknown>;
}

/** Returns the properties of the only resource. */
function propertiesOf(template: Record<string, unknown>): object {
  return (template.Resources as Record<string, { Properties: object }>).It.Properties;
}

describe('the content of a local file replaces its path', () => {
  const JSON_FILE = { 'app/file.json': { a: [1] } };

  test.each<[type: string, location: string, inline: string]>([
    ['AWS::Serverless::StateMachine', 'DefinitionUri', 'Definition'],
    ['AWS::StepFunctions::StateMachine', 'DefinitionS3Location', 'Definition'],
    ['AWS::Serverless::Api', 'DefinitionUri', 'DefinitionBody'],
    ['AWS::Serverless::HttpApi', 'DefinitionUri', 'DefinitionBody'],
    ['AWS::ApiGateway::RestApi', 'BodyS3Location', 'Body'],
    ['AWS::ApiGatewayV2::Api', 'BodyS3Location', 'Body'],
  ])('in %s.%s', (type, location, inline) => {
    const template = withResource(type, { [location]: 'file.json', Name: 'x' });
    expect(propertiesOf(templateIn(template, JSON_FILE))).toEqual({
      [location]: 'file.json',
      [inline]: { a: [1] },
      Name: 'x',
    });
  });

  test.each<[what: string, path: string, files: Files]>([
    ['JSON', './file.json', JSON_FILE],
    ['YAML', 'file.yaml', { 'app/file.yaml': 'a:\n- 1\n' }],
    ['a file of another extension', 'flow.asl', { 'app/flow.asl': '{"a": [1]}' }],
    ['a file in another folder of the repository', '../shared/file.json', { 'shared/file.json': { a: [1] } }],
  ])('from %s', (_, path, files) => {
    const template = withResource('AWS::Serverless::Api', { DefinitionUri: path });
    expect(propertiesOf(templateIn(template, files))).toMatchObject({ DefinitionBody: { a: [1] } });
  });

  test('keeps a definition as text if its substitutions make it invalid JSON', () => {
    const text = '{"StartAt": "A", "TimeoutSeconds": ${Timeout}}';
    const template = withResource('AWS::Serverless::StateMachine', { DefinitionUri: 'flow.asl.json' });
    expect(propertiesOf(templateIn(template, { 'app/flow.asl.json': text }))).toMatchObject({
      DefinitionString: text,
    });
  });

  test('reads the path in Globals', () => {
    const template = withResource(
      'AWS::Serverless::Api',
      {},
      { Globals: { Api: { DefinitionUri: 'file.json' } } },
    );
    expect(propertiesOf(templateIn(template, JSON_FILE))).toEqual({ DefinitionBody: { a: [1] } });
  });

  test.each<[what: string, properties: object, files?: Files]>([
    ['a file that is missing', { DefinitionUri: 'gone.json' }],
    ['a folder', { DefinitionUri: '.' }],
    ['a path that no system has', { DefinitionUri: 'a\u0000b' }],
    ['a file that is not valid', { DefinitionUri: 'broken.json' }, { 'app/broken.json': '{' }],
    ['a binary file', { DefinitionUri: 'x.json' }, { 'app/x.json': new Uint8Array([0, 1]) }],
    ['text', { DefinitionUri: 'x.yaml' }, { 'app/x.yaml': 'text' }],
    ['an object in S3', { DefinitionUri: 's3://bucket/api.yaml' }],
    ['a bucket and a key', { DefinitionUri: { Bucket: 'b', Key: 'k' } }],
    ['a parameter', { DefinitionUri: { Ref: 'Uri' } }],
    ['a definition of its own', { DefinitionUri: 'file.json', DefinitionBody: { b: 2 } }, JSON_FILE],
    ['a file outside of the repository', { DefinitionUri: '../../file.json' }],
    ['an absolute path', { DefinitionUri: 'file:///etc/hostname' }],
  ])('but not for %s', (_, properties, files = {}) => {
    const template = withResource('AWS::Serverless::Api', properties);
    expect(propertiesOf(templateIn(template, files))).toEqual(properties);
  });

  test('but not for a link to a file outside of the repository', () => {
    const secret = directoryWith({ 'secret.json': { key: 'x' } });
    const directory = directoryWith({
      'template.json': withResource('AWS::Serverless::Api', { DefinitionUri: 'link.json' }),
    });
    mkdirSync(join(directory, '.git'));
    symlinkSync(join(secret, 'secret.json'), join(directory, 'link.json'));
    const { templates } = load([join(directory, 'template.json')]);
    expect(propertiesOf(templates[0].template as Record<string, unknown>)).toEqual({
      DefinitionUri: 'link.json',
    });
  });

  test('but not for files beside the folder of a template without repository', () => {
    const directory = directoryWith({
      'app/template.json': withResource('AWS::Serverless::Api', { DefinitionUri: '../file.json' }),
      'file.json': { a: 1 },
    });
    const { templates } = load([join(directory, 'app', 'template.json')]);
    expect(propertiesOf(templates[0].template as Record<string, unknown>)).toEqual({
      DefinitionUri: '../file.json',
    });
  });
});

describe('AWS::Include inserts a local file', () => {
  const include = (Location: unknown) => ({ Name: 'AWS::Include', Parameters: { Location } });
  const TOPIC = { Type: 'AWS::SNS::Topic' };
  const FILES = {
    'app/topic.yaml': 'Topic:\n  Type: AWS::SNS::Topic\n',
    'app/body.yaml': 'paths:\n  /: {a: !Ref Topic}\n',
    'app/list.json': '["a", "b"]',
    'app/sections.yaml': 'Resources:\n  Topic: {Type: AWS::SNS::Topic}\nMetadata: {Owner: us}\n',
    'app/proto.json': '{"__proto__": {"polluted": true}}',
  };

  test.each<[what: string, template: object, expected: object]>([
    [
      'among the resources',
      { Resources: { Queue: { Type: 'AWS::SQS::Queue' }, 'Fn::Transform': include('topic.yaml') } },
      { Resources: { Queue: { Type: 'AWS::SQS::Queue' }, Topic: TOPIC } },
    ],
    [
      'in a list of macros, and keeps the others',
      { Resources: { 'Fn::Transform': [{ Name: 'Own' }, include('topic.yaml')] } },
      { Resources: { Topic: TOPIC, 'Fn::Transform': [{ Name: 'Own' }] } },
    ],
    [
      'in a property',
      { Resources: { It: { Type: 'X', Properties: { Body: { 'Fn::Transform': include('body.yaml') } } } } },
      { Resources: { It: { Type: 'X', Properties: { Body: { paths: { '/': { a: { Ref: 'Topic' } } } } } } } },
    ],
    [
      'in a list',
      { Resources: { It: { Type: 'X', Properties: { L: [{ 'Fn::Transform': include('topic.yaml') }] } } } },
      { Resources: { It: { Type: 'X', Properties: { L: [{ Topic: TOPIC }] } } } },
    ],
    [
      'that is a list',
      { Resources: { It: { Type: 'X', Properties: { L: { 'Fn::Transform': include('list.json') } } } } },
      { Resources: { It: { Type: 'X', Properties: { L: ['a', 'b'] } } } },
    ],
    [
      'beside a key, which takes precedence',
      { Resources: { Topic: { Type: 'Own' }, 'Fn::Transform': include('topic.yaml') } },
      { Resources: { Topic: { Type: 'Own' } } },
    ],
    [
      'into the sections',
      { Transform: include('sections.yaml'), Resources: { Queue: { Type: 'AWS::SQS::Queue' } } },
      {
        Transform: [],
        Resources: { Topic: TOPIC, Queue: { Type: 'AWS::SQS::Queue' } },
        Metadata: { Owner: 'us' },
      },
    ],
    [
      'into the sections, and keeps the other transforms',
      { Transform: [SAM, include('sections.yaml')], Resources: {} },
      { Transform: [SAM], Resources: { Topic: TOPIC }, Metadata: { Owner: 'us' } },
    ],
  ])('%s', (_, template, expected) => {
    expect(templateIn(template, FILES)).toEqual(expected);
  });

  test.each([
    ['a missing file', include('gone.yaml')],
    ['a file in S3', include('s3://bucket/topic.yaml')],
    ['a parameter', include({ Ref: 'Location' })],
    ['another macro', { Name: 'Own', Parameters: { Location: 'topic.yaml' } }],
    ['no location', { Name: 'AWS::Include' }],
    ['a name', 'AWS::Include'],
  ])('but not %s', (_, macro) => {
    const template = { Transform: SAM, Resources: { Topic: TOPIC, 'Fn::Transform': macro } };
    expect(templateIn(template, FILES)).toEqual(template);
  });

  test('reads the short form in YAML', () => {
    const directory = directoryWith({
      ...FILES,
      'app/template.yaml':
        'Resources:\n  It:\n    Type: X\n    Properties:\n      Body: !Transform {Name: AWS::Include, Parameters: {Location: body.yaml}}\n',
    });
    const { templates } = load([join(directory, 'app', 'template.yaml')]);
    expect(propertiesOf(templates[0].template as Record<string, unknown>)).toEqual({
      Body: { paths: { '/': { a: { Ref: 'Topic' } } } },
    });
  });

  test('changes no prototype', () => {
    const template = {
      Resources: { It: { Type: 'X', Properties: { 'Fn::Transform': include('proto.json') } } },
    };
    templateIn(template, FILES);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('rules see the content', () => {
  const FN = {
    Type: 'AWS::Serverless::Function',
    Properties: { FunctionName: 'worker', Tracing: 'PassThrough' },
  };
  const flow = (more: object) => ({
    Transform: SAM,
    Resources: {
      Fn: FN,
      Flow: {
        Type: 'AWS::Serverless::StateMachine',
        Properties: {
          Tracing: { Enabled: true },
          DefinitionSubstitutions: { Fn: { 'Fn::GetAtt': ['Fn', 'Arn'] }, Timeout: 60 },
          Policies: [{ LambdaInvokePolicy: { FunctionName: { Ref: 'Fn' } } }],
          ...more,
        },
      },
    },
  });

  test.each<[what: string, template: object, files?: Files]>([
    ['an inline definition', flow({ Definition: DEFINITION })],
    ['a definition in JSON', flow({ DefinitionUri: 'flow.json' }), { 'app/flow.json': DEFINITION }],
    [
      'a definition in YAML',
      flow({ DefinitionUri: 'flow.yaml' }),
      { 'app/flow.yaml': 'StartAt: A\nStates:\n  A: {Type: Task, Resource: "${Fn}", End: true}\n' },
    ],
    [
      'a definition with substitutions outside of strings',
      flow({ DefinitionUri: 'flow.json' }),
      { 'app/flow.json': JSON.stringify({ ...DEFINITION, TimeoutSeconds: 0 }).replace(':0', ':${Timeout}') },
    ],
  ])('of %s', (_, template, files = {}) => {
    expect(findingsIn(BROKEN_TRACE, ...loadIn(template, files).templates)).toEqual([
      expect.stringMatching(/ Fn Tracing$/),
    ]);
  });

  test('of an OpenAPI definition', () => {
    const template = {
      Transform: SAM,
      Resources: {
        Fn: FN,
        Api: { Type: 'AWS::Serverless::Api', Properties: { StageName: 'prod', DefinitionUri: 'api.json' } },
      },
    };
    const { templates } = loadIn(template, { 'app/api.json': OPEN_API });
    expect(edgeLines(...templates)).toEqual(['Api -propagates-> Fn (synchronous)']);
  });
});
