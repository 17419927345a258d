import { spawnSync } from 'node:child_process';

/** Said by the process itself when it ends, so that no other program is needed to tell. */
const SAY_PEAK = `data:text/javascript,${encodeURIComponent(
  "import { writeSync } from 'node:fs';" +
    "process.on('exit', () => writeSync(3, String(process.resourceUsage().maxRSS)));",
)}`;

/** The most memory that Node.js held at a time, as it ran with these arguments: its resident set, in bytes. */
export function peakMemory(args: readonly string[]): number {
  const { output, error } = spawnSync(process.execPath, ['--import', SAY_PEAK, ...args], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    encoding: 'utf-8',
  });
  if (error) throw error;
  return 1024 * Number(output[3]);
}
