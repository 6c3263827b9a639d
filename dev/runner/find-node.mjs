import { existsSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The Node that runs everything: on Linux the one of the locked packages; elsewhere the machine's own if it is new
 * enough.
 * @param {string} root
 * @returns {string | undefined} undefined when there is none
 */
export function findNode(root) {
  const locked = join(root, 'node_modules', '.bin', 'node')
  if (existsSync(locked)) return locked
  return process.platform !== 'linux' && Number(process.versions.node.split('.')[0]) >= 24
    ? process.execPath
    : undefined
}
