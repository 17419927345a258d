import { checkModel, type CheckedFinding } from '../../../lib/checker/check';
import { load } from '../../../lib/input/load';
import type { LoadedTemplate, LoadError } from '../../../lib/input/loaded-template';
import { buildTracingModel } from '../../../lib/model/build-model';
import { mapDocumentOf } from '../../../lib/report/map/build-document';
import type { Configuration } from '../../../lib/report/configuration';
import type { MapDocument } from '../../../lib/report/map/document';
import type { Files } from '../small-system';

const TOOL = { name: 'cdk-lambda-xray', version: '1.2.3', homepage: 'https://example.com' };

/** Returns the map of a system of templates, by file name. */
export function mapOf(
  files: Files,
  errors: readonly LoadError[] = [],
  change?: (findings: CheckedFinding[]) => CheckedFinding[],
): MapDocument {
  return mapOfTemplates(
    Object.entries(files).flatMap(([file, text]) =>
      load(['-'], { readStdin: () => text }).templates.map((template) => ({ ...template, id: file, file })),
    ),
    errors,
    change,
  );
}

/** @param change a function that changes the findings */
export function mapOfTemplates(
  templates: readonly LoadedTemplate[],
  errors: readonly LoadError[] = [],
  change: (findings: CheckedFinding[]) => CheckedFinding[] = (findings) => findings,
  configuration: Configuration = { rules: [] },
): MapDocument {
  const model = buildTracingModel(templates);
  return mapDocumentOf({
    tool: TOOL,
    loaded: { templates, errors },
    model,
    findings: change(checkModel(model)),
    configuration,
  });
}

/** An API whose stage starts traces, a queue, a traced function, a gap, a stream that breaks the trace, and Kafka. */
const ORDERS = `Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties: { StageName: prod, TracingEnabled: true }
  Intake:
    Type: AWS::Serverless::Function
    Properties:
      Tracing: Active
      MemorySize: 1024
      AutoPublishAlias: live
      Policies: [{ SQSSendMessagePolicy: { QueueName: !GetAtt Jobs.QueueName } }]
      Events:
        Post: { Type: Api, Properties: { Path: /, Method: post, RestApiId: !Ref Api } }
  Jobs:
    Type: AWS::SQS::Queue
  Worker:
    Type: AWS::Lambda::Function
    Properties:
      Role: !GetAtt WorkerRole.Arn
      TracingConfig:
        Mode: PassThrough
  WorkerRole:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: Table
          PolicyDocument:
            Statement: [{ Effect: Allow, Action: dynamodb:PutItem, Resource: !GetAtt Table.Arn }]
  WorkerFeed:
    Type: AWS::Lambda::EventSourceMapping
    Properties: { FunctionName: !Ref Worker, EventSourceArn: !GetAtt Jobs.Arn }
  Table:
    Type: AWS::DynamoDB::Table
  Changes:
    Type: AWS::Lambda::Function
    Properties:
      TracingConfig: { Mode: Active }
  ChangesFeed:
    Type: AWS::Lambda::EventSourceMapping
    Properties: { FunctionName: !Ref Changes, EventSourceArn: !GetAtt Table.StreamArn }
`;

const SHIPPING = `Resources:
  Consumer:
    Type: AWS::Lambda::Function
    Properties:
      TracingConfig: { Mode: Active }
  ConsumerFeed:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: !Ref Consumer
      EventSourceArn: arn:aws:kafka:eu-west-1:111122223333:cluster/parcels/0123
`;

export const SMALL_FILES: Files = { 'orders.yaml': ORDERS, 'shipping.yaml': SHIPPING };

export function smallMap(): MapDocument {
  return mapOf(SMALL_FILES, [{ file: 'broken.yaml', line: 3, column: 5, message: 'A map is not closed.' }]);
}
