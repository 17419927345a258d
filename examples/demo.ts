/**
 * Synthesizes the example app with the `cdk` command, which runs the checks of the pack. Prints a summary and writes the
 * trace map. With `--broken`, the app has a function that the pack reports.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import Table from 'cli-table3';
import { checkModel } from '../lib/checker/check';
import { nameOf } from '../lib/cloudformation/template';
import { readCloudAssembly } from '../lib/input/cloud-assembly';
import { EVENT_SOURCE_NAMES } from '../lib/lambda/event-sources';
import type { ConfiguredMode, LambdaFunction } from '../lib/lambda/lambda-function';
import { buildTracingModel } from '../lib/model/build-model';
import { mapDocumentOf } from '../lib/report/map/build-document';
import { html } from '../lib/report/map/html';
import { TOOL } from '../lib/version';

const broken = process.argv.includes('--broken');
const output = join(__dirname, '..', 'cdk.out');

rmSync(output, { recursive: true, force: true });
const context = broken ? ['--context', 'broken=true'] : [];
const synth = spawnSync('npx', ['--no-install', 'cdk', 'synth', '--quiet', '--output', output, ...context], {
  cwd: join(__dirname, '..'),
  stdio: 'inherit',
});

if (existsSync(join(output, 'manifest.json'))) printSummary();
process.exitCode = synth.status ?? 1;

function printSummary(): void {
  const loaded = readCloudAssembly(output);
  const model = buildTracingModel(loaded.templates);
  const findings = checkModel(model);
  const open = findings.filter(({ acknowledged }) => !acknowledged);
  const table = new Table({
    head: ['Function', 'Tracing', 'Event source mappings', 'Findings'],
    style: { head: [], border: [] },
  });
  for (const fn of model.functions) {
    const about = open.filter(({ resource, related }) => [resource, ...related].includes(fn.resource));
    const found = about.map(({ severity, rule }) => `${severity}: ${rule.id}`).join('\n') || 'ok';
    table.push([nameOf(fn.resource), modesOf(fn), sourcesOf(fn), found]);
  }
  console.log(`\n${table.toString()}`);

  const count = model.functions.length;
  console.log(
    open.length === 0
      ? `\n${count} functions, no findings.`
      : `\n${count} functions, ${open.length === 1 ? '1 finding' : `${open.length} findings`}. See above for fixes.`,
  );
  const folder = relative(process.cwd(), output);
  console.log(`The templates are in ${folder}/. The findings are in ${folder}/validation-report.json.`);
  const map = join(output, 'trace-map.html');
  writeFileSync(
    map,
    html(mapDocumentOf({ tool: TOOL, loaded, model, findings, configuration: { rules: [] } })),
  );
  console.log(`To see the trace map, open ${relative(process.cwd(), map)} in a browser.`);
}

function modesOf({ modes }: LambdaFunction): string {
  const inWords = (mode: ConfiguredMode) => (typeof mode === 'object' ? mode.invalid : mode);
  return [...new Set(modes.map(({ value }) => inWords(value)))].join(' or ');
}

function sourcesOf({ eventSourceMappings }: LambdaFunction): string {
  const kinds = eventSourceMappings.flatMap(({ sources }) => sources.map(({ value }) => value.kind));
  return [...new Set(kinds.map((kind) => EVENT_SOURCE_NAMES[kind]))].join('\n') || '-';
}
