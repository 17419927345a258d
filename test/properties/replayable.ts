import fc from 'fast-check';

/**
 * Checks a property with inputs that are others in each run. What fails is printed with its seed and path; to see that
 * one again:
 *
 *     FC_SEED=-1819918769 FC_PATH=3:1:0 npx jest test/properties --selectProjects newest -t 'the name of the test'
 *
 * `FC_TIMES=20` makes twenty times as many runs of it.
 */
export function checkAlways<T>(property: fc.IProperty<T>, numRuns: number): void {
  const { FC_SEED: seed, FC_PATH: path, FC_TIMES: times = '1' } = process.env;
  fc.assert(property, {
    numRuns: numRuns * Number(times),
    ...(seed === undefined ? {} : { seed: Number(seed), path, endOnFailure: true }),
  });
}
