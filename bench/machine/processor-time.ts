import { readdirSync, readFileSync } from 'node:fs'

/**
 * Reads the scheduler’s own counters, in nanoseconds. Threads that have ended are not counted, so it suits processes whose
 * threads live as long as they do.
 * @returns seconds of processor time that all threads of these processes have used, user and kernel
 * @throws Error where the kernel keeps no such counters
 */
export function processorSeconds(pids: readonly number[]): number {
  let nanoseconds = 0
  for (const pid of pids) for (const thread of threadsOf(pid)) nanoseconds += nanosecondsOf(pid, thread)
  return nanoseconds / 1e9
}

function threadsOf(pid: number): string[] {
  if (process.platform !== 'linux') throw new Error('CPU time is measured on Linux only.')
  return readdirSync(`/proc/${pid}/task`)
}

function nanosecondsOf(pid: number, thread: string): number {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0])
  } catch (cause) {
    throw new Error(`This kernel doesn’t count the time of threads (/proc/PID/task/TID/schedstat).`, { cause })
  }
}
