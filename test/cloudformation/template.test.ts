import {
  acknowledgedRuleId,
  agree,
  mayAddResources,
  mayChange,
  nameOf,
  namesRule,
  nearest,
  resourceNamed,
  Template,
  type TemplateSource,
} from '../../lib/cloudformation/template';
import { stack } from '../rules/templates';

const QUEUE = { Type: 'AWS::SQS::Queue' };

describe('the resources of a template', () => {
  test('have a type', () => {
    const { resources } = new Template(
      stack('t', { Queue: QUEUE, Typeless: {}, Odd: { Type: 7 }, List: [QUEUE], Text: 'x', Null: null }),
    );
    expect([...resources.keys()]).toEqual(['Queue']);
  });

  test.each<[template: unknown]>([['text'], [null], [[]], [{}], [{ Resources: 'x' }]])(
    'of %j are none',
    (template) => {
      expect(new Template({ id: 't', template }).resources.size).toBe(0);
    },
  );

  test('have their declared properties, without malformed ones', () => {
    const { resources } = new Template(
      stack('t', {
        Full: { ...QUEUE, Properties: { DelaySeconds: 1 }, Metadata: { a: 1 }, Condition: 'C' },
        Odd: { ...QUEUE, Properties: 'x', Metadata: ['x'], Condition: { Ref: 'C' } },
      }),
    );
    expect(resources.get('Full')).toMatchObject({
      properties: { DelaySeconds: 1 },
      metadata: { a: 1 },
      condition: 'C',
    });
    expect(resources.get('Odd')).toMatchObject({ properties: {}, metadata: {}, condition: undefined });
  });
});

test('a macro beside the properties of a resource can add properties', () => {
  const macro = { Name: 'M' };
  const { resources } = new Template(
    stack('t', { Queue: { ...QUEUE, Properties: { DelaySeconds: 1 }, 'Fn::Transform': macro } }),
  );
  expect(resources.get('Queue')!.properties).toEqual({ DelaySeconds: 1, 'Fn::Transform': macro });
});

test.each<[name: string, added: object, sections: object, adds: boolean, changes: boolean]>([
  ['no macro', {}, { Transform: 'AWS::Serverless-2016-10-31' }, false, false],
  ['a macro', {}, { Transform: ['AWS::LanguageExtensions', 'M'] }, true, true],
  ['a macro among the resources', { 'Fn::Transform': [{ Name: 'M' }] }, {}, true, true],
  ['a macro in the resource', { Queue: { ...QUEUE, 'Fn::Transform': { Name: 'M' } } }, {}, false, true],
  ['a macro in another resource', { Other: { ...QUEUE, 'Fn::Transform': { Name: 'M' } } }, {}, false, false],
  ['a macro that sets the type of a resource', { Other: { 'Fn::Transform': { Name: 'M' } } }, {}, true, true],
  ['a loop', { 'Fn::ForEach::Queues': [] }, {}, true, true],
  ['a module', { Other: { Type: 'Acme::Queues::All::MODULE' } }, {}, true, false],
  ['a type with a similar name', { Other: { Type: 'Acme::Queues::Module' } }, {}, false, false],
])('a template with %s can get other resources', (_, added, sections, adds, changes) => {
  const template = new Template(stack('t', { Queue: QUEUE, ...added }, { sections }));
  expect(mayAddResources(template)).toBe(adds);
  expect(mayChange(template.resources.get('Queue')!)).toBe(changes);
});

test.each([[''], [{}], [['C']], [7], [null]])('the condition %j of a resource is none', (Condition) => {
  const { resources } = new Template(stack('t', { Queue: { ...QUEUE, Condition } }));
  expect(resources.get('Queue')!.condition).toBeUndefined();
});

describe('the logical ID of a resource that SAM generates', () => {
  const template = new Template(
    stack('t', {
      Fn: { Type: 'AWS::Serverless::Function', Condition: 'C' },
      FnAlias: { Type: 'AWS::Serverless::Function', Properties: { Role: 'arn' } },
      Flow: { Type: 'AWS::Serverless::StateMachine' },
      Plain: { Type: 'AWS::Lambda::Function' },
      Api: { Type: 'AWS::Serverless::Api' },
      FlowRole: { Type: 'AWS::SQS::Queue' },
    }),
  );

  test.each<[name: string, resource: string]>([
    ['Fn.Alias', 'Fn'],
    ['Fn.Version', 'Fn'],
    ['FnAliaslive', 'Fn'],
    ['FnAliasblueDgreen', 'Fn'],
    ['FnVersion0123456789', 'Fn'],
    ['FnAliasAliaslive', 'FnAlias'],
    ['FnAlias', 'FnAlias'],
    ['FlowAliaslive', 'Flow'],
    ['FlowVersion0a1b2c3d4e', 'Flow'],
    ['FlowRole', 'FlowRole'],
  ])('%s refers to %s', (name, resource) => {
    expect(resourceNamed(name, template)).toBe(template.resources.get(resource));
  });

  test('refers to the role of a function', () => {
    expect(resourceNamed('FnRole', template)).toMatchObject({
      logicalId: 'FnRole',
      type: 'AWS::IAM::Role',
      properties: {},
      condition: 'C',
      generatedFor: template.resources.get('Fn'),
    });
  });

  test.each([
    'PlainRole',
    'PlainAliaslive',
    'Plain.Alias',
    'ApiRole',
    'FnVersion',
    'FnVersion012',
    'FnOther',
    'Fn.Other',
    'Other.Alias',
  ])('%s refers to nothing', (name) => {
    expect(resourceNamed(name, template)).toBeUndefined();
  });
});

describe('a resource is called', () => {
  test.each<[name: string, resource: object, constructPaths?: Record<string, string>]>([
    ['Queue', QUEUE, undefined],
    ['Stack/Jobs', QUEUE, { Queue: 'Stack/Jobs/Resource' }],
    ['Stack/Resource/Jobs', QUEUE, { Queue: 'Stack/Resource/Jobs' }],
    ['Stack/Jobs', { ...QUEUE, Metadata: { 'aws:cdk:path': 'Stack/Jobs/Resource' } }, undefined],
    [
      'Stack/Jobs',
      { ...QUEUE, Metadata: { 'aws:cdk:path': 'Old/Path' } },
      { Queue: 'Stack/Jobs/Resource', Other: 'Stack/Other' },
    ],
    ['Queue', { ...QUEUE, Metadata: { 'aws:cdk:path': ['x'] } }, undefined],
    ['Queue', { ...QUEUE, Metadata: { path: 'Stack/Jobs' } }, undefined],
  ])('%s: %j', (name, resource, constructPaths) => {
    const { resources } = new Template(stack('t', { Queue: resource }, { constructPaths }));
    expect(nameOf(resources.get('Queue')!)).toBe(name);
  });
});

test.each([
  ['a', 'a', true],
  ['a', 'b', false],
  ['a', undefined, true],
  [undefined, 'a', true],
  [undefined, undefined, true],
])('the regions %s and %s may be the same: %s', (a, b, mayBe) => {
  expect(agree(a, b)).toBe(mayBe);
});

describe('nearest', () => {
  const from = new Template({ id: 'app/orders.json', template: {}, group: 'prod' });
  const named = (id: string, source: Partial<TemplateSource> = {}) => ({
    template: new Template({ id, template: {}, ...source }),
  });
  const [itself, beside, below, sibling] = [
    { template: from },
    named('app/users.json'),
    named('app/more/users.json'),
    named('application/users.json'),
  ];
  const [inGroup, alsoInGroup] = [
    named('other/a.json', { group: 'prod' }),
    named('other/b.json', { group: 'prod' }),
  ];

  test.each([
    ['in the same template', [beside, itself, inGroup], itself],
    ['in the same folder', [below, beside, inGroup, sibling], beside],
    ['in the same group', [below, inGroup, sibling], inGroup],
    ['anywhere', [below], below],
    ['neither of two in a folder', [beside, named('app/z.json'), inGroup], undefined],
    ['neither of two in a group', [inGroup, alsoInGroup, below], undefined],
    ['neither of two anywhere', [below, sibling], undefined],
    ['no candidates', [], undefined],
  ])('%s', (_, candidates, found) => {
    expect(nearest<{ template: Template }>(candidates, from)).toBe(found);
  });

  test('treats templates without folders as one folder', () => {
    const [a, b] = [named('a.json'), named('x/b.json')];
    expect(nearest([a, b], named('c.json').template)).toBe(a);
  });
});

describe('a stage is called by', () => {
  const STAGE = { RestApiId: { Ref: 'Api' }, StageName: 'prod' };
  const nameIn = (resources: object, constructPaths?: Record<string, string>) => {
    const template = new Template({ id: 't', template: { Resources: resources }, constructPaths });
    return nameOf(template.resources.get('Named')!);
  };
  const api = { Api: { Type: 'AWS::ApiGateway::RestApi' } };

  test.each<[string, object, Record<string, string>, string]>([
    ['its API', { ...api, Named: { Type: 'AWS::ApiGateway::Stage', Properties: STAGE } }, {}, 'Api (prod)'],
    [
      'its API, if a deployment creates it',
      { ...api, Named: { Type: 'AWS::ApiGateway::Deployment', Properties: STAGE } },
      {},
      'Api (prod)',
    ],
    [
      'its HTTP API',
      {
        Api: { Type: 'AWS::ApiGatewayV2::Api' },
        Named: {
          Type: 'AWS::ApiGatewayV2::Stage',
          Properties: { ApiId: { Ref: 'Api' }, StageName: '$default' },
        },
      },
      {},
      'Api ($default)',
    ],
    [
      'the path of its API',
      { ...api, Named: { Type: 'AWS::ApiGateway::Stage', Properties: STAGE } },
      { Api: 'Orders/Api/Resource', Named: 'Orders/Api/DeploymentStage.prod/Resource' },
      'Orders/Api (prod)',
    ],
    [
      'its logical ID, if the API is elsewhere',
      { Named: { Type: 'AWS::ApiGateway::Stage', Properties: STAGE } },
      {},
      'Named',
    ],
    [
      'its logical ID, if it is its own API',
      {
        Named: {
          Type: 'AWS::ApiGateway::Stage',
          Properties: { RestApiId: { Ref: 'Named' }, StageName: 'prod' },
        },
      },
      {},
      'Named',
    ],
    [
      'its logical ID, if its name is known only at deployment',
      {
        ...api,
        Named: { Type: 'AWS::ApiGateway::Stage', Properties: { ...STAGE, StageName: { Ref: 'Stage' } } },
      },
      {},
      'Named',
    ],
  ])('%s', (_, resources, constructPaths, name) => {
    expect(nameIn(resources, constructPaths)).toBe(name);
  });
});

describe('the rule of an ID that is acknowledged in a CDK app', () => {
  test.each<[string, string | undefined]>([
    ['LambdaXRay-VersionLock', 'LambdaXRay-VersionLock'],
    ['VersionLock', 'VersionLock'],
    ['LambdaXRay::LambdaXRay-VersionLock', 'LambdaXRay-VersionLock'],
    ['lambdaxray::VersionLock', 'LambdaXRay-VersionLock'],
    ['Annotation::cdk-lambda-xray:stageNotTraced', 'cdk-lambda-xray:stageNotTraced'],
    ['Construct-Annotations::VersionLock', 'VersionLock'],
    ['AwsSolutions::VersionLock', undefined],
    ['AwsSolutions::LambdaXRay::VersionLock', undefined],
  ])('%s: %p', (id, ruleId) => {
    expect(acknowledgedRuleId(id)).toBe(ruleId);
  });

  test.each([
    ['VersionLock', true],
    ['LambdaXRay-VersionLock', true],
    ['LambdaXRay-VersionLocks', false],
  ])('%s names LambdaXRay-VersionLock: %p', (acknowledged, expected) => {
    expect(namesRule(acknowledged, 'LambdaXRay-VersionLock')).toBe(expected);
  });
});
