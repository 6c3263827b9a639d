import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readProcessStart } from './process-start.mjs'

/** How long to wait silently. */
const silentMs = 5_000

/** @returns the content of the lock, or undefined when there is none or its writer died before writing it */
const readHolder = (path) => {
  try {
    const [, pid, startedAt] = /^(\d+) (.+)$/.exec(readFileSync(path, 'utf8')) ?? []
    return pid === undefined ? undefined : { pid: Number(pid), startedAt }
  } catch {
    return undefined
  }
}

/**
 * Runs the work while no other process of this machine holds the same lock; a lock whose holder is dead counts as free,
 * even if another process has reused its pid.
 * @param {string} path the lock file
 * @param {() => Promise<void>} work
 */
export async function withLock(path, work) {
  mkdirSync(dirname(path), { recursive: true })
  const began = Date.now()
  let empty = 0
  let announced = false
  for (;;) {
    try {
      writeFileSync(path, `${process.pid} ${readProcessStart(process.pid)}`, { flag: 'wx' })
      break
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    const holder = readHolder(path)
    // A file without a holder is just being written, unless it stays that way.
    empty = holder === undefined ? empty + 1 : 0
    if ((holder !== undefined && readProcessStart(holder.pid) !== holder.startedAt) || empty > 20)
      rmSync(path, { force: true })
    else await sleep(100)
    if (!announced && holder !== undefined && Date.now() - began > silentMs) {
      announced = true
      console.error(`Waiting for process ${holder.pid}, which holds ${path} …`)
    }
  }
  try {
    await work()
  } finally {
    rmSync(path, { force: true })
  }
}
