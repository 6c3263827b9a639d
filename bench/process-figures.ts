import { readdirSync, readFileSync } from 'node:fs'

/** Linux reports processor time in ticks of 10 ms (sysconf(_SC_CLK_TCK), the same on all its platforms). */
const ticksPerSecond = 100

const statOf = (pid: number): string[] => {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name in parentheses may hold blanks; what follows it does not.
  return text.slice(text.lastIndexOf(')') + 2).split(' ')
}

/** @returns seconds of processor time that processes have used, user and kernel */
export function processorSeconds(pids: readonly number[]): number {
  let ticks = 0
  for (const pid of pids) {
    const fields = statOf(pid)
    ticks += Number(fields[11]) + Number(fields[12])
  }
  return ticks / ticksPerSecond
}

/** @returns the processes that a process has started */
export const childrenOf = (pid: number): number[] =>
  readdirSync('/proc')
    .map(Number)
    .filter((each) => {
      if (!Number.isInteger(each)) return false
      try {
        return Number(statOf(each)[1]) === pid
      } catch {
        // It ended meanwhile.
        return false
      }
    })
