import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** One of several ways to do the same. */
export interface Alternative {
  readonly name: string;
  readonly run: () => void;
}

/**
 * Measures alternatives in this process, in turns, so that what else the machine does falls on all of them.
 *
 * The clock is the processor's time of the process: others that wait for the same cores don't lengthen it. Node.js must be
 * started with --single-threaded-gc: threads that collect garbage together wait for each other by spinning, which counts.
 * A first round warms up and isn't counted.
 *
 * @returns milliseconds by the names of the alternatives
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

function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
