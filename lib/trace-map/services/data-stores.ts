import type { Services } from '../service';

/**
 * "Traced AWS services and resources that you access within those services […] appear as downstream nodes": their
 * segments come from the caller. X-Ray is integrated with none of these services.
 */
const CALLERS_ONLY = {
  title: 'Tracing AWS SDK calls with the X-Ray SDK for Node.js',
  url: 'https://docs.aws.amazon.com/xray/latest/devguide/xray-sdk-nodejs-awssdkclients.html',
};

export const DATA_STORES = {
  table: {
    title: 'Amazon DynamoDB',
    source: CALLERS_ONLY,
    types: ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable', 'AWS::Serverless::SimpleTable'],
    arn: { service: 'dynamodb', prefix: 'table/' },
    nameProperty: 'TableName',
    propagation: 'breaks',
    // By its stream.
    invocation: 'stream',
    callActions: [
      'dynamodb:BatchGetItem',
      'dynamodb:BatchWriteItem',
      'dynamodb:ConditionCheckItem',
      'dynamodb:DeleteItem',
      'dynamodb:GetItem',
      'dynamodb:PartiQLDelete',
      'dynamodb:PartiQLInsert',
      'dynamodb:PartiQLSelect',
      'dynamodb:PartiQLUpdate',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:Scan',
      'dynamodb:UpdateItem',
    ],
    isReadByCalls: true,
    stateMachineIntegration: {
      services: ['dynamodb'],
      actions: /Items?$|^query$|^scan$/,
      paths: [
        ['TableName'],
        ['RequestItems', '*'],
        ['TransactItems', 'ConditionCheck', 'TableName'],
        ['TransactItems', 'Delete', 'TableName'],
        ['TransactItems', 'Get', 'TableName'],
        ['TransactItems', 'Put', 'TableName'],
        ['TransactItems', 'Update', 'TableName'],
      ],
    },
    eventSource: 'dynamodb',
    samEvents: { DynamoDB: { property: 'Stream' } },
  },
  secret: {
    title: 'AWS Secrets Manager',
    source: CALLERS_ONLY,
    types: ['AWS::SecretsManager::Secret'],
    // ARNs end with six random characters, for which policies have wildcards.
    arn: { service: 'secretsmanager', prefix: 'secret:', endsWith: /-(?:\w{6}|\?{6}|\*)$/ },
    nameProperty: 'Name',
    aliases: { 'AWS::SecretsManager::SecretTargetAttachment': ['SecretId'] },
    propagation: 'breaks',
    callActions: ['secretsmanager:BatchGetSecretValue', 'secretsmanager:GetSecretValue'],
    stateMachineIntegration: {
      services: ['secretsmanager'],
      actions: /etSecretValue$/,
      paths: [['SecretId']],
    },
  },
  parameter: {
    title: 'AWS Systems Manager Parameter Store',
    source: CALLERS_ONLY,
    types: ['AWS::SSM::Parameter'],
    arn: { service: 'ssm', prefix: 'parameter/', endsWith: /$/ },
    nameProperty: 'Name',
    propagation: 'breaks',
    callActions: ['ssm:GetParameter', 'ssm:GetParameters', 'ssm:GetParametersByPath'],
    stateMachineIntegration: { services: ['ssm'], actions: /^getParameter/, paths: [['Name'], ['Names']] },
  },
  database: {
    title: 'Amazon RDS',
    source: {
      title: 'Tracing SQL queries with the X-Ray SDK for Node.js',
      url: 'https://docs.aws.amazon.com/xray/latest/devguide/xray-sdk-nodejs-sqlclients.html',
    },
    types: ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance', 'AWS::RDS::DBProxy'],
    propagation: 'breaks',
    callActions: [
      'rds-data:BatchExecuteStatement',
      'rds-data:ExecuteSql',
      'rds-data:ExecuteStatement',
      'rds-db:connect',
    ],
    stateMachineIntegration: { services: ['rdsdata'], actions: /Statement$/, paths: [['ResourceArn']] },
  },
} satisfies Services;
