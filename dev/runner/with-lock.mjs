import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const isAlive = (pid) => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** @returns the pid written in the lock, or undefined when there is none or its writer died before writing it */
const readHolder = (path) => {
  try {
    const pid = Number(readFileSync(path, 'utf8'))
    return Number.isInteger(pid) && pid > 0 ? pid : undefined
  } catch {
    return undefined
  }
}

/**
 * Runs the work while no other process of this machine holds the same lock; a lock whose holder is dead counts as free.
 * @param {string} path the lock file
 * @param {() => Promise<void>} work
 */
export async function withLock(path, work) {
  mkdirSync(dirname(path), { recursive: true })
  let empty = 0
  for (;;) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' })
      break
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    const holder = readHolder(path)
    // A file without a pid is one that is just being written, unless it stays so.
    empty = holder === undefined ? empty + 1 : 0
    if ((holder !== undefined && !isAlive(holder)) || empty > 20) rmSync(path, { force: true })
    else await sleep(100)
  }
  try {
    await work()
  } finally {
    rmSync(path, { force: true })
  }
}
