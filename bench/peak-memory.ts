import { spawnSync } from 'node:child_process';

/**
 * Said by the process itself when it ends, in kilobytes. Linux counts in `maxRSS` what the process that started it held
 * at the time; what `/proc` tells is its own.
 */
const SAY_PEAK = `data:text/javascript,${encodeURIComponent(`
  import { existsSync, readFileSync, writeSync } from 'node:fs';
  const own = '/proc/self/status';
  const peak = () => existsSync(own)
    ? /^VmHWM:\\s*(\\d+)/m.exec(readFileSync(own, 'utf-8'))[1]
    : process.resourceUsage().maxRSS;
  process.on('exit', () => writeSync(3, String(peak())));
`)}`;

/** The most memory that Node.js held at a time, as it ran with these arguments: its resident set, in bytes. */
export function peakMemory(args: readonly string[]): number {
  const { output, error } = spawnSync(process.execPath, ['--import', SAY_PEAK, ...args], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    encoding: 'utf-8',
  });
  if (error) throw error;
  return 1024 * Number(output[3]);
}
