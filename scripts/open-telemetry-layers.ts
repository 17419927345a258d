/**
 * Writes the table of AWS's OpenTelemetry layers to lib/lambda/open-telemetry-layers.ts, from public repositories:
 *
 * - the ARNs: aws-otel/aws-otel.github.io, `src/config/lambdaLayerArns.js`
 * - the runtimes and architectures that AWS publishes each layer for: `.github/workflows/release-build.yml` of
 *   aws-observability/aws-otel-{js,python,java,dotnet}-instrumentation
 *
 * Run `npx tsx scripts/open-telemetry-layers.ts [root]`. The root is the URL of raw files of GitHub, which is the
 * default, or a local folder with a checkout of each repository in `<owner>/<name>`.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FILE = join(__dirname, '..', 'lib', 'lambda', 'open-telemetry-layers.ts');

const ARNS = 'aws-otel/aws-otel.github.io';

/** The repository of each layer, by its name. */
const REPOSITORIES: Readonly<Record<string, string>> = {
  AWSOpenTelemetryDistroJs: 'js',
  AWSOpenTelemetryDistroPython: 'python',
  AWSOpenTelemetryDistroJava: 'java',
  AWSOpenTelemetryDistroDotNet: 'dotnet',
};

/** A layer of AWS, with what its table needs. */
export interface Layer {
  readonly runtimes: readonly string[];
  readonly architectures: readonly string[];
  /** The account and version of each region, as in `615299751070:15`. */
  readonly versions: Readonly<Record<string, string>>;
}

/**
 * Returns the account and version of each layer in each region.
 *
 * @param source a text with the ARNs
 */
export function versionsIn(source: string): Record<string, Record<string, string>> {
  const found: Record<string, Record<string, string>> = {};
  const arns = source.matchAll(/"([\w-]+)": "arn:[\w-]+:lambda:([\w-]+):(\d{12}):layer:(\w+):(\d+)"/g);
  for (const [, key, region, account, name, version] of arns) {
    if (key !== region) throw new Error(`The ARN of ${name} for ${key} is one of ${region}.`);
    found[name] = { ...found[name], [region]: `${account}:${version}` };
  }
  return found;
}

/**
 * Returns the runtimes and architectures that a workflow publishes a layer for.
 *
 * @param workflow the text of the workflow
 */
export function compatibilityIn(workflow: string): Pick<Layer, 'runtimes' | 'architectures'> {
  const valuesOf = (option: string) =>
    new RegExp(`--${option} ([^\\\\\\n]+)`).exec(workflow)?.[1].match(/[\w.]+/g) ?? [];
  return {
    runtimes: valuesOf('compatible-runtimes'),
    architectures: valuesOf('compatible-architectures').sort(),
  };
}

async function read(root: string, repository: string, path: string): Promise<string> {
  if (!root.startsWith('https://')) return readFileSync(join(root, repository, path), 'utf-8');
  const response = await fetch(`${root}/${repository}/HEAD/${path}`);
  if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
  return response.text();
}

async function layersFrom(root: string): Promise<Record<string, Layer>> {
  const versions = versionsIn(await read(root, ARNS, 'src/config/lambdaLayerArns.js'));
  const layers = Object.entries(REPOSITORIES).map(async ([name, language]) => {
    const repository = `aws-observability/aws-otel-${language}-instrumentation`;
    const workflow = await read(root, repository, '.github/workflows/release-build.yml');
    return [name, { ...compatibilityIn(workflow), versions: versions[name] }] as const;
  });
  return Object.fromEntries(await Promise.all(layers));
}

async function write(root = 'https://raw.githubusercontent.com'): Promise<void> {
  const layers = JSON.stringify(await layersFrom(root));
  const date = new Date().toISOString().slice(0, 10);
  const table = `// Written by scripts/open-telemetry-layers.ts on ${date}, from ${ARNS} and the release workflows of
// aws-observability/aws-otel-{js,python,java,dotnet}-instrumentation.
export const OPEN_TELEMETRY_LAYERS: Readonly<Record<LayerName, OpenTelemetryLayer>> = ${layers};
// End of the table.
`;
  const source = readFileSync(FILE, 'utf-8').replace(/\/\/ Written by[^]*\/\/ End of the table\.\n/, table);
  writeFileSync(FILE, source);
  execFileSync('npx', ['oxfmt', FILE]);
}

if (require.main === module) void write(process.argv[2]);
