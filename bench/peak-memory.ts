import { spawnSync } from 'node:child_process';

/**
 * A module that reports the peak memory of its process at exit, in kilobytes. On Linux, `maxRSS` includes memory of the
 * parent process, but `/proc` does not.
 */
const REPORT_PEAK = `data:text/javascript,${encodeURIComponent(`
  import { existsSync, readFileSync, writeSync } from 'node:fs';
  const own = '/proc/self/status';
  const peak = () => existsSync(own)
    ? /^VmHWM:\\s*(\\d+)/m.exec(readFileSync(own, 'utf-8'))[1]
    : process.resourceUsage().maxRSS;
  process.on('exit', () => writeSync(3, String(peak())));
`)}`;

/** Runs Node.js with arguments and returns its peak resident set size, in bytes. */
export function peakMemory(args: readonly string[]): number {
  const { output, error } = spawnSync(process.execPath, ['--import', REPORT_PEAK, ...args], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    encoding: 'utf-8',
  });
  if (error) throw error;
  return 1024 * Number(output[3]);
}
