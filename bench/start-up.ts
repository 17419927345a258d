import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMAND } from './built';
import { type Figure, figure } from './figure';
import { smallTemplate } from './inputs';
import { wholeCommands } from './whole-commands';

const PEER = 'node -e 0';
const RUNS = 20;

/** Measures the start of the command alone, and with one small template. */
export function startUp(folder: string): Figure[] {
  const template = join(folder, 'template.yaml');
  writeFileSync(template, smallTemplate());
  const node = { file: process.execPath };
  const samples = wholeCommands(RUNS, [
    { ...node, name: PEER, args: ['-e', '0'] },
    { ...node, name: '--version', args: [COMMAND, '--version'] },
    { ...node, name: 'check template.yaml', args: [COMMAND, 'check', template, '--fail-on', 'never'] },
  ]);
  return [
    figure('Start-up', samples, ['--version', PEER], { limit: { atMost: 1.4 } }),
    figure('Start-up', samples, ['check template.yaml', PEER], { limit: { atMost: 1.7 } }),
  ];
}
