import { defineServices } from '../service';

/**
 * "Traced AWS services and resources that you access within those services […] appear as downstream nodes": what there
 * is to see of them comes from the caller. None is among the services that X-Ray is integrated with.
 */
const CALLERS_ONLY = {
  title: 'Tracing AWS SDK calls with the X-Ray SDK for Node.js',
  url: 'https://docs.aws.amazon.com/xray/latest/devguide/xray-sdk-nodejs-awssdkclients.html',
};

export const STORES = defineServices({
  table: {
    title: 'Amazon DynamoDB',
    types: ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable', 'AWS::Serverless::SimpleTable'],
    arn: { service: 'dynamodb', prefix: 'table/' },
    nameProperty: 'TableName',
    propagation: 'breaks',
    // Its streams do.
    invocation: 'stream',
    source: CALLERS_ONLY,
  },
  secret: {
    title: 'AWS Secrets Manager',
    types: ['AWS::SecretsManager::Secret'],
    // ARNs end with six characters of Secrets Manager's choice, for which policies have wildcards.
    arn: { service: 'secretsmanager', prefix: 'secret:', endsWith: /-(?:\w{6}|\?{6}|\*)$/ },
    nameProperty: 'Name',
    propagation: 'breaks',
    source: CALLERS_ONLY,
  },
  parameter: {
    title: 'AWS Systems Manager Parameter Store',
    types: ['AWS::SSM::Parameter'],
    arn: { service: 'ssm', prefix: 'parameter/', endsWith: /$/ },
    nameProperty: 'Name',
    propagation: 'breaks',
    source: CALLERS_ONLY,
  },
  database: {
    title: 'Amazon RDS',
    types: ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance', 'AWS::RDS::DBProxy'],
    propagation: 'breaks',
    source: {
      title: 'Tracing SQL queries with the X-Ray SDK for Node.js',
      url: 'https://docs.aws.amazon.com/xray/latest/devguide/xray-sdk-nodejs-sqlclients.html',
    },
  },
});
