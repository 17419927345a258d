import { lambda, type Resources } from '../rules/templates';

/** Resources that functions can call. */
export const RESOURCES: Resources = {
  Other: lambda('Active', { FunctionName: 'other' }),
  Live: { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { Ref: 'Other' }, Name: 'live' } },
  Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs' } },
  Topic: { Type: 'AWS::SNS::Topic' },
  Stream: { Type: 'AWS::Kinesis::Stream' },
  Firehose: { Type: 'AWS::KinesisFirehose::DeliveryStream' },
  Table: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'orders' } },
  Bucket: { Type: 'AWS::S3::Bucket' },
  Bus: { Type: 'AWS::Events::EventBus' },
  Machine: { Type: 'AWS::StepFunctions::StateMachine' },
  Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'prod/db' } },
  Parameter: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/prod/flags' } },
  Cluster: { Type: 'AWS::RDS::DBCluster' },
};

export const arn = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });

/** A statement that allows sending to the queue. */
export const SEND = { Action: 'sqs:SendMessage', Resource: arn('Queue') };

/** A function with these statements in its role and these environment variables. */
export function fn(statements: object[], variables: Resources = {}, more: Resources = {}): Resources {
  const Statement = statements.map((statement) => ({ Effect: 'Allow', ...statement }));
  return {
    Fn: lambda('Active', { Role: arn('Role'), Environment: { Variables: variables } }),
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: { Policies: [{ PolicyName: 'P', PolicyDocument: { Statement } }] },
    },
    ...RESOURCES,
    ...more,
  };
}

/** A SAM function with these properties. */
export function sam(properties: object): Resources {
  return { Fn: { Type: 'AWS::Serverless::Function', Properties: properties }, ...RESOURCES };
}
