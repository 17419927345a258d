// 'cdk-lambda-xray' in an app of your own
import { Validations } from 'aws-cdk-lib';
import { LambdaXRayChecks } from '../../lib/nag/lambda-xray-checks';
import { OrdersApp } from './orders-app';

const app = new OrdersApp();
Validations.of(app).addPlugins(new LambdaXRayChecks(app));
