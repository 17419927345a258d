import { join } from 'node:path';
import { LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogLevel } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { TracedNodejsFunctionProps } from '../../lib';

const PROJECT_ROOT = join(__dirname, '..', '..');

/**
 * What the functions with code in `handlers/` have in common. The runtime brings the AWS SDK, all else is
 * bundled.
 *
 * @param name the file, without extension
 */
export function nodejsHandler(name: string): TracedNodejsFunctionProps {
  return {
    runtime: Runtime.NODEJS_22_X,
    entry: join(__dirname, 'handlers', `${name}.ts`),
    projectRoot: PROJECT_ROOT,
    depsLockFilePath: join(PROJECT_ROOT, 'package-lock.json'),
    bundling: { logLevel: LogLevel.WARNING },
    // The X-Ray daemon takes 16 MB of it, an eighth of the 128 MB that are the default.
    memorySize: 256,
    loggingFormat: LoggingFormat.JSON,
  };
}
