import { parse } from 'yaml';
import { lambda, type Resources } from '../rules/templates';

/** Returns a REST API with a stage and a function for each method. */
export function restApi(
  names: readonly string[],
  { tracing = true, mode = 'Active', stage = {} } = {},
): Resources {
  const methods = names.map((name): [string, unknown] => [
    `Get${name}`,
    {
      Type: 'AWS::ApiGateway::Method',
      Properties: {
        RestApiId: { Ref: 'Api' },
        Integration: {
          Type: 'AWS_PROXY',
          Uri: {
            'Fn::Sub': `arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${${name}.Arn}/invocations`,
          },
        },
      },
    },
  ]);
  return {
    Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'orders' } },
    Prod: {
      Type: 'AWS::ApiGateway::Stage',
      Properties: { RestApiId: { Ref: 'Api' }, StageName: 'prod', TracingEnabled: tracing, ...stage },
    },
    ...Object.fromEntries(methods),
    ...Object.fromEntries(names.map((name) => [name, lambda(mode)])),
  };
}

/** Returns a function that sends messages to another function through a queue. */
export function queueChain({ intake = 'Active', worker = 'Active' } = {}): Resources {
  return resources(`
Jobs: { Type: AWS::SQS::Queue }
Intake:
  Type: AWS::Serverless::Function
  Properties:
    Tracing: ${intake}
    Policies: [{ SQSSendMessagePolicy: { QueueName: { Fn::GetAtt: Jobs.QueueName } } }]
Worker:
  Type: AWS::Serverless::Function
  Properties:
    Tracing: ${worker}
    Events:
      Jobs: { Type: SQS, Properties: { Queue: { Fn::GetAtt: Jobs.Arn } } }
`);
}

/** Parses resources in YAML. */
export function resources(yaml: string): Resources {
  return parse(yaml) as Resources;
}
