import { SecretValue, Stack, type StackProps } from 'aws-cdk-lib';
import { CodePipeline, CodePipelineSource, ShellStep } from 'aws-cdk-lib/pipelines';
import type { Construct } from 'constructs';

/** CDK Pipelines that checks tracing after the synthesis. A finding stops the pipeline before it deploys. */
export class TracedPipeline extends Stack {
  public constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    new CodePipeline(this, 'Pipeline', {
      synth: new ShellStep('Synth', {
        input: CodePipelineSource.gitHub('acme/orders', 'main', {
          authentication: SecretValue.secretsManager('github-token'),
        }),
        commands: ['npm ci', 'npx cdk synth --quiet', 'npx cdk-lambda-xray check'],
      }),
    });
  }
}
