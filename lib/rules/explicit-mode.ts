import { nameOf } from '../cloudformation/template';
import { sentence, sharedModeFixes } from './fixes';
import { hasNoMode, modeFixes } from './template-fixes';
import { findingOn, type Rule } from './rule';
import { alwaysHasMode, hasUnsupportedSource } from './wording';

export const EXPLICIT_MODE: Rule = {
  id: 'LambdaXRay-ExplicitMode',
  title: 'Functions should set their tracing mode explicitly',
  problem: 'Function without an explicit tracing mode',
  severity: 'info',
  skipsCdkFunctions: true,
  rationale:
    "A function without a tracing mode is PassThrough. Readers of the template can't tell whether that is " +
    'intentional, and the behavior of X-Ray for such functions has changed before.',
  fix:
    'Set the tracing mode to Active or PassThrough. To Lambda, PassThrough is no change. If the mode publishes a ' +
    "version, as with CDK's currentVersion, set PassThrough in a deployment that also changes the code or the " +
    'configuration of the function. Otherwise Lambda publishes no version, and the deployment fails.',
  source: {
    title: 'Visualize Lambda function invocations using AWS X-Ray',
    url: 'https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html',
  },
  examples: {
    incorrect: `Resources:
  Consumer:
    Type: AWS::Lambda::Function
  Orders:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: !Ref Consumer
      EventSourceArn: arn:aws:kafka:eu-west-1:111122223333:cluster/orders/0123`,
    correct: `Resources:
  Consumer:
    Type: AWS::Lambda::Function
    Properties:
      TracingConfig: { Mode: PassThrough }
  Orders:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: !Ref Consumer
      EventSourceArn: arn:aws:kafka:eu-west-1:111122223333:cluster/orders/0123`,
    typescript: `new lambda.Function(this, 'Fn', { ...props, tracing: lambda.Tracing.PASS_THROUGH });`,
    sam: `Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Tracing: PassThrough`,
  },
  repairs: ['safe', 'suggested'],
  check: ({ functions }) => {
    const fixFor = sharedModeFixes(functions);
    return functions
      .filter((fn) => alwaysHasMode(fn, 'unset') && !fn.isEdgeFunction)
      .map((fn) => {
        const { resource, modeProperty } = fn;
        const fix = hasUnsupportedSource(fn)
          ? fixFor(fn, 'PassThrough')
          : fixFor(fn, 'Active', 'PassThrough');
        const published = fn.versions.find(({ publishesOnModeChange }) => publishesOnModeChange !== 'no');
        const caution = published
          ? ` Set PassThrough only in a deployment that also changes its code or configuration: it makes '${nameOf(published.resource)}' publish a version, and the deployment of an unchanged function fails.`
          : '';
        return findingOn(resource, {
          property: modeProperty,
          message: `Function '${nameOf(resource)}' sets no tracing mode, so it has the default, PassThrough.`,
          fix: `${sentence(fix)}${caution}`,
          // The mode does not change, so no version may depend on it: it would be published for nothing, or be reported.
          fixes: modeFixes(
            fn,
            'PassThrough',
            hasUnsupportedSource(fn) && hasNoMode(fn) && fn.versions.length === 0 ? 'safe' : 'suggested',
          ),
        });
      });
  },
};
