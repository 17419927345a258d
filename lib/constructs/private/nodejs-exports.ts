import { existsSync, readFileSync, statSync } from 'node:fs';
import { AssetStaging } from 'aws-cdk-lib';
import type { Runtime } from 'aws-cdk-lib/aws-lambda';
import { type BundlingOptions, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { IConstruct } from 'constructs';
import { hasFixedExport, REPLACEABLE_EXPORTS } from '../../lambda/instrumentation';
import { cfnProperty, memberOf } from './cfn-properties';
import type { FunctionResource } from './function-resource';
import { resolvedValue } from './resolve-references';

/** The largest file that is read, in bytes. It is larger than any that Lambda loads in reasonable time. */
const MAX_SIZE = 20_000_000;

/** The runtimes whose handlers the layer replaces in `require`. From Node.js 24 on, it replaces them in `import`. */
const RUNTIMES = ['nodejs18.x', 'nodejs20.x', 'nodejs22.x'];

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
  if (typeof runtime === 'string' && !RUNTIMES.includes(runtime)) return false;
  const handler = resolvedValue(cfnProperty(cfn, 'Handler'), cfn);
  const [, file, name] = (typeof handler === 'string' && /^(.+)\.([^./]+)$/.exec(handler)) || [];
  if (file === undefined) return false;
  const code = codeOf(cfn, `${file}.js`);
  return code !== undefined && hasFixedExport(code, name);
}

/** Returns the text of a CommonJS file of a function, from its asset or its inline code. */
function codeOf(cfn: FunctionResource['cfn'], file: string): string | undefined {
  const inline = memberOf(resolvedValue(cfnProperty(cfn, 'Code'), cfn), 'ZipFile');
  if (typeof inline === 'string') return inline;
  const folder = stagedFolder(cfn.node.scope);
  const path = folder && `${folder}/${file}`;
  if (!path || !existsSync(path) || isModule(folder)) return undefined;
  return statSync(path).size <= MAX_SIZE ? readFileSync(path, 'utf-8') : undefined;
}

/** Returns the asset of an L2 function, or of a custom resource of CDK. */
function stagedFolder(parent: IConstruct | undefined): string | undefined {
  const staging =
    parent?.node.tryFindChild('Code')?.node.tryFindChild('Stage') ?? parent?.node.tryFindChild('Staging');
  return staging instanceof AssetStaging ? staging.absoluteStagedPath : undefined;
}

/** Returns true for a folder whose `.js` files are ES modules. */
function isModule(folder: string): boolean {
  const manifest = `${folder}/package.json`;
  return existsSync(manifest) && /"type"\s*:\s*"module"/.test(readFileSync(manifest, 'utf-8'));
}
