import { readdirSync, readFileSync } from 'node:fs'

/**
 * Reads the scheduler’s own counters, which are exact to the nanosecond; what threads used that have ended is not in
 * them, so a process’ threads have to last.
 * @returns seconds of processor time that all threads of these processes have used, user and kernel
 * @throws Error where the kernel keeps no such counters
 */
export function processorSeconds(pids: readonly number[]): number {
  let nanoseconds = 0
  for (const pid of pids) for (const thread of threadsOf(pid)) nanoseconds += nanosecondsOf(pid, thread)
  return nanoseconds / 1e9
}

function threadsOf(pid: number): string[] {
  if (process.platform !== 'linux') throw new Error('CPU is measured by the counters of Linux’ scheduler.')
  return readdirSync(`/proc/${pid}/task`)
}

function nanosecondsOf(pid: number, thread: string): number {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0])
  } catch (cause) {
    throw new Error(`This kernel keeps no counters of a thread’s time (/proc/PID/task/TID/schedstat).`, { cause })
  }
}
