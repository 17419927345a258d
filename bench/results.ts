import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import Table from 'cli-table3';
import { type Figure, isWithinLimit } from './figure';
import { requiredVersion } from './python-linters';
import { HYPERFINE } from './whole-commands';

const RESULTS = join(__dirname, 'results.json');
const README = join(__dirname, 'README.md');
const HEAD = ['benchmark', 'measured', '', 'compared with', '', 'ratio', 'limit', ''];
const NODE_PACKAGES = ['aws-cdk-lib', 'cdk-nag', 'tinybench'];
const PYTHON_PACKAGES = ['cfn-lint', 'checkov'];

/** Prints figures to the terminal. */
export function print(figures: readonly Figure[]): void {
  const table = new Table({ head: HEAD, style: { head: [], border: [] } });
  table.push(...figures.map(row));
  console.log(table.toString());
}

/** Prints ratios with the spread of their samples, next to the ratios of the last full run. */
export function printBesideRecorded(figures: readonly Figure[]): void {
  const { figures: recorded, date } = JSON.parse(readFileSync(RESULTS, 'utf-8')) as {
    figures: readonly Figure[];
    date: string;
  };
  const head = ['benchmark', 'measured', '', 'compared with', '', 'ratio', 'spread', date];
  const table = new Table({ head, style: { head: [], border: [] } });
  for (const measured of figures) {
    const { subject, ours, peer } = measured;
    const known = recorded.find(
      (other) => other.subject === subject && other.ours.name === ours.name && other.peer.name === peer.name,
    );
    table.push([...row(measured).slice(0, 6), spread(measured), known ? times(known.ratio) : '']);
  }
  console.log(table.toString());
}

/** Formats the lowest and the highest ratio of two samples. */
function spread({ ours, peer }: Figure): string {
  const lowest = Math.min(...ours.samples) / Math.max(...peer.samples);
  const highest = Math.max(...ours.samples) / Math.min(...peer.samples);
  return `${times(lowest)} to ${times(highest)}`;
}

/** Saves the figures of a full run and their environment: as JSON, and in the README. */
export function save(figures: readonly Figure[]): void {
  const environment = {
    date: new Date().toISOString().slice(0, 10),
    machine: machine(),
    versions: versions(),
  };
  const compared = figures.map((measured) => ({ ...measured, isWithinLimit: isWithinLimit(measured) }));
  write(RESULTS, JSON.stringify({ ...environment, figures: compared }));

  const versionList = Object.entries(environment.versions).map(([name, version]) => `${name} ${version}`);
  const results = [
    `On ${environment.date}, ${environment.machine}, with ${versionList.join(', ')}:`,
    '',
    ...[HEAD, HEAD.map(() => '---'), ...figures.map(row)].map((cells) => `| ${cells.join(' | ')} |`),
  ].join('\n');
  const readme = readFileSync(README, 'utf-8');
  write(README, readme.replace(/(<!-- results -->)[^]*(<!-- \/results -->)/, `$1\n\n${results}\n\n$2`));
}

function row(measured: Figure): string[] {
  const { subject, ours, peer, unit, ratio, note } = measured;
  const isMet = isWithinLimit(measured);
  return [
    note === undefined ? subject : `${subject} (${note})`,
    ours.name,
    `${rounded(ours.median)} ${unit}`,
    peer.name,
    `${rounded(peer.median)} ${unit}`,
    times(ratio),
    formatLimit(measured),
    isMet === undefined ? '' : isMet ? 'met' : 'missed',
  ];
}

function formatLimit({ limit, unit }: Figure): string {
  if (!limit) return '';
  return limit.plus === undefined ? times(limit.atMost) : `${times(limit.atMost)} + ${limit.plus} ${unit}`;
}

/** Formats a ratio: `1.48`, or `1/43` if ours is much faster. */
function times(ratio: number): string {
  return ratio < 0.5 ? `1/${rounded(1 / ratio)}` : ratio.toFixed(2);
}

function rounded(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 3 });
}

function machine(): string {
  const [{ model }] = cpus();
  return `${cpus().length} × ${model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, ${type()} ${release()}`;
}

function versions(): Record<string, string> {
  const installed = NODE_PACKAGES.map((name) => [name, installedVersion(name)]);
  const required = PYTHON_PACKAGES.map((name) => [name, requiredVersion(name)]);
  return {
    'Node.js': process.versions.node,
    ...(Object.fromEntries([...installed, ...required]) as Record<string, string>),
    ...(HYPERFINE ? { hyperfine: HYPERFINE } : {}),
  };
}

function installedVersion(name: string): string {
  const file = join(__dirname, '..', 'node_modules', name, 'package.json');
  return (JSON.parse(readFileSync(file, 'utf-8')) as { version: string }).version;
}

function write(file: string, content: string): void {
  writeFileSync(file, content);
  execFileSync('npx', ['oxfmt', file]);
}
