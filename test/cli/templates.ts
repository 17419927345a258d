/** An Active function with a Kafka event source, which is an error. */
export const WRONG = `Resources:
  Consumer:
    Type: AWS::Lambda::Function
    Properties:
      MemorySize: 512
      TracingConfig: { Mode: Active }
  Orders:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: !Ref Consumer
      EventSourceArn: arn:aws:kafka:eu-west-1:111122223333:cluster/orders/0123
`;

/** A correct function. */
export const RIGHT = `Resources:
  Intake:
    Type: AWS::Serverless::Function
    Properties:
      MemorySize: 512
      Tracing: Active
`;

/** A PassThrough function, which is a warning. */
export const UNTRACED = `Resources:
  Intake:
    Type: AWS::Lambda::Function
    Properties:
      TracingConfig: { Mode: PassThrough }
`;

/** A template with a map that is not closed. */
export const BROKEN = `Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties: { MemorySize: [
`;
