import { readFileSync } from 'node:fs'

/** @returns megabytes of memory that a process holds (resident set); NaN where there is no /proc */
export function residentMegabytes(pid: number): number {
  try {
    const found = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return Number(found?.[1]) / 1024
  } catch {
    return Number.NaN
  }
}
