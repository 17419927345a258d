import { App, type AppProps } from 'aws-cdk-lib';
import { ActiveConsumer } from './active-consumer';
import { OrdersStack } from './orders-stack';
import { ShipmentsStack } from './shipments-stack';

/**
 * A web shop's orders: taken in over HTTP, accepted by way of a queue, and marked as shipped when the
 * warehouse says so in Kafka.
 *
 * The context `broken=true` adds a function that is traced wrong, to see how the synthesis fails.
 */
export class OrdersApp extends App {
  public readonly orders: OrdersStack;
  public readonly shipments: ShipmentsStack;

  constructor(props?: AppProps) {
    super(props);
    this.orders = new OrdersStack(this, 'Orders');
    this.shipments = new ShipmentsStack(this, 'Shipments', { table: this.orders.table });

    if (this.node.tryGetContext('broken') === 'true') {
      new ActiveConsumer(this.shipments, 'ActiveConsumer', { clusterArn: this.shipments.clusterArn });
    }
  }
}
