import { Validations } from 'aws-cdk-lib';
import { LambdaXRayChecks } from '../../lib'; // 'cdk-lambda-xray' in an app of your own
import { OrdersApp } from './orders-app';

const app = new OrdersApp();
Validations.of(app).addPlugins(new LambdaXRayChecks(app));
