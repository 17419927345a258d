import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMAND } from './built';
import { type Figure, figure } from './figure';
import { cloudFormationTemplate, samTemplate } from './inputs';
import { pythonLinters } from './python-linters';
import { wholeCommands, type WholeCommand } from './whole-commands';

const TEMPLATES = 1000;
const OURS = 'check';
const RUNS = 3;

interface Linter extends WholeCommand {
  /** Number of runs. Some linters take a minute. */
  readonly runs: number;
  /** Our time divided by that of the linter. */
  readonly atMost: number;
  readonly note?: string;
}

/** Measures a folder of templates, half SAM and half CloudFormation, with one process for all templates. */
export function thousandTemplates(folder: string): Figure[] {
  const directory = join(folder, 'templates');
  mkdirSync(directory);
  for (let i = 0; i < TEMPLATES; i++) {
    const content = i % 2 ? cloudFormationTemplate(i) : samTemplate(i);
    writeFileSync(join(directory, `template-${i}.yaml`), content);
  }
  const bin = pythonLinters();
  if (bin === undefined) {
    console.log('Python with venv and pip was not found. cfn-lint and Checkov are not measured.');
    return [];
  }
  const ours = {
    name: OURS,
    file: process.execPath,
    args: [
      COMMAND,
      'check',
      directory,
      '--fail-on',
      'never',
      '--quiet',
      '--output',
      join(folder, 'check.txt'),
    ],
  };
  return linters(bin, directory).map(({ runs, atMost, note, ...peer }) => {
    const samples = new Map([...wholeCommands(RUNS, [ours]), ...wholeCommands(runs, [peer])]);
    return figure('A thousand templates', samples, [OURS, peer.name], { limit: { atMost }, note });
  });
}

function linters(bin: string, directory: string): Linter[] {
  return [
    {
      name: 'cfn-lint',
      file: join(bin, 'cfn-lint'),
      args: [join(directory, '*.yaml')],
      runs: 1,
      atMost: 1 / 70,
      note: 'cfn-lint runs once',
    },
    {
      name: 'Checkov, CKV_AWS_50 only',
      file: join(bin, 'checkov'),
      args: [
        ...['--directory', directory, '--framework', 'cloudformation', '--check', 'CKV_AWS_50'],
        // Otherwise, Checkov waits for a server with guidelines.
        '--skip-download',
        ...['--compact', '--quiet'],
      ],
      env: { LOG_LEVEL: 'ERROR' },
      runs: RUNS,
      atMost: 1 / 10,
    },
  ];
}
