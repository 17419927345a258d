import { nameOf } from '../../../lib/cloudformation/template';
import { estimateOf } from '../../../lib/estimate/estimate';
import type { KnownRates } from '../../../lib/estimate/request-rates';
import { load } from '../../../lib/input/load';
import { buildTracingModel } from '../../../lib/model/build-model';
import { type EstimateReport, createEstimateReport } from '../../../lib/report/estimate/report';

/** A traced API, a function that sends to a queue, its consumer, and a PassThrough function. */
const SMALL_SYSTEM = `Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties: { Name: orders, StageName: prod, TracingEnabled: true }
  Read:
    Type: AWS::Serverless::Function
    Properties:
      Tracing: Active
      Events:
        Get: { Type: Api, Properties: { RestApiId: !Ref Api, Path: /, Method: get } }
  Jobs:
    Type: AWS::SQS::Queue
  Intake:
    Type: AWS::Serverless::Function
    Metadata: { aws:cdk:path: Orders/Intake/Resource }
    Properties:
      Tracing: Active
      Policies: [{ SQSSendMessagePolicy: { QueueName: !GetAtt Jobs.QueueName } }]
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Tracing: Active
      Events:
        Jobs: { Type: SQS, Properties: { Queue: !GetAtt Jobs.Arn } }
  Nightly:
    Type: AWS::Serverless::Function
`;

/** Returns the report on an estimate for a template. */
export function estimateReport(
  template = SMALL_SYSTEM,
  rates: Readonly<Record<string, number>> = { default: 2, 'Orders/Intake': 50 },
  region?: string,
  configuration: EstimateReport['configuration'] = {},
  hasTransactionSearch = false,
): EstimateReport {
  const loaded = load(['-'], { readStdin: () => template });
  const model = buildTracingModel(loaded.templates, undefined, {
    transactionSearch: hasTransactionSearch,
  });
  const rateOf = new Map(Object.entries(rates));
  const knownRates: KnownRates = {
    default: rates.default,
    of: ({ resource }) => rateOf.get(nameOf(resource)),
  };
  const estimate = estimateOf(model, knownRates);
  const tool = { name: 'cdk-lambda-xray', version: '1.2.3', homepage: 'https://example.com' };
  return createEstimateReport({ tool, loaded, model, estimate, configuration, region });
}
