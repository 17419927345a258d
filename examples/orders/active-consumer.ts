import { Code, Function as LambdaFunction, Runtime, StartingPosition, Tracing } from 'aws-cdk-lib/aws-lambda';
import { ManagedKafkaEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';

export interface ActiveConsumerProps {
  readonly clusterArn: string;
}

/** A mistake that the pack reports: a CDK function with active tracing and an Amazon MSK event source. */
export class ActiveConsumer extends Construct {
  constructor(scope: Construct, id: string, { clusterArn }: ActiveConsumerProps) {
    super(scope, id);

    const fn = new LambdaFunction(this, 'Function', {
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: Code.fromInline('exports.handler = async ({ records }) => console.log(Object.keys(records));'),
      memorySize: 256,
      tracing: Tracing.ACTIVE,
    });
    fn.addEventSource(
      new ManagedKafkaEventSource({
        clusterArn,
        topic: 'shipments',
        startingPosition: StartingPosition.LATEST,
      }),
    );
  }
}
