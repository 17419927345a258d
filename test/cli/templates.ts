/** An Active function behind Kafka: an error, and another finding or two. */
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

/** A function that is traced right. */
export const RIGHT = `Resources:
  Intake:
    Type: AWS::Serverless::Function
    Properties:
      MemorySize: 512
      Tracing: Active
`;

/** A function that isn't traced, which is a warning. */
export const UNTRACED = `Resources:
  Intake:
    Type: AWS::Lambda::Function
    Properties:
      TracingConfig: { Mode: PassThrough }
`;

/** The map that begins in the fourth line isn't closed. */
export const BROKEN = `Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties: { MemorySize: [
`;
