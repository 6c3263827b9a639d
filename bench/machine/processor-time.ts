import { readdirSync, readFileSync } from 'node:fs'

/**
 * Reads the scheduler’s counters, in nanoseconds. They exclude ended threads, so this suits processes with long-lived
 * threads.
 * @returns seconds of processor time of all threads of these processes, user and kernel
 * @throws Error when the kernel has no such counters
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
