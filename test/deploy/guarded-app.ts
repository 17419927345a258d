/** A guard with its AWS Config rule, and functions that exist already. `GUARD_FUNCTION` is the folder with its function. */
import { App, Stack } from 'aws-cdk-lib';
import { CfnFunction, Code, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { FUNCTION } from '../../lib/constructs/private/guard-code';
import { TracedFunction } from '../../lib/constructs/traced-function';
import { TracingGuard } from '../../lib/constructs/tracing-guard';

FUNCTION.folder = process.env.GUARD_FUNCTION!;

const app = new App();
new TracingGuard(new Stack(app, 'Guard'), 'Guard', {
  configRule: {},
  exemptStacks: [{ stackName: 'Legacy', reason: 'Moves in May' }],
});

const orders = new Stack(app, 'Orders');
const code = {
  handler: 'index.handler',
  runtime: Runtime.NODEJS_24_X,
  code: Code.fromInline('exports.handler = 0;'),
};
new TracedFunction(orders, 'Traced', { ...code, functionName: 'traced' });
withoutPermission(orders, 'lost');
withoutPermission(new Stack(app, 'Legacy'), 'legacy');

function withoutPermission(stack: Stack, functionName: string): void {
  new CfnFunction(stack, 'Fn', {
    functionName,
    role: new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }).roleArn,
    code: { zipFile: 'exports.handler = 0;' },
    handler: 'index.handler',
    runtime: 'nodejs24.x',
    tracingConfig: { mode: 'Active' },
  });
}
