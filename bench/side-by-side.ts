import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** One of several implementations of a task. */
export interface Alternative {
  readonly name: string;
  readonly run: () => void;
}

/**
 * Measures alternatives in turns in this process, so that other load on the machine affects all of them.
 *
 * The clock is the processor time of the process, which other processes on the same cores don't increase. Node.js must
 * run with --single-threaded-gc, because parallel garbage collection spends processor time on spinning. The first round
 * is a warm-up and not counted.
 *
 * @returns the samples of each alternative by name, in milliseconds
 */
export async function sideBySide(
  rounds: number,
  alternatives: readonly Alternative[],
): Promise<Map<string, number[]>> {
  const { Bench } = await import('tinybench');
  const samples = new Map(alternatives.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round <= rounds; round++) {
    const bench = new Bench({
      iterations: 1,
      time: 0,
      warmup: false,
      throws: true,
      now: processorTime,
      retainSamples: true,
    });
    const turns = round % 2 ? [...alternatives].reverse() : alternatives;
    for (const { name, run } of turns) bench.add(name, run, { async: false, beforeEach: collectGarbage });
    for (const { name, result } of await bench.run()) {
      if (round > 0 && result.state === 'completed') samples.get(name)!.push(...result.latency.samples!);
    }
  }
  return samples;
}

/** Returns the processor time of this process, in milliseconds. */
export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
