import { join } from 'node:path';
import { LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogLevel } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { TracedNodejsFunctionProps } from '../../lib/constructs/traced-function';

const PROJECT_ROOT = join(__dirname, '..', '..');

/**
 * Returns the common props of functions with code in `handlers/`. The runtime provides the AWS SDK; all other
 * packages are bundled.
 *
 * @param name the file name without extension
 */
export function nodejsHandler(name: string): TracedNodejsFunctionProps {
  return {
    runtime: Runtime.NODEJS_22_X,
    entry: join(__dirname, 'handlers', `${name}.ts`),
    projectRoot: PROJECT_ROOT,
    depsLockFilePath: join(PROJECT_ROOT, 'package-lock.json'),
    bundling: { logLevel: LogLevel.WARNING },
    // The X-Ray daemon takes 16 MB, an eighth of the default of 128 MB.
    memorySize: 256,
    loggingFormat: LoggingFormat.JSON,
  };
}
