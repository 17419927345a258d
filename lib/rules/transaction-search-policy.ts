import { nameOf } from '../cloudformation/template';
import { listAll } from '../text/printable';
import type { TransactionSearch } from '../model/tracing-model';
import { sourceKindOf } from './fixes';
import { type Finding, findingOn, type Rule } from './rule';

export const TRANSACTION_SEARCH_POLICY: Rule = {
  id: 'LambdaXRay-TransactionSearchPolicy',
  title: 'Transaction Search must be allowed to write spans to CloudWatch Logs',
  problem: 'Transaction Search without permission to write spans',
  severity: 'error',
  rationale:
    'With Transaction Search, X-Ray sends spans to the log groups aws/spans and /aws/application-signals/data. A ' +
    'CloudWatch Logs resource policy must allow it; the console creates this policy, CloudFormation does not. Without ' +
    'it, Transaction Search is not turned on.',
  fix: 'Add an AWS::Logs::ResourcePolicy that allows xray.amazonaws.com to call logs:PutLogEvents on both log groups.',
  source: {
    title: 'Using Transaction Search with AWS CloudFormation',
    url: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Transaction-Search-Cloudformation.html',
  },
  examples: {
    incorrect: `Resources:
  Search:
    Type: AWS::XRay::TransactionSearchConfig
    Properties: { IndexingPercentage: 1 }`,
    correct: `Resources:
  Search:
    Type: AWS::XRay::TransactionSearchConfig
    DependsOn: Policy
    Properties: { IndexingPercentage: 1 }
  Policy:
    Type: AWS::Logs::ResourcePolicy
    Properties:
      PolicyName: TransactionSearch
      PolicyDocument: !Sub |
        { "Version": "2012-10-17",
          "Statement": [
            { "Effect": "Allow",
              "Principal": { "Service": "xray.amazonaws.com" },
              "Action": "logs:PutLogEvents",
              "Resource": [
                "arn:\${AWS::Partition}:logs:*:\${AWS::AccountId}:log-group:aws/spans:*",
                "arn:\${AWS::Partition}:logs:*:\${AWS::AccountId}:log-group:/aws/application-signals/data:*"],
              "Condition": {
                "ArnLike": { "aws:SourceArn": "arn:\${AWS::Partition}:xray:\${AWS::Region}:\${AWS::AccountId}:*" },
                "StringEquals": { "aws:SourceAccount": "\${AWS::AccountId}" } } } ] }`,
    typescript: `new TransactionSearch(this, 'TransactionSearch');`,
  },
  check: (model) => model.transactionSearch.flatMap(findingsFor),
};

function findingsFor({ resource, lacking }: TransactionSearch): Finding[] {
  if (lacking.length === 0) return [];
  const groups = listAll(lacking, 'and');
  const policy = `an AWS::Logs::ResourcePolicy that allows xray.amazonaws.com to call logs:PutLogEvents on ${groups}`;
  return [
    findingOn(resource, {
      property: '',
      message: `'${nameOf(resource)}' turns Transaction Search on, but no AWS::Logs::ResourcePolicy in these templates lets X-Ray write to ${groups}.`,
      fix:
        sourceKindOf(resource) === 'CDK'
          ? `Use the construct TransactionSearch of cdk-lambda-xray, or add ${policy}.`
          : `Add ${policy}, or acknowledge this finding if the account already has one.`,
    }),
  ];
}
