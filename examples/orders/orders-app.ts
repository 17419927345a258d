import { App, type AppProps, Validations } from 'aws-cdk-lib';
import { ActiveConsumer } from './active-consumer';
import { OrdersStack } from './orders-stack';
import { ShipmentsStack } from './shipments-stack';

/**
 * The orders of a web shop: received over HTTP, accepted through a queue, and marked as shipped by messages of the
 * warehouse in Kafka.
 *
 * The context `broken=true` adds a function with incorrect tracing, which fails the synthesis.
 */
export class OrdersApp extends App {
  public readonly orders: OrdersStack;
  public readonly shipments: ShipmentsStack;

  constructor(props?: AppProps) {
    super(props);
    this.orders = new OrdersStack(this, 'Orders');
    this.shipments = new ShipmentsStack(this, 'Shipments', { table: this.orders.table });

    // CDK writes acknowledgements on a stack to the cloud assembly, where the command reads them.
    for (const stack of [this.orders, this.shipments]) {
      Validations.of(stack).acknowledge({
        id: 'LambdaXRay-LegacyInstrumentation',
        reason: "The handlers move from Powertools' Tracer to OpenTelemetry one by one.",
      });
    }

    if (this.node.tryGetContext('broken') === 'true') {
      new ActiveConsumer(this.shipments, 'ActiveConsumer', { clusterArn: this.shipments.clusterArn });
    }
  }
}
