/**
 * Measures the command: how fast it starts, a thousand SAM templates, and an assembly that grows. Machines differ and
 * are shared, so what counts are the ratios within one run.
 *
 *     npm run bench
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Table from 'cli-table3';
import { growingAssembly, samTemplate, smallTemplate } from './inputs';

const COMMAND = join(__dirname, '..', 'dist', 'cdk-lambda-xray.js');
const RESOURCES = [12_500, 25_000, 50_000, 100_000];
const folder = mkdtempSync(join(tmpdir(), 'bench-'));

try {
  startUp();
  thousandTemplates();
  growth();
} finally {
  rmSync(folder, { recursive: true });
}

function startUp(): void {
  const template = join(folder, 'template.yaml');
  writeFileSync(template, smallTemplate());
  const node = median(20, ['-e', '0']);
  const rows = [
    ['node -e 0', node],
    ['--version', median(20, [COMMAND, '--version'])],
    ['check template.yaml', median(20, [COMMAND, 'check', template, '--fail-on', 'never'])],
  ] as const;
  print(
    ['start-up', 'ms', 'allowed: twice node -e 0, and 100 ms'],
    rows.map(([name, ms]) => [name, ms.toFixed(0), ms <= 2 * node + 100 ? 'kept' : 'missed']),
  );
}

function thousandTemplates(): void {
  const directory = join(folder, 'templates');
  mkdirSync(directory);
  for (let i = 0; i < 1000; i++) writeFileSync(join(directory, `template-${i}.yaml`), samTemplate(i));
  const seconds = median(3, [COMMAND, 'check', directory, '--fail-on', 'never', '--quiet']) / 1000;
  print(['a thousand SAM templates', 's'], [['check', seconds.toFixed(1)]]);
}

function growth(): void {
  const rows = RESOURCES.map((resources) => {
    const directory = join(folder, `assembly-${resources}`);
    mkdirSync(directory);
    for (const [name, content] of growingAssembly(resources)) writeFileSync(join(directory, name), content);
    const ms = median(3, [COMMAND, 'check', directory, '--fail-on', 'never', '--format', 'json']);
    rmSync(directory, { recursive: true });
    return { resources, ms };
  });
  print(
    ['resources in an assembly', 'ms', 'µs a resource'],
    rows.map(({ resources, ms }) => [String(resources), ms.toFixed(0), ((1000 * ms) / resources).toFixed(1)]),
  );
}

/** The median time in milliseconds that node takes with these arguments. */
function median(runs: number, args: readonly string[]): number {
  const times = Array.from({ length: runs }, () => {
    const start = process.hrtime.bigint();
    const { status, stderr } = spawnSync(process.execPath, args, { maxBuffer: 1 << 30 });
    if (status !== 0) throw new Error(`node ${args.join(' ')} failed:\n${stderr.toString()}`);
    return Number(process.hrtime.bigint() - start) / 1e6;
  });
  return times.sort((a, b) => a - b)[Math.floor(runs / 2)];
}

function print(head: string[], rows: string[][]): void {
  const table = new Table({ head, style: { head: [], border: [] } });
  table.push(...rows);
  console.log(`${table.toString()}\n`);
}
