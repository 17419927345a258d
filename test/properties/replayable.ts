import fc from 'fast-check';

/**
 * Checks a property with different inputs in each run. A failure prints its seed and path. To repeat it:
 *
 *     FC_SEED=-1819918769 FC_PATH=3:1:0 npx jest test/properties --selectProjects newest -t 'the name of the test'
 *
 * `FC_TIMES=20` multiplies the number of runs by twenty.
 */
export function checkAlways<T>(property: fc.IProperty<T>, numRuns: number): void {
  fc.assert(property, parametersOf(numRuns));
}

/** Does the same for a property that is asynchronous. */
export async function checkAlwaysAsync<T>(property: fc.IAsyncProperty<T>, numRuns: number): Promise<void> {
  await fc.assert(property, parametersOf(numRuns));
}

function parametersOf<T>(numRuns: number): fc.Parameters<T> {
  const { FC_SEED: seed, FC_PATH: path, FC_TIMES: times = '1' } = process.env;
  return {
    numRuns: numRuns * Number(times),
    ...(seed === undefined ? {} : { seed: Number(seed), path, endOnFailure: true }),
  };
}
