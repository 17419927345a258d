/** Returns the milliseconds of processor time that a run takes at least, of three. Other programs slow down single runs. */
export function cpuTime(run: () => unknown): number {
  const times = [1, 2, 3].map(() => {
    const start = process.cpuUsage();
    run();
    return process.cpuUsage(start).user / 1e3;
  });
  return Math.min(...times);
}
