import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMAND } from './built';
import { type Figure, figure } from './figure';
import { tracedSystem } from './traced-system';
import { wholeCommands } from './whole-commands';

const FUNCTIONS = 5000;
/** The formats, and how many times longer than a check they may take. */
const FORMATS = { json: 1.75, html: 2 };
const PEER = 'check of the same system';
const RUNS = 5;

/** Measures the map of a large system against a check of it. */
export function map(folder: string): Promise<Figure[]> {
  const directory = join(folder, 'traced-system');
  mkdirSync(directory);
  for (const [name, content] of tracedSystem(FUNCTIONS)) writeFileSync(join(directory, name), content);
  const outputTo = (name: string) => ['--output', join(folder, name)];
  const commands = Object.entries(FORMATS).map(([format, atMost]) => ({
    atMost,
    name: `map --format ${format}`,
    args: ['map', directory, '--format', format, ...outputTo(`map.${format}`)],
  }));
  const works = spawnSync(process.execPath, [COMMAND, ...commands[0].args]).status === 0;
  if (!works) {
    console.log("The command 'map' failed. The map is not measured.");
    return Promise.resolve([]);
  }
  const check = ['check', directory, '--fail-on', 'never', '--format', 'json', ...outputTo('check.json')];
  const samples = wholeCommands(
    RUNS,
    [...commands, { name: PEER, args: check }].map(({ name, args }) => ({
      name,
      file: process.execPath,
      args: [COMMAND, ...args],
    })),
  );
  const subject = `The map, ${FUNCTIONS.toLocaleString('en')} functions`;
  return Promise.resolve(
    commands.map(({ name, atMost }) => figure(subject, samples, [name, PEER], { limit: { atMost } })),
  );
}
