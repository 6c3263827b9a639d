/** @returns the CPU time of a run in milliseconds, which a machine that stands still doesn’t lengthen */
export function cpuTime(run: () => unknown): number {
  const before = process.cpuUsage()
  run()
  return process.cpuUsage(before).user / 1_000
}
