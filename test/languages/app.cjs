// The same app as app.py.
const cdk = require('aws-cdk-lib');
const lambda = require('aws-cdk-lib/aws-lambda');
const xray = require('../..');

const app = new cdk.App({ outdir: process.argv[2] });
const stack = new cdk.Stack(app, 'Orders');
const code = {
  runtime: lambda.Runtime.PYTHON_3_13,
  handler: 'index.handler',
  code: lambda.Code.fromInline('def handler(event, context): return 1'),
};
const intake = new xray.TracedFunction(stack, 'Intake', {
  tracingPermissions: xray.TracingPermissions.LEAST_PRIVILEGE,
  ...code,
});
new lambda.Alias(stack, 'Live', { aliasName: 'live', version: intake.currentVersion });
const consumer = new lambda.Function(stack, 'Consumer', { tracing: lambda.Tracing.ACTIVE, ...code });
const mapping = new lambda.EventSourceMapping(stack, 'Kafka', {
  target: consumer,
  eventSourceArn: 'arn:aws:kafka:eu-west-1:111122223333:cluster/orders/0123',
  startingPosition: lambda.StartingPosition.LATEST,
  kafkaTopic: 'orders',
});
new lambda.Function(stack, 'Reports', code);

xray.LambdaTracing.of(app).active({ excludePaths: ['Orders/Nothing?'], tieVersions: true });
cdk.Validations.of(mapping).acknowledge({
  id: 'UnsupportedEventSource',
  reason: 'The API in front of this function is what we trace.',
});
const checks = new xray.LambdaXRayChecks(app, { severities: { DaemonMemory: xray.RuleSeverity.OFF } });
cdk.Validations.of(app).addPlugins(checks);
app.synth();

xray.TracingAssertions.fromStack(stack).hasMode('Orders/Reports', lambda.Tracing.ACTIVE);
