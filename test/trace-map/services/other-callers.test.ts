import { lambda, type Resources, stack } from '../../rules/templates';
import { edgeLines } from '../edge-lines';

const ARN = { 'Fn::GetAtt': ['Fn', 'Arn'] };
const ALIAS = {
  Live: { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { Ref: 'Fn' }, Name: 'live' } },
};

function withFunction(resources: Resources): Resources {
  return { Fn: lambda('Active', { FunctionName: 'worker' }), ...resources };
}

describe('user pools', () => {
  const pool = (triggers: unknown) => ({
    Pool: { Type: 'AWS::Cognito::UserPool', Properties: { LambdaConfig: triggers } },
  });

  test.each<[string, Resources, string[]]>([
    ['a trigger', pool({ PreSignUp: ARN }), ['Pool -breaks-> Fn (synchronous)']],
    [
      'several triggers',
      pool({ PreSignUp: ARN, PostConfirmation: 'arn:aws:lambda:eu-west-1:111122223333:function:worker' }),
      ['Pool -breaks-> Fn (synchronous)'],
    ],
    [
      'a trigger, through an alias',
      { ...ALIAS, ...pool({ PreSignUp: { Ref: 'Live' } }) },
      ['Pool -breaks-> Fn:Live (synchronous)'],
    ],
    [
      'a trigger, through an alias by the ARN of the function',
      { ...ALIAS, ...pool({ PreSignUp: { 'Fn::Sub': '${Fn.Arn}:live' } }) },
      ['Pool -breaks-> Fn:Live (synchronous)'],
    ],
    [
      'a trigger with the version of its event',
      {
        Key: { Type: 'AWS::KMS::Key' },
        ...pool({
          KMSKeyID: { 'Fn::GetAtt': ['Key', 'Arn'] },
          CustomEmailSender: { LambdaArn: ARN, LambdaVersion: 'V1_0' },
        }),
      },
      ['Pool -breaks-> Fn (synchronous)'],
    ],
    [
      'triggers under a condition',
      pool({ 'Fn::If': ['IsNew', { PreSignUp: ARN }, {}] }),
      ['Pool -breaks-> Fn (synchronous)'],
    ],
  ])('%s', (_, resources, expected) => {
    expect(edgeLines(withFunction(resources))).toEqual(expected);
  });

  test.each<[string, Resources, string[]]>([
    ['a SAM event', pool({}), ['Pool -breaks-> Fn (synchronous)']],
    ['ignores a SAM event without a user pool', { Pool: { Type: 'AWS::S3::Bucket' } }, []],
  ])('%s', (_, resources, expected) => {
    const event = { Type: 'Cognito', Properties: { UserPool: { Ref: 'Pool' }, Trigger: 'PreSignUp' } };
    const Fn = { Type: 'AWS::Serverless::Function', Properties: { Events: { SignUp: event } } };
    expect(edgeLines({ ...resources, Fn })).toEqual(expected);
  });
});

describe('distributions', () => {
  const association = (fn: unknown) => ({
    LambdaFunctionAssociations: [{ EventType: 'viewer-request', LambdaFunctionARN: fn }],
  });
  const site = (config: unknown) => ({
    Site: { Type: 'AWS::CloudFront::Distribution', Properties: { DistributionConfig: config } },
    Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Fn' } } },
  });

  test.each<[string, Resources]>([
    ['the default behavior', site({ DefaultCacheBehavior: association({ Ref: 'Version' }) })],
    ['another behavior', site({ CacheBehaviors: [association({ Ref: 'Version' })] })],
  ])('%s', (_, resources) => {
    expect(edgeLines(withFunction(resources))).toEqual(['Site -breaks-> Fn:Version (synchronous)']);
  });
});

describe('permissions', () => {
  const permission = (principal: unknown, more: object = {}) => ({
    Type: 'AWS::Lambda::Permission',
    Properties: { Action: 'lambda:InvokeFunction', FunctionName: ARN, Principal: principal, ...more },
  });
  const resourcePolicy = (statement: object) => ({
    Type: 'AWS::Lambda::ResourcePolicy',
    Properties: {
      ResourceArn: ARN,
      PolicyDocument: {
        Statement: [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: ARN, ...statement }],
      },
    },
  });
  const BUCKET = { Photos: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'photos' } } };
  const TARGET = {
    Type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
    Properties: { TargetType: 'lambda', Targets: [{ Id: ARN }] },
  };

  test.each<[string, Resources, string[]]>([
    ['a service', { P: permission('ses.amazonaws.com') }, ['ses.amazonaws.com -breaks-> Fn ?']],
    [
      'a service with one kind of invocation',
      { P: permission('config.amazonaws.com'), Q: permission('lex.amazonaws.com') },
      [
        'config.amazonaws.com -breaks-> Fn (asynchronous) ?',
        'lex.amazonaws.com -breaks-> Fn (synchronous) ?',
      ],
    ],
    [
      'a service in a region',
      { P: permission('logs.eu-west-1.amazonaws.com') },
      ['logs.eu-west-1.amazonaws.com -breaks-> Fn (asynchronous) ?'],
    ],
    [
      'a service, twice',
      { P: permission('iot.amazonaws.com'), Q: permission('iot.amazonaws.com') },
      ['iot.amazonaws.com -breaks-> Fn (asynchronous) ?'],
    ],
    [
      'a service, through an alias',
      { ...ALIAS, P: permission('ses.amazonaws.com', { FunctionName: { Ref: 'Live' } }) },
      ['ses.amazonaws.com -breaks-> Fn:Live ?'],
    ],
    [
      'a service, by the name of the function',
      { P: permission('ses.amazonaws.com', { FunctionName: 'worker' }) },
      ['ses.amazonaws.com -breaks-> Fn ?'],
    ],
    [
      'a service, by the name of the function with an alias',
      { ...ALIAS, P: permission('ses.amazonaws.com', { FunctionName: 'worker:live' }) },
      ['ses.amazonaws.com -breaks-> Fn:Live ?'],
    ],
    [
      'a service, and not a node that is known to call the function',
      { P: permission('ses.amazonaws.com'), Group: TARGET },
      ['Group -propagates-> Fn (synchronous)', 'ses.amazonaws.com -breaks-> Fn ?'],
    ],
    [
      'a service with the ARN of another service',
      { ...BUCKET, P: permission('ses.amazonaws.com', { SourceArn: { 'Fn::GetAtt': ['Photos', 'Arn'] } }) },
      ['ses.amazonaws.com -breaks-> Fn ?'],
    ],
    [
      'a service with an unknown ARN',
      {
        Cluster: { Type: 'AWS::RDS::DBCluster' },
        P: permission('rds.amazonaws.com', { SourceArn: { 'Fn::GetAtt': ['Cluster', 'DBClusterArn'] } }),
      },
      ['rds.amazonaws.com -breaks-> Fn ?'],
    ],
    [
      'a service that calls the function URL under a condition',
      {
        P: permission('ses.amazonaws.com', {
          Action: { 'Fn::If': ['C', 'lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'] },
        }),
      },
      ['ses.amazonaws.com -breaks-> Fn ?'],
    ],
    [
      'ignores a service with a resource that calls the function',
      { P: permission('elasticloadbalancing.amazonaws.com'), Group: TARGET },
      ['Group -propagates-> Fn (synchronous)'],
    ],
    [
      'an IoT rule in the templates',
      {
        P: permission('iot.amazonaws.com'),
        Rule: {
          Type: 'AWS::IoT::TopicRule',
          Properties: { TopicRulePayload: { Actions: [{ Lambda: { FunctionArn: ARN } }] } },
        },
      },
      ['Rule -breaks-> Fn (asynchronous)'],
    ],
    [
      'an EventBridge rule outside of the templates',
      {
        P: permission('events.amazonaws.com', {
          SourceArn: 'arn:aws:events:eu-west-1:111122223333:rule/nightly',
        }),
      },
      ['events.amazonaws.com -breaks-> Fn (asynchronous) ?'],
    ],
    [
      'a service in a resource policy',
      { P: resourcePolicy({ Principal: { Service: ['ses.amazonaws.com', 'lex.amazonaws.com'] } }) },
      ['ses.amazonaws.com -breaks-> Fn ?', 'lex.amazonaws.com -breaks-> Fn (synchronous) ?'],
    ],
    [
      'a bucket in a resource policy',
      {
        ...BUCKET,
        P: resourcePolicy({
          Principal: { Service: 's3.amazonaws.com' },
          Condition: { ArnLike: { 'AWS:SourceArn': { 'Fn::GetAtt': ['Photos', 'Arn'] } } },
        }),
      },
      ['Photos -propagates-> Fn (asynchronous) ?'],
    ],
    [
      'ignores a resource policy for the function URL, for accounts, and for other actions',
      {
        P: resourcePolicy({
          Principal: { Service: 'ses.amazonaws.com' },
          Condition: { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } },
        }),
        Q: resourcePolicy({ Principal: { AWS: '111122223333' } }),
        R: resourcePolicy({ Principal: { Service: 'ses.amazonaws.com' }, Action: 'lambda:GetFunction' }),
      },
      [],
    ],
    [
      'ignores a permission for another action',
      { P: permission('ses.amazonaws.com', { Action: 'lambda:GetFunction' }) },
      [],
    ],
    [
      'a rotated secret',
      {
        Secret: { Type: 'AWS::SecretsManager::Secret' },
        P: permission('secretsmanager.amazonaws.com', { SourceArn: { Ref: 'Secret' } }),
      },
      ['Secret -breaks-> Fn ?'],
    ],
    [
      'a parameter outside of the templates',
      {
        P: permission('ssm.amazonaws.com', {
          SourceArn: 'arn:aws:ssm:eu-west-1:111122223333:parameter/flags',
        }),
      },
      ['flags -breaks-> Fn ?'],
    ],
    [
      'a pipe outside of the templates',
      {
        P: permission('pipes.amazonaws.com', {
          SourceArn: 'arn:aws:pipes:eu-west-1:111122223333:pipe/orders',
        }),
      },
      ['orders -breaks-> Fn (synchronous) ?'],
    ],
    [
      'a WebSocket API that calls the function',
      {
        Api: { Type: 'AWS::Serverless::WebSocketApi', Properties: { Routes: { x: { FunctionArn: ARN } } } },
        P: permission('apigateway.amazonaws.com'),
      },
      ['Api -breaks-> Fn (synchronous)'],
    ],
    [
      'a bucket in the templates',
      { ...BUCKET, P: permission('s3.amazonaws.com', { SourceArn: { 'Fn::GetAtt': ['Photos', 'Arn'] } }) },
      ['Photos -propagates-> Fn (asynchronous) ?'],
    ],
    [
      'a bucket in the templates, by its name',
      { ...BUCKET, P: permission('s3.amazonaws.com', { SourceArn: 'arn:aws:s3:::photos' }) },
      ['Photos -propagates-> Fn (asynchronous) ?'],
    ],
    [
      'buckets and topics outside of the templates',
      {
        P: permission('s3.amazonaws.com', { SourceArn: 'arn:aws:s3:::videos' }),
        Q: permission('s3.amazonaws.com', { SourceArn: 'arn:aws:s3:::songs' }),
        R: permission('sns.amazonaws.com', { SourceArn: 'arn:aws:sns:eu-west-1:111122223333:news' }),
      },
      [
        'videos -propagates-> Fn (asynchronous) ?',
        'songs -propagates-> Fn (asynchronous) ?',
        'news -propagates-> Fn (asynchronous) ?',
      ],
    ],
    [
      'an API outside of the templates',
      {
        P: permission('apigateway.amazonaws.com', {
          SourceArn: { 'Fn::Sub': 'arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${ApiId}/*' },
        }),
      },
      ['apigateway.amazonaws.com -breaks-> Fn ?'],
    ],
    [
      'the stages of an API with a definition in a file',
      {
        Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { BodyS3Location: { Bucket: 'definitions' } } },
        Prod: {
          Type: 'AWS::ApiGateway::Stage',
          Properties: { RestApiId: { Ref: 'Api' }, TracingEnabled: true },
        },
        Test: { Type: 'AWS::ApiGateway::Stage', Properties: { RestApiId: { Ref: 'Api' } } },
        P: permission('apigateway.amazonaws.com', {
          SourceArn: { 'Fn::Sub': 'arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/*' },
        }),
      },
      ['Prod -starts-> Fn (synchronous) ?', 'Test -propagates-> Fn (synchronous) ?'],
    ],
    [
      'a SAM API with a definition in a file',
      {
        Api: { Type: 'AWS::Serverless::Api', Properties: { StageName: 'prod', DefinitionUri: 'api.yaml' } },
        P: permission('apigateway.amazonaws.com', {
          SourceArn: { 'Fn::Sub': 'arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/*' },
        }),
      },
      ['Api -propagates-> Fn (synchronous) ?'],
    ],
    ['ignores an account', { P: permission('111122223333') }, []],
    ['ignores any principal', { P: permission('*') }, []],
    [
      'ignores a distribution that calls the function URL',
      {
        P: permission('cloudfront.amazonaws.com', { Action: 'lambda:InvokeFunctionUrl' }),
        Q: permission('cloudfront.amazonaws.com', { InvokedViaFunctionUrl: true }),
      },
      [],
    ],
  ])('%s', (_, resources, expected) => {
    expect(edgeLines(withFunction(resources))).toEqual(expected);
  });

  test('a function of another stack', () => {
    const sections = { Outputs: { Arn: { Value: ARN, Export: { Name: 'fn' } } } };
    const imported = permission('ses.amazonaws.com', { FunctionName: { 'Fn::ImportValue': 'fn' } });
    expect(edgeLines(stack('functions', { Fn: lambda() }, { sections }), { P: imported })).toEqual([
      'ses.amazonaws.com -breaks-> Fn ?',
    ]);
  });

  test('an Alexa skill of a SAM function', () => {
    const Fn = {
      Type: 'AWS::Serverless::Function',
      Properties: { Events: { Skill: { Type: 'AlexaSkill' } } },
    };
    expect(edgeLines({ Fn })).toEqual(['alexa-appkit.amazon.com -breaks-> Fn (synchronous)']);
  });
});
