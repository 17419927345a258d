import { existsSync, readFileSync, statSync } from 'node:fs';
import { AssetStaging } from 'aws-cdk-lib';
import type { Runtime } from 'aws-cdk-lib/aws-lambda';
import { type BundlingOptions, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { IConstruct } from 'constructs';
import {
  exportsFixedHandler as exportsFixed,
  REPLACEABLE_EXPORTS,
  RUNTIMES_WITH_REQUIRE,
} from '../../lambda/instrumentation';
import { cfnProperty, memberOf } from './cfn-properties';
import type { FunctionResource } from './function-resource';
import { resolvedValue } from './resolve-references';

/** The largest file that is read, in bytes. It is larger than any that Lambda loads in reasonable time. */
const MAX_SIZE = 20_000_000;

const FOOTER = '--footer:js';

/**
 * Returns bundling options whose output the OpenTelemetry layer can instrument.
 *
 * @param given the options of the user
 * @param path the construct path, for errors
 * @throws if `esbuildArgs` sets a footer, which would replace the required one
 */
export function bundlingForOpenTelemetry(given: BundlingOptions | undefined, path: string): BundlingOptions {
  const { format = OutputFormat.CJS, footer, esbuildArgs } = given ?? {};
  if (format === OutputFormat.ESM) return { ...given };
  if (esbuildArgs && FOOTER in esbuildArgs) {
    throw new Error(
      `${path}: bundling.esbuildArgs sets ${FOOTER}, but OpenTelemetry needs the footer '${REPLACEABLE_EXPORTS}'. Set ` +
        'the text as bundling.footer instead. The required line is added to it.',
    );
  }
  return { ...given, footer: [REPLACEABLE_EXPORTS, ...(footer === undefined ? [] : [footer])].join(' ') };
}

/** Returns true if the AWS SDK is bundled with the code. CDK also bundles it for a runtime that changes, such as `NODEJS_LATEST`. */
export function bundlesAwsSdk(given: BundlingOptions | undefined, runtime: Runtime): boolean {
  const { bundleAwsSDK, externalModules } = given ?? {};
  if (externalModules) return !externalModules.some((name) => name.startsWith('@aws-sdk/'));
  return bundleAwsSDK ?? runtime.isVariable;
}

/** Returns true if the code of a function exports a handler that the layer for Node.js can't replace. */
export function exportsFixedHandler({ cfn }: FunctionResource): boolean {
  const runtime = resolvedValue(cfnProperty(cfn, 'Runtime'), cfn);
  if (typeof runtime === 'string' && !RUNTIMES_WITH_REQUIRE.includes(runtime)) return false;
  const handler = resolvedValue(cfnProperty(cfn, 'Handler'), cfn);
  return typeof handler === 'string' && exportsFixed(handler, readerOf(cfn));
}

/** Returns a reader of the files of a function, in its asset. Inline code is in one file, whose name the runtime selects. */
function readerOf(cfn: FunctionResource['cfn']): (path: string) => string | undefined {
  const inline = memberOf(resolvedValue(cfnProperty(cfn, 'Code'), cfn), 'ZipFile');
  if (typeof inline === 'string') return (path) => (path.endsWith('.js') ? inline : undefined);
  const folder = stagedFolder(cfn.node.scope);
  return (path) => {
    const file = `${folder}/${path}`;
    if (folder === undefined || !existsSync(file)) return undefined;
    return statSync(file).size <= MAX_SIZE ? readFileSync(file, 'utf-8') : undefined;
  };
}

/** Returns the asset of an L2 function, or of a custom resource of CDK. */
function stagedFolder(parent: IConstruct | undefined): string | undefined {
  const staging =
    parent?.node.tryFindChild('Code')?.node.tryFindChild('Stage') ?? parent?.node.tryFindChild('Staging');
  return staging instanceof AssetStaging ? staging.absoluteStagedPath : undefined;
}
