import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/**
 * When a process was started, as the system reports it: together with it, a pid identifies one process.
 * @param {number} pid
 * @returns {string | undefined} undefined when there is no such process
 */
export function readProcessStart(pid) {
  if (process.platform === 'linux') {
    try {
      // proc(5): the 22nd field; the second is in parentheses and may contain anything.
      return readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')[19]
    } catch {
      return undefined
    }
  }
  const { status, stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : undefined
}
