/** Returns a small template: a function, its role and a queue. */
export function smallTemplate(): string {
  return `Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      Role: !GetAtt Role.Arn
      MemorySize: 256
      TracingConfig: { Mode: Active }
  Role:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns: [!Sub 'arn:\${AWS::Partition}:iam::aws:policy/AWSXRayDaemonWriteAccess']
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties: { FunctionName: !Ref Fn, EventSourceArn: !GetAtt Queue.Arn }
  Queue:
    Type: AWS::SQS::Queue
`;
}

/** Returns an ordinary SAM template of about forty lines. */
export function samTemplate(i: number): string {
  return `AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Description: Service ${i}
Parameters:
  Stage:
    Type: String
    Default: dev
Globals:
  Function:
    Runtime: nodejs22.x
    MemorySize: 256
    Tracing: Active
Resources:
  Api:
    Type: AWS::Serverless::Function
    Properties:
      Handler: api.handler
      CodeUri: src/
      Policies:
        - DynamoDBCrudPolicy: { TableName: !Ref Table }
      Environment:
        Variables:
          TABLE_NAME: !Ref Table
          STAGE: !Ref Stage
      Events:
        Get:
          Type: Api
          Properties: { Path: /orders, Method: get }
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: !Sub 'worker-${i}-\${Stage}'
      Handler: worker.handler
      CodeUri: src/
      Events:
        Orders:
          Type: SQS
          Properties: { Queue: !GetAtt Queue.Arn }
  Queue:
    Type: AWS::SQS::Queue
  Table:
    Type: AWS::Serverless::SimpleTable
`;
}

/** Returns a similar template in plain CloudFormation. */
export function cloudFormationTemplate(i: number): string {
  return `AWSTemplateFormatVersion: '2010-09-09'
Description: Service ${i}
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal: { Service: lambda.amazonaws.com }
            Action: sts:AssumeRole
      ManagedPolicyArns:
        - !Sub 'arn:\${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole'
        - !Sub 'arn:\${AWS::Partition}:iam::aws:policy/AWSXRayDaemonWriteAccess'
  Worker:
    Type: AWS::Lambda::Function
    Properties:
      Handler: index.handler
      Runtime: nodejs22.x
      MemorySize: 256
      Role: !GetAtt Role.Arn
      Code: { ZipFile: 'exports.handler = async () => {};' }
      TracingConfig: { Mode: ${i % 4 === 1 ? 'Active' : 'PassThrough'} }
  Version:
    Type: AWS::Lambda::Version
    Properties: { FunctionName: !Ref Worker }
  Live:
    Type: AWS::Lambda::Alias
    Properties:
      FunctionName: !Ref Worker
      FunctionVersion: !GetAtt Version.Version
      Name: live
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties: { FunctionName: !Ref Live, EventSourceArn: !GetAtt Queue.Arn }
  Queue:
    Type: AWS::SQS::Queue
`;
}

/** Returns the files of a cloud assembly with a number of resources, in stacks of 500, which is CloudFormation's limit. */
export function growingAssembly(resources: number): [name: string, content: string][] {
  const stacks = Array.from({ length: resources / 500 }, (_, i) => `Stack${i}`);
  const artifacts = Object.fromEntries(
    stacks.map((name) => [
      name,
      {
        type: 'aws:cloudformation:stack',
        environment: 'aws://unknown-account/unknown-region',
        properties: { templateFile: `${name}.template.json`, stackName: name },
      },
    ]),
  );
  return [
    ['manifest.json', JSON.stringify({ version: '48.0.0', artifacts })],
    ...stacks.map((name): [string, string] => [`${name}.template.json`, JSON.stringify(stack(name))]),
  ];
}

function stack(name: string): object {
  const Resources: Record<string, object> = {};
  for (let i = 0; i < 100; i++) {
    Resources[`Fn${i}`] = {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: `${name}-${i}`,
        Role: { 'Fn::GetAtt': [`Role${i}`, 'Arn'] },
        MemorySize: 256,
        TracingConfig: { Mode: 'Active' },
        Environment: { Variables: { TABLE_NAME: { Ref: `Table${i}` } } },
      },
    };
    Resources[`Role${i}`] = {
      Type: 'AWS::IAM::Role',
      Properties: {
        ManagedPolicyArns: [
          {
            'Fn::Join': [
              '',
              ['arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/AWSXRayDaemonWriteAccess'],
            ],
          },
        ],
      },
    };
    Resources[`Policy${i}`] = {
      Type: 'AWS::IAM::Policy',
      Properties: {
        PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'dynamodb:*', Resource: '*' }] },
        Roles: [{ Ref: `Role${i}` }],
      },
    };
    Resources[`Mapping${i}`] = {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        FunctionName: i % 2 ? { Ref: `Fn${i}` } : `${name}-${i}`,
        EventSourceArn: { 'Fn::GetAtt': [`Table${i}`, 'StreamArn'] },
      },
    };
    Resources[`Table${i}`] = { Type: 'AWS::DynamoDB::Table' };
  }
  return { Resources };
}
